"""What the checks of PromQL share: how they read a query, its labels and its values."""

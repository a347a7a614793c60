"""What lists/ holds, and where each value stands."""

"""What another release of an exporter breaks in an entry: alerts and panels, judged by what that release exposes."""

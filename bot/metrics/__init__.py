"""What an exporter exposes."""

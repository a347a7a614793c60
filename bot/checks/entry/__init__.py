"""Checks of exporter.yaml and of the folder."""

"""Checks of metrics.prom."""

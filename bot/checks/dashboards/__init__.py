"""Checks of dashboard.json."""

"""Checks of alerts.yaml and alerts_test.yaml."""

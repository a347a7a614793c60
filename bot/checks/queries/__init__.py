"""Checks of PromQL, of alerts and of dashboards alike: each file holds two checks, alerts/x and dashboards/x."""

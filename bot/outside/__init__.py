"""The only door out: processes, downloads, promtool."""

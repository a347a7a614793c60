"""ExporterHub's bot: proves what a catalog of Prometheus exporters claims."""

__version__ = "0.1.0"

"""A JSON document to a Dashboard: tells Grafana's formats apart."""

from bot.catalog.dashboard_classic import read_classic
from bot.catalog.dashboard_model import Dashboard, Shape
from bot.catalog.dashboard_v2 import read_v2
from bot.catalog.document import Document, Route

_CLASSIC_KEYS = ("panels", "rows", "schemaVersion", "templating")


def dashboard_of(document: Document) -> Dashboard:
    """What a file holds, of whatever shape; an unknown one has neither panels nor anything else."""
    shape, base = _shape(document)
    if shape == Shape.V2:
        return read_v2(document, base)
    if shape == Shape.UNKNOWN:
        return Dashboard(shape, base, "", ("uid",), "", ("title",))
    return read_classic(document, shape, base)


def _shape(document: Document) -> tuple[Shape, Route]:
    version = document.text_at("apiVersion") or ""
    if isinstance(document.get("spec", "elements"), dict):
        return Shape.V2, ("spec",)
    if version.startswith("dashboard.grafana.app/") and isinstance(document.get("spec"), dict):
        return (Shape.V2 if version.startswith("dashboard.grafana.app/v2") else Shape.V1), ("spec",)
    if _is_classic(document, ()):
        return Shape.CLASSIC, ()
    if _is_classic(document, ("dashboard",)):
        return Shape.WRAPPED, ("dashboard",)
    # What the page "JSON model" shows: a v2 resource without its envelope.
    if isinstance(document.get("elements"), dict) and isinstance(document.get("layout"), dict):
        return Shape.V2, ()
    return Shape.UNKNOWN, ()


def _is_classic(document: Document, base: Route) -> bool:
    return any(document.get(*base, key) is not None for key in _CLASSIC_KEYS)

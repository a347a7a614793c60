"""Which unit the series of a query are shown in: the panel's, or one of their own."""

from bot.catalog.dashboard_model import OwnUnit, Panel, Target
from bot.catalog.document import Route


def unit_for(panel: Panel, target: Target) -> tuple[str, Route] | None:
    """The id of the unit and where it stands; None where only Grafana could tell, or where the series differ."""
    unit, route = panel.display.unit, panel.display.unit_route
    for own in panel.display.own_units:
        applies = _applies(own, target)
        if applies is None:
            return None
        if applies:
            unit, route = own.unit, own.route
    return unit, route


def _applies(own: OwnUnit, target: Target) -> bool | None:
    """Whether a unit is that of all series of a query, or of none; None where that cannot be told."""
    if own.matcher == "byFrameRefID":
        return own.text == target.ref_id
    if own.matcher == "byType":
        return own.text == "number"
    if own.matcher != "byName" and not (own.matcher == "byRegexp" and _plain(own.text)):
        return None
    wanted = own.text.strip("/")
    legend = target.legend
    if not legend or legend == "__auto" or "$" in legend or "[[" in legend:
        return None
    if "{{" not in legend:
        return legend == wanted if own.matcher == "byName" else wanted in legend
    first, last = legend.split("{{", 1)[0], legend.rsplit("}}", 1)[-1]
    could = own.matcher == "byRegexp" or (wanted.startswith(first) and wanted.endswith(last))
    return None if could else False


def _plain(expression: str) -> bool:
    """Whether a regular expression is one word, so that no engine is needed: a stranger wrote it."""
    return expression.strip("/").replace(" ", "").replace("_", "").isalnum()

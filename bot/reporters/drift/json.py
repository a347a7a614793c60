"""For programs: everything that is different, as schemas/diff.schema.json describes it."""

import json
from collections.abc import Sequence

from bot.drift.model import Broken, Drift, Side
from bot.metrics.diff import Exposed
from bot.reporters.json import encodable, finding_object

VERSION = 1
"""Raised when a program that reads the old form would be misled by the new one."""

_Object = dict[str, object]


def render(drift: Drift) -> str:
    """One JSON object, in ASCII."""
    diff = drift.diff
    document: _Object = {
        "version": VERSION,
        "entry": encodable(drift.entry),
        "then": _side(drift.then, diff.metrics.then, diff.total.then),
        "now": _side(drift.now, diff.metrics.now, diff.total.now),
        "broken": [_broken(broken) for broken in drift.broken],
        "renamed": [
            {
                "then": encodable(rename.then),
                "now": encodable(rename.now),
                "likeness": rename.likeness,
                "same": list(rename.same),
            }
            for rename in diff.renamed
        ],
        "removed": [_exposed(metric) for metric in diff.removed],
        "added": [_exposed(metric) for metric in diff.added],
        "retyped": [{"name": encodable(one.name), "then": one.then, "now": one.now} for one in diff.retyped],
        "relabelled": [
            {"name": encodable(one.name), "lost": _texts(one.lost), "gained": _texts(one.gained)}
            for one in diff.relabelled
        ],
        "values_gone": [
            {
                "name": encodable(gone.name),
                "label": encodable(gone.label),
                "values": _texts(gone.values),
                "kept": gone.kept,
            }
            for gone in diff.values_gone
        ],
        "series": [{"name": encodable(one.name), "then": one.then, "now": one.now} for one in diff.series],
    }
    return json.dumps(document, indent=2) + "\n"


def _broken(broken: Broken) -> _Object:
    return {"kind": broken.kind, "name": encodable(broken.name), **finding_object(broken.finding)}


def _side(side: Side, metrics: int, series: int) -> _Object:
    return {"file": encodable(side.file), "version": encodable(side.version), "metrics": metrics, "series": series}


def _exposed(metric: Exposed) -> _Object:
    return {
        "name": encodable(metric.name),
        "type": metric.type,
        "help": encodable(metric.help),
        "labels": _texts(metric.labels),
        "series": metric.series,
    }


def _texts(texts: Sequence[str]) -> list[str]:
    return [encodable(text) for text in texts]

"""For programs, and for the run that carries a survey out: everything, as schemas/sync.schema.json describes it."""

import json
from collections.abc import Sequence

from bot.reporters.json import encodable
from bot.sync.model import File, Note, Proposal
from bot.sync.plan import Settled, Synced
from bot.sync.state import (
    Action,
    ClosePull,
    DeleteBranch,
    EditPull,
    OpenPull,
    PushBranch,
    Relabel,
    SayHandsOff,
    WriteDashboard,
)

VERSION = 1
"""Raised when a program that reads the old form would be misled by the new one."""

_Object = dict[str, object]


def render(synced: Synced) -> str:
    """One JSON object, in ASCII."""
    document: _Object = {
        "version": VERSION,
        "repository": encodable(synced.repository),
        "dry": synced.dry,
        "entries": [_entry(settled) for settled in synced.settled],
        "others": _actions(synced.others),
        "trouble": [encodable(trouble) for trouble in synced.trouble],
    }
    return json.dumps(document, indent=2) + "\n"


def _entry(settled: Settled) -> _Object:
    outcome = settled.outcome
    return {
        "entry": encodable(outcome.entry),
        "version": encodable(outcome.version),
        "standing": settled.standing,
        "number": settled.number,
        "reason": encodable(settled.reason),
        "actions": _actions(settled.actions),
        "notes": [_note(note) for note in outcome.notes],
        "proposal": _proposal(outcome.proposal) if outcome.proposal else None,
    }


def _note(note: Note) -> _Object:
    return {
        "topic": note.topic,
        "message": encodable(note.message),
        "help": encodable(note.help),
        "version": encodable(note.version),
    }


def _proposal(proposal: Proposal) -> _Object:
    return {
        "kind": proposal.kind,
        "branch": encodable(proposal.branch),
        "version": encodable(proposal.version),
        "to": encodable(proposal.to),
        "title": encodable(proposal.title),
        "body": encodable(proposal.body),
        "labels": [encodable(label) for label in proposal.labels],
        "draft": proposal.draft,
        "compared": proposal.compared,
        "files": [_file(file) for file in proposal.files],
    }


def _file(file: File) -> _Object:
    return {"path": encodable(file.path), "before": encodable(file.before), "text": encodable(file.text)}


def _actions(actions: Sequence[Action]) -> list[_Object]:
    return [dict(zip(("kind", "target"), _action(action), strict=True)) for action in actions]


def _action(action: Action) -> tuple[str, str]:
    match action:
        case PushBranch(branch=branch):
            return "push-branch", encodable(branch)
        case OpenPull(branch=branch):
            return "open-pull", encodable(branch)
        case EditPull(number=number):
            return "edit-pull", f"#{number}"
        case Relabel(number=number):
            return "relabel", f"#{number}"
        case ClosePull(number=number):
            return "close-pull", f"#{number}"
        case SayHandsOff(number=number):
            return "say-hands-off", f"#{number}"
        case DeleteBranch(branch=branch):
            return "delete-branch", encodable(branch)
        case WriteDashboard(number=number):
            return "write-dashboard", "" if number is None else f"#{number}"

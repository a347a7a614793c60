"""A survey that was written as JSON, read back to be carried out by a run that may write.

The run that surveys reads what strangers wrote and holds no secret; the one that writes trusts nothing it is handed:
names, branches, paths, labels and sizes are what they must be, or nothing of the survey is used.
"""

import json
import re
from collections.abc import Mapping, Sequence

from bot.catalog.document import Value
from bot.catalog.entry import EXPORTER
from bot.catalog.files import NOT_ON_A_LINE
from bot.catalog.load import LISTS, MAX_YAML
from bot.checks.schemas import validator
from bot.errors import BotError
from bot.sync.marker import ENTRY, LONGEST_BODY
from bot.sync.model import File, Kind, Note, Outcome, Proposal, Topic
from bot.sync.reconcile import STEPS, branch_of

LONGEST = 128 * 1024 * 1024
"""Characters of a survey."""
LONGEST_TEXT = 20_000
"""Characters of a text but those of files and bodies."""
LONGEST_LINE = 300
"""Characters of a title or a version."""
MOST_ENTRIES = 20_000
LABELS = frozenset((*map(str, Kind), *STEPS))
"""All that the bot ever gives a pull request. Another label may steer other programs."""

_HELP = "write it anew: python -m bot sync --dry-run --report json=FILE"
_FILES = (EXPORTER, "README.md")
_REPOSITORY = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,38}/[A-Za-z0-9._-]{1,100}")
_OBJECT_ID = re.compile(r"(?:[0-9a-f]{40}|[0-9a-f]{64})?")
_HALF_CHARACTER = re.compile("[\ud800-\udfff]")
_FOLDER = re.compile(r"[^/]{1,255}")

_Object = Mapping[str, Value]


def outcomes_of(text: str) -> tuple[str, tuple[Outcome, ...]]:
    """The catalog's repository, empty where the survey names none, and what was found out about each entry.

    Raises BotError, with the place in the survey, where it is not one that the bot writes.
    """
    survey = _survey(text)
    repository = _text(survey, "repository", "")
    _demand(not repository or bool(_REPOSITORY.fullmatch(repository)), "repository", "is no OWNER/NAME")
    entries = _objects(survey, "entries")
    _demand(len(entries) <= MOST_ENTRIES, "entries", f"holds more than {MOST_ENTRIES:,} entries")
    outcomes = tuple(_outcome(entry, f"entries/{index}") for index, entry in enumerate(entries))
    known: set[str] = set()
    for index, outcome in enumerate(outcomes):
        _demand(outcome.entry not in known, f"entries/{index}/entry", "is the name of another one, too")
        known.add(outcome.entry)
    return repository, outcomes


def _survey(text: str) -> _Object:
    """What the text holds, as far as the schema goes."""
    _demand(len(text) <= LONGEST, "", f"is longer than {LONGEST >> 20} Mi characters")
    try:
        data: Value = json.loads(text, object_pairs_hook=_members, parse_constant=_no_number)
        fault = next(iter(validator("sync").iter_errors(data)), None)
    except json.JSONDecodeError as error:
        raise _refused(
            f"{error.lineno}:{error.colno}", f"is not JSON: {error.msg[0].lower()}{error.msg[1:]}"
        ) from error
    except UnicodeEncodeError as error:
        raise _refused("", "holds half a character") from error
    except (ValueError, RecursionError) as error:
        # Nested too deep, digits without end, a key twice.
        raise _refused("", f"is not JSON that the bot writes: {str(error)[:100]}") from error
    if fault:
        rule = "/".join(map(str, fault.schema_path[-1:]))
        raise _refused("/".join(map(str, fault.instance_path)), f"is not as schemas/sync.schema.json says ({rule})")
    return data if isinstance(data, dict) else {}


def _members(pairs: list[tuple[str, Value]]) -> dict[str, Value]:
    data = dict(pairs)
    if len(data) != len(pairs):
        raise ValueError("a key stands twice in an object")
    return data


def _no_number(word: str) -> Value:
    raise ValueError(f"{word} is no number")


def _outcome(data: _Object, place: str) -> Outcome:
    entry, version = _text(data, "entry", place), _text(data, "version", place)
    named = _FOLDER.fullmatch(entry) and not NOT_ON_A_LINE.search(entry)
    _demand(bool(named), f"{place}/entry", "is no folder's name")
    notes = tuple(_note(note, f"{place}/notes/{index}") for index, note in enumerate(_objects(data, "notes")))
    proposal = data.get("proposal")
    proposed = _proposal(proposal, entry, f"{place}/proposal") if isinstance(proposal, dict) else None
    return Outcome(entry, version, proposed, notes)


def _note(data: _Object, place: str) -> Note:
    topic, message, help_, version = (_text(data, key, place) for key in ("topic", "message", "help", "version"))
    return Note(Topic(topic), message, help_, version)


def _proposal(data: _Object, entry: str, place: str) -> Proposal:
    # Whatever stands in lists/ may be reported on; a pull request is made for what could be an entry.
    _demand(bool(ENTRY.fullmatch(entry)), place, "is for what cannot be the name of an entry")
    kind, branch = Kind(_text(data, "kind", place)), _text(data, "branch", place)
    _demand(branch == branch_of(kind, entry), f"{place}/branch", "is not the entry's own")
    labels = data.get("labels")
    known = tuple(label for label in labels if isinstance(label, str)) if isinstance(labels, list) else ()
    _demand(LABELS.issuperset(known) and len(set(known)) == len(known), f"{place}/labels", "are not those of the bot")
    files = tuple(_file(file, entry, f"{place}/files/{index}") for index, file in enumerate(_objects(data, "files")))
    _demand(0 < len({file.path for file in files}) == len(files), f"{place}/files", "are none, or one of them twice")
    return Proposal(
        entry,
        kind,
        branch,
        _line(data, "version", place),
        _line(data, "to", place),
        _line(data, "title", place),
        _text(data, "body", place, LONGEST_BODY),
        known,
        data.get("draft") is True,
        files,
        data.get("compared") is True,
    )


def _file(data: _Object, entry: str, place: str) -> File:
    path, before = _text(data, "path", place), _text(data, "before", place)
    _demand(path in {f"{LISTS}/{entry}/{file}" for file in _FILES}, f"{place}/path", "is not one that a sync changes")
    _demand(bool(_OBJECT_ID.fullmatch(before)), f"{place}/before", "is no object id")
    text = _text(data, "text", place, MAX_YAML)
    _demand(len(text.encode()) <= MAX_YAML, f"{place}/text", f"is longer than {MAX_YAML >> 10} KiB")
    return File(path, before, text)


def _line(data: _Object, key: str, place: str) -> str:
    """A text on one line, where nothing is hidden but what the bot breaks references with."""
    text = _text(data, key, place, LONGEST_LINE)
    _demand(bool(text) and not NOT_ON_A_LINE.search(text.replace("\u200b", "")), f"{place}/{key}", "is not one line")
    return text


def _text(data: _Object, key: str, place: str, longest: int = LONGEST_TEXT) -> str:
    text, at = data.get(key), f"{place}/{key}".lstrip("/")
    if not isinstance(text, str):
        raise _refused(at, "is no text")
    _demand(len(text) <= longest, at, f"is longer than {longest:,} characters")
    _demand(not _HALF_CHARACTER.search(text), at, "holds half a character")
    return text


def _objects(data: _Object, key: str) -> Sequence[_Object]:
    members = data.get(key)
    return [member for member in members if isinstance(member, dict)] if isinstance(members, list) else []


def _demand(holds: bool, place: str, what: str) -> None:
    if not holds:
        raise _refused(place, what)


def _refused(place: str, what: str) -> BotError:
    return BotError(f"the survey cannot be carried out: {f'{place} ' if place else 'it '}{what}", _HELP)

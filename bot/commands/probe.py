"""`probe`: scrapes an exporter into an entry's metrics.prom, and notes where the snapshot comes from."""

import getpass
import os
import re
import socket
import sys
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from bot.catalog.document import Document, Value
from bot.catalog.edit import put, remove
from bot.catalog.entry import EXPORTER, METRICS, Entry
from bot.catalog.load import catalog_items, load_entry
from bot.checks.wording import nearest
from bot.errors import BotError, UsageError
from bot.metrics.private_rules import Kind
from bot.metrics.scrub import Machine, Replacement, Scrubber
from bot.metrics.snapshot import Snapshot, parse_snapshot
from bot.outside.scrape import scrape

SHOWN = 5
"""Faults of a scrape named in an error."""
_VERSION = re.compile(r"[0-9A-Za-z][0-9A-Za-z.+_-]{0,59}")
_FLAG = re.compile(r"\S(?:.{0,298}\S)?")
_SECRET_FLAG = re.compile(
    r"(?P<name>--?[\w.-]*(?:password|passwd|secret|token|api[_-]?key))(?:=(?P<value>.*))?", re.IGNORECASE | re.DOTALL
)
_ORDER = ("version", "captured", "source", "path", "flags", "target")
"""The keys of the snapshot block."""
_IN_FRONT = ("version", "released", "endpoint", "install", "run", "scrape")
"""Where the block stands in a file that has none."""


def run(
    name: str,
    *,
    root: Path,
    url: str | None = None,
    version: str | None = None,
    target: str | None = None,
    timeout: float = 30.0,
    command: Sequence[str] = (),
) -> int:
    """Scrapes a URL, after starting a command if one is given; the exit code is 0.

    Nothing is written unless all went well. Raises UsageError for arguments that make no sense, and BotError where
    there is no entry to write to, or nothing is scraped that it could hold.
    """
    product = _target(target)
    entry, document = _entry(root, name)
    address = url or _default_url(entry, document)
    scraped = scrape(address, timeout=timeout, command=command)
    scrubber = Scrubber(_machine())
    # Prometheus does not mind if the last line break is missing; promtool does.
    text = scrubber.exposition(scraped if scraped.endswith("\n") else f"{scraped}\n")
    snapshot = _checked(parse_snapshot(text), address)
    facts: dict[str, Value] = {
        "version": _version(version, snapshot, document),
        "captured": datetime.now(UTC).date().isoformat(),
        "source": "observed",
        "path": _path(address, document, scrubber),
    }
    if command:
        facts["flags"] = [*_flags(_arguments(command, document), scrubber)]
    if product:
        facts["target"] = {**product}
    edited = _with_snapshot(document, facts)
    _write(entry.folder / METRICS, text)
    _write(entry.folder / EXPORTER, edited.text)
    _report(entry, snapshot, scrubber.replacements)
    return 0


def _entry(root: Path, name: str) -> tuple[Entry, Document]:
    known = [item.name for item in catalog_items(root) if item.kind == "folder"]
    if name not in known:
        raise UsageError(f'there is no entry "{name}"', nearest(name, known))
    entry = load_entry(root, name)
    document = entry.sound(EXPORTER)
    if document is None or not isinstance(document.data, dict):
        raise BotError(f"{entry.path}/{EXPORTER} cannot be read", f"run: python -m bot validate {name}")
    return entry, document


def _target(target: str | None) -> dict[str, str] | None:
    if target is None:
        return None
    product, _, version = target.strip().rpartition(" ")
    if not product or not _VERSION.fullmatch(version):
        raise UsageError(f'"{target}" is not a product and its version', "write it as --target 'Redis 7.0.15'")
    return {"product": product.strip(), "version": version}


def _default_url(entry: Entry, document: Document) -> str:
    port = document.get("endpoint", "port")
    path = document.text_at("snapshot", "path") or document.text_at("endpoint", "path")
    if not isinstance(port, int) or not path:
        raise UsageError(
            f"{entry.path}/{EXPORTER} names no port and path", "add endpoint.port and endpoint.path, or --url"
        )
    return f"http://127.0.0.1:{port}{path}"


def _machine() -> Machine:
    """The names that must not get out: this machine's, and those of whoever runs this."""
    host = socket.gethostname()
    users = [os.environ.get("SUDO_USER", "")]
    with suppress(OSError, KeyError):
        users.append(getpass.getuser())
    return Machine(tuple(dict.fromkeys((host, host.partition(".")[0]))), tuple(dict.fromkeys(filter(None, users))))


def _checked(snapshot: Snapshot, address: str) -> Snapshot:
    faults = snapshot.faults
    if faults:
        told = [f"line {fault.span.line}: {fault.message}" for fault in faults[:SHOWN]]
        told += [f"{len(faults) - SHOWN} more"] if len(faults) > SHOWN else []
        raise BotError(
            f"{urlsplit(address).path} answers no exposition: {'; '.join(told)}",
            "report it to whoever makes the exporter; Prometheus does not read it either",
        )
    return snapshot


def _version(asked: str | None, snapshot: Snapshot, document: Document) -> str:
    """The version of what was scraped; what is doubtful about it is said."""
    if asked is not None and not _VERSION.fullmatch(asked):
        raise UsageError(f'"{asked}" is not a version', "write it as --version 1.2.3")
    listed = document.text_at("version") or ""
    told = _told_version(snapshot, document)
    version = asked or told or listed
    if not version:
        raise UsageError("nothing says which version was scraped", "add --version 1.2.3")
    if not asked and not told:
        _say(f"note: the metrics do not say which version they are of; taken to be {version}, as the entry lists")
    if asked and told and asked != told:
        _say(f"warning: the metrics say that they are of version {told}, not of {asked}")
    if version != listed:
        _say(f"warning: the entry lists version {listed or '(none)'}; the snapshot proves {version}")
    return version


def _told_version(snapshot: Snapshot, document: Document) -> str | None:
    """The version label of the exporter's own build_info metric."""
    names = [
        document.text_at("name"),
        document.text_at("upstream", "repository"),
        document.text_at("run", "command", 0),
    ]
    aliases = document.get("aliases")
    names += [alias for alias in (aliases if isinstance(aliases, list) else ()) if isinstance(alias, str)]
    own = {_plain_name(name) for name in names if name}
    for family in snapshot.families.values():
        if family.name.endswith("_build_info") and _plain_name(family.name.removesuffix("_build_info")) in own:
            for sample in family.samples:
                version = re.sub(r"\Av(?=[0-9])", "", sample.labels.get("version", ""))
                if _VERSION.fullmatch(version) and version[0].isdigit():
                    return version
    return None


def _plain_name(name: str) -> str:
    """What names of an exporter have in common: redis, redis_exporter, oliver006/redis_exporter."""
    return name.rpartition("/")[2].lower().replace("-", "_").removesuffix("_exporter").removeprefix("prometheus_")


def _path(address: str, document: Document, scrubber: Scrubber) -> str | None:
    """Path and query, where they are not the endpoint's."""
    parts = urlsplit(address)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return None if path == document.text_at("endpoint", "path") else scrubber.plain(path)


def _arguments(command: Sequence[str], document: Document) -> Sequence[str]:
    """Those that the entry's own command does not have: of `python example/app.py --port=8000` the last."""
    own = document.get("run", "command")
    script = [str(part) for part in own[1:]] if isinstance(own, list) else []
    given = command[1 : 1 + len(script)]
    is_script = len(given) == len(script) and all(map(str.endswith, given, script))
    return command[1 + len(script) :] if is_script else command[1:]


def _flags(arguments: Sequence[str], scrubber: Scrubber) -> list[str]:
    """The arguments as the entry may show them."""
    flags = []
    for before, argument in zip(("", *arguments), arguments, strict=False):
        secret = _SECRET_FLAG.fullmatch(argument)
        if secret and secret["value"]:
            flags.append(f"{secret['name']}=redacted")
        elif (asked := _SECRET_FLAG.fullmatch(before)) and asked["value"] is None and not argument.startswith("-"):
            flags.append("redacted")
        elif _FLAG.fullmatch(argument):
            flags.append(scrubber.plain(argument))
        else:
            _say("note: an argument is empty, or too long to be noted as a flag")
    return flags


def _with_snapshot(document: Document, facts: dict[str, Value]) -> Document:
    """The entry with the facts in its snapshot block; what they do not speak of stays."""
    wanted: dict[str, Value] = {key: value for key, value in facts.items() if value is not None and value != []}
    if not isinstance(document.get("snapshot"), dict):
        return put(document, ("snapshot",), wanted, after=_IN_FRONT)
    for key in (*(key for key in facts if key not in wanted), "url"):
        document = remove(document, ("snapshot", key))
    for key, value in wanted.items():
        document = put(document, ("snapshot", key), value, after=_ORDER[: _ORDER.index(key)])
    return document


def _write(path: Path, text: str) -> None:
    """All of a file or nothing of it; a link is replaced, not followed."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    temporary = Path(name)
    try:
        with open(handle, "w", encoding="utf-8", newline="") as stream:
            stream.write(text)
        temporary.chmod(0o644)
        temporary.replace(path)
    except BaseException:
        temporary.unlink()
        raise


def _report(entry: Entry, snapshot: Snapshot, replacements: Sequence[Replacement]) -> None:
    series = sum(len(family.samples) for family in snapshot.families.values())
    _say(f"{entry.name}: {len(snapshot.families)} metrics, {series} series")
    for replacement in replacements:
        old = "***" if replacement.kind is Kind.CREDENTIAL else replacement.old
        times = f", {replacement.count} times" if replacement.count > 1 else ""
        _say(f"scrubbed: {replacement.kind} {old} → {replacement.new}{times}")
    _say(f"wrote {entry.path}/{METRICS} and the snapshot in {entry.path}/{EXPORTER}")


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)

"""A root folder to entries: finds the files, reads each one safely."""

import os
import stat
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from bot.catalog.document import Parsed, plain_document
from bot.catalog.entry import ALERTS, DASHBOARD, EXPORTER, METRICS, TESTS, Entry, Item
from bot.catalog.files import NOT_ON_A_LINE, read_text
from bot.catalog.json_text import parse_json
from bot.catalog.yaml_text import parse_yaml
from bot.errors import BotError

LISTS = "lists"
MAX_YAML = 512 * 1024
MAX_JSON = 4 * 1024 * 1024
MAX_EXPOSITION = 8 * 1024 * 1024
MAX_ITEMS = 500
MAX_LEVELS = 4


def folder_items(folder: Path) -> tuple[Item, ...]:
    """What a folder holds, by name, a bounded number of items and levels; links are not followed."""
    items: list[Item] = []
    pending = [("", folder)]
    while pending and len(items) < MAX_ITEMS:
        prefix, current = pending.pop()
        try:
            children = sorted(os.scandir(current), key=lambda item: item.name)
        except OSError:
            items.append(Item(prefix.rstrip("/"), "unreadable"))
            continue
        for child in children:
            kind = _kind(child)
            items.append(Item(prefix + child.name, kind))
            if kind == "folder" and prefix.count("/") < MAX_LEVELS:
                pending.append((f"{prefix}{child.name}/", current / child.name))
    return tuple(sorted(items[:MAX_ITEMS], key=lambda item: item.name))


def catalog_items(root: Path) -> tuple[Item, ...]:
    """What lists/ itself holds; its folders are the entries.

    Raises BotError where there is no catalog below `root`.
    """
    lists = root / LISTS
    try:
        if stat.S_ISLNK(lists.lstat().st_mode):
            raise BotError(f"{LISTS}/ is a symbolic link", "a catalog is a real folder below the root")
        children = sorted(os.scandir(lists), key=lambda item: item.name)
    except OSError as error:
        raise BotError(
            f"no catalog at {lists}: {error.strerror}", "give the folder that holds lists/ as --root"
        ) from error
    return tuple(Item(child.name, _kind(child)) for child in children)


def load_entry(root: Path, name: str) -> Entry:
    """One entry; each of its files is read when somebody first asks for it."""
    folder = root / LISTS / name
    items = folder_items(folder)
    present = {item.name for item in items}
    dashboards = [item.name for item in items if item.name == DASHBOARD or is_dashboard(item)]
    names = [file for file in (EXPORTER, ALERTS, TESTS, *dashboards, METRICS) if file in present]
    return Entry(name, folder, f"{LISTS}/{name}", items, _Files(folder, names))


class _Files(Mapping[str, Parsed]):
    """The files of an entry that are read at all, in the order of reading."""

    def __init__(self, folder: Path, names: Sequence[str]) -> None:
        self._folder = folder
        self._parsed: dict[str, Parsed | None] = dict.fromkeys(names)

    def __getitem__(self, name: str) -> Parsed:
        parsed = self._parsed[name] or _read(self._folder / name)
        self._parsed[name] = parsed
        return parsed

    def __iter__(self) -> Iterator[str]:
        return iter(self._parsed)

    def __len__(self) -> int:
        return len(self._parsed)


def _read(path: Path) -> Parsed:
    limit = {".json": MAX_JSON, ".prom": MAX_EXPOSITION}.get(path.suffix, MAX_YAML)
    read = read_text(path, limit)
    if not read.sense:
        return Parsed(None, read.flaws, read.text)
    if path.suffix == ".prom":
        return Parsed(plain_document(read.text), read.flaws, read.text)
    parsed = parse_json(read.text) if path.suffix == ".json" else parse_yaml(read.text)
    return Parsed(parsed.document, (*read.flaws, *parsed.flaws), read.text)


def is_dashboard(item: Item) -> bool:
    """Whether an item of an entry is read as one of its dashboards in dashboards/."""
    folder, _, name = item.name.rpartition("/")
    return folder == "dashboards" and name.endswith(".json") and not NOT_ON_A_LINE.search(name)


def _kind(child: "os.DirEntry[str]") -> str:
    if child.is_symlink():
        return "link"
    if child.is_dir(follow_symlinks=False):
        return "folder"
    return "file" if child.is_file(follow_symlinks=False) else "other"

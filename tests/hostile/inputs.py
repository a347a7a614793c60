"""What a stranger's entry may hold to hurt its reader, and what validate must say of it."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

Plant = Callable[[Path], object]


@dataclass(frozen=True, slots=True)
class Hostile:
    """One hostile file of an otherwise empty entry named `name`."""

    name: str
    file: str
    plant: Plant
    """Puts the input at a path."""
    findings: tuple[str, ...]
    """Those of the loader: line:column check message."""


def text(content: str | bytes) -> Plant:
    """A file of these bytes."""
    return lambda path: path.write_bytes(content if isinstance(content, bytes) else content.encode())


def sparse(size: int) -> Plant:
    """A file of zeros that takes no space."""

    def plant(path: Path) -> None:
        with path.open("wb") as stream:
            stream.truncate(size)

    return plant


ENTRY = "exporter.yaml"
RULES = "alerts.yaml"
BOARD = "dashboard.json"
SCRAPE = "metrics.prom"

HOSTILE: tuple[Hostile, ...] = (
    Hostile("duplicate-keys", ENTRY, text("name: a\nname: b\n"), ('2:1 entry/load duplicate key "name"',)),
    Hostile(
        "alias-bomb",
        RULES,
        text(
            "a: &a [x, x]\n" + "".join(f"{c}: &{c} [*{b}, *{b}]\n" for b, c in zip("abcdefgh", "bcdefghi", strict=True))
        ),
        (
            "1:4 alerts/load anchor &a",
            *(
                line
                for number, (b, c) in enumerate(zip("abcdefgh", "bcdefghi", strict=True), 2)
                for line in (
                    f"{number}:4 alerts/load anchor &{c}",
                    f"{number}:8 alerts/load alias *{b}",
                    f"{number}:12 alerts/load alias *{b}",
                )
            ),
        ),
    ),
    Hostile(
        "python-tag",
        ENTRY,
        text("name: !!python/object/apply:os.system [touch owned]\n"),
        ("1:7 entry/load tag tag:yaml.org,2002:python/object/apply:os.system",),
    ),
    Hostile("documents", ENTRY, text("name: a\n---\nname: b\n"), ("2:1 entry/load a second document starts here",)),
    Hostile(
        "tabs",
        ENTRY,
        text("links:\n\thomepage: x\n"),
        ("2:1 entry/load not YAML: while scanning for the next token, found character that cannot start any token",),
    ),
    Hostile("bom", ENTRY, text(b"\xef\xbb\xbftitle: a\n"), ("1:1 entry/load the file starts with a byte order mark",)),
    Hostile("crlf", ENTRY, text("title: a\r\nsummary: b\r\n"), ()),
    Hostile("latin-1", ENTRY, text(b"title: a\nsummary: caf\xe9\n"), ("2:13 entry/load byte 0xe9 is not UTF-8",)),
    Hostile("utf-8-surrogate", ENTRY, text(b"title: \xed\xa0\x80\n"), ("1:8 entry/load byte 0xed is not UTF-8",)),
    Hostile(
        "json-surrogate",
        BOARD,
        text('{"title": "\\ud800"}'),
        ("1:11 dashboards/load invisible or control character U+D800",),
    ),
    Hostile(
        "bidi",
        ENTRY,
        text("title: a\u202eb\nsummary: c\u200bd\n"),
        (
            "1:9 entry/load invisible or control character U+202E",
            "2:11 entry/load invisible or control character U+200B",
        ),
    ),
    Hostile(
        "not-a-number",
        BOARD,
        text('{"a": NaN,\n "b": -Infinity}'),
        ("1:7 dashboards/load NaN is not a JSON number", "2:7 dashboards/load -Infinity is not a JSON number"),
    ),
    Hostile("yaml-nan", ENTRY, text("title: .nan\n"), ("1:8 entry/load .nan is not a finite number",)),
    Hostile("yaml-digits", ENTRY, text(f"title: {'9' * 5000}\n"), ("1:8 entry/load an integer of 5000 characters",)),
    Hostile(
        "json-digits", BOARD, text(f'{{"a": {"9" * 5000}}}'), ("1:7 dashboards/load an integer of 5000 characters",)
    ),
    Hostile(
        "yaml-deep", RULES, text("[" * 10_000 + "]" * 10_000), ("1:51 alerts/load nested more than 50 levels deep",)
    ),
    Hostile(
        "yaml-deep-block",
        RULES,
        text("".join(" " * depth + "a:\n" for depth in range(900))),
        ("51:51 alerts/load nested more than 50 levels deep",),
    ),
    Hostile(
        "json-deep",
        BOARD,
        text("[" * 10_000 + "]" * 10_000),
        ("1:101 dashboards/load nested more than 100 levels deep",),
    ),
    Hostile(
        "json-deep-open", BOARD, text('{"a":' * 10_000), ("1:501 dashboards/load nested more than 100 levels deep",)
    ),
    Hostile(
        "many-values",
        RULES,
        text("[" + "1," * 60_000 + "]"),
        ("1:99998 alerts/load more than 50000 values",),
    ),
    *(
        Hostile(
            f"huge-{file.partition('.')[0]}",
            file,
            sparse(50_000_000),
            (f"1:1 {check} is larger than {limit} KiB, the most that is read of such a file",),
        )
        for file, check, limit in (
            (ENTRY, "entry/load", 512),
            (RULES, "alerts/load", 512),
            (BOARD, "dashboards/load", 4096),
            (SCRAPE, "metrics/load", 8192),
        )
    ),
    *(
        Hostile(f"empty-{file.partition('.')[0]}", file, text(""), (f"1:1 {check} the file is empty",))
        for file, check in (
            (ENTRY, "entry/load"),
            (RULES, "alerts/load"),
            (BOARD, "dashboards/load"),
            (SCRAPE, "metrics/load"),
        )
    ),
    Hostile("directory", RULES, Path.mkdir, ("1:1 alerts/load is a directory, not a regular file",)),
    Hostile("fifo", SCRAPE, os.mkfifo, ("1:1 metrics/load is a FIFO, not a regular file",)),
    Hostile(
        "link",
        BOARD,
        lambda path: path.symlink_to("/etc/passwd"),
        ("1:1 dashboards/load is a symbolic link, not a regular file",),
    ),
    Hostile("newline", "alerts\n.yaml", text("groups: []\n"), ("1:1 entry/files unexpected file",)),
)

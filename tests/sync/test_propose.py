"""From what a survey found to a pull request, on a real entry: edited, validated, compared metric by metric."""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bot.catalog.load import load_entry
from bot.commands.prove import prove_with
from bot.reporters.sync.pull import proposal_of
from bot.sync.blobs import blob_id
from bot.sync.bump import Facts
from bot.sync.doors import Scrapes
from bot.sync.model import Kind, Outcome, Release, Step, Topic, Tracked, Unknown
from bot.sync.propose import MOST_TRIED, Proposer
from bot.sync.survey import Found
from bot.sync.tracked import tracked_of
from bot.sync.versions import Candidate

CHECKOUT = Path(__file__).parents[2]
TODAY = date(2026, 11, 23)
RELEASE = Release("v1.13.0", datetime(2026, 11, 1, tzinfo=UTC), "a" * 40, "")
FACTS = Facts("1.13.0", date(2026, 11, 1), "a" * 40, {}, f"sha256:{'b' * 64}", 4711)
OLD = "quay.io/prometheus/node-exporter:v1.12.1"
NEW = f"quay.io/prometheus/node-exporter:v1.13.0@sha256:{'b' * 64}"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The real entry of node, in a catalog of its own."""
    shutil.copytree(CHECKOUT / "lists" / "node", tmp_path / "lists" / "node")
    return tmp_path


@dataclass
class Images:
    """Stands for docker: what each of two images answers."""

    answer: Scrapes | Unknown
    asked: list[tuple[object, ...]] = field(default_factory=list)

    def __call__(self, old: str, new: str, port: int, path: str, arguments: Sequence[str]) -> Scrapes | Unknown:
        self.asked.append((old, new, port, path, tuple(arguments)))
        return self.answer


def found(root: Path) -> Found:
    tracked = tracked_of(load_entry(root, "node"))
    assert isinstance(tracked, Tracked)
    return Found(
        tracked,
        Kind.BUMP,
        "prometheus/node_exporter",
        Candidate("1.13.0", RELEASE, Step.MINOR, False),
        FACTS,
        unchecked=("GitHub has no checksum of node_exporter.",),
    )


def proposed(root: Path, images: Images | None, one: Found | None = None) -> Outcome:
    (outcome,) = Proposer(root, prove_with(1, TODAY), proposal_of, TODAY, 1, images).outcomes([one or found(root)])
    return outcome


def test_a_bump_changes_what_it_should_and_validates(root: Path) -> None:
    file = root / "lists" / "node" / "exporter.yaml"
    before = file.read_text()
    proposal = proposed(root, None).proposal
    assert proposal is not None
    assert (proposal.branch, proposal.title) == ("bot/bump/node", "node: 1.12.1 → 1.13.0")
    assert (proposal.labels, proposal.draft) == (("bump", "minor"), False)
    (changed,) = proposal.files
    assert (changed.path, changed.before) == ("lists/node/exporter.yaml", blob_id(before))
    old, new = before.splitlines(), changed.text.splitlines()
    assert [line for line in new if line not in old] == [
        "  repository_id: 4711",
        'version: "1.13.0"',
        'released: "2026-11-01"',
        f"commit: {'a' * 40}",
        f"    digest: sha256:{'b' * 64}",
    ]
    assert "No scrape of `1.13.0` was at hand." in proposal.body
    assert "- `GitHub has no checksum of node_exporter.`" in proposal.body
    assert file.read_text() == before


def test_what_the_new_image_breaks_is_told_and_labelled(root: Path) -> None:
    scrape = (root / "lists" / "node" / "metrics.prom").read_text()
    images = Images(Scrapes(scrape, scrape.replace("node_boot_time_seconds", "node_boot_seconds")))
    proposal = proposed(root, images).proposal
    assert proposal is not None
    assert images.asked == [(OLD, NEW, 9100, "/metrics", ())]
    assert proposal.labels == ("bump", "minor", "breaks-alerts")
    assert "| alert | `NodeRebooted` |" in proposal.body
    assert "it probably is node_boot_seconds" in proposal.body


def test_what_neither_image_shows_is_not_broken(root: Path) -> None:
    """A container has no hardware sensors; only what works with the old image can break with the new one."""
    scrape = (root / "lists" / "node" / "metrics.prom").read_text()
    poorer = "".join(line for line in scrape.splitlines(keepends=True) if "node_boot_time_seconds" not in line)
    proposal = proposed(root, Images(Scrapes(poorer, poorer))).proposal
    assert proposal is not None
    assert proposal.labels == ("bump", "minor")
    assert "nothing breaks" in proposal.body


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (Unknown("docker is not there"), "The metrics were not compared: docker is not there."),
        (Scrapes("a 1\n", "<html>\n"), f"The metrics were not compared: what {NEW} answers is no exposition"),
    ],
)
def test_what_could_not_be_compared_is_said(root: Path, answer: Scrapes | Unknown, sentence: str) -> None:
    proposal = proposed(root, Images(answer)).proposal
    assert proposal is not None
    assert "What breaks is not known" in proposal.body
    assert sentence in proposal.body.replace("\u200b", "")


def test_images_that_need_more_than_themselves_are_not_started(root: Path) -> None:
    one = found(root)
    images = Images(Unknown(""))
    file = root / "lists" / "node" / "exporter.yaml"
    file.write_text(file.read_text().replace("    alone: true\n", ""))
    proposed(root, images, replace(one, tracked=replace(one.tracked, alone=False)))
    assert images.asked == []


def test_a_bump_that_does_not_validate_is_a_draft_and_says_why(root: Path) -> None:
    file = root / "lists" / "node" / "exporter.yaml"
    file.write_text(file.read_text().replace("kind: exporter\n", "kind: exporters\n"))
    proposal = proposed(root, None).proposal
    assert proposal is not None
    assert proposal.draft
    assert "## Why this is a draft" in proposal.body
    assert "[entry/schema]" in proposal.body


def test_an_entry_that_changed_meanwhile_is_blocked(root: Path) -> None:
    one = found(root)
    file = root / "lists" / "node" / "exporter.yaml"
    file.write_text(file.read_text().replace('version: "1.12.1"\nreleased', 'version: "1.12.2"\nreleased'))
    outcome = proposed(root, None, one)
    assert outcome.proposal is None
    (note,) = outcome.notes
    assert (note.topic, note.message) == (
        Topic.BLOCKED,
        "exporter.yaml cannot be edited: it changed while upstream was asked",
    )


def test_so_many_images_are_tried_a_run_and_not_more(root: Path) -> None:
    text = (root / "lists" / "node" / "exporter.yaml").read_text()
    every = []
    for number in range(MOST_TRIED + 2):
        folder = root / "lists" / f"node{number:02}"
        folder.mkdir()
        (folder / "exporter.yaml").write_text(text.replace("name: node\n", f"name: {folder.name}\n", 1))
        tracked = tracked_of(load_entry(root, folder.name))
        assert isinstance(tracked, Tracked)
        every.append(replace(found(root), tracked=tracked))
    images = Images(Unknown("docker is not there"))
    outcomes = list(Proposer(root, prove_with(1, TODAY), proposal_of, TODAY, 1, images).outcomes(every))
    assert len(outcomes) == MOST_TRIED + 2
    assert len(images.asked) == MOST_TRIED

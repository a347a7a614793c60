"""What should change in an entry, as a pull request: title, text, labels. The same input gives the same bytes.

A stranger's text stands only in code spans and in one fence, and is defused there, too.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC
from urllib.parse import quote

from bot.drift.model import Drift
from bot.drift.model import Kind as Breaks
from bot.reporters.drift import markdown as drift_markdown
from bot.reporters.drift.phrases import breaks, changes, joined
from bot.reporters.markdown import cell, fitted
from bot.reporters.sync.upstream_text import defused, fenced, one_line, span
from bot.reporters.wording import visible
from bot.sync.marker import LONGEST_BODY
from bot.sync.model import Edit, Kind, Proposal, Wanted
from bot.sync.reconcile import branch_of

BREAKS_ALERTS = "breaks-alerts"

_EDITS = 8_000
"""How many characters of the body a part may take before it is defused. The others likewise."""
_FAULTS = 4_000
_UNCHECKED = 3_000
_LONGEST_NAME = 140
"""Characters of a name or version that stands in the midst of a sentence."""
_LONGEST_PART = 250
"""Characters of a tag or a name in a link."""
_REPOSITORY = "upstream.repository"
_FACTS = (
    ("sha256", "checksums"),
    ("digest", "digest"),
    ("commit", "commit"),
    ("released", "date"),
)
"""Parts of the places in exporter.yaml that hold facts of one release, and what people call them."""


def proposal_of(wanted: Wanted, drift: Drift | None) -> Proposal:
    """The pull request for what is wanted; `drift` is what the new version breaks, where somebody scraped it."""
    branch = branch_of(wanted.kind, wanted.entry)
    return Proposal(
        wanted.entry,
        wanted.kind,
        branch,
        wanted.version,
        wanted.to,
        one_line(_title(wanted)),
        _body(wanted, drift, branch),
        _labels(wanted, drift),
        bool(wanted.faults),
        wanted.files,
        drift is not None,
    )


def _title(wanted: Wanted) -> str:
    if wanted.kind is Kind.MOVE:
        return f"{wanted.entry}: the repository moved to {wanted.to}"
    if wanted.kind is Kind.FACTS:
        return f"{wanted.entry}: {_facts(wanted)}"
    return f"{wanted.entry}: {wanted.version} → {wanted.to}"


def _facts(wanted: Wanted) -> str:
    """Such as: checksums and digest of 1.88.0, and the repository's id."""
    places = {part for edit in wanted.edits for part in edit.what.split(".")}
    named = [name for part, name in _FACTS if part in places]
    repository = "the repository's id" if "repository_id" in places else ""
    of_release = f"{joined(named)} of {wanted.version}" if named else ""
    return ", and ".join(filter(None, (of_release, repository))) or f"facts of {wanted.version}"


def _labels(wanted: Wanted, drift: Drift | None) -> tuple[str, ...]:
    labels = [str(wanted.kind)]
    if wanted.kind is Kind.BUMP and wanted.step:
        labels.append(str(wanted.step))
    if drift and any(broken.kind is Breaks.ALERT for broken in drift.broken):
        labels.append(BREAKS_ALERTS)
    return tuple(labels)


def _body(wanted: Wanted, drift: Drift | None, branch: str) -> str:
    """All parts; what is different between two scrapes gets the room that the others leave."""
    before = [*_head(wanted), _table(wanted.edits)]
    after = [_faults(wanted), _unchecked(wanted), _notes(wanted), _steering(wanted, branch)]
    room = LONGEST_BODY - sum(len(part) + 1 for part in (*before, *after)) - 1
    return "\n".join(filter(None, (*before, _metrics(wanted, drift, room), *after)))


def _head(wanted: Wanted) -> Iterator[str]:
    """What happened upstream, and where to read more of it."""
    repository, version, to = _name(wanted.repository), _name(wanted.version), _name(wanted.to)
    linked = f"[{repository}]({_url(wanted.repository)})"
    if wanted.kind is Kind.MOVE:
        old = next((edit.old for edit in wanted.edits if edit.what == _REPOSITORY), "")
        yield f"{_name(old) or 'The repository'} is called {linked} now.\n"
        yield "GitHub redirects the old name until somebody takes it. Releases are proposed once this is merged.\n"
        return
    if wanted.kind is Kind.FACTS:
        yield f"What {linked} says of {version}, and nobody had verified before. Once listed, a change is reported.\n"
        return
    published = wanted.release.published if wanted.release else None
    on = f" on {published.astimezone(UTC).date()}" if published else ""
    step = f"**{wanted.step}** release after" if wanted.step else "release after"
    flagged = ", which upstream marks as a prerelease" if wanted.release and wanted.release.prerelease else ""
    yield f"{linked} released {to}{on}: a {step} {version}{flagged}.\n"
    if wanted.release:
        yield " · ".join(_links(wanted, wanted.release.tag)) + "\n"


def _links(wanted: Wanted, tag: str) -> Iterator[str]:
    yield f"[Release notes]({_url(wanted.repository)}/releases/tag/{_quoted(tag)})"
    if wanted.old_tag:
        tags = f"{_quoted(wanted.old_tag)}...{_quoted(tag)}"
        yield f"[Comparison]({_url(wanted.repository)}/compare/{tags})"


def _url(repository: str) -> str:
    owner, _, name = repository.partition("/")
    return f"https://github.com/{_quoted(owner)}/{_quoted(name)}"


def _quoted(part: str) -> str:
    return quote(part[:_LONGEST_PART], safe="", errors="replace")


def _table(edits: Sequence[Edit]) -> str:
    rows = [f"| {' | '.join(map(cell, (span(edit.what), span(edit.old), _new(edit))))} |\n" for edit in edits]
    return "| exporter.yaml | old | new |\n| --- | --- | --- |\n" + fitted(rows, _EDITS, "\n") if rows else ""


def _new(edit: Edit) -> str:
    return span(edit.new) or "taken out, as nobody could verify it"


def _metrics(wanted: Wanted, drift: Drift | None, room: int) -> str:
    """What breaks, in at most `room` characters; or that nobody knows, and how to find out."""
    if wanted.kind is not Kind.BUMP:
        return ""
    scrape, probe = _diff_command(wanted), span(f"python -m bot probe {wanted.entry}")
    if drift is None:
        return (
            f"## What breaks is not known\n\nNo scrape of {_name(wanted.to)} was at hand. Start it, then:\n\n"
            f"- {scrape} says which alerts and panels break\n"
            f"- {probe} puts what it exposes into the entry\n"
        )
    rendered = defused(drift_markdown.render(drift, room))
    if len(rendered) <= room:
        return rendered
    changed = changes(drift.diff)
    return (
        f"## {_name(drift.entry)}: {breaks(drift)}\n\n"
        f"{changed[0].upper()}{changed[1:]}. There is no room for all of it here: {scrape} tells.\n"
    )


def _diff_command(wanted: Wanted) -> str:
    return span(f"curl -s URL | python -m bot diff {wanted.entry} --to -")


def _faults(wanted: Wanted) -> str:
    if not wanted.faults:
        return ""
    command = span(f"python -m bot validate {wanted.entry}")
    items = fitted([f"- {span(fault)}\n" for fault in wanted.faults], _FAULTS, "- ")
    return f"## Why this is a draft\n\n{command} fails with this change:\n\n{items}"


def _unchecked(wanted: Wanted) -> str:
    if not wanted.unchecked:
        return ""
    items = fitted([f"- {span(sentence)}\n" for sentence in wanted.unchecked], _UNCHECKED, "- ")
    return f"## Not checked\n\n{items}"


def _notes(wanted: Wanted) -> str:
    if not wanted.notes.strip():
        return ""
    return f"<details>\n<summary>What upstream says</summary>\n\n{fenced(wanted.notes)}\n\n</details>\n"


def _steering(wanted: Wanted, branch: str) -> str:
    to, version = _name(wanted.to), _name(wanted.version)
    refused = {
        Kind.BUMP: f"{to} is not proposed again; a newer release is",
        Kind.FACTS: f"these facts of {version} are not proposed again; a newer release is",
        Kind.MOVE: f"{to} is not proposed again, and no release either until the entry names the repository",
    }
    return (
        "---\n\n"
        f"Made by the catalog's bot. Close this, and {refused[wanted.kind]}. A box on the dashboard takes that back. "
        f"Push commits of your own to {_name(branch)}, and the bot leaves it alone. "
        "What you change in this text stays until there is something else to propose.\n"
    )


def _name(text: str) -> str:
    return span(visible(text)[:_LONGEST_NAME])

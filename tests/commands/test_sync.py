"""`sync` as people start it: what it says, on which stream, and its exit code."""

import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import yaml

from bot.commands import sync
from bot.errors import BotError, UsageError
from tests.github import GitHub, Upstream
from tests.sync.stage import CATALOG, exporter_yaml, path_of, release

CHECKOUT = Path(__file__).parents[2]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A catalog with two entries."""
    for number, name in enumerate(("mysqld", "redis"), 201):
        file = tmp_path / path_of(name)
        file.parent.mkdir(parents=True)
        file.write_text(exporter_yaml(name, f"up/{name}", number, "1.0.0"))
    return tmp_path


def run(root: Path, hub: GitHub | None, *arguments: str, **more: str) -> "subprocess.CompletedProcess[str]":
    """The command in a process of its own, GitHub at the double."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("GITHUB_", "NO_COLOR"))}
    env = {**kept, **({"GITHUB_API_URL": hub.url} if hub else {}), **more}
    command = [sys.executable, "-m", "bot", "sync", "--root", str(root), *arguments]
    return subprocess.run(command, cwd=CHECKOUT, env=env, capture_output=True, text=True, check=False)


def upstreams(hub: GitHub) -> None:
    """Redis has a newer release since a week, mysqld one since yesterday."""
    now = datetime.now(UTC)
    for number, (name, age) in enumerate((("mysqld", 1), ("redis", 7)), 201):
        releases = [release(name, "1.0.0"), release(name, "1.1.0", now - timedelta(days=age))]
        hub.add(Upstream(f"up/{name}", number, releases=releases))


def test_a_dry_run_without_a_token_says_what_it_would_do(root: Path) -> None:
    with GitHub(CATALOG) as hub:
        upstreams(hub)
        done = run(root, hub, "--dry-run")
        rests = datetime.now(UTC) + timedelta(days=2)
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout == (
            "mysqld   1.0.0\n"
            f"  = waiting: 1.1.0 rests until {rests:%Y-%m-%d}\n"
            "redis    1.0.0 → 1.1.0   minor   would open a pull request\n"
            "\n"
            "which pull requests are open is not known: no repository was named\n"
            "2 entries: 1 would be opened, 1 waits\n"
        )
        assert hub.writes == []
        assert hub.violations == []


def test_a_run_with_a_token_opens_the_pull_request(root: Path) -> None:
    with GitHub(CATALOG) as hub:
        upstreams(hub)
        hub.catalog.commit_folder("main", root)
        done = run(root, hub, "--repository", CATALOG, GITHUB_TOKEN="token")
        assert (done.returncode, done.stderr) == (0, "")
        assert "redis    1.0.0 → 1.1.0   minor   opened #1\n" in done.stdout
        assert [it.title for it in hub.catalog.talk.threads.values() if it.pull] == ["redis: 1.0.0 → 1.1.0"]
        assert hub.violations == []


def test_reports_for_programs_and_for_github(root: Path, tmp_path: Path) -> None:
    with GitHub(CATALOG) as hub:
        upstreams(hub)
        done = run(root, hub, "redis", "--dry-run", "--report", "json", "--report", f"markdown={tmp_path / 'plan.md'}")
        assert (done.returncode, done.stderr) == (0, "")
        assert [one["entry"] for one in json.loads(done.stdout)["entries"]] == ["redis"]
        assert "| `redis` | `1.0.0 → 1.1.0` | minor |" in (tmp_path / "plan.md").read_text()


def test_what_fails_is_named_and_ends_with_1(root: Path) -> None:
    with GitHub(CATALOG) as hub:
        upstreams(hub)
        hub.world.delete("up/mysqld")
        hub.world.find("up/redis")
        hub.add(Upstream("up/mysqld", 999, releases=[release("mysqld", "1.0.0")]))
        done = run(root, hub, "--dry-run")
        assert done.returncode == 1
        message = "up/mysqld is another repository than before: its id was 201, and now is 999"
        assert f"  = security: {message}\n" in done.stdout
        assert "would open a pull request" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("redi", "--dry-run"), 2, 'error: there is no entry "redi"\n  = help: did you mean "redis"?\n'),
        (
            ("--dry-run", "--shard", "3/2"),
            2,
            'error: "3/2" is no shard\n  = help: write I/N, such as 2/8: the second of eight parts\n',
        ),
        (("--dry-run", "--report", "sarif"), 2, 'error: there is no report format "sarif"\n'),
        (
            (),
            3,
            "error: nobody said which repository holds the catalog\n"
            "  = help: name it: --repository OWNER/NAME, or --dry-run\n",
        ),
        (
            ("--repository", CATALOG),
            3,
            "error: pull requests need a token\n  = help: set GITHUB_TOKEN, or only look: --dry-run\n",
        ),
        (
            ("--repository", CATALOG, "--from", "nowhere.json"),
            3,
            "error: nowhere.json cannot be read: No such file or directory\n"
            "  = help: name files that sync --dry-run --report json=FILE wrote\n",
        ),
    ],
)
def test_what_makes_no_sense(root: Path, arguments: tuple[str, ...], code: int, message: str) -> None:
    done = run(root, None, *arguments)
    assert (done.returncode, done.stdout) == (code, "")
    assert done.stderr.startswith(message)


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"version": 1}', "\x00", "{" * 100_000])
def test_a_survey_that_is_none_is_refused(root: Path, tmp_path: Path, text: str) -> None:
    survey = tmp_path / "survey.json"
    survey.write_text(text)
    with pytest.raises(BotError):
        sync.run(sync.Request(root, given=(str(survey),)))


def test_surveys_must_fit_the_catalog_and_one_another(root: Path, tmp_path: Path) -> None:
    with GitHub(CATALOG) as hub:
        upstreams(hub)
        hub.catalog.commit_folder("main", root)
        survey = tmp_path / "survey.json"
        write = ("--repository", CATALOG, "--from", str(survey))
        assert run(root, hub, "--dry-run", "--report", f"json={survey}", GITHUB_TOKEN="token").returncode == 0
        text = survey.read_text()

        copy = tmp_path / "copy.json"
        copy.write_text(text)
        twice = run(root, hub, *write, "--from", str(copy), GITHUB_TOKEN="token")
        assert (twice.returncode, twice.stderr) == (
            3,
            f"error: {copy} tells of mysqld, as another survey does\n  = help: name one survey a shard\n",
        )
        survey.write_text(text.replace('"repository": ""', '"repository": "other/catalog"'))
        other = run(root, hub, *write, GITHUB_TOKEN="token")
        assert (other.returncode, other.stderr) == (
            3,
            f"error: {survey} is a survey for other/catalog, not for {CATALOG}\n  = help: name its own surveys\n",
        )
        survey.write_text(text)
        of_another = run(root, hub, "mysqld", *write, GITHUB_TOKEN="token")
        assert (of_another.returncode, of_another.stderr) == (0, "")
        assert "redis" not in of_another.stdout
        # Nobody gets an entry into the catalog by writing of it in a survey.
        made_up = json.loads(text)
        proposed = next(one for one in made_up["entries"] if one["proposal"])
        for file in proposed["proposal"]["files"]:
            file |= {"path": file["path"].replace("redis", "made-up"), "before": ""}
        proposed["proposal"]["branch"] = "bot/bump/made-up"
        proposed["entry"] = "made-up"
        survey.write_text(json.dumps(made_up))
        done = run(root, hub, *write, GITHUB_TOKEN="token")
        assert (done.returncode, done.stderr) == (0, "")
        assert hub.writes == []


def test_the_workflow_hands_on_what_it_surveys() -> None:
    jobs = yaml.safe_load((CHECKOUT / ".github/workflows/sync.yml").read_text())["jobs"]
    steps = {
        job: {step.get("uses", step.get("run", "")): step.get("with") for step in jobs[job]["steps"]} for job in jobs
    }
    (upload,) = (given for uses, given in steps["survey"].items() if uses.startswith("actions/upload-artifact@"))
    (download,) = (given for uses, given in steps["write"].items() if uses.startswith("actions/download-artifact@"))
    assert any("json=survey-$JOB.json" in command for command in steps["survey"])
    assert upload["name"] + ".json" == upload["path"] == "survey-${{ strategy.job-index }}.json"
    # Where there is a single artifact, it gets no folder of its own: all must arrive side by side, however many.
    assert download == {"pattern": "survey-*", "path": "surveys", "merge-multiple": True}
    assert any('SURVEYS="surveys/survey-*.json"' in command for command in steps["write"])


def test_shards_cut_the_catalog_into_parts() -> None:
    names = [f"e{number}" for number in range(10)]
    parts = [sync.names_of((), names, f"{part}/3") for part in range(1, 4)]
    assert sorted(name for part in parts for name in part) == names
    assert [len(part) for part in parts] == [4, 3, 3]
    with pytest.raises(UsageError):
        sync.names_of((), names, "0/3")

"""Arguments to a command; exceptions to exit codes; nothing else.

Each command is imported where it is called: an HTTP client takes longer to import than many a validation lasts.
"""

import gc
import sys
import traceback
from pathlib import Path

import click

from bot import __version__, workers
from bot.errors import BotError, UsageError

DIFF_REPORT_HELP = "text, json or markdown; to a file where one is named. May be given several times."
REPORT_HELP = "text, json, github, sarif, junit or markdown; to a file where one is named. May be given several times."
FINDINGS, USAGE, COULD_NOT, BUG = 1, 2, 3, 4

ROOT = click.option(
    "--root",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path(),
    help="The folder that holds lists/. Read as data: no configuration, no code.",
)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="exporterhub")
def bot() -> None:
    """Proves what a catalog of Prometheus exporters claims.

    \b
    Exit codes: 0 clean, 1 findings, 2 usage, 3 could not check, 4 a bug here.
    """


@bot.command()
@click.argument("entries", nargs=-1, metavar="[NAME|PATH]...")
@ROOT
@click.option("--changed-since", metavar="REV", help="Only the entries changed since the merge base with REV.")
@click.option("--report", "reports", multiple=True, metavar="FORMAT[=FILE]", help=REPORT_HELP)
@click.option("--only", multiple=True, metavar="CHECK", help="Only these checks: an id, or a family such as alerts.")
@click.option("--skip", multiple=True, metavar="CHECK", help="All but these checks.")
@click.option("--quick", is_flag=True, help="Leave out what takes long: alerts/mutation.")
@click.option("--strict", is_flag=True, help="Exit 3 where something could not be checked.")
@click.option("--jobs", type=click.IntRange(min=1), help="Processes to work with; all cores unless told.")
def validate(
    entries: tuple[str, ...],
    root: Path,
    changed_since: str | None,
    reports: tuple[str, ...],
    only: tuple[str, ...],
    skip: tuple[str, ...],
    quick: bool,
    strict: bool,
    jobs: int | None,
) -> int:
    """Say what is wrong in the catalog: where, why, and how to mend it."""
    # Started first, so that the workers' imports and ours go on at the same time.
    workers.prepare()
    from bot.commands import validate as validate_command

    return validate_command.run(
        validate_command.Request(root, entries, changed_since, reports, only, skip, quick, strict, jobs)
    )


@bot.command()
@click.option("--markdown", is_flag=True, help="The whole documentation, as docs/checks.md holds it.")
def checks(markdown: bool) -> int:
    """List every check, its severity and what it holds entries to."""
    from bot.commands import checks as checks_command

    return checks_command.list_checks(markdown=markdown)


@bot.command()
@click.argument("check", metavar="CHECK")
def explain(check: str) -> int:
    """Say what a check is for, with a bad and a good example."""
    from bot.commands import checks as checks_command

    return checks_command.explain(check)


@bot.command()
@click.option("--print", "print_path", is_flag=True, help="Print the path of the promtool in use.")
def setup(print_path: bool) -> int:
    """Get promtool: verified download, or the distribution's package, unpacked."""
    from bot.commands import setup as setup_command

    return setup_command.run(print_path)


@bot.command(context_settings={"ignore_unknown_options": False})
@click.argument("name")
@click.argument("command", nargs=-1, metavar="[-- COMMAND...]")
@ROOT
@click.option("--url", help="What to scrape; the entry's endpoint on this machine unless told.")
@click.option("--version", help="The exporter's version, where its metrics do not say.")
@click.option("--target", metavar="'PRODUCT VERSION'", help="What the exporter stands in front of.")
@click.option("--timeout", type=click.FloatRange(min=0.1), default=30.0, show_default=True, help="Seconds to wait.")
def probe(
    name: str,
    command: tuple[str, ...],
    root: Path,
    url: str | None,
    version: str | None,
    target: str | None,
    timeout: float,
) -> int:
    """Scrape an exporter into metrics.prom, scrubbed, and note where the snapshot comes from."""
    from bot.commands import probe as probe_command

    return probe_command.run(name, root=root, url=url, version=version, target=target, timeout=timeout, command=command)


@bot.command()
@click.argument("name")
@click.option("--to", required=True, metavar="FILE", help="What another release answers; - for standard input.")
@ROOT
@click.option("--report", "reports", multiple=True, metavar="FORMAT[=FILE]", help=DIFF_REPORT_HELP)
def diff(name: str, to: str, root: Path, reports: tuple[str, ...]) -> int:
    """Say what another release of an exporter breaks: which alerts and panels, and why.

    \b
    Compares the entry's metrics.prom with another scrape.
    Exit codes: 0 nothing breaks, 1 something breaks, 2 usage, 3 could not compare.
    """
    workers.prepare()
    from bot.commands import diff as diff_command

    return diff_command.run(diff_command.Request(name, to, root, reports))


@bot.command()
@click.argument("entries", nargs=-1, metavar="[NAME]...")
@ROOT
@click.option("--dry-run", "dry", is_flag=True, help="Say what would be done, and write nothing. Needs no token.")
@click.option(
    "--from", "given", multiple=True, metavar="FILE", help="Carry out what sync --dry-run --report json wrote."
)
@click.option("--images", is_flag=True, help="Start old and new images (docker) and compare their metrics.")
@click.option("--shard", metavar="I/N", help="Only the I-th of N parts of the catalog.")
@click.option("--repository", metavar="OWNER/NAME", help="The catalog on GitHub; $GITHUB_REPOSITORY unless told.")
@click.option("--report", "reports", multiple=True, metavar="FORMAT[=FILE]", help=DIFF_REPORT_HELP)
@click.option("--jobs", type=click.IntRange(min=1), help="Processes to work with; all cores unless told.")
def sync(
    entries: tuple[str, ...],
    root: Path,
    dry: bool,
    given: tuple[str, ...],
    images: bool,
    shard: str | None,
    repository: str | None,
    reports: tuple[str, ...],
    jobs: int | None,
) -> int:
    """Find new releases of the exporters, and keep a pull request for each.

    \b
    The token is read from $GITHUB_TOKEN.
    Exit codes: 0 done, 1 something failed or is not what it was, 2 usage, 3 could not start.
    """
    workers.prepare("bot.sync.propose")
    from bot.commands import sync as sync_command

    return sync_command.run(sync_command.Request(root, entries, dry, given, reports, shard, repository, images, jobs))


def main() -> None:
    """The entry point of `python -m bot` and of the console script."""
    # As in the workers: a run makes many objects and few cycles.
    gc.set_threshold(100_000, 100, 100)
    code = _exit_code()
    # All of it ends with the process: an interpreter that looks for garbage first takes a seventh of a second.
    gc.freeze()
    sys.exit(code)


def _exit_code() -> int:
    try:
        result = bot.main(standalone_mode=False, prog_name="exporterhub")
    except click.ClickException as error:
        error.show()
        return USAGE
    except click.Abort:
        return 130
    except UsageError as error:
        _tell(error)
        return USAGE
    except BotError as error:
        _tell(error)
        return COULD_NOT
    except Exception:  # noqa: BLE001 - the one place where a bug becomes an exit code
        click.echo(traceback.format_exc(), err=True)
        click.echo("This is a bug in the bot, not in the catalog. Please report it with the lines above.", err=True)
        return BUG
    return result if isinstance(result, int) else 0


def _tell(error: BotError) -> None:
    click.echo(f"error: {error.message}", err=True)
    if error.hint:
        click.echo(f"  = help: {error.hint}", err=True)

"""Unpacks what the tests need beside `setup`: promtool in the oldest and the newest version that Debian has.

python -m tests.tools.parts
"""

import sys

from bot.errors import BotError
from bot.outside import debian
from bot.outside.find_promtool import cache_folder

PARTS = (("bookworm", "prometheus"), ("sid", "promtool"))
"""Suite and package: promtool 2.42 and 3.5 or newer."""


def main() -> int:
    """0 also where there is no Debian: the tests then run with what is there."""
    if not debian.is_debian():
        print("not on Debian: the tests run with the promtool that is there, and no other version", file=sys.stderr)
        return 0
    try:
        for suite, package in PARTS:
            print(debian.unpack((package,), cache_folder(), suite=suite, say=_say))
    except BotError as error:
        print(f"{error.message} {error.hint}".strip(), file=sys.stderr)
        return 3
    return 0


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())

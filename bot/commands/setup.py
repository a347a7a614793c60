"""Gets promtool where there is none."""

import sys

from bot.errors import BotError
from bot.outside.find_promtool import HINT, cache_folder, find, install
from bot.outside.promtool import PromtoolBinary


def run(print_path: bool) -> int:
    """Makes sure that there is a promtool, or prints nothing but the path of the one in use.

    Raises BotError where there is none and none can be had.
    """
    cache = cache_folder()
    found = find(cache)
    if print_path:
        if found is None:
            raise BotError("there is no promtool", f"run: python -m bot setup; or {HINT}")
        print(found.path)
        return 0
    found = found or install(cache, _say)
    _say(f"promtool {PromtoolBinary(found.path).version} from {found.origin}: {found.path}")
    return 0


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)

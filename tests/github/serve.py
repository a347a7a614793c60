"""The double in a process of its own, for benchmarks.

python -m tests.github.serve [--world FILE] [--folder DIR] [--latency SECONDS] [--unchecked]

Prints its address. Each line "report" on standard input is answered by one line of JSON about the requests since the
last one: {"requests", "writes", "points", "operations": {name: count}, "violations"}. Ends with its input.
"""

import argparse
import gc
import json
import pickle
import sys
from collections import Counter
from pathlib import Path

from tests.github.double import GitHub
from tests.github.seen import Seen


def main() -> None:
    """Serves until the input ends."""
    parser = argparse.ArgumentParser(description="GitHub on loopback")
    parser.add_argument("--world", type=Path, help="a pickled list of Upstream")
    parser.add_argument("--folder", type=Path, help="what the catalog's main branch holds")
    parser.add_argument("--latency", type=float, default=0.0, help="seconds from request to answer")
    parser.add_argument("--unchecked", action="store_true", help="leave REST unchecked")
    given = parser.parse_args()
    with GitHub(latency=given.latency, checked=not given.unchecked) as hub:
        for upstream in pickle.loads(given.world.read_bytes()) if given.world else ():
            hub.add(upstream)
        if given.folder:
            hub.catalog.commit_folder("main", given.folder)
        # Looking for garbage among the objects of a thousand repositories makes answers up to half a second late.
        gc.disable()
        print(hub.url, flush=True)
        start = 0
        for line in sys.stdin:
            if line.strip() == "report":
                end = len(hub.seen)
                print(json.dumps(report(hub.seen[start:end], hub.violations)), flush=True)
                start = end


def report(seen: list[Seen], violations: list[str]) -> dict[str, object]:
    """What was asked, in figures."""
    return {
        "requests": len(seen),
        "writes": sum(one.write for one in seen),
        "points": sum(one.points for one in seen),
        "operations": dict(sorted(Counter(one.operation for one in seen).items())),
        "violations": violations,
    }


if __name__ == "__main__":
    main()

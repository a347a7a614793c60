"""`python -m tests.breakage`: how many broken entries are caught, by kind, and each one that is not."""

import tempfile
from collections import Counter
from pathlib import Path

from tests.breakage.catalog import try_all
from tests.promtools import PROMTOOLS


def main() -> None:
    """Prints the table and the misses."""
    with tempfile.TemporaryDirectory() as folder:
        tried = try_all(Path(folder), PROMTOOLS[-1], of_each_kind=2)
    total, caught = Counter(item.kind for item in tried), Counter(item.kind for item in tried if item.caught)
    for kind, count in total.items():
        print(f"{kind:30}{caught[kind]:5} of {count}")
    print(f"{'all':30}{caught.total():5} of {len(tried)}: {caught.total() / len(tried):.1%}")
    for item in tried:
        if not item.caught:
            said = ", ".join(sorted(item.noticed)) or "nothing"
            print(f"missed: {item.entry}: {item.kind}: {item.broken.what}: wanted {item.broken.meant}, found {said}")


if __name__ == "__main__":
    main()

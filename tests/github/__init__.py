"""A double of GitHub: a real HTTP server on loopback, held against GitHub's published descriptions.

    with GitHub() as hub:
        hub.catalog.commit_folder("main", root)           # the catalog's repository, real git behind it
        hub.add(Upstream("prometheus/node_exporter", 11, releases=[Release("v1.9.0")]))
        gh = github.Github(base_url=hub.url, auth=github.Auth.Token("x"))   # GraphQL at hub.url + "/graphql"
        ...
        assert hub.violations == []                       # neither side left GitHub's description
        assert [one.operation for one in hub.writes] == [...]

- `hub.catalog`: what people do: `commit`, `commit_folder`, `amend`, `reset`, `open_pull`, `open_from_fork`,
  `open_issue`, `edit`, `comment`, `label`, `merge`, `close`, `reopen`; what is there: `heads()`, `read(branch, path)`,
  `talk.threads` (by number), `git`, `clone_url`.
- `hub.world`: `rename(old, new)`, `delete(name)`, `replace(Upstream)`; an `Upstream` has `add(Release)`, `add_tag`,
  `withdraw`, `move_tag`, `replace_asset`, `archive`.
- `hub.seen`: each request with operation (REST: its id such as "pulls/create"; GraphQL: a mutation's field, a query's
  name), whether it writes, its effects, its status. `hub.writes`: those that write.
- `hub.fail(Fault.X, at=3)` or `hub.fail(Fault.X, matching="pulls/*", times=2)`; `hub.heal()`.
- `hub.on_request = f`: f(seen) is called after a request took effect and before it is answered.
- `hub.limits.core`, `.graphql`, `.anonymous`: `limit`, `used`, `reset`. `hub.only_tokens("t", readers=("r",))`.
- `GitHub(latency=0.05)` answers no sooner than that; `GitHub(checked=False)` leaves REST unchecked, for benchmarks.

The double's time (`hub.clock.now`) starts at the same moment in every run and goes on a second with each write.
"""

from tests.github.double import GitHub
from tests.github.faults import Failure, Fault
from tests.github.people import BOT, MAINTAINER, STRANGER, Person
from tests.github.seen import Seen
from tests.github.upstream import Asset, Release, Tag, Upstream

__all__ = [
    "BOT",
    "MAINTAINER",
    "STRANGER",
    "Asset",
    "Failure",
    "Fault",
    "GitHub",
    "Person",
    "Release",
    "Seen",
    "Tag",
    "Upstream",
]

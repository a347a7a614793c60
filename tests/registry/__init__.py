"""A small double of the registries of images: a real HTTP server on loopback, with the token flow of the real ones.

    with RegistryDouble() as double:
        digest = double.put("quay.io/prometheus/node-exporter", "v1.12.1")
        registry = Registry(endpoints=double.endpoints)
        assert registry.digest("quay.io/prometheus/node-exporter", "v1.12.1") == digest

`put` makes a manifest, keeps its bytes, and returns their true digest; other `content` makes another digest, so to put
a tag again is to move it. `remove` takes a tag away; the image stays known. Names are written as entries write them:
`docker.io/haproxy` and `docker.io/library/haproxy` are one image.

`endpoints` maps the hosts in `HOSTS` to where they answer, each in the way of the real one: docker.io, quay.io,
ghcr.io, gcr.io, us-docker.pkg.dev and registry.k8s.io, which redirects to the one before. See
`tests/registry/hosts.py`.

`seen` lists the requests so far, in their order: host, method, path below the host, and what the client sent along.

`fail(host, fault, …)` makes a host fail: for good, or so many times; at its manifests, or where tokens are had. Later
failures wait until earlier ones are used up. `heal()` ends all of them. The kinds of failure are in
`tests/registry/faults.py`, and `FAULTS` holds one of each by name, for tests of every kind:

    double.fail("docker.io", status(429, retry_after="2"), times=1)
    double.fail("ghcr.io", FAULTS["time-out"], at=TOKEN)
    double.fail("quay.io", status(404), image="quay.io/prometheus/node-exporter")

A registry is waited for in earnest, and asked again after a second where that may help; a test need not wait as long:

    Registry(Patience(answer=0.3, sleep=lambda _: None), double.endpoints)

`RegistryDouble(latency=0.05)` lets each request take 50 ms longer.
"""

from tests.registry.double import RegistryDouble
from tests.registry.faults import FAULTS, MANIFEST, TOKEN, Fault, status
from tests.registry.hosts import HOSTS
from tests.registry.seen import Seen

__all__ = ["FAULTS", "HOSTS", "MANIFEST", "TOKEN", "Fault", "RegistryDouble", "Seen", "status"]

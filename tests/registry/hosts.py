"""How the real registries answer those who are not logged in, as far as it differs."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Host:
    """One registry."""

    name: str
    realm: str
    """Where tokens are had: host and path."""
    service: str | None
    """What its challenge calls it; None where it does not say."""
    open: bool = False
    """Whether public images need no token."""
    keys: tuple[str, ...] = ("token",)
    """Under which the token stands in the answer."""
    unknown_status: int = 401
    """For an image that is private or not there, with a token."""
    refuses_tokens: bool = False
    """Whether there is not even a token for such an image."""
    moved_to: tuple[str, str] | None = None
    """The host and the folder where the images are really."""


_ALL = (
    # https://docs.docker.com/reference/api/registry/auth/
    Host("docker.io", "auth.docker.io/token", "registry.docker.io", keys=("token", "access_token")),
    Host("quay.io", "quay.io/v2/auth", "quay.io", open=True),
    # Its challenge may come without a service.
    Host("ghcr.io", "ghcr.io/token", None, refuses_tokens=True),
    Host("gcr.io", "gcr.io/v2/token", "gcr.io", keys=("access_token",), unknown_status=404),
    Host("us-docker.pkg.dev", "us-docker.pkg.dev/v2/token", "us-docker.pkg.dev", open=True, unknown_status=403),
    Host(
        *("registry.k8s.io", "registry.k8s.io/none", None),
        open=True,
        moved_to=("us-docker.pkg.dev", "k8s-artifacts-prod/images"),
    ),
)
HOSTS = {host.name: host for host in _ALL}
"""By the name that images have in front."""

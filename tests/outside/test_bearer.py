"""What registries say about tokens, and where they may send people."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.outside.bearer import Challenge, bearer_challenge, is_realm, may_lead_to, token_in

HUB = Challenge("https://auth.docker.io/token", "registry.docker.io", "repository:library/haproxy:pull")


@pytest.mark.parametrize(
    ("header", "challenge"),
    [
        (
            'Bearer realm="https://auth.docker.io/token",service="registry.docker.io",'
            'scope="repository:library/haproxy:pull"',
            HUB,
        ),
        (
            'bearer  SCOPE = "repository:library/haproxy:pull" , , service=registry.docker.io,'
            '\tRealm="https://auth.docker.io/token", error="insufficient_scope"',
            HUB,
        ),
        ('Bearer realm="r",scope="repository:a/b:pull,push"', Challenge("r", None, "repository:a/b:pull,push")),
        ('Bearer realm="a \\"quoted\\", \\\\ word"', Challenge('a "quoted", \\ word', None, None)),
        ('Basic realm="b", Bearer realm="r", Digest realm="d", service="s"', Challenge("r", None, None)),
        ('Negotiate, Bearer realm="r",service=""', Challenge("r", "", None)),
        ('Bearer realm="r", realm="second"', Challenge("r", None, None)),
        ('Bearer realm="', None),
        ('Bearer realm="r', None),
        ("Bearer realm=", None),
        ('Basic realm="Bearer realm=x"', None),
        ('realm="r"', None),
        ('Bearer service="s"', None),
        ("", None),
    ],
)
def test_challenges(header: str, challenge: Challenge | None) -> None:
    assert bearer_challenge(header) == challenge


@given(st.text(max_size=200))
def test_no_header_is_a_surprise(header: str) -> None:
    bearer_challenge(header)
    bearer_challenge(f"Bearer realm={header}")


@given(st.text(), st.text(), st.text())
def test_whatever_is_quoted_comes_back(realm: str, service: str, scope: str) -> None:
    def quoted(text: str) -> str:
        return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'

    header = f"Bearer realm={quoted(realm)}, service={quoted(service)}, scope={quoted(scope)}"
    assert bearer_challenge(header) == Challenge(realm, service, scope)


@pytest.mark.parametrize(
    ("body", "token"),
    [
        (b'{"token": "a.b-c_d==", "access_token": "other"}', "a.b-c_d=="),
        (b'{"access_token": "t", "expires_in": 300}', "t"),
        (b'{"token": "", "access_token": "t"}', "t"),
        (b'{"token": null}', None),
        (b'{"token": ["t"]}', None),
        (b'{"token": "caf\xc3\xa9"}', None),
        (b'{"token": "\\u0000"}', None),
        (b'{"token": "%s"}' % (b"x" * 16385), None),
        (b"\xff", None),
        (b'"token"', None),
    ],
)
def test_tokens(body: bytes, token: str | None) -> None:
    assert token_in(body) == token


@pytest.mark.parametrize(
    ("realm", "registry", "believed"),
    [
        ("https://auth.docker.io/token", "https://registry-1.docker.io/v2/", True),
        ("https://docker.io/token", "https://registry-1.docker.io/v2/", True),
        ("https://quay.io/v2/auth?account=x", "https://quay.io/v2/", True),
        ("https://auth.quay.io/", "https://quay.io/v2/", True),
        ("https://gitlab.com/jwt/auth", "https://registry.gitlab.com/v2/", True),
        ("https://QUAY.io/token", "https://quay.io/v2/", True),
        ("https://evilquay.io/token", "https://quay.io/v2/", False),
        ("https://quay.io.evil.io/token", "https://quay.io/v2/", False),
        ("https://evil.io/token", "https://quay.io/v2/", False),
        ("https://io/token", "https://quay.io/v2/", False),
        ("https://quay.io@evil.io/token", "https://quay.io/v2/", False),
        ("https://me:secret@quay.io/token", "https://quay.io/v2/", False),
        ("http://quay.io/token", "https://quay.io/v2/", False),
        ("http://127.0.0.1/token", "https://quay.io/v2/", False),
        ("https://127.0.0.1/token", "https://quay.io/v2/", False),
        ("https://[::1]/token", "https://quay.io/v2/", False),
        ("http://127.0.0.1:8000/token", "http://127.0.0.1:9000/v2/", True),
        ("http://[::1]:8000/token", "http://127.0.0.1:9000/v2/", True),
        ("http://localhost:8000/token", "http://127.0.0.1:9000/v2/", False),
        ("http://10.0.0.1/token", "http://127.0.0.1:9000/v2/", False),
    ],
)
def test_where_tokens_may_be_had(realm: str, registry: str, believed: bool) -> None:
    assert is_realm(realm, registry) is believed


@pytest.mark.parametrize(
    ("url", "before", "followed"),
    [
        ("https://us-docker.pkg.dev/v2/x", "https://registry.k8s.io/v2/x", True),
        ("https://cdn.example.com:8443/x", "https://quay.io/v2/x", True),
        ("http://quay.io/v2/x", "https://quay.io/v2/x", False),
        ("https://169.254.169.254/", "https://quay.io/v2/x", False),
        ("https://2852039166/", "https://quay.io/v2/x", False),
        ("https://0xa9fea9fe/", "https://quay.io/v2/x", False),
        ("https://127.1/", "https://quay.io/v2/x", False),
        ("https://metadata/", "https://quay.io/v2/x", False),
        ("https://b\u00fccher.example/", "https://quay.io/v2/x", False),
        ("https://quay.io:port/", "https://quay.io/v2/x", False),
        ("https://[/", "https://quay.io/v2/x", False),
        ("https:///x", "https://quay.io/v2/x", False),
        ("file:///etc/passwd", "https://quay.io/v2/x", False),
        ("ftp://quay.io/x", "https://quay.io/v2/x", False),
        ("file://127.0.0.1/x", "http://127.0.0.1:9000/x", False),
        ("https://127.0.0.1:9001/x", "http://127.0.0.1:9000/x", True),
        ("https://quay.io/x", "http://127.0.0.1:9000/x", True),
    ],
)
def test_where_a_registry_may_lead(url: str, before: str, followed: bool) -> None:
    assert may_lead_to(url, before) is followed

"""What private values look like, and which of them are neutral: reserved for documentation, or the same everywhere."""

import ipaddress
import math
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a private value is, as messages call it."""

    CREDENTIAL = "password or token"
    EMAIL = "e-mail address"
    HOME = "home directory"
    USER = "user name"
    MACHINE = "machine id"
    HARDWARE = "hardware address"
    ADDRESS = "address"
    HOST = "host name"


@dataclass(frozen=True, slots=True)
class Rule:
    """What one kind of value looks like.

    The pattern is linear: strangers write what it reads. `judge` is given a match and the label's name: True for
    private, False for neutral, None for something else that only looks like it.
    """

    kind: Kind
    pattern: re.Pattern[str]
    judge: Callable[[re.Match[str], str], bool | None]
    group: int | str = 0
    """The part of the match that is the value."""


# Secrets

_NEUTRAL_SECRET = re.compile(
    r"(?i:\*+|x+|<.*|\$.*|\{.*|redacted[0-9]*|password|pass|secret|token|true|false|none|null)"
)
_SECRET_LABEL = re.compile(r"(?:^|_)(?:token|secret|password|passwd|api_?key|access_?key|credentials?)$")


def _is_secret(match: re.Match[str], label: str) -> bool:
    return not _NEUTRAL_SECRET.fullmatch(match["secret"])


def _is_random(match: re.Match[str], label: str) -> bool | None:
    """Whether a run of characters is a secret rather than a name: digits among letters, little repeated."""
    if not _SECRET_LABEL.search(label):
        return None
    text = match[0]
    digits = sum(character.isdigit() for character in text)
    entropy = -sum(count / len(text) * math.log2(count / len(text)) for count in Counter(text).values())
    return True if digits >= 3 and len(text) - digits >= 3 and entropy > 3 else None


_SECRETS = (
    Rule(
        Kind.CREDENTIAL,
        re.compile(r"(?<=://)[^\s:/?#@\0]{0,200}:(?P<secret>[^\s/?#@\0]{1,200})(?=@)"),
        _is_secret,
        "secret",
    ),
    Rule(  # the data source names of Go's MySQL driver
        Kind.CREDENTIAL,
        re.compile(r"(?<![\w.-])[\w.-]{1,100}:(?P<secret>[^\s:@/()\0]{1,200})(?=@(?:tcp|unix)?\()"),
        _is_secret,
        "secret",
    ),
    Rule(
        Kind.CREDENTIAL,
        re.compile(
            r"(?i:password|passwd|pwd|secret|token|api[_-]?key|access[_-]?key)="
            r"(?P<secret>[^\s&;,\"'/$<{%:()*\0][^\s&;,\"'()\0]{3,})"
        ),
        _is_secret,
        "secret",
    ),
    Rule(
        Kind.CREDENTIAL,
        re.compile(
            r"(?<![A-Za-z0-9])(?:gh[pousr]_[A-Za-z0-9]{36}|github_pat_\w{22,100}|glpat-[\w-]{20,100}|AKIA[0-9A-Z]{16}"
            r"|AIza[\w-]{35}|xox[abprs]-[\w-]{15,100}|sk_live_[0-9A-Za-z]{16,100}"
            r"|eyJ[\w-]{10,2000}\.eyJ[\w-]{10,2000}\.[\w-]+)"
        ),
        lambda match, label: True,
    ),
    Rule(Kind.CREDENTIAL, re.compile(r"[A-Za-z0-9+/=_]{20,}"), _is_random),
)


# People

# getty@tty1.service is a unit of systemd, logo@2x.png a file.
_NO_TOP_LEVEL = re.compile(
    r"service|socket|mount|automount|timer|slice|target|device|path|scope|swap"
    r"|png|jpg|jpeg|gif|svg|webp|ico|css|js|json|html|pdf"
)
_NEUTRAL_USER = re.compile(r"user[0-9]*|app|nobody|nonroot|lost\+found|Public|Shared|Default|[$<{*:%].*")
# The routes of a web application look like paths: /home/dashboard, /Users/42.
_ROUTE_LABEL = re.compile(r"handler|uri|url|(?:http_|request_)(?:route|path)|route|endpoint|resource")


def _is_email(match: re.Match[str], label: str) -> bool | None:
    domain = match["domain"].lower()
    labels = domain.split(".")
    if _NO_TOP_LEVEL.fullmatch(labels[-1]) or labels[-2].isdigit():
        return None
    return match["local"] not in ("git", "noreply") and not is_reserved_domain(domain)


def _is_home(match: re.Match[str], label: str) -> bool | None:
    if match[0].startswith("/") and _ROUTE_LABEL.fullmatch(label):
        return None
    return not _NEUTRAL_USER.fullmatch(match["user"] or "root")


_PEOPLE = (
    Rule(
        Kind.EMAIL,
        re.compile(
            r"(?:(?<![\w.%+/-])|(?<=//))(?P<local>\w[\w.%+-]{0,100})"
            r"@(?P<domain>(?:[A-Za-z0-9-]{1,63}\.){1,9}[A-Za-z]{2,24})(?![\w-]|\.\w)",
            re.ASCII,
        ),
        _is_email,
    ),
    Rule(
        Kind.HOME,
        re.compile(
            r"(?:(?<![\w.~/\\-])|(?<=://))(?:/root(?![\w.-])|(?:/(?:var/)?(?:home|Users)/|[A-Za-z]:[\\/]Users[\\/])"
            r"(?P<user>[^/\\\s\"',;:|()\[\]\0]*[^/\\\s\"',;:|()\[\]\0.](?: [^/\\\s\"',;:|()\[\]\0]+(?=\\))?))"
        ),
        _is_home,
    ),
)


# Machines

_ID_LABEL = re.compile(r"(?:^|_)(?:machine|boot|system|host)_?id$")
# Of hardware; the serial numbers of certificates are longer, and public.
_SERIAL_LABEL = re.compile(r"(?:^|_)(?:serial(?:_number)?|asset_tag|wwn)$")
_NEUTRAL_SERIAL = re.compile(r"(?:0x)?00[0-9]*")
_MAC_DOCUMENTED = ["00", "00", "5e", "00", "53"]  # RFC 7042


def _is_uuid(match: re.Match[str], label: str) -> bool:
    return not match[0].startswith("00000000-0000-") and len(set(match[0])) > 2


def _is_machine_id(match: re.Match[str], label: str) -> bool | None:
    return not match[0].startswith("0" * 16) if _ID_LABEL.search(label) else None


def _is_serial(match: re.Match[str], label: str) -> bool | None:
    return not _NEUTRAL_SERIAL.fullmatch(match[0]) if _SERIAL_LABEL.search(label) else None


def _is_mac(match: re.Match[str], label: str) -> bool | None:
    octets = re.split("[:-]", match[0].lower())
    # Dates are written with dashes, too: 26-11-22-10-15-00.
    if len(octets) not in (6, 8, 20) or ("-" in match[0] and re.fullmatch("[0-9-]+", match[0])):
        return None
    # A group address, such as broadcast, is nobody's.
    is_group = bool(int(octets[0], 16) & 1)
    return not is_group and any(octet != "00" for octet in octets) and octets[:5] != _MAC_DOCUMENTED


_MACHINES = (
    Rule(
        Kind.MACHINE,
        re.compile(r"(?<![\w-])[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}(?![\w-])"),
        _is_uuid,
    ),
    Rule(Kind.MACHINE, re.compile(r"(?<![0-9A-Za-z])[0-9a-fA-F]{32}(?![0-9A-Za-z])"), _is_machine_id),
    Rule(Kind.MACHINE, re.compile(r"\A(?=[^0-9]{0,100}[0-9])[A-Za-z0-9][\w.:-]{5,23}\Z", re.ASCII), _is_serial),
    Rule(
        Kind.HARDWARE,
        re.compile(
            r"(?<![\w:-])[0-9a-fA-F]{2}(?:(?::[0-9a-fA-F]{2}){5,19}|(?:-[0-9a-fA-F]{2}){5,19})(?![\w:-])", re.ASCII
        ),
        _is_mac,
    ),
)


# Networks

_QUAD = r"(?:[0-9]{1,3}\.){3}[0-9]{1,3}"
_VERSIONED = re.compile(
    r"version|release|revision|(?:^|_)(?:build|tags?|oid|firmware|image|chart|driver|package)(?:_|$)", re.IGNORECASE
)
_VERSION_BEFORE = re.compile(r"(?i:version|release|oid|\bv)[ =:]*\Z")
_NEUTRAL_V4 = tuple(
    ipaddress.IPv4Network(block)
    for block in (
        *("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "233.252.0.0/24"),  # documentation: RFC 5737, RFC 6676
        *("0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/4", "240.0.0.0/4"),  # no machine's own: RFC 6890
    )
)
_PRIVATE_BLOCKS = ("10.0.0.0", "172.16.0.0", "192.168.0.0", "100.64.0.0")
_MACHINES_V6 = tuple(ipaddress.IPv6Network(block) for block in ("2000::/3", "fc00::/7", "fe80::/10"))
_NEUTRAL_V6 = tuple(ipaddress.IPv6Network(block) for block in ("2001:db8::/32", "3fff::/20"))  # RFC 3849, RFC 9637


def _is_ipv6(match: re.Match[str], label: str) -> bool | None:
    try:
        address = ipaddress.IPv6Address(match[0])
    except ValueError:
        return None
    # Anything else is no address of a machine: A::B is a name in some languages, 12:34:56 a time.
    if not any(address in block for block in _MACHINES_V6):
        return None
    return not any(address in block for block in _NEUTRAL_V6) and str(address) not in ("fe80::", "fe80::1")


def _is_ipv4(match: re.Match[str], label: str) -> bool | None:
    if _VERSIONED.search(label) or _VERSION_BEFORE.search(match.string, max(0, match.start() - 20), match.start()):
        return None
    try:
        address = ipaddress.IPv4Address(match[0])
    except ValueError:
        return None
    return match[0] not in _PRIVATE_BLOCKS and not any(address in block for block in _NEUTRAL_V4)


_RESERVED_DOMAIN = re.compile(r"(?:.*\.)?(?:example(?:\.(?:com|org|net))?|test|invalid|localhost)")  # RFC 2606
_EVERYWHERE = re.compile(
    r"localhost\.localdomain|(?:host|gateway)\.docker\.internal|metadata\.google\.internal|rc\.local"
    r"|(?:(?:(?:kubernetes\.)?default\.)?svc\.)?cluster\.local"
)
_PACKAGE = re.compile(r"(?:com|org|io|net|de|java|javax|jdk|sun)\.")  # com.vendor.product.internal
_NEUTRAL_HOST = re.compile(r"(?:|-|\(none\)|none|unknown|localhost|localhost\.localdomain|example[0-9]*)")
_PORT = re.compile(r":[0-9]{1,5}\Z")


def is_reserved_domain(domain: str) -> bool:
    """Whether a domain name in lower case is set aside for examples and tests."""
    return bool(_RESERVED_DOMAIN.fullmatch(domain))


def is_neutral_host(value: str) -> bool:
    """Whether the value of a label for host names names no host in particular; addresses are judged elsewhere."""
    host = _PORT.sub("", value.lower()).strip("[]")
    try:
        return bool(ipaddress.ip_address(host))
    except ValueError:
        return bool(_NEUTRAL_HOST.fullmatch(host)) or is_reserved_domain(host)


def _is_private_domain(match: re.Match[str], label: str) -> bool | None:
    domain = match[0].lower()
    if _PACKAGE.match(domain):
        return None
    return not _EVERYWHERE.fullmatch(domain) and "example" not in domain.split(".")


_NETWORKS = (
    Rule(Kind.ADDRESS, re.compile(r"(?<![\w:.])(?=[0-9a-fA-F]{0,4}:)[0-9a-fA-F:]{2,39}(?![\w:])", re.ASCII), _is_ipv6),
    Rule(
        Kind.ADDRESS,
        re.compile(rf"(?<![\w.])(?<![^0-9]-){_QUAD}(?!\w|\.[0-9]|-(?!{_QUAD}))", re.ASCII),
        _is_ipv4,
    ),
    Rule(
        Kind.HOST,
        re.compile(
            r"(?:(?<![\w./-])|(?<=//))(?:[A-Za-z0-9_-]{1,63}\.){1,20}"
            r"(?i:local|lan|internal|corp|intranet|localdomain|home\.arpa)(?![\w-]|\.\w)",
            re.ASCII,
        ),
        _is_private_domain,
    ),
)

RULES = _SECRETS + _PEOPLE + _MACHINES + _NETWORKS
"""In the order of precedence: what one has matched is NUL characters to the next ones."""

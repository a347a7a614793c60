"""What counts as private in a scrape, and what does not."""

import pytest

from bot.metrics.private import pieces, private_in


def private(text: str, label: str = "x") -> list[tuple[str, str]]:
    """Kind and value of each private value."""
    return [(found.kind.name, text[found.start : found.end]) for found in private_in(text, label)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # addresses
        ("10.1.2.3", [("ADDRESS", "10.1.2.3")]),
        ("8.8.8.8:53", [("ADDRESS", "8.8.8.8")]),
        ("tcp://172.18.0.3:6379/0", [("ADDRESS", "172.18.0.3")]),
        ("10.1.0.0/16", [("ADDRESS", "10.1.0.0")]),
        ("10.0.0.1-10.0.0.9", [("ADDRESS", "10.0.0.1"), ("ADDRESS", "10.0.0.9")]),
        ("::ffff:10.1.2.3", [("ADDRESS", "10.1.2.3")]),
        ("[2a01:4f8::1]:9100", [("ADDRESS", "2a01:4f8::1")]),
        ("fe80::5054:ff:fe12:3456%eth0", [("ADDRESS", "fe80::5054:ff:fe12:3456")]),
        ("fd00:1:2:3:4:5:6:7/64", [("ADDRESS", "fd00:1:2:3:4:5:6:7")]),
        # hardware
        ("52:54:00:12:34:56", [("HARDWARE", "52:54:00:12:34:56")]),
        ("AA-BB-CC-DD-EE-02", [("HARDWARE", "AA-BB-CC-DD-EE-02")]),
        (
            "80:00:02:08:fe:80:00:00:00:00:00:00:24:8a:07:03:00:a1:b2:c3",
            [("HARDWARE", "80:00:02:08:fe:80:00:00:00:00:00:00:24:8a:07:03:00:a1:b2:c3")],
        ),
        ("c9a646d3-9c61-4cb7-bfcd-ee2522c8f633", [("MACHINE", "c9a646d3-9c61-4cb7-bfcd-ee2522c8f633")]),
        # people
        ("mail bob@corp.com now", [("EMAIL", "bob@corp.com")]),
        ("https://bob@corp.com/x", [("EMAIL", "bob@corp.com")]),
        ("/home/alice/data", [("HOME", "/home/alice")]),
        ("--path=/Users/alice", [("HOME", "/Users/alice")]),
        ("file:///var/home/alice", [("HOME", "/var/home/alice")]),
        ("see /home/alice.", [("HOME", "/home/alice")]),
        ("/root", [("HOME", "/root")]),
        ("/root/.cache", [("HOME", "/root")]),
        ("C:\\Users\\John Doe\\x", [("HOME", "C:\\Users\\John Doe")]),
        # secrets
        ("postgresql://u:hunter22@db:5432/x", [("CREDENTIAL", "hunter22")]),
        ("http://:s3cr3t@host/", [("CREDENTIAL", "s3cr3t")]),
        ("root:hunter22@tcp(db:3306)/", [("CREDENTIAL", "hunter22")]),
        ("host=db password=hunter22 user=u", [("CREDENTIAL", "hunter22")]),
        ("/x?api_key=0123abcd&y=1", [("CREDENTIAL", "0123abcd")]),
        ("ghp_" + "a1B2" * 9, [("CREDENTIAL", "ghp_" + "a1B2" * 9)]),
        ("key AKIAIOSFODNN7EXAMPL3", [("CREDENTIAL", "AKIAIOSFODNN7EXAMPL3")]),
        # host names
        ("db.corp.lan:5432", [("HOST", "db.corp.lan")]),
        ("http://printer.local/", [("HOST", "printer.local")]),
        ("ip-10-0-0-1.eu-west-1.compute.internal", [("HOST", "ip-10-0-0-1.eu-west-1.compute.internal")]),
        ("amqp://u:hunter22@mq.corp:1", [("CREDENTIAL", "hunter22"), ("HOST", "mq.corp")]),
        # several
        (
            "10.1.2.3 and bob@corp.com of db.lan",
            [("ADDRESS", "10.1.2.3"), ("EMAIL", "bob@corp.com"), ("HOST", "db.lan")],
        ),
    ],
)
def test_private(text: str, expected: list[tuple[str, str]]) -> None:
    assert private(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "eth0",
        # addresses that are nobody's, and what looks like one
        *("127.0.0.1:9100", "0.0.0.0", "255.255.255.0", "192.0.2.7", "198.51.100.1", "203.0.113.9", "169.254.169.254"),
        *(
            "224.0.0.251",
            "10.0.0.0/8",
            "192.168.0.0/16",
            "::",
            "::1",
            "[::1]:9100",
            "2001:db8::1",
            "ff02::1",
            "fe80::1",
        ),
        *("1.2.3", "1.2.3.4.5", "v1.2.3.4", "version 1.2.3.4", "redis-7.0.0.1", "1.2.3.4-1ubuntu2", "300.1.2.3"),
        *(
            "1.3.6.1.2.1.2.2.1.10",
            "go1.26.3",
            "2026-11-22T10:11:12Z",
            "12:34:56",
            "10:15",
            "A::B",
            "std::vector",
            "DB::",
        ),
        *("0000:00:1f.2", "sd 0:0:0:0", "a.b.c.d", "01.02.03.04"),
        # hardware
        *("00:00:00:00:00:00", "ff:ff:ff:ff:ff:ff", "01:00:5e:00:00:fb", "33:33:00:00:00:01", "00:00:5e:00:53:2a"),
        *("26-11-22-10-15-00", "12:34:56:78:9a", "0b7c8f5e7f1f4d3e9d1c2b3a4f5e6d7c"),
        *("00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff"),
        "00000000-0000-4000-8000-00000000002a",
        # people
        *("user@example.com", "bob@mail.example.org", "git@github.com:a/b", "noreply@corp.com"),
        *("getty@tty1.service", "user@1000.service", "/img/logo@2x.png", "react@18.2.0", "tool@1.2.tgz", "a@b"),
        *("/home", "/home/user", "/home/user2/x", "/Users/Shared", "/rootfs", "/root.img", "/data/home/alice"),
        *("/home/$USER", "in /home/user.", "/home/..", "/home/<name>/x", "~/x", "C:\\Windows"),
        # secrets
        *("http://host:9100/x", "http://u:xxxxx@host/", "http://u:***@host/", "http://u:redacted2@host/"),
        *(
            "password=",
            "password=$PGPASSWORD",
            "password=<secret>",
            "token=true",
            "password-file=/run/x",
            "tokens=12345",
        ),
        *("Zm9vYmFyYmF6cXV4MTIzNDU2Nzg5MA", "a_very_long_name_of_a_metric_with_nothing_random"),
        # host names
        *("example.com", "www.example.net:443", "github.com", "db.example.internal", "localhost.localdomain"),
        *("host.docker.internal", "kubernetes.default.svc.cluster.local", "rc.local", "/etc/rc.local"),
        *("com.zaxxer.hikari.internal", "thread.local.count", "vm.swappiness"),
    ],
)
def test_not_private(text: str) -> None:
    assert private(text) == []


@pytest.mark.parametrize(
    ("label", "text", "expected"),
    [
        ("nodename", "laptop", [("HOST", "laptop")]),
        ("hostname", "db.corp.com:5432", [("HOST", "db.corp.com:5432")]),
        ("hostname", "mail to bob@corp.com", [("HOST", "mail to bob@corp.com")]),
        ("domainname", "corp", [("HOST", "corp")]),
        ("machine_id", "0b7c8f5e7f1f4d3e9d1c2b3a4f5e6d7c", [("MACHINE", "0b7c8f5e7f1f4d3e9d1c2b3a4f5e6d7c")]),
        ("serial", "WD-WX1234567", [("MACHINE", "WD-WX1234567")]),
        ("product_serial", "ABC1234", [("MACHINE", "ABC1234")]),
        ("auth_token", "Zm9vYmFyYmF6cXV4MTIzNDU2Nzg5MA", [("CREDENTIAL", "Zm9vYmFyYmF6cXV4MTIzNDU2Nzg5MA")]),
        ("path", "/home/alice", [("HOME", "/home/alice")]),
        ("uri", "C:\\Users\\bob", [("HOME", "C:\\Users\\bob")]),
        *(
            ("nodename", host, [])
            for host in ("", "example", "example2", "localhost", "(none)", "a.example", "x.example.org:80", "192.0.2.1")
        ),
        ("nodename", "10.1.2.3:80", [("ADDRESS", "10.1.2.3")]),
        *((label, "1.2.3.4", []) for label in ("version", "short_version", "release", "bios_release", "image", "oid")),
        ("imaged", "1.2.3.4", [("ADDRESS", "1.2.3.4")]),
        ("machine_id", "000000000000000000000000000000a1", []),
        ("serial", "QEMU", []),
        ("serial", "000001", []),
        ("serial_number", "55388af1e0bf36557f0e096d5844cdda17e21794", []),
        ("secret", "default-token-x7k2q", []),
        ("token", "a_very_long_name_of_a_metric_with_nothing_random", []),
        ("handler", "/home/dashboard", []),
        ("uri", "/Users/42", []),
    ],
)
def test_labels_tell(label: str, text: str, expected: list[tuple[str, str]]) -> None:
    assert private(text, label) == expected


def test_pieces_of_a_sample_are_its_label_values_with_their_places() -> None:
    line = '  a{x="b\\"c", "d.e"="\\\\\\n"} 1'
    assert [(piece.label, piece.text, list(piece.origins)) for piece in pieces(line)] == [
        ("x", 'b"c', [7, 8, 10, 11]),
        ("d.e", "\\\n", [21, 23, 25]),
    ]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("# HELP a b\\nc", [("", "b\nc")]),
        ("# scraped from here", [("", "# scraped from here")]),
        ("# TYPE a gauge", []),
        ("a 1", []),
        ("", []),
        ("  ", []),
        ("a{", []),
        ("# TYPE a b", []),
    ],
)
def test_pieces_of_other_lines(line: str, expected: list[tuple[str, str]]) -> None:
    assert [(piece.label, piece.text) for piece in pieces(line)] == expected


@pytest.mark.parametrize(
    "text",
    [
        "1.1.1.1 " * 20_000,
        "://" + "a:" * 100_000,
        "a@" * 100_000,
        ":" * 300_000,
        "a" * 300_000 + "@",
        "a." * 100_000,
        "a:" * 100_000 + "@tcp(",
        "password=" * 50_000,
        "0" * 300_000,
        "00:" * 100_000,
        "/home/" + "a" * 300_000,
        "eyJ" + "a" * 300_000 + "." + "eyJ" * 100_000,
    ],
)
def test_hostile_values_cost_no_more_than_their_length(text: str) -> None:
    # Were it quadratic, it would not end within the hour.
    private_in(text, "token")

"""The services that exporters watch: Redis, Apache, and a small web site with and without TLS."""

import json
import os
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from bot.outside.process import run
from tests.live.programs import HOST, answers, libraries, listening, unpacked

_REQUEST = """\
[req]
distinguished_name = name
x509_extensions = extensions
prompt = no
[name]
CN = localhost
[extensions]
subjectAltName = DNS:localhost, IP:127.0.0.1
basicConstraints = critical, CA:TRUE
"""
_MODULES = (
    *("mpm_event", "authz_core", "status", "slotmem_shm"),
    *("proxy", "proxy_http", "proxy_balancer", "lbmethod_byrequests"),
)


class _Site(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/" else 404)
        self.end_headers()
        self.wfile.write(b"Hello!\n")

    def log_request(self, code: object = "", size: object = "") -> None:
        """Quiet."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Whoever asks may have enough, and go."""


@contextmanager
def site(certificate: Path | None = None) -> Iterator[int]:
    """A web site with nothing but a front page, on the port that is yielded; with TLS, where a certificate is given."""
    with _Server((HOST, 0), _Site) as server:
        if certificate is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            thread.join()


def certificate(folder: Path) -> Path:
    """A file with a new key and a certificate for localhost, signed by itself and good for a month."""
    config, key, signed, both = (folder / name for name in ("openssl.cnf", "key.pem", "signed.pem", "both.pem"))
    config.write_text(_REQUEST)
    openssl = str(unpacked("openssl") / "usr/bin/openssl")
    ask = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "30"]
    files = ["-config", str(config), "-keyout", str(key), "-out", str(signed)]
    done = run([openssl, *ask, *files], timeout=60, env=libraries())
    assert done.code == 0, done.stderr
    both.write_text(key.read_text() + signed.read_text())
    return both


@contextmanager
def redis(folder: Path) -> Iterator[int]:
    """A Redis that keeps nothing on disk and calls every command slow."""
    # One program that goes by its name.
    server = folder / "redis-server"
    server.symlink_to(unpacked("redis-tools") / "usr/bin/redis-check-rdb")
    settings = {"bind": HOST, "save": "", "dir": str(folder), "maxmemory": "64mb", "slowlog-log-slower-than": "0"}
    words = [word for name, value in settings.items() for word in (f"--{name}", value)]
    with listening(lambda port: [str(server), *words, "--port", str(port)], _is_redis, libraries()) as port:
        yield port


def tell_redis(port: int, *commands: str) -> bytes:
    """What Redis says to commands, in its protocol: https://redis.io/docs/latest/develop/reference/protocol-spec/."""
    with socket.create_connection((HOST, port), timeout=5) as connection:
        connection.sendall("".join(f"{command}\r\n" for command in (*commands, "QUIT")).encode())
        parts: list[bytes] = []
        while part := connection.recv(65536):
            parts.append(part)
        return b"".join(parts)


def _is_redis(port: int) -> bool:
    try:
        return tell_redis(port, "PING").startswith(b"+PONG")
    except OSError:
        return False


@contextmanager
def apache(folder: Path, backend: int) -> Iterator[int]:
    """An Apache with its status page, and a balancer at /shop/ in front of a port."""
    package, config = unpacked("apache2-bin"), folder / "apache.conf"

    def command(port: int) -> list[str]:
        config.write_text(_apache(package, folder, port, backend))
        return [str(package / "usr/sbin/apache2"), "-f", str(config), "-D", "FOREGROUND"]

    with listening(command, lambda port: answers(port, "/server-status?auto"), libraries()) as port:
        yield port


def _apache(package: Path, folder: Path, port: int, backend: int) -> str:
    # Its children may not be root.
    user = ["User nobody", "Group nogroup"] if os.geteuid() == 0 else []
    modules = [f"LoadModule {name}_module {package}/usr/lib/apache2/modules/mod_{name}.so" for name in _MODULES]
    lines = [
        *(f"ServerRoot {json.dumps(str(folder))}", f"Listen {HOST}:{port}", "ServerName localhost", *user, *modules),
        *(f'DefaultRuntimeDir "{folder}"', f'PidFile "{folder}/apache.pid"', "Mutex posixsem", "ErrorLog /dev/stderr"),
        *(
            "ExtendedStatus On",
            "ProxyStatus On",
            "<Location /server-status>",
            "SetHandler server-status",
            "</Location>",
        ),
        *("<Proxy balancer://shop>", f"BalancerMember http://{HOST}:{backend}", "</Proxy>"),
        "ProxyPass /shop/ balancer://shop/",
    ]
    return "\n".join([*lines, ""])

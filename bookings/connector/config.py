"""The configuration file: where the portal is, the token, and the one VNC server that may be reached."""

import configparser
import contextlib
import getpass
import ipaddress
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

PATH = "/ws/connectors/"
VNC_PORT = 5900
HEADER = """\
# Configuration of the remote-access connector. The token is a secret: whoever has it can show the portal another
# screen in place of yours. Only the VNC server named here is ever reached.
"""


class ConfigError(Exception):
    """What is configured cannot be used; the text says what to do."""


@dataclass(frozen=True)
class Config:
    """`server` is the portal as `https://host[:port]`; host and port are those of the VNC server."""

    server: str
    token: str
    host: str
    port: int
    name: str

    @property
    def address(self) -> str:
        """Of the control line; that of a stream stands below it."""
        return self.server.replace("http", "ws", 1) + PATH

    @property
    def target(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    @property
    def is_near(self) -> bool:
        """Whether the portal runs on this very PC."""
        return is_loopback(urlsplit(self.server).hostname or "")


def server_of(text: str) -> str:
    """The portal's address as people type it, `portal.example.org` too. Raises ConfigError unless it is encrypted."""
    parts = urlsplit(text if "://" in text else f"https://{text}")
    with contextlib.suppress(ValueError):
        if parts.scheme in ("http", "https") and parts.hostname and not parts.username and parts.port != 0:
            if parts.scheme == "http" and not is_loopback(parts.hostname):
                raise ConfigError(f"{text} is not encrypted: the portal's address begins with https://")
            return f"{parts.scheme}://{parts.netloc}"
    raise ConfigError(f"{text!r} is no address of a portal: write it like https://portal.example.org")


def target_of(text: str) -> tuple[str, int]:
    """Host and port of the VNC server: `127.0.0.1`, `192.168.1.20:5901`, `[fe80::1]:5900`. Raises ConfigError."""
    with contextlib.suppress(ValueError):
        parts = urlsplit(f"//{text}")
        if parts.hostname and not parts.username and not parts.path and not parts.query and parts.port != 0:
            return parts.hostname, parts.port or VNC_PORT
    raise ConfigError(f"{text!r} is no VNC server: write it like 127.0.0.1:5900")


def legible(said: object) -> str:
    """What came from outside, for a log or a terminal: one line of printable characters, bounded."""
    return "".join(letter if letter.isprintable() else " " for letter in str(said)[:300])


def is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def read(path: Path) -> Config:
    """Raises ConfigError."""
    parser = configparser.ConfigParser(interpolation=None)
    try:
        parser.read_string(path.read_text(encoding="utf-8"))
        portal, vnc = parser["portal"], parser["vnc"]
        host, port = target_of(vnc["server"])
        return Config(server_of(portal["server"]), portal["token"], host, port, portal.get("name", ""))
    except FileNotFoundError:
        raise ConfigError(f"There is no {path}: pair this PC first, with the command `pair`.") from None
    except (OSError, UnicodeDecodeError, configparser.Error, KeyError) as error:
        what = str(error).splitlines()[0]
        raise ConfigError(f"{path} cannot be read ({what}): pair this PC again, with the command `pair`.") from error


def write(path: Path, config: Config) -> None:
    """Replace the file whole, readable to its owner alone. Raises ConfigError."""
    parser = configparser.ConfigParser(interpolation=None)
    parser["portal"] = {"server": config.server, "token": config.token, "name": config.name}
    parser["vnc"] = {"server": config.target}
    part = path.with_name(path.name + ".part")
    try:
        part.unlink(missing_ok=True)
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with open(descriptor, "w", encoding="utf-8") as file:
            file.write(HEADER)
            parser.write(file)
        if os.name == "nt":
            _shut_on_windows(part)
        part.replace(path)
    except OSError as error:
        raise ConfigError(f"{path} cannot be written: {error}") from error


def check_writable(path: Path) -> None:
    """Before a code is spent: its token must find a place. Raises ConfigError."""
    if not os.access(path.parent, os.W_OK):
        raise ConfigError(f"{path.parent} cannot be written to: run this as administrator, or name another --config.")


def _shut_on_windows(path: Path) -> None:
    """Leave the file to who pairs, the administrators and the system: modes mean nothing there. Raises OSError."""
    people = [f"{getpass.getuser()}:F", "*S-1-5-32-544:F", "*S-1-5-18:F"]
    command = ["icacls", str(path), "/inheritance:r", "/grant:r", *people]
    done = subprocess.run(command, capture_output=True, check=False)  # noqa: S603 - our own words
    if done.returncode:
        raise OSError(f"its access rights cannot be set (icacls ended with {done.returncode})")

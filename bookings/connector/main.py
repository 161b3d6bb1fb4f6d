"""The commands: `pair` once, then `run` for good."""

import argparse
import asyncio
import contextlib
import logging
import logging.handlers
import platform
import signal
import socket
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from . import VERSION
from .config import Config, ConfigError, check_writable, read, server_of, target_of, write
from .control import Connector
from .pairing import PairingError, pair

logger = logging.getLogger("connector")
CONFIG = "connector.ini"
LOG_BYTES, LOG_FILES = 1_000_000, 3  # the log never takes more than four million bytes
GREETING_SECONDS = 5.0


def main(arguments: Sequence[str] | None = None) -> int:
    """Return the exit status: 0 done, 1 a sentence on the standard error says what went wrong, 2 wrong arguments."""
    options = _parser().parse_args(arguments)
    try:
        return _pair(options) if options.command == "pair" else _run(options)
    except (ConfigError, PairingError) as error:
        print(error, file=sys.stderr)  # noqa: T201 - a program for a terminal
        return 1
    except KeyboardInterrupt:
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="remote-access-connector", description="Brings the screen of an instrument to the remote access portal."
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {VERSION} ({platform.python_version()})")
    commands = parser.add_subparsers(dest="command", required=True)
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument(
        "--config", type=Path, default=_beside_program(), metavar="FILE", help="the configuration (%(default)s)"
    )
    once = commands.add_parser("pair", parents=[shared], help="pair this PC with an instrument, once")
    once.add_argument("server", help="address of the portal, such as https://portal.example.org")
    once.add_argument("--code", default="", help="the code that the portal shows; asked for where it is not given")
    once.add_argument("--vnc", default="127.0.0.1:5900", metavar="HOST:PORT", help="the VNC server (%(default)s)")
    once.add_argument("--name", default=socket.gethostname(), help="what the portal calls this PC (%(default)s)")
    always = commands.add_parser("run", parents=[shared], help="keep the instrument connected, until stopped")
    always.add_argument("--log", type=Path, metavar="FILE", help="write the log there instead of on the screen")
    return parser


def _pair(options: argparse.Namespace) -> int:
    host, port = target_of(options.vnc)
    config = Config(server_of(options.server), "", host, port, options.name)
    check_writable(options.config)
    if trouble := _look_at(config):
        _say(f"Note: {trouble} Pairing goes on; start the VNC server before the first session.")
    token = pair(config, options.code or input("Code: "))
    write(options.config, replace(config, token=token))
    _say(f"Paired. The configuration is in {options.config}; now use the command `run`.")
    return 0


def _run(options: argparse.Namespace) -> int:
    read(options.config)  # one that is missing is told to the person who starts it
    _set_log_up(options.log)
    logger.info("connector %s on %s, configuration %s", VERSION, platform.platform(), options.config)
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_run_until_told(options.config))
    logger.info("stopped")
    return 0


async def _run_until_told(path: Path) -> None:
    work = asyncio.ensure_future(Connector(path).run())
    with contextlib.suppress(NotImplementedError):  # Windows: Ctrl-C interrupts, and services are simply ended
        for order in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(order, work.cancel)
    with contextlib.suppress(asyncio.CancelledError):
        await work


def _look_at(config: Config) -> str:
    """Whether the VNC server answers like one; else a sentence."""
    try:
        with socket.create_connection((config.host, config.port), GREETING_SECONDS) as probe:
            greeting = probe.recv(12)
    except OSError as error:
        return f"nothing answers at the VNC server {config.target} ({error})."
    return "" if greeting.startswith(b"RFB ") else f"what answers at {config.target} is no VNC server."


def _set_log_up(path: Path | None) -> None:
    handler: logging.Handler = logging.StreamHandler()
    if path is not None:
        try:
            handler = logging.handlers.RotatingFileHandler(
                path, maxBytes=LOG_BYTES, backupCount=LOG_FILES, encoding="utf-8"
            )
        except OSError as error:
            raise ConfigError(f"The log cannot be written: {error}") from error
    form = logging.Formatter("%(asctime)s %(levelname)s %(message)s", "%Y-%m-%d %H:%M:%S%z")
    handler.setFormatter(form)
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    logging.getLogger("websockets").setLevel(logging.WARNING)


def _beside_program() -> Path:
    """`connector.ini` in the folder of the file that runs, whoever runs it and from wherever."""
    return Path(sys.argv[0]).resolve().parent / CONFIG


def _say(words: str) -> None:
    print(words)  # noqa: T201 - a program for a terminal

"""A process that starts or joins all engines under a folder and then only waits, to be killed by a test."""

import sys
import time
from pathlib import Path

from portal.embedded.engine import Engine
from portal.embedded.mail import MailSink
from portal.embedded.postgres import UNSAFE_AND_FAST, Postgres
from portal.embedded.valkey import Valkey


def engines(folder: str | Path) -> list[Engine]:
    base = Path(folder)
    return [Postgres(base / "postgres", options=UNSAFE_AND_FAST), Valkey(base / "valkey"), MailSink(base / "mail")]


if __name__ == "__main__":
    for engine in engines(sys.argv[1]):
        print("owns" if engine.start() else "joins", flush=True)  # noqa: T201 - read by the test
    time.sleep(120)

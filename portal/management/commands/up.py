"""The whole portal by one command: missing engines, pages with relay, practice instrument, workers, beat. Stops as one.

The database is prepared in this process, whose settings name the same engines by default: importing everything once
more would take longer than the work.
"""

import http.client
import os
import socket
import sys
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from signal import SIGKILL
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from portal.embedded import EngineError, addresses
from portal.embedded.engine import Engine
from portal.embedded.mail import MailSink
from portal.embedded.postgres import Postgres
from portal.embedded.process import last_line
from portal.embedded.supervisor import Program, Stopped, Supervisor, orders
from portal.embedded.valkey import Valkey

HOST = "127.0.0.1"
# WebSockets as the compose file's relay takes them.
SOCKETS = [
    *("--http", "bookings.desktop.server:PatientHTTP", "--ws", "bookings.desktop.server:RelayWebSocket"),
    *("--ws-max-size", "1048576", "--ws-per-message-deflate", "false", "--ws-ping-timeout", "60"),
]
FIRST_ANSWER = 60.0  # seconds the pages may take to answer for the first time
ACCOUNTS = ("researcher", "focalpoint", "operator", "reviewer", "donor", "staff", "admin", "stranger")


class Command(BaseCommand):
    help = "Run the whole portal, with PostgreSQL, Valkey and a mail sink of its own where none is set."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=settings.PORT, help="where the pages are served (%(default)s)")
        parser.add_argument("--no-sample", action="store_true", help="no sample data")
        parser.add_argument("--workers", type=int, default=1, metavar="N", help="Celery workers (%(default)s)")

    def handle(self, *args: Any, **options: Any) -> None:
        os.chdir(settings.BASE_DIR)
        with orders():
            supervisor = Supervisor(env={}, logs=settings.VAR_DIR / "log", say=self.say)
            try:
                self.bring_up(supervisor, options)
                supervisor.watch()
            except Stopped:
                self.say("\nStopping ...")
            except EngineError as error:
                raise CommandError(str(error)) from error
            finally:
                supervisor.stop()
        self.say("Stopped. The data stay in " + str(settings.VAR_DIR))

    def bring_up(self, supervisor: Supervisor, options: dict[str, Any]) -> None:
        port: int = options["port"]
        check_port(port)
        supervisor.env = environment(port)
        for engine in missing_engines():
            with self.timed(f"Starting {engine.title}"):
                supervisor.start_engine(engine)
        settings.SITE_URL = supervisor.env["SITE_URL"]  # what is loaded here links to the port asked for
        call_command("prepare", no_sample=options["no_sample"])
        with self.timed("Starting pages and workers"):
            *first, beat = programs(port, options["workers"])
            for program in first:
                supervisor.add(program)
            self.wait_for_pages(supervisor, port)
            supervisor.add(beat)
        self.welcome(supervisor.env["SITE_URL"], with_accounts=settings.DEMO and not options["no_sample"])

    def wait_for_pages(self, supervisor: Supervisor, port: int) -> None:
        """Return when the pages answer. Raises EngineError when they end, or say nothing for a minute."""
        pages = supervisor.programs[0]
        deadline = time.monotonic() + FIRST_ANSWER
        while not answers(port):
            ended = pages.process is None or pages.process.poll() is not None
            if ended or time.monotonic() > deadline:
                log = supervisor.log_of(pages)
                raise EngineError(f"The pages did not start: {last_line(log)}. See {log}.")
            time.sleep(0.1)

    def welcome(self, address: str, *, with_accounts: bool) -> None:
        self.say(f"\nThe portal is at {address}   (logs in {settings.VAR_DIR / 'log'}; Ctrl-C stops it)")
        if with_accounts:
            self.say("Sign in with the password demo-access as")
            for name in ACCOUNTS:
                self.say(f"  {name}@demo.example")
            self.say(f"Mail sent by the portal: {address}/mailbox/")

    @contextmanager
    def timed(self, words: str) -> Iterator[None]:
        self.stdout.write(f"{words} ...", ending=" ")
        self.stdout.flush()
        started = time.monotonic()
        yield
        self.say(f"{time.monotonic() - started:.1f} s")

    def say(self, words: str) -> None:
        self.stdout.write(words)
        self.stdout.flush()


def environment(port: int) -> dict[str, str]:
    """What the programs find in their environment: ours, and where it is silent the addresses of the engines."""
    urls = addresses(settings.VAR_DIR)
    ours = {
        "DATABASE_URL": urls.database_url,
        "REDIS_URL": urls.redis_url,
        "EMAIL_URL": urls.email_url,
        "SECRET_KEY": settings.SECRET_KEY,
        "VAR_DIR": str(settings.VAR_DIR),
        "PYTHONUNBUFFERED": "1",
    }
    port_is_new = port != settings.PORT
    site = f"http://{HOST}:{port}" if port_is_new and "SITE_URL" not in os.environ else settings.SITE_URL
    given = {name: value for name, value in os.environ.items() if value}
    return {**ours, **given, "PORT": str(port), "SITE_URL": site}


def missing_engines() -> list[Engine]:
    """The engines for which the environment names no other."""
    var: Path = settings.VAR_DIR
    wanted: dict[str, Engine] = {
        "DATABASE_URL": Postgres(var / "postgres"),
        "REDIS_URL": Valkey(var / "valkey"),
        "EMAIL_URL": MailSink(var / "mail"),
    }
    return [engine for name, engine in wanted.items() if not os.environ.get(name)]


def programs(port: int, workers: int) -> list[Program]:
    """What runs beside the engines, the pages first and beat last.

    A worker whose supervisor is killed drops its task at once (SIGKILL): the broker hands it to the next one.
    """
    celery = [sys.executable, "-m", "celery", "--app", "portal"]
    serve = ["portal.asgi:application", "--host", HOST, "--port", str(port), "--no-access-log", *SOCKETS]
    beat = ["--schedule", str(settings.VAR_DIR / f"beat-schedule-{port}"), "--pidfile", ""]
    work = ["worker", "--concurrency", "2", "--without-gossip", "--without-mingle", "--loglevel", "INFO"]
    return [
        Program("pages", [sys.executable, "-m", "uvicorn", *serve, "--timeout-graceful-shutdown", "1"]),
        Program("practice instrument", [sys.executable, "manage.py", "practice"]),
        *(
            Program(
                f"worker {number}", [*celery, *work, "--hostname", f"worker{number}-{port}@%h"], death_signal=SIGKILL
            )
            for number in range(1, workers + 1)
        ),
        Program("beat", [*celery, "beat", *beat]),
    ]


def check_port(port: int) -> None:
    """Raises EngineError when the port cannot be had."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except (OSError, OverflowError) as error:
            raise EngineError(
                f"Port {port} cannot be used ({error}): stop what uses it or choose another, "
                "e.g. `make demo PORT=8001` or `manage.py up --port 8001`."
            ) from error


def answers(port: int) -> bool:
    """Whether something on the port speaks HTTP, whatever it says."""
    client = http.client.HTTPConnection(HOST, port, timeout=5)
    try:
        client.request("GET", "/healthz/live")
        client.getresponse()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        client.close()
    return True

"""Fixtures for what runs beside a test: a mail sink and a Celery worker, one of each for a pytest worker."""

import email
import email.policy
import os
import signal
import sys
import time
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path
from subprocess import Popen

import pytest
import redis
from django.conf import settings as django_settings
from django.db import connection

from portal.core.later import Broker
from portal.embedded.addresses import database_url
from portal.embedded.mail import MailSink
from portal.embedded.process import end, kill_group, spawn
from tests.support.engines import postgres
from tests.support.environment import RUN

READY = 60.0  # seconds a Celery worker may take to come up


class Inbox:
    """The messages that the sink of this pytest worker received, oldest first."""

    def __init__(self, folder: Path):
        self.folder = folder

    def messages(self) -> list[EmailMessage]:
        return [
            email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
            for path in sorted(self.folder.glob("*.eml"))
        ]

    def count(self) -> int:
        return sum(1 for _ in self.folder.glob("*.eml"))

    def to(self, address: str) -> list[EmailMessage]:
        return [message for message in self.messages() if address in message.get_all("X-Envelope-To", [])]

    def wait_for(self, number: int, timeout: float = 30) -> list[EmailMessage]:
        """The messages, once there are at least `number`; fails when they do not come."""
        deadline = time.monotonic() + timeout
        while self.count() < number:
            assert time.monotonic() < deadline, f"{self.count()} of {number} messages came in {timeout} s"
            time.sleep(0.05)
        return self.messages()

    def clear(self) -> None:
        for path in self.folder.glob("*.eml"):
            path.unlink()


@pytest.fixture(scope="session")
def _mail_sink_process() -> Iterator[MailSink]:
    sink = MailSink(django_settings.MAIL_SINK, port=django_settings.EMAIL_PORT)
    sink.start()
    yield sink
    sink.stop()


@pytest.fixture
def mail_sink(_mail_sink_process: MailSink, settings) -> Inbox:
    """An empty inbox behind a real SMTP server, to which this process sends too while the test runs."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    inbox = Inbox(_mail_sink_process.folder)
    inbox.clear()
    return inbox


class CeleryWorker:
    """A real Celery worker in a process of its own, on this pytest worker's database, broker and mail sink.

    `env` overrides what settings read.
    """

    def __init__(self, name: str, concurrency: int = 2, **env: str):
        self.name, self.concurrency, self.env = name, concurrency, env
        self.log = RUN / f"celery-{os.getpid()}-{name}.log"
        self.process: Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        assert self.process is not None, "the worker was not started"
        return self.process.pid

    def start(self) -> None:
        """Start it and wait until it takes tasks; does nothing while it runs."""
        if self.process is not None and self.process.poll() is None:
            return
        self.log.unlink(missing_ok=True)
        command = [sys.executable, "-m", "celery", "--app", "portal", "worker"]
        command += ["--concurrency", str(self.concurrency)]
        options = ["--without-gossip", "--without-mingle", "--loglevel", "INFO", "--hostname", f"{self.name}@%h"]
        database = database_url(postgres.sockets, connection.settings_dict["NAME"])
        env = {**os.environ, "DATABASE_URL": database, **self.env}
        self.process = spawn([*command, *options], log=self.log, env=env, death_signal=signal.SIGQUIT)
        deadline = time.monotonic() + READY
        while " ready." not in self.log.read_text(errors="replace"):
            waiting = self.process.poll() is None and time.monotonic() < deadline
            assert waiting, self.log.read_text(errors="replace")
            time.sleep(0.05)

    def kill(self) -> None:
        """Kill -9 it and its children, as a power cut would."""
        assert self.process is not None, "the worker was not started"
        kill_group(self.process)

    def stop(self) -> None:
        if self.process is not None:
            end(self.process, signal.SIGTERM, patience=10)

    def restart(self) -> None:
        self.stop()
        self.start()


@pytest.fixture(scope="module")
def _celery_worker(django_db_setup: None) -> Iterator[CeleryWorker]:
    """One a module: a worker that outlived it would take the tasks and send the mails of the next one's tests."""
    worker = CeleryWorker(os.environ.get("PYTEST_XDIST_WORKER", "main"))
    yield worker
    worker.stop()


@pytest.fixture
def celery_worker_process(_celery_worker: CeleryWorker, transactional_db: None, broker) -> CeleryWorker:
    """The running worker with an empty queue; started by the first test that asks, started again if one killed it.

    The test is transactional: another process sees only what is committed.
    """
    _celery_worker.start()
    return _celery_worker


@pytest.fixture
def broker() -> Iterator[redis.Redis]:
    """This pytest worker's Valkey database (broker and cache), emptied before the test."""
    with redis.Redis.from_url(django_settings.REDIS_URL) as client:
        client.flushdb()
        Broker.quiet_until = 0.0  # another test may have found the broker away
        yield client

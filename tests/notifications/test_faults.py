"""Killed workers, an emptied broker, a broker that is down: nobody is forgotten, nobody is told twice."""

import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from celery import current_app
from django.conf import settings as django_settings
from django.db import connection
from django.utils import timezone

from portal.accounts.notices import MAIL
from portal.embedded.addresses import database_url
from portal.notifications import delivery
from portal.notifications.actions import Recipient, notify
from portal.notifications.enums import State
from portal.notifications.models import Notification
from tests.notifications.conftest import ScriptedServer
from tests.support.engines import postgres
from tests.support.machines import CeleryWorker

pytestmark = pytest.mark.fault
MESSAGES = 300
WORDS = {"subject": "Your key", "text": "open sesame " * 40, "html": "<p>open sesame</p>" * 40}


@pytest.fixture
def workers(server: ScriptedServer, transactional_db: None, broker) -> Iterator[list[CeleryWorker]]:
    """Two workers of one process each, which send to the scripted server."""
    email_url = f"smtp://127.0.0.1:{server.port}"
    both = [CeleryWorker(f"outbox{number}", concurrency=1, EMAIL_URL=email_url) for number in (1, 2)]
    yield both
    for worker in both:
        worker.stop()


def addresses(number: int = MESSAGES) -> list[str]:
    return [f"reader{index}@example.org" for index in range(number)]


def tell(readers: list[str]) -> None:
    notify(MAIL, "event:1", [Recipient(address) for address in readers], WORDS)


def tick(*names: str) -> None:
    """What beat does."""
    for name in names:
        current_app.send_task(name)


def until(done: Callable[[], bool], what: str, timeout: float = 60) -> None:
    deadline = time.monotonic() + timeout
    while not done():
        assert time.monotonic() < deadline, f"{what} did not happen in {timeout} s"
        time.sleep(0.05)


def is_idle(seconds: float = 5) -> bool:
    """Whether no row has moved for a while."""

    def states() -> list[tuple[int, str]]:
        return list(Notification.objects.order_by("pk").values_list("pk", "state"))

    before = states()
    time.sleep(seconds)
    return before == states()


def let_time_pass() -> None:
    """As if leases and patience had run out: the workers are other processes, no test clock reaches them."""
    past = timezone.now() - delivery.STUCK - timedelta(seconds=1)
    Notification.objects.filter(state=State.PENDING).update(due_at=past)
    Notification.objects.filter(state=State.SENDING).update(sending_at=past)


def all_sent() -> bool:
    return not Notification.objects.exclude(state=State.SENT).exists()


def doubled(server: ScriptedServer) -> list[str]:
    return [address for address, times in Counter(server.addresses).items() if times > 1]


def test_killed_between_the_server_s_yes_and_the_note_of_it(workers, server) -> None:
    """The one exception, made on purpose: one worker, one mail that comes twice, with one Message-ID."""
    victim, successor = workers
    server.on_message = lambda number: victim.kill() if number == 60 else None
    victim.start()
    tell(addresses(120))
    until(lambda: len(server.received) >= 60, "the kill")
    victim.process.wait()

    [in_hand] = Notification.objects.filter(state=State.SENDING)
    assert in_hand.address == server.addresses[59]
    let_time_pass()
    successor.start()
    tick("notifications.sweep")
    until(all_sent, "delivery of the rest")

    assert set(server.addresses) == set(addresses(120))
    assert doubled(server) == [in_hand.address]
    first, second = [message for address, message in server.received if address == in_hand.address]
    assert first["Message-ID"] == second["Message-ID"]


def test_a_worker_killed_in_the_crowd_loses_nobody(workers, server) -> None:
    server.pause = 1  # until both are at work
    victim, survivor = workers
    victim.start()
    tell(addresses())
    until(lambda: len(server.received) >= 1, "the first mail")
    survivor.start()
    tick("notifications.deliver")
    until(lambda: Notification.objects.filter(state=State.SENDING).count() == 2, "both at work")
    last = len(server.received) + 40
    server.on_message = lambda number: victim.kill() if number == last else None
    server.pause = 0.005
    until(lambda: len(server.received) >= last, "the kill")
    until(is_idle, "the survivor's end")

    in_hand = set(Notification.objects.filter(state=State.SENDING).values_list("address", flat=True))
    assert len(in_hand) <= 1, "a worker process has one mail in hand, never more"
    assert not all_sent(), "the victim had claimed rows when it died"
    let_time_pass()
    tick("notifications.sweep")
    until(all_sent, "delivery of the rest")

    assert set(server.addresses) == set(addresses())
    assert set(doubled(server)) <= in_hand


def test_an_emptied_broker_loses_nobody(workers, server, broker) -> None:
    server.pause = 0.005
    tell(addresses(50))
    broker.flushdb()  # before any worker heard of it
    workers[0].start()
    time.sleep(1)
    assert server.received == []

    tick("notifications.deliver")
    until(lambda: len(server.received) >= 20, "twenty mails")
    notify(MAIL, "event:2", [Recipient(address) for address in addresses(50)], WORDS)
    broker.flushdb()  # in the middle of it
    tick("notifications.sweep")
    until(all_sent, "delivery")

    assert Counter(server.addresses) == Counter(addresses(50) * 2)


NOTIFY_WITHOUT_BROKER = """
import django; django.setup()
from portal.accounts.notices import MAIL
from portal.notifications.actions import Recipient, notify
notify(MAIL, "event:1", [Recipient("amina@example.org")], {"subject": "Key", "text": "open sesame"})
"""


def test_while_the_broker_is_down_the_event_stands_and_is_told_later(transactional_db, server, tmp_path) -> None:
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "portal.settings",
        "REDIS_URL": f"unix://{tmp_path / 'nobody-listens.sock'}?db=0",
        "DATABASE_URL": database_url(postgres.sockets, connection.settings_dict["NAME"]),
    }
    done = subprocess.run(
        [sys.executable, "-c", NOTIFY_WITHOUT_BROKER],
        cwd=django_settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
    )

    assert done.returncode == 0, done.stderr
    assert "broker did not take notifications.deliver" in done.stderr
    assert Notification.objects.get().state == State.PENDING

    assert delivery.drain() == 1
    assert server.addresses == ["amina@example.org"]

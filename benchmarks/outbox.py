"""How fast one worker empties the outbox, beside one bare smtplib connection to the same mail server.

`run()` needs Django set up on a database that may be written to; it starts a mail sink of its own and removes its rows.
"""

import resource
import smtplib
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.template.engine import Engine
from django.test import override_settings
from django.utils import timezone

from portal.embedded.mail import MailSink
from portal.notifications import delivery
from portal.notifications.actions import Recipient, notify
from portal.notifications.kinds import KINDS, Kind
from portal.notifications.mail import mail_of
from portal.notifications.models import Notification
from portal.notifications.rendering import Renderer

MAILS = 500  # a round
ROUNDS = 4
NAME = "benchmarks.opened"
BODY = "<p>A call has opened: {{ title }}, until {{ closes|date:'DATETIME_FORMAT' }}.</p>\n" * 20
TEMPLATES = {
    "emails/benchmarks/opened.subject.txt": "A call has opened: {{ title }}",
    "emails/benchmarks/opened.txt": "{% extends 'emails/base.txt' %}{% block content %}" + BODY + "{% endblock %}",
    "emails/benchmarks/opened.html": "{% extends 'emails/base.html' %}{% block content %}" + BODY + "{% endblock %}",
}
OPENED = Kind(
    NAME,
    context=lambda data: {"title": data["title"], "closes": timezone.now()},
    unsubscribe=lambda data: f"{settings.SITE_URL}/interest/{data['token']}/end/",
)


def run() -> list[dict[str, Any]]:
    """Measure; return one line a figure: name, value, unit, bar (words), ok."""
    with outbox_of_its_own():
        Notification.objects.all().delete()  # what other benchmarks left to be said
        outbox_round()  # imports, templates, connections
        memory_before = _peak_memory()
        bare, ours, cpu = [], [], []
        for _ in range(ROUNDS):
            bare.append(bare_round())
            rate, seconds = outbox_round()
            ours.append(rate)
            cpu.append(seconds / MAILS * 1000)
        growth = _peak_memory() - memory_before
    share = max(ours) / max(bare) * 100
    return [
        _figure("bare smtplib connection", max(bare), "mails/s"),
        _figure("outbox, one worker", max(ours), "mails/s"),
        _figure("outbox beside bare smtplib", share, "%", "at least 40", ok=share >= 40),
        _figure("worker's CPU a mail", min(cpu), "ms", "below 3", ok=min(cpu) < 3),
        _figure(f"worker's memory after {MAILS * ROUNDS} more mails", growth, "MB", "at most 5 more", ok=growth <= 5),
    ]


@contextmanager
def outbox_of_its_own() -> Iterator[None]:
    """A kind, its templates and a mail sink for the time of the measurement."""
    loaders = [("django.template.loaders.locmem.Loader", TEMPLATES), *_usual_loaders()]
    with tempfile.TemporaryDirectory(prefix="outbox-") as folder:
        sink = MailSink(Path(folder) / "mail")
        sink.start()
        KINDS[NAME] = OPENED
        try:
            with override_settings(EMAIL_HOST="127.0.0.1", EMAIL_PORT=sink.port, TEMPLATES=_templates_with(loaders)):
                yield
        finally:
            Notification.objects.filter(kind=NAME).delete()
            del KINDS[NAME]
            sink.stop()


def outbox_round() -> tuple[float, float]:
    """Deliver MAILS messages that are due; return mails a second and the seconds of CPU it took."""
    Notification.objects.filter(kind=NAME).delete()
    for number in range(MAILS):
        notify(OPENED, "event:1", [_reader(number)], {"title": "Crystals", "token": f"token-{number}"})
    started, cpu = time.perf_counter(), time.process_time()
    done = delivery.drain(seconds=3600)
    taken = time.perf_counter() - started
    if done != MAILS:
        raise RuntimeError(f"{done} of {MAILS} messages were settled: is somebody else at work in this outbox?")
    return MAILS / taken, time.process_time() - cpu


def bare_round() -> float:
    """Hand over MAILS ready-made mails of the same size through one connection; return mails a second."""
    row = Notification(pk=1, kind=NAME, key="k", address=_reader(0).address, data={"title": "Crystals", "token": "t"})
    letter = Renderer().letter(OPENED, row)
    content = mail_of(OPENED, row, letter).as_bytes()
    with smtplib.SMTP(settings.EMAIL_HOST, settings.EMAIL_PORT) as connection:
        started = time.perf_counter()
        for number in range(MAILS):
            connection.sendmail("portal@demo.example", [_reader(number).address], content)
        return MAILS / (time.perf_counter() - started)


def _reader(number: int) -> Recipient:
    return Recipient(f"reader{number}@example.org", time_zone="Africa/Nairobi")


def _usual_loaders() -> list[Any]:
    return list(Engine.get_default().loaders)


def _templates_with(loaders: list[Any]) -> list[dict[str, Any]]:
    usual = settings.TEMPLATES[0]
    options = {**usual["OPTIONS"], "loaders": [("django.template.loaders.cached.Loader", loaders)]}
    return [{**usual, "APP_DIRS": False, "OPTIONS": options}]


def _figure(name: str, value: float, unit: str, bar: str = "", *, ok: bool = True) -> dict[str, Any]:
    return {"name": name, "value": round(value, 1), "unit": unit, "bar": bar, "ok": ok}


def _peak_memory() -> float:
    """The most memory this process has held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024

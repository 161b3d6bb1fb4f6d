"""Delivery: take due rows, hand each to the mail server once, note what became of it.

A worker *claims* up to a hundred rows by moving their `due_at` forward, a lease: should it die, they come due again by
themselves. Then, one by one, it *marks* a row as being handed over, hands it over, and *settles* it. The mark and the
settling are conditional updates, so of several workers at one row only one goes on. A row found marked long after (see
`sweep`) is the only one whose mail may have left without being noted: one a worker that dies, never more.
"""

import logging
import random
import smtplib
import time
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.mail import get_connection
from django.db import connection, models, transaction
from django.utils import timezone

from portal.core.later import later
from portal.notifications.actions import suppress
from portal.notifications.enums import Cause
from portal.notifications.kinds import KINDS, Kind
from portal.notifications.mail import ReadyMail, mail_of
from portal.notifications.models import Notification, Suppression
from portal.notifications.rendering import Renderer
from portal.notifications.states import MOVES

logger = logging.getLogger(__name__)

CHUNK = 100  # rows a claim, and mails an SMTP connection
LEASE = timedelta(seconds=60)  # after it a dead worker's claimed rows come due again
STUCK = timedelta(minutes=10)  # longer than a task may run: who marked the row is gone
DRAIN_SECONDS = 5.0  # then other tasks get their turn: a big fan-out must not hold up a session's door
ATTEMPTS = 8  # with the pauses below spread over about two days
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(days=1)


@dataclass(frozen=True)
class Outcome:
    """What became of a hand-over: the verb of the move, and why."""

    verb: str
    why: str = ""
    is_server_down: bool = False  # no use in trying the next row now


SENT = Outcome("send")
Finished = tuple[Notification, Outcome]

# Both in one statement, so that each mail costs one commit.
STEP = """
WITH settled AS (
    UPDATE notifications_notification
    SET state = %(state)s, due_at = COALESCE(%(due_at)s, due_at), settled_at = %(settled_at)s,
        last_error = %(last_error)s, data = COALESCE(%(data)s::jsonb, data),
        attempt_token = NULL, sending_at = NULL, updated_at = %(now)s
    WHERE id = %(done)s AND state = ANY(%(done_states)s) AND attempt_token = %(done_token)s
    RETURNING id
), marked AS (
    UPDATE notifications_notification
    SET state = %(marked)s, attempt_token = %(token)s, sending_at = %(now)s, attempts = attempts + 1,
        updated_at = %(now)s
    WHERE id = %(next)s AND state = ANY(%(next_states)s) AND due_at = %(lease)s
    RETURNING id
)
SELECT (SELECT count(*) FROM settled), (SELECT count(*) FROM marked)
"""


def drain(seconds: float = DRAIN_SECONDS) -> int:
    """Deliver what is due until nothing is or `seconds` have passed; return how many rows were settled.

    Whatever is left over wakes the next task.
    """
    deadline = time.monotonic() + seconds
    renderer, done = Renderer(), 0
    while rows := claim():
        settled, goes_on = deliver(rows, renderer, deadline)
        done += settled
        if not goes_on:
            break
        if time.monotonic() >= deadline:
            later("notifications.deliver")
            break
    return done


def claim(limit: int = CHUNK) -> list[Notification]:
    """Take up to `limit` due rows: nobody else gets them before the lease, their new `due_at`, is over."""
    now = timezone.now()
    with transaction.atomic():
        rows = list(Notification.objects.due(now).select_for_update(skip_locked=True)[:limit])
        Notification.objects.filter(pk__in=[row.pk for row in rows]).update(due_at=now + LEASE)
    for row in rows:
        row.due_at = now + LEASE
    return rows


def deliver(rows: list[Notification], renderer: Renderer, deadline: float) -> tuple[int, bool]:
    """Hand claimed rows over through one connection; return how many, and whether the mail server still answers.

    Rows not reached by `deadline` (time.monotonic) are given back.
    """
    blocked = _blocked(rows)
    waiting, done = list(reversed(rows)), 0
    finished: Finished | None = None
    with mail_server() as server:
        while waiting and time.monotonic() < deadline and not (finished and finished[1].is_server_down):
            row = waiting.pop()
            is_marked, finished = step(finished, row), None
            if is_marked:
                finished = row, attempt(row, renderer, server, blocked)
                done += 1
        step(finished, None)
    is_server_up = not (finished and finished[1].is_server_down)
    give_back(waiting, after=timedelta() if is_server_up else LEASE)
    return done, is_server_up


@contextmanager
def mail_server() -> Iterator[Any]:
    """One connection to the mail server, opened by the first mail; what goes wrong at its end is of no consequence."""
    server = get_connection()
    try:
        yield server
    finally:
        _close(server)


def mark(row: Notification) -> bool:
    """Note that this row is about to be handed over; False when it is no longer ours by this lease."""
    return step(None, row)


def step(finished: Finished | None, row: Notification | None) -> bool:
    """Settle the finished row and mark the next one, either may be None; return whether the next one is marked."""
    now = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(STEP, _settlement(finished, now) | _marking(row) | {"now": now})
        settled, marked = cursor.fetchone()
    if finished is not None and not settled:
        logger.warning("notification %s was taken from this worker before it could settle it", finished[0].pk)
    if row is not None:
        row.attempts += marked
    return bool(marked)


def _settlement(finished: Finished | None, now: datetime) -> dict[str, Any]:
    if finished is None:
        nothing = ("done", "done_token", "state", "due_at", "settled_at", "last_error", "data")
        return dict.fromkeys(nothing) | {"done_states": []}
    row, outcome = finished
    sources, target = MOVES[outcome.verb]
    is_over = outcome.verb != "postpone"
    is_secret = row.kind in KINDS and KINDS[row.kind].secret
    return {
        "done": row.pk,
        "done_token": row.attempt_token,
        "done_states": list(sources),
        "state": target,
        "due_at": None if is_over else now + pause_after(row.attempts),
        "settled_at": now if is_over else None,
        "last_error": outcome.why,
        "data": "{}" if is_over and is_secret else None,
    }


def _marking(row: Notification | None) -> dict[str, Any]:
    sources, target = MOVES["mark"]
    if row is None:
        return {"next": None, "lease": None, "token": None, "marked": target, "next_states": []}
    row.attempt_token = uuid.uuid4()
    return {
        "next": row.pk,
        "lease": row.due_at,
        "token": row.attempt_token,
        "marked": target,
        "next_states": list(sources),
    }


def attempt(row: Notification, renderer: Renderer, server: Any, blocked: set[str]) -> Outcome:
    """Render a marked row and hand it over. Raises nothing: one bad row must not stop the others."""
    try:
        kind = KINDS[row.kind]
        if kind.is_subscription and row.address.lower() in blocked:
            return Outcome("suppress", "the address bounced or complained before")
        letter = renderer.letter(kind, row)
        if letter is None:
            return Outcome("suppress", "nothing left to say")
        mail = mail_of(kind, row, letter)
    except Exception as error:  # any mistake in any app's kind or template
        logger.exception("notification %s of kind %s cannot be rendered", row.pk, row.kind)
        return _again(row, f"rendering: {error!r}")
    return hand_over(row, mail, server)


def hand_over(row: Notification, mail: ReadyMail, server: Any) -> Outcome:
    """Give one mail to the server and read its answer."""
    try:
        server.open()
    except (smtplib.SMTPException, OSError) as error:
        logger.warning("the mail server does not answer: %s", error)
        return _again(row, f"no connection: {error}", is_server_down=True)
    try:
        mail.travel(server)
    except smtplib.SMTPRecipientsRefused as error:
        code, answer = next(iter(error.recipients.values()))
        _close(server)
        outcome = _refused(row, code, answer)
        if code >= 500 and _is_subscription(row.kind):
            suppress(row.address, outcome.why, cause=Cause.BOUNCED)
        return outcome
    except smtplib.SMTPDataError as error:
        _close(server)
        return _refused(row, error.smtp_code, error.smtp_error)
    except Exception as error:  # noqa: BLE001 - a lost line, our own address refused, a backend's own error: try again
        logger.warning("notification %s was not handed over: %r", row.pk, error)
        _close(server)
        return _again(row, f"hand-over: {error}")
    return SENT


def settle(row: Notification, outcome: Outcome) -> None:
    """Write what became of a marked row, unless the sweeper took it from us."""
    step((row, outcome), None)


def give_back(rows: Iterable[Notification], *, after: timedelta = timedelta()) -> None:
    """Let claimed rows that were not reached come due again, at once or some time from now."""
    rows = list(rows)
    if rows:
        ours = Notification.objects.filter(pk__in=[row.pk for row in rows], state="pending", due_at=rows[0].due_at)
        ours.update(due_at=timezone.now() + after)


def sweep() -> int:
    """Free rows whose worker died in the middle of a hand-over; return how many. Wakes the delivery if rows are due."""
    now = timezone.now()
    stuck = Notification.objects.in_hand_since(now - STUCK)
    freed = _move(stuck.filter(attempts__lt=ATTEMPTS), "sweep", "its worker died", due_at=now)
    given_up = _move(stuck.filter(attempts__gte=ATTEMPTS), "fail", "its worker died each time", settled_at=now)
    if freed or given_up:
        logger.warning("%s notifications were found in the hands of dead workers, %s given up", freed, given_up)
    if Notification.objects.due(now).exists():
        later("notifications.deliver")
    return freed + given_up


def pause_after(attempts: int) -> timedelta:
    """How long to wait after so many attempts: 1, 4, 16 ... minutes up to a day, a fifth more or less."""
    pause = min(FIRST_PAUSE * 4 ** (attempts - 1), LONGEST_PAUSE)
    return pause * random.uniform(0.8, 1.2)  # noqa: S311 - spreads load, guards nothing


def _again(row: Notification, why: str, **traits: bool) -> Outcome:
    return Outcome("postpone" if row.attempts < ATTEMPTS else "fail", why, **traits)


def _refused(row: Notification, code: int, answer: bytes | str) -> Outcome:
    """The server refused this mail: for now with a code of 4xx, for good with 5xx (RFC 5321, 4.2.1)."""
    words = answer.decode(errors="replace") if isinstance(answer, bytes) else answer
    why = f"{code} {words}"
    return Outcome("fail", why) if code >= 500 else _again(row, why)


def _blocked(rows: list[Notification]) -> set[str]:
    return Suppression.objects.among(row.address for row in rows if _is_subscription(row.kind))


def _is_subscription(name: str) -> bool:
    kind: Kind | None = KINDS.get(name)
    return kind is not None and kind.is_subscription


def _move(rows: models.QuerySet[Notification], verb: str, why: str, **changes: datetime) -> int:
    sources, target = MOVES[verb]
    return rows.filter(state__in=sources).update(
        state=target, last_error=why, attempt_token=None, sending_at=None, **changes
    )


def _close(server: Any) -> None:
    try:
        server.close()
    except (smtplib.SMTPException, OSError) as error:
        logger.info("the mail server did not say goodbye: %s", error)

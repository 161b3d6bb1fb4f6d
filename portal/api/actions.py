"""Claim an Idempotency-Key, keep the answer given under it, forget old ones.

A claim is committed before the work, so that others see it; the answer is kept in the transaction of the work, so
that one never exists without the other. A claim whose worker died says so by its age and is taken over; should that
worker live after all, its attempt no longer fits and its work is rolled back.
"""

import secrets
from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from portal.api.models import IdempotencyRecord
from portal.core.errors import Reason, Refused

ABANDONED_AFTER = timedelta(minutes=2)  # longer than any request is allowed to take
KEPT_FOR = timedelta(hours=48)


class InProgress(Refused):
    """The first request under this key has not been answered yet."""

    status = 409

    def __init__(self) -> None:
        super().__init__(Reason("in_progress", _("The same request is still being worked on. Ask again in a moment.")))


@dataclass(frozen=True)
class Asked:
    """Who asks what under which key; `request` is method and path, `body_digest` SHA-256 in hexadecimal."""

    who: str
    key: str
    request: str
    body_digest: str


@dataclass(frozen=True)
class Answer:
    status: int
    content_type: str
    location: str
    body: str


def claim_key(asked: Asked) -> IdempotencyRecord:
    """Return the record of `asked`: ours to work on, or finished (`status` set) with the answer to repeat.

    Raises InProgress while another works on it, and Refused `idempotency_key_reused` when the key stood for another
    request. Call it outside a transaction.
    """
    now, attempt = timezone.now(), secrets.token_hex(16)
    record, is_new = IdempotencyRecord.objects.get_or_create(
        who=asked.who,
        key=asked.key,
        defaults={
            "request": asked.request,
            "body_digest": asked.body_digest,
            "attempt": attempt,
            "started_at": now,
        },
    )
    if is_new:
        return record
    if (record.request, record.body_digest) != (asked.request, asked.body_digest):
        sentence = _("This Idempotency-Key was used for another request. Use a new key for each new request.")
        raise Refused(Reason("idempotency_key_reused", sentence))
    if record.status is None and not _take_over(record, attempt):
        raise InProgress
    return record


def _take_over(record: IdempotencyRecord, attempt: str) -> bool:
    """Make an abandoned claim ours; False when it is not abandoned, or another was quicker."""
    now = timezone.now()
    abandoned = IdempotencyRecord.objects.filter(
        pk=record.pk, attempt=record.attempt, status=None, started_at__lt=now - ABANDONED_AFTER
    )
    record.attempt, record.started_at = attempt, now
    return bool(abandoned.update(attempt=attempt, started_at=now))


def keep_answer(record: IdempotencyRecord, answer: Answer) -> None:
    """Keep `answer`; call it in the transaction of the work. Raises InProgress when the claim is no longer ours."""
    ours = IdempotencyRecord.objects.filter(pk=record.pk, attempt=record.attempt, status=None)
    if not ours.update(**vars(answer)):
        raise InProgress


def release_key(record: IdempotencyRecord) -> None:
    """Let the next request under this key begin anew, after one that failed without an answer worth keeping."""
    IdempotencyRecord.objects.filter(pk=record.pk, attempt=record.attempt, status=None).delete()


def forget_old_answers() -> int:
    """Delete records past their 48 hours; return how many."""
    deleted, _per_model = IdempotencyRecord.objects.filter(created_at__lt=timezone.now() - KEPT_FOR).delete()
    return deleted

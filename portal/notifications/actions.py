"""Put messages into the outbox, send failed ones again, keep the list of addresses that subscriptions leave alone."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.audit.actions import record
from portal.core.errors import Reason, Refused
from portal.core.later import later
from portal.core.machine import next_state
from portal.notifications.enums import Cause
from portal.notifications.kinds import KINDS, Kind
from portal.notifications.models import Notification, Suppression
from portal.notifications.signals import address_suppressed
from portal.notifications.states import MOVES


@dataclass(frozen=True)
class Recipient:
    """Where a message goes and how its reader reads: language code, IANA zone, and the account if there is one."""

    address: str
    language: str = settings.LANGUAGE_CODE
    time_zone: str = "UTC"
    user_id: int | None = None


def reader(user: Any) -> Recipient:
    """The recipient that an account is."""
    return Recipient(user.email, user.language, user.time_zone, user.pk)


def notify(
    kind: Kind, key: str, recipients: Iterable[Recipient], data: dict[str, Any], *, due_at: datetime | None = None
) -> None:
    """Write one message a recipient about one event; call it inside the event's transaction.

    `key` names the event (`booking:42:confirmed`); with the kind and the address it can exist only once, so calling
    twice sends once. `data` is JSON: ids and ISO moments, no texts that a language or a later change would make wrong.
    """
    notify_each([(kind, recipients)], key, data, due_at=due_at)


def notify_each(
    messages: Iterable[tuple[Kind, Iterable[Recipient]]],
    key: str,
    data: dict[str, Any],
    *,
    due_at: datetime | None = None,
) -> None:
    """The same for several kinds of message about one event, in one statement."""
    moment = due_at or timezone.now()
    rows = [_row(kind, key, recipient, data, moment) for kind, recipients in messages for recipient in recipients]
    Notification.objects.bulk_create(rows, ignore_conflicts=True, batch_size=1000)
    if rows and due_at is None:
        later("notifications.deliver")


def notify_apart(messages: Iterable[tuple[Kind, str, Recipient, dict[str, Any]]]) -> None:
    """Messages about many events at once: (kind, key, recipient, data) each, a thousand a statement."""
    now = timezone.now()
    rows = [_row(kind, key, recipient, data, now) for kind, key, recipient, data in messages]
    Notification.objects.bulk_create(rows, ignore_conflicts=True, batch_size=1000)
    if rows:
        later("notifications.deliver")


def _row(kind: Kind, key: str, recipient: Recipient, data: dict[str, Any], moment: datetime) -> Notification:
    return Notification(
        kind=kind.name,
        key=f"{kind.name}:{key}:{recipient.address.lower()}",
        address=recipient.address,
        user_id=recipient.user_id,
        language=recipient.language,
        time_zone=recipient.time_zone,
        data=data,
        due_at=moment,
    )


@transaction.atomic
def retry(notification: Notification, *, by: Any) -> Notification:
    """Send a failed message again, with all its attempts anew. Raises WrongState, Refused."""
    row = Notification.objects.select_for_update().get(pk=notification.pk)
    before, row.state = row.state, next_state(MOVES, "retry", row.state)
    if row.kind in KINDS and KINDS[row.kind].secret:
        sentence = _("The keys in this message are gone, so it cannot be sent again. The person can ask for a new one.")
        raise Refused(Reason("secret_gone", sentence))
    row.attempts, row.due_at, row.settled_at, row.last_error = 0, timezone.now(), None, ""
    row.save()
    record(row, "retry", by=by, before=before, after=row.state)
    later("notifications.deliver")
    return row


@transaction.atomic
def suppress(address: str, why: str, *, cause: str = Cause.ASKED, by: Any = None) -> Suppression:
    """Keep subscriptions from an address and end them; account mail still reaches it.

    Doing it twice keeps the first reason. `why` are words, `cause` says what they come down to.
    """
    suppression, is_new = Suppression.objects.get_or_create(address=address.lower(), defaults={"why": why[:200]})
    if is_new:
        record(suppression, "suppress", by=by, why=why)
    address_suppressed.send(Suppression, address=suppression.address, cause=cause, by=by)
    return suppression


@transaction.atomic
def welcome_back(address: str, *, by: Any = None) -> None:
    """Let subscriptions reach an address whose owner has just shown that mail arrives and is wanted."""
    for suppression in Suppression.objects.filter(address=address.lower()):
        lift(suppression, by=by)


@transaction.atomic
def lift(suppression: Suppression, *, by: Any) -> None:
    """Let subscriptions reach an address again."""
    record(suppression, "lift", by=by, why=suppression.why)
    suppression.delete()

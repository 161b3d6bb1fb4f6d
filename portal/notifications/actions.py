"""Put messages into the outbox."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import timezone

from portal.core.later import later
from portal.notifications.kinds import Kind
from portal.notifications.models import Notification


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
    moment = due_at or timezone.now()
    rows = [
        Notification(
            kind=kind.name,
            key=f"{kind.name}:{key}:{recipient.address.lower()}",
            address=recipient.address,
            user_id=recipient.user_id,
            language=recipient.language,
            time_zone=recipient.time_zone,
            data=data,
            due_at=moment,
        )
        for recipient in recipients
    ]
    Notification.objects.bulk_create(rows, ignore_conflicts=True, batch_size=1000)
    if rows and due_at is None:
        later("notifications.deliver")

"""What mail providers report: an address that bounced for good, or whose owner complained, is left alone from then on.

Each report is acted on once, by its event's identity; one older than we remember is not believed any more.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parseaddr

from anymail.signals import AnymailEvent, EventType, RejectReason
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone

from portal.notifications.actions import suppress
from portal.notifications.enums import Cause
from portal.notifications.models import DeliveryReport

REMEMBERED = timedelta(days=90)
SOFT = ("soft", "blocked", "transient")  # in the providers' own words, where anymail's do not tell soft from hard
CAUSES = {
    (EventType.REJECTED, RejectReason.BOUNCED): Cause.BOUNCED,
    (EventType.REJECTED, RejectReason.INVALID): Cause.BOUNCED,
    (EventType.REJECTED, RejectReason.SPAM): Cause.COMPLAINED,
}
HARD = {None, RejectReason.BOUNCED, RejectReason.INVALID, RejectReason.OTHER}


@dataclass(frozen=True)
class Report:
    """Of one event: what it comes down to for one address, and in whose words."""

    key: str
    provider: str
    address: str
    cause: Cause
    why: str
    at: datetime


def reports_of(provider: str, events: Iterable[AnymailEvent], now: datetime) -> list[Report]:
    """Keep the events that end a subscription; deliveries, openings and passing troubles do not."""
    found = []
    for event in events:
        cause, address = _cause(event), _address(event)
        at = event.timestamp or now
        if cause is not None and address and now - REMEMBERED < at:
            why = f"{cause.value}: {_words(event)}" if _words(event) else cause.value
            found.append(Report(_key(provider, event), provider, address, cause, why, at))
    return found


@transaction.atomic
def heed(reports: Iterable[Report]) -> int:
    """Suppress the addresses of reports that were not heeded before; return how many were new."""
    new = 0
    for report in reports:
        about = {"provider": report.provider, "cause": report.cause, "address": report.address, "at": report.at}
        _row, is_new = DeliveryReport.objects.get_or_create(key=report.key, defaults=about)
        if is_new:
            suppress(report.address, report.why, cause=report.cause)
        new += is_new
    return new


def forget(now: datetime | None = None) -> int:
    """Delete reports so old that a second one would not be believed; return how many."""
    return DeliveryReport.objects.filter(at__lt=(now or timezone.now()) - REMEMBERED).delete()[0]


def _cause(event: AnymailEvent) -> Cause | None:
    kind, reason = event.event_type, getattr(event, "reject_reason", None)
    if kind == EventType.COMPLAINED:
        return Cause.COMPLAINED
    if kind == EventType.BOUNCED:
        return Cause.BOUNCED if reason in HARD and not _is_soft(event) else None
    return CAUSES.get((kind, reason))


def _is_soft(event: AnymailEvent) -> bool:
    raw = event.esp_event if isinstance(event.esp_event, Mapping) else {}
    said = " ".join(str(raw.get(name, "")).lower() for name in ("Type", "type", "event"))
    return _words(event).startswith("4") or any(word in said for word in SOFT)


def _words(event: AnymailEvent) -> str:
    return str(getattr(event, "mta_response", "") or getattr(event, "description", "") or "").strip()


def _address(event: AnymailEvent) -> str:
    """The bare address in lower case, or nothing if that is not one."""
    address = parseaddr(str(getattr(event, "recipient", "") or ""))[1].lower()
    try:
        validate_email(address)
    except ValidationError:
        return ""
    return address if len(address) <= 254 else ""


def _key(provider: str, event: AnymailEvent) -> str:
    told = (event.event_type, getattr(event, "recipient", ""), event.timestamp, getattr(event, "message_id", ""))
    identity = event.event_id or "|".join(str(part) for part in told)
    return hashlib.sha256(f"{provider}:{identity}".encode()).hexdigest()

"""Until when an offer stands: reminders before it expires, and more time."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from donations import notices
from donations.actions.moving import locked
from donations.enums import OfferState
from donations.models import Offer
from donations.people import people_of_offer
from portal.audit.actions import record
from portal.core.errors import Forbidden, Reason, Refused, WrongState
from portal.notifications.actions import notify, reader

LONGEST = timedelta(days=365)
REMIND_DAYS = (30, 7)


def last_day(offer: Offer, today: date) -> date:
    """The day on which an offer expires that goes public or is prolonged today: a year on, or what its donor said."""
    return min(offer.available_until or today + LONGEST, today + LONGEST)


@transaction.atomic
def extend_offer(offer: Offer, until: date, *, by: Any) -> Offer:
    """Let a vetted offer stand until another day, a year from today at most. Raises Forbidden, WrongState, Refused."""
    row = locked(offer)
    if not by.has_perm("donations.manage_offer", row):
        raise Forbidden
    if row.state != OfferState.VETTED:
        raise WrongState("extend", row.state)
    today = timezone.now().date()
    if not today < until <= today + LONGEST:
        raise Refused(Reason("out_of_reach", _("Choose a day after today and within a year.")))
    before = str(row.expires_on or "")
    row.available_until = row.expires_on = until
    row.reminded_at = None
    row.save(update_fields=["available_until", "expires_on", "reminded_at", "updated_at"])
    record(row, "extend", by=by, before=before, after=str(until))
    return row


def remind_of_expiry(now: datetime) -> int:
    """Remind donors 30 and 7 days before their offer expires; return of how many offers."""
    return sum(_remind(offer, now) for offer in _to_remind(now))


def _to_remind(now: datetime) -> list[Offer]:
    soon = now.date() + timedelta(days=max(REMIND_DAYS))
    rows = Offer.objects.open().filter(expires_on__gte=now.date(), expires_on__lte=soon).for_list().order_by("pk")
    return [offer for offer in rows if is_due(offer, now)]


def is_due(offer: Offer, now: datetime) -> bool:
    """Whether a day of reminding has come since the last reminder."""
    if offer.expires_on is None:
        return False
    starts = [offer.expires_on - timedelta(days=days) for days in REMIND_DAYS]
    reached = [start for start in starts if start <= now.date()]
    return bool(reached) and (offer.reminded_at is None or offer.reminded_at.date() < max(reached))


@transaction.atomic
def _remind(offer: Offer, now: datetime) -> bool:
    row = locked(offer)
    if row.state != OfferState.VETTED or not is_due(row, now):
        return False
    row.reminded_at = now
    row.save(update_fields=["reminded_at", "updated_at"])
    people = [reader(person) for person in people_of_offer(row)]
    notify(notices.OFFER_EXPIRING, f"offer:{row.pk}:{now.date()}", people, {"offer": row.pk})
    return True

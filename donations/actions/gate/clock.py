"""What the clock does at the gate: remind and end what nobody answers, tell staff what waits for them."""

from datetime import UTC, datetime, time, timedelta

from django.db import transaction

from donations import notices
from donations.actions.gate.verdicts import people_of
from donations.actions.moving import locked, move
from donations.enums import NeedState, OfferState
from donations.models import Need, Offer
from portal.accounts.models import User
from portal.notifications.actions import notify, reader
from portal.notifications.kinds import Kind

REMIND_BEFORE = timedelta(days=3)
MORNING = 6  # UTC


def remind_returned(now: datetime) -> int:
    """Remind once, three days before the end, of what staff sent back and nobody handed in again; return how many."""
    soon = now + REMIND_BEFORE
    return sum(_remind(thing, now) for thing in _returned(answer_by__gt=now, answer_by__lte=soon, reminded_at=None))


def expire_returned(now: datetime) -> int:
    """End what was sent back and not handed in again by its day, and tell its people; return how many."""
    return sum(_expire(thing, now) for thing in _returned(answer_by__lte=now))


def tell_staff(now: datetime) -> bool:
    """Tell staff once a day, in the morning, what waits at the gate, if any of it came since yesterday began."""
    if now.astimezone(UTC).hour < MORNING:
        return False
    since = datetime.combine(now.astimezone(UTC).date() - timedelta(days=1), time(), tzinfo=UTC)
    came = {"submitted_at__gte": since}
    is_any = (
        Need.objects.filter(state=NeedState.SUBMITTED, **came).exists()
        or Offer.objects.filter(state=OfferState.VETTING, **came).exists()
    )
    if is_any:
        staff = User.objects.filter(is_staff=True, is_active=True).order_by("pk")
        with transaction.atomic():
            notify(notices.GATE_WAITING, f"day:{now:%Y-%m-%d}", [reader(person) for person in staff], {})
    return is_any


def _returned(**when: object) -> list[Need | Offer]:
    needs = Need.objects.filter(state=NeedState.RETURNED, **when).for_list().order_by("pk")
    offers = Offer.objects.filter(state=OfferState.RETURNED, **when).for_list().order_by("pk")
    return [*needs, *offers]


@transaction.atomic
def _remind(thing: Need | Offer, now: datetime) -> bool:
    row = locked(thing)
    if row.state not in (NeedState.RETURNED, OfferState.RETURNED) or row.reminded_at is not None:
        return False
    row.reminded_at = now
    row.save(update_fields=["reminded_at", "updated_at"])
    _tell(notices.RETURN_ENDING, row)
    return True


@transaction.atomic
def _expire(thing: Need | Offer, now: datetime) -> bool:
    row = locked(thing)
    is_returned = row.state in (NeedState.RETURNED, OfferState.RETURNED)
    if not is_returned or row.answer_by is None or row.answer_by > now:
        return False
    move(row, "expire", by=None)
    _tell(notices.RETURN_LAPSED, row)
    return True


def _tell(kind: Kind, row: Need | Offer) -> None:
    name = str(row._meta.model_name)
    people = [reader(person) for person in people_of(row)]
    notify(kind, f"{name}:{row.pk}:{row.answer_by:%Y-%m-%dT%H:%M}", people, {name: row.pk})

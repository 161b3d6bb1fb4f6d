"""What the clock does with open needs: a year after opening they expire, unless somebody says that they stand."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import F, Q

from donations import notices
from donations.actions.moving import locked
from donations.actions.need.ends import PENDING, end_rest
from donations.enums import NeedState
from donations.models import Need
from donations.people import people_of_need
from portal.notifications.actions import notify, reader

REMIND_BEFORE = (timedelta(days=30), timedelta(days=7))


def expire_open(today: date) -> int:
    """Expire the open needs whose last day is over and tell their people; return how many.

    While somebody is asked about a match of one, it waits: that is answered within two weeks.
    """
    due = Need.objects.expiring(today).exclude(matches__state__in=PENDING).order_by("pk")
    return sum(_expire(need, today) for need in due)


def remind_expiring(now: datetime) -> int:
    """Ask 30 and 7 days before the end whether the need still stands; return of how many."""
    return sum(_remind(need, now, before) for before in REMIND_BEFORE for need in _to_remind(now, before))


@transaction.atomic
def _expire(need: Need, today: date) -> bool:
    row = locked(need)
    if row.state != NeedState.OPEN or row.expires_on is None or row.expires_on >= today:
        return False
    end_rest(row, "expire", by=None)
    people = [reader(person) for person in people_of_need(row)]
    notify(notices.NEED_EXPIRED, f"need:{row.pk}", people, {"need": row.pk})
    return True


def _to_remind(now: datetime, before: timedelta) -> list[Need]:
    """Those whose end is nearer than `before` and of which that was not said."""
    today = now.date()
    near = Need.objects.open().filter(expires_on__gte=today, expires_on__lte=today + before)
    return list(near.filter(Q(reminded_at=None) | Q(reminded_at__date__lt=F("expires_on") - before)).order_by("pk"))


@transaction.atomic
def _remind(need: Need, now: datetime, before: timedelta) -> bool:
    row = locked(need)
    if row.state != NeedState.OPEN or row.expires_on != need.expires_on:
        return False
    row.reminded_at = now
    row.save(update_fields=["reminded_at", "updated_at"])
    people = [reader(person) for person in people_of_need(row)]
    key = f"need:{row.pk}:{row.expires_on}:{before.days}"
    notify(notices.NEED_EXPIRING, key, people, {"need": row.pk})
    return True

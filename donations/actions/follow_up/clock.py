"""What the clock does: ask on the day, remind once, and take silence for an answer in the end."""

from datetime import datetime, timedelta

from django.db import transaction

from donations.actions.moving import locked, move
from donations.enums import FollowUpState
from donations.models import FollowUp
from donations.notices import follow_up as notices
from donations.people import desk, people_of_need
from portal.accounts.models import User
from portal.notifications.actions import notify, reader

REMIND_AFTER = timedelta(days=14)
SILENT_AFTER = timedelta(days=45)


def ask_due(now: datetime) -> int:
    """Send the link of each question whose day has come to the laboratory's people; return how many."""
    return sum(_ask(row, now) for row in FollowUp.objects.due(now.date()).order_by("due_on", "pk"))


def remind_silent(now: datetime) -> int:
    """Send the link once more, two weeks after; return of how many."""
    asked = FollowUp.objects.filter(state=FollowUpState.ASKED, reminded_at=None, asked_at__lte=now - REMIND_AFTER)
    return sum(_remind(row, now) for row in asked.order_by("pk"))


def give_up_silent(now: datetime) -> int:
    """Tell staff of those that nobody has answered for 45 days; the link still works. Return how many."""
    asked = FollowUp.objects.filter(state=FollowUpState.ASKED, asked_at__lte=now - SILENT_AFTER)
    return sum(_give_up(row, now) for row in asked.order_by("pk"))


@transaction.atomic
def _ask(follow_up: FollowUp, now: datetime) -> bool:
    row = locked(follow_up)
    if row.state != FollowUpState.DUE:
        return False
    row.asked_at = now
    move(row, "ask", by=None, fields=["asked_at"])
    notify(notices.FOLLOW_UP_ASKED, f"follow_up:{row.pk}", map(reader, _asked(row)), {"follow_up": row.pk})
    return True


@transaction.atomic
def _remind(follow_up: FollowUp, now: datetime) -> bool:
    row = locked(follow_up)
    if row.state != FollowUpState.ASKED or row.reminded_at is not None:
        return False
    row.reminded_at = now
    row.save(update_fields=["reminded_at", "updated_at"])
    notify(notices.FOLLOW_UP_REMINDER, f"follow_up:{row.pk}", map(reader, _asked(row)), {"follow_up": row.pk})
    return True


@transaction.atomic
def _give_up(follow_up: FollowUp, now: datetime) -> bool:
    row = locked(follow_up)
    if row.state != FollowUpState.ASKED or row.asked_at is None or row.asked_at > now - SILENT_AFTER:
        return False
    move(row, "give_up", by=None)
    notify(notices.FOLLOW_UP_SILENT, f"follow_up:{row.pk}", map(reader, desk()), {"follow_up": row.pk})
    return True


def _asked(row: FollowUp) -> list[User]:
    """The people of the need; where nobody of them can sign in any more, staff ask by other ways."""
    return people_of_need(row.match.need) or desk()

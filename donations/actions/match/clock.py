"""What the clock does with matches that somebody has not accepted."""

from datetime import datetime, timedelta

from django.db import transaction

from donations import notices
from donations.actions.match.answer import staff_of
from donations.actions.match.held import both_sides, held, readers
from donations.actions.moving import locked, move
from donations.actions.numbers import give_back
from donations.enums import MatchState
from donations.models import Match
from donations.people import people_of_need, people_of_offer
from portal.accounts.models import User
from portal.notifications.actions import notify

REMIND_BEFORE = timedelta(days=4)


def lapse_unanswered(now: datetime) -> int:
    """Give back the numbers of matches that were not accepted in time and tell both sides; return how many."""
    return sum(_lapse(match, now) for match in Match.objects.overdue(now).for_list().order_by("pk"))


@transaction.atomic
def _lapse(match: Match, now: datetime) -> bool:
    match, need, offer = held(match)
    if match.state != MatchState.APPROVED or match.answer_by is None or match.answer_by > now:
        return False
    move(match, "lapse", by=None)
    give_back(match, need, offer, by=None)
    told = [*both_sides(match), *readers(staff_of(match))]
    notify(notices.MATCH_LAPSED, f"match:{match.pk}", set(told), {"match": match.pk})
    return True


def remind_unanswered(now: datetime) -> int:
    """Remind once, four days before the end, the side that has not answered; return of how many matches."""
    due = Match.objects.to_answer(now).filter(answer_by__lte=now + REMIND_BEFORE, reminded_at=None)
    return sum(_remind(match, now) for match in due.for_list().order_by("pk"))


@transaction.atomic
def _remind(match: Match, now: datetime) -> bool:
    fresh = locked(match)
    if fresh.state != MatchState.APPROVED or fresh.reminded_at is not None:
        return False
    fresh.reminded_at = now
    fresh.save(update_fields=["reminded_at", "updated_at"])
    notify(notices.MATCH_REMINDER, f"match:{fresh.pk}", readers(_silent(fresh)), {"match": fresh.pk})
    return True


def _silent(match: Match) -> list[User]:
    """The people of the side, or both, that has said nothing yet."""
    people: list[User] = []
    if match.need_accepted_at is None:
        people += people_of_need(match.need)
    if match.offer_accepted_at is None:
        people += people_of_offer(match.offer)
    return people

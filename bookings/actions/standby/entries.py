"""Take a place in a stand-by queue."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db import IntegrityError
from django.utils import timezone
from django.utils.translation import gettext as _

from bookings.facts import Facts
from bookings.models import StandbyEntry
from bookings.policy import in_words
from bookings.slots import MINUTE, Span
from bookings.turns import is_open
from calls.enums import AwardState
from calls.hours import not_active, not_enough
from calls.models import Award
from portal.accounts.models import User
from portal.audit.actions import record
from portal.core.errors import Forbidden, Reason, Refused
from portal.core.later import later
from portal.core.retry import broken_constraint, in_transaction

LONGEST = timedelta(days=7)  # who can plan further ahead joins the waiting list


def join_standby(award: Award, minutes: int, until: datetime, *, by: User, purpose: str = "") -> StandbyEntry:
    """Wait for `minutes` of the award's instrument, from now until `until`.

    Who waits already with this award keeps that place. Raises Forbidden, or Refused with every reason.
    """
    if not by.has_perm("bookings.book_with", award):
        raise Forbidden(_("Only the award's holder and the focal points of its organisation wait with its hours."))
    try:
        return in_transaction(lambda: _join(award, minutes, until, by, purpose))
    except IntegrityError as error:
        if broken_constraint(error) != "standby_once_an_award":
            raise
        return StandbyEntry.objects.open().get(award=award)


def _join(award: Award, minutes: int, until: datetime, by: User, purpose: str) -> StandbyEntry:
    row = Award.objects.select_for_update(of=("self",), no_key=True).select_related("instrument").get(pk=award.pk)
    same = StandbyEntry.objects.open().filter(award=row).first()
    if same is not None:
        return same
    if reasons := [*_against(row, minutes, until)]:
        raise Refused(*reasons)
    entry = StandbyEntry(instrument=row.hours_on, award=row, asked_by=by, minutes=minutes, until=until, purpose=purpose)
    entry.save(force_insert=True)
    record(entry, "join", by=by, after=entry.state)
    later("bookings.call_standby")
    return entry


def _against(award: Award, minutes: int, until: datetime) -> Iterator[Reason]:
    if not award.is_bookable or award.state != AwardState.ACTIVE:
        yield not_active()
        return
    now = timezone.now()
    facts = Facts.read(award.hours_on, Span(now, now))
    if not is_open(facts):
        yield Reason("no_queue", _("The laboratory keeps no stand-by queue for this instrument at present."))
        return
    yield from _against_wait(facts, minutes, until, now)
    yield from _against_length(facts, minutes)
    if award.balance_minutes < minutes:
        yield not_enough(award.ref, minutes, award.balance_minutes)


def _against_wait(facts: Facts, minutes: int, until: datetime, now: datetime) -> Iterator[Reason]:
    if until - now > LONGEST:
        yield Reason("too_long_a_wait", _("Wait on the spot for a week at most; for later days join the waiting list."))
    elif until - now < (minutes + facts.policy.standby_minutes) * MINUTE:
        yield Reason("wait_too_short", _("Until then there is not enough time left for the session you wait for."))


def _against_length(facts: Facts, minutes: int) -> Iterator[Reason]:
    policy = facts.policy
    step = 1440 if policy.whole_days else policy.step
    if minutes < policy.shortest:
        yield Reason("too_short", _("Book at least %(length)s.") % {"length": in_words(policy.shortest)})
    elif minutes > policy.longest:
        yield Reason("too_long", _("Book at most %(length)s at a time.") % {"length": in_words(policy.longest)})
    elif minutes % step:
        yield Reason("off_step", _("It is booked in steps of %(length)s.") % {"length": in_words(step)})

"""What speaks against a period for everybody: the wish itself, the instrument, the clock, the laboratory's week."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bookings.facts import Facts
from bookings.policy.words import in_words
from bookings.slots import DAY, MINUTE, Span
from portal.core.errors import Reason

LONGEST_EVER = 366 * DAY  # beyond it nobody has thought of a booking, and reckoning takes longer than it should


def of_the_wish(period: Span) -> Iterator[Reason]:
    """What no laboratory could allow: after one of these the other rules have nothing to say."""
    if period.start >= period.end:
        yield Reason("empty", _("The end must come after the start."))
    elif period.end - period.start > LONGEST_EVER:
        yield Reason("longer_than_a_year", _("No booking is longer than a year."))
    elif any(moment.second or moment.microsecond for moment in (period.start, period.end)):
        yield Reason("not_whole_minutes", _("Bookings begin and end on a full minute."))


def of_instrument(facts: Facts) -> Iterator[Reason]:
    if not facts.is_listed:
        yield Reason("not_listed", _("This instrument takes no bookings at present."))
    if not facts.units:
        yield Reason("no_unit", _("No unit of this instrument is in service at present."))


def of_the_clock(facts: Facts, period: Span, now: datetime) -> Iterator[Reason]:
    policy = facts.policy
    if period.start <= now:
        yield Reason("in_the_past", _("This time has already begun. Choose a later one."))
    elif period.start < now + policy.notice * MINUTE:
        yield Reason(
            "too_soon", _("The laboratory asks for %(notice)s of notice.") % {"notice": in_words(policy.notice)}
        )
    if period.end > now + timedelta(days=policy.horizon_days):
        text = ngettext("Book at most %(days)d day ahead.", "Book at most %(days)d days ahead.", policy.horizon_days)
        yield Reason("too_far", text % {"days": policy.horizon_days})


def of_length(facts: Facts, period: Span) -> Iterator[Reason]:
    cost, policy = facts.cost(period), facts.policy
    if cost < policy.shortest:
        yield Reason("too_short", _("Book at least %(length)s.") % {"length": in_words(policy.shortest)})
    if cost > policy.longest:
        yield Reason("too_long", _("Book at most %(length)s at a time.") % {"length": in_words(policy.longest)})


def of_the_week(facts: Facts, period: Span) -> Iterator[Reason]:
    if not facts.is_open(period):
        yield Reason("outside_hours", _("The laboratory is not open during the whole of this time."))
    elif not facts.is_on_grid(period):
        yield Reason("off_step", _("Bookings begin and end at fixed steps. Choose one of the times shown."))
    if any(closure.overlaps(period) for closure in facts.closures):
        yield Reason("closed", _("The instrument is closed during this time."))

"""What an award says to a period: its instrument, state, days, limits and hours."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bookings.facts import Facts
from bookings.policy.words import in_words
from bookings.slots import Span
from bookings.standing import Standing
from calls.enums import AwardState
from calls.hours import not_active, not_enough
from calls.models import Award
from portal.core.dates import date_format
from portal.core.errors import Reason


def of_award(facts: Facts, period: Span, award: Award | Standing) -> Iterator[Reason]:
    if award.instrument_id != facts.instrument.pk:
        yield Reason("other_instrument", _("This award is for another instrument."))
    if award.state != AwardState.ACTIVE:
        yield not_active()
    first, last = facts.days_of(period)
    if not award.valid_from <= first <= last <= award.valid_until:
        dates = {"first": date_format(award.valid_from), "last": date_format(award.valid_until)}
        yield Reason("outside_award", _("This award can be used from %(first)s to %(last)s.") % dates)


def of_limits(facts: Facts, period: Span, standing: Standing) -> Iterator[Reason]:
    """The policy's limits per award."""
    most, weekly = facts.policy.open_bookings_limit, facts.policy.weekly_limit
    if most is not None and standing.open_bookings >= most:
        text = ngettext(
            "This award may have %(count)d open booking at a time.",
            "This award may have %(count)d open bookings at a time.",
            most,
        )
        yield Reason("open_limit", text % {"count": most})
    if weekly is not None:
        week = facts.week_of(period.start)
        booked = sum(minutes for start, minutes in standing.booked if week.start <= start < week.end)
        if booked + facts.cost(period) > weekly:
            text = _("This award may use %(limit)s a week, and %(booked)s of that week are booked already.")
            yield Reason("weekly_limit", text % {"limit": in_words(weekly), "booked": in_words(booked)})


def of_hours(facts: Facts, period: Span, standing: Standing) -> Iterator[Reason]:
    cost = facts.cost(period)
    if cost > standing.balance_minutes:
        yield not_enough(standing.ref, cost, standing.balance_minutes)

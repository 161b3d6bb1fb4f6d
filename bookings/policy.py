"""The rules of booking: one function answers *allowed* (no reasons) or every reason against, in words and codes.

Pages, API, admin and the list of free slots ask it. What only a write can settle - whether the time is still free and
the award's balance suffices - is decided by the database: see actions.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bookings.facts import Facts
from bookings.slots import DAY, MINUTE, Span
from calls.enums import AwardState
from calls.models import Award
from portal.core.errors import Reason


def reasons_against(facts: Facts, period: Span, now: datetime, award: Award | None = None) -> list[Reason]:
    """Why `period` cannot be booked on this instrument (with this award, if given); empty when it can."""
    if period.start >= period.end:
        return [Reason("empty", _("The end must come after the start."))]
    found = [*_of_instrument(facts), *_of_the_clock(facts, period, now), *_of_length(facts, period)]
    found += _of_the_week(facts, period)
    if award:
        found += _of_award(facts, period, award)
    return found


def _of_instrument(facts: Facts) -> Iterator[Reason]:
    if not facts.is_listed:
        yield Reason("not_listed", _("This instrument takes no bookings at present."))
    if not facts.units:
        yield Reason("no_unit", _("No unit of this instrument is in service at present."))


def _of_the_clock(facts: Facts, period: Span, now: datetime) -> Iterator[Reason]:
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


def _of_length(facts: Facts, period: Span) -> Iterator[Reason]:
    cost, policy = facts.cost(period), facts.policy
    if cost < policy.shortest:
        yield Reason("too_short", _("Book at least %(length)s.") % {"length": in_words(policy.shortest)})
    if cost > policy.longest:
        yield Reason("too_long", _("Book at most %(length)s at a time.") % {"length": in_words(policy.longest)})


def _of_the_week(facts: Facts, period: Span) -> Iterator[Reason]:
    opening = next((span for span in facts.opening if span.covers(period)), None)
    if opening is None:
        yield Reason("outside_hours", _("The laboratory is not open during the whole of this time."))
    elif not _on_step(facts, period, opening):
        yield Reason("off_step", _("Bookings begin and end at fixed steps. Choose one of the times shown."))
    if any(closure.overlaps(period) for closure in facts.closures):
        yield Reason("closed", _("The instrument is closed during this time."))


def _on_step(facts: Facts, period: Span, opening: Span) -> bool:
    policy = facts.policy
    if policy.whole_days:
        moments = (moment.astimezone(facts.zone) for moment in (period.start, period.end))
        return all(moment.hour * 60 + moment.minute == policy.day_starts and not moment.second for moment in moments)
    step = policy.step * MINUTE
    return not (period.start - opening.start) % step and not (period.end - period.start) % step


def _of_award(facts: Facts, period: Span, award: Award) -> Iterator[Reason]:
    if award.instrument_id != facts.instrument.pk:
        yield Reason("other_instrument", _("This award is for another instrument."))
    if award.state != AwardState.ACTIVE:
        yield Reason("award_not_active", _("This award is not active."))
    first = period.start.astimezone(facts.zone).date()
    last = (period.end - MINUTE).astimezone(facts.zone).date()
    if not award.valid_from <= first <= last <= award.valid_until:
        dates = {"first": formats.date_format(award.valid_from), "last": formats.date_format(award.valid_until)}
        yield Reason("outside_award", _("This award can be used from %(first)s to %(last)s.") % dates)


def limits_against(facts: Facts, period: Span, award: Award, others: Any, now: datetime) -> list[Reason]:
    """Reasons from the policy's limits per award; `others` are the award's other bookings on the instrument."""
    return [*_of_open_bookings(facts, others, now), *_of_weekly_limit(facts, period, others)]


def _of_open_bookings(facts: Facts, others: Any, now: datetime) -> Iterator[Reason]:
    limit = facts.policy.open_bookings_limit
    if limit is not None and others.active().ending_after(now).count() >= limit:
        text = ngettext(
            "This award may have %(count)d open booking at a time.",
            "This award may have %(count)d open bookings at a time.",
            limit,
        )
        yield Reason("open_limit", text % {"count": limit})


def _of_weekly_limit(facts: Facts, period: Span, others: Any) -> Iterator[Reason]:
    limit = facts.policy.weekly_limit
    if limit is None:
        return
    booked = others.occupying().minutes_starting_in(_week_of(facts, period))
    if booked + facts.cost(period) > limit:
        text = _("This award may use %(limit)s a week, and %(booked)s of that week are booked already.")
        yield Reason("weekly_limit", text % {"limit": in_words(limit), "booked": in_words(booked)})


def _week_of(facts: Facts, period: Span) -> Span:
    """Monday to Monday, in the laboratory's zone, around the start of the period."""
    day = period.start.astimezone(facts.zone).replace(hour=0, minute=0, second=0, microsecond=0)
    monday = day - day.weekday() * DAY
    return Span(monday, monday + 7 * DAY)


def in_words(minutes: int) -> str:
    """`90` as "1 hour 30 minutes", `2880` as "2 days"."""
    days, hours = divmod(minutes // 60, 24)
    if minutes < 2880:
        days, hours = 0, minutes // 60
    parts = []
    if days:
        parts.append(ngettext("%(count)d day", "%(count)d days", days) % {"count": days})
    if hours:
        parts.append(ngettext("%(count)d hour", "%(count)d hours", hours) % {"count": hours})
    if minutes % 60 or not parts:
        parts.append(ngettext("%(count)d minute", "%(count)d minutes", minutes % 60) % {"count": minutes % 60})
    return " ".join(parts)

"""Opening hours and booking policy in plain words, in the active language. Pure: rows in, text out."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.formats import time_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from instruments.enums import Weekday
from instruments.models import OpeningHours, Policy
from portal.core import times

HOUR, DAY = 60, 1440


@dataclass(frozen=True)
class OpenDay:
    """A weekday and its stretches as text, `09:00–12:00`; none when it is closed all day."""

    name: str
    stretches: list[str]


def week_of(hours: Iterable[OpeningHours]) -> list[OpenDay]:
    """Return the seven days in the laboratory's wall time, Monday first."""
    rows = list(hours)
    return [OpenDay(str(day.label), [_stretch(row) for row in rows if row.weekday == day.value]) for day in Weekday]


@dataclass(frozen=True)
class ChangedDay:
    """A weekday as it would be; `before` are its stretches until now where they differ, else None."""

    name: str
    stretches: list[str]
    before: list[str] | None


def changed_week(before: Iterable[OpeningHours], after: Iterable[OpeningHours]) -> list[ChangedDay]:
    """Return the seven days as they would be, beside what they are."""
    return [
        ChangedDay(new.name, new.stretches, None if old.stretches == new.stretches else old.stretches)
        for old, new in zip(week_of(before), week_of(after), strict=True)
    ]


@dataclass(frozen=True)
class ClosedDay:
    """A day of the laboratory's calendar that a closure touches: its usual stretches, and when it would be closed."""

    day: date
    stretches: list[str]
    closed: str


def closed_days(hours: Iterable[OpeningHours], start: datetime, end: datetime, most: int = 14) -> list[ClosedDay]:
    """Return the days from `start` until `end` (both on the laboratory's clock), `most` of them at most."""
    week = week_of(hours)
    begin, until = start.replace(tzinfo=None), end.replace(tzinfo=None)
    days = [begin.date() + timedelta(days=number) for number in range(most) if begin.date() <= until.date()]
    found = []
    for day in days:
        midnight = datetime.combine(day, time())
        first, last = max(begin, midnight), min(until, midnight + timedelta(days=1))
        if first < last:
            found.append(ClosedDay(day, week[day.weekday()].stretches, _closed(midnight, first, last)))
    return found


def _closed(midnight: datetime, first: datetime, last: datetime) -> str:
    opens, closes = ((moment - midnight) // timedelta(minutes=1) for moment in (first, last))
    return _("all day") if (opens, closes) == (0, DAY) else _("%(start)s–%(end)s") % {
        "start": clock(opens), "end": clock(closes)
    }  # fmt: skip


def zone_difference(now: datetime, own: ZoneInfo, lab: ZoneInfo) -> str:
    """Return how the reader's clock stands to the laboratory's at `now`: "Nairobi time is now 2 hours ahead."."""
    minutes = times.offset_minutes(now, own) - times.offset_minutes(now, lab)
    values = {"own": times.zone_words(own), "length": length_text(abs(minutes))}
    if not minutes:
        return _("Your clock (%(own)s) shows the same time now.") % values
    if minutes > 0:
        return _("Your clock (%(own)s) is %(length)s ahead now.") % values
    return _("Your clock (%(own)s) is %(length)s behind now.") % values


def length_text(minutes: int) -> str:
    """Return `2 hours`, `3 days`, `1 hour 30 minutes`, as is natural for the length."""
    if minutes >= DAY and minutes % DAY == 0:
        days = minutes // DAY
        return ngettext("%(count)d day", "%(count)d days", days) % {"count": days}
    hours, rest = divmod(minutes, HOUR)
    parts = []
    if hours:
        parts.append(ngettext("%(count)d hour", "%(count)d hours", hours) % {"count": hours})
    if rest or not hours:
        parts.append(ngettext("%(count)d minute", "%(count)d minutes", rest) % {"count": rest})
    return " ".join(parts)


def policy_sentences(policy: Policy) -> list[str]:
    """Return the policy as sentences, the most asked about first."""
    return [
        *_lengths(policy), *_ahead(policy), *_needs(policy), *_limits(policy), *_deciding(policy),
        *_giving_back(policy), *_waiting(policy),
    ]  # fmt: skip


def _lengths(policy: Policy) -> Iterable[str]:
    values = {"shortest": length_text(policy.shortest), "longest": length_text(policy.longest)}
    if policy.shortest == policy.longest:
        yield _("Each booking lasts %(shortest)s.") % values
    else:
        yield _("A booking lasts from %(shortest)s to %(longest)s.") % values
    if policy.whole_days:
        starts = {"time": clock(policy.day_starts)}
        yield _("Bookings are for whole days, which begin at %(time)s on the laboratory’s clock.") % starts
    else:
        yield _("Bookings begin in steps of %(step)s.") % {"step": length_text(policy.step)}
    changing = policy.before + policy.after
    if changing:
        yield _("The laboratory keeps %(length)s free between bookings.") % {"length": length_text(changing)}


def _ahead(policy: Policy) -> Iterable[str]:
    if policy.notice:
        yield _("Book at least %(length)s before the start.") % {"length": length_text(policy.notice)}
    yield ngettext(
        "You can book up to %(count)d day ahead.", "You can book up to %(count)d days ahead.", policy.horizon_days
    ) % {"count": policy.horizon_days}


def _needs(policy: Policy) -> Iterable[str]:
    if policy.needs_certificate:
        yield _("One of those who take part holds a certificate for it.")
    if policy.needs_sample:
        yield _("Time is booked once a sample is at the laboratory.")
    if policy.needs_operator:
        yield _("An operator of the laboratory is present.")


def _limits(policy: Policy) -> Iterable[str]:
    if policy.weekly_limit is not None:
        yield _("An award may use up to %(length)s a week.") % {"length": length_text(policy.weekly_limit)}
    if policy.open_bookings_limit is not None:
        yield ngettext(
            "An award may have %(count)d coming booking at a time.",
            "An award may have %(count)d coming bookings at a time.",
            policy.open_bookings_limit,
        ) % {"count": policy.open_bookings_limit}


def _deciding(policy: Policy) -> Iterable[str]:
    if not policy.needs_confirmation:
        yield _("A booking is confirmed at once.")
        return
    values = {"length": length_text(policy.confirm_by)}
    yield _("An operator confirms each booking, at the latest %(length)s before the start; else it lapses.") % values


def _giving_back(policy: Policy) -> Iterable[str]:
    if not policy.late_cancel_percent:
        yield _("You can cancel until the start, and all hours return to the award.")
        return
    values = {"length": length_text(policy.cancel_notice), "percent": policy.late_cancel_percent}
    yield _("You can cancel free of charge until %(length)s before the start.") % values
    yield _("After that, %(percent)d %% of the hours are lost.") % values


def _waiting(policy: Policy) -> Iterable[str]:
    values = {"length": length_text(policy.offer_minutes)}
    yield _("Time offered from the waiting list is held for %(length)s, and shorter when it is near.") % values
    if policy.has_standby:
        answer = {"length": length_text(policy.standby_minutes)}
        yield _("A stand-by queue is open: who is called has %(length)s to answer.") % answer


def clock(minutes: int) -> str:
    """Return minutes from midnight as wall time; 1440, the midnight that ends the day, is `24:00`."""
    if minutes == DAY:
        return "24:00"
    return time_format(time(*divmod(minutes, HOUR)))


def _stretch(row: OpeningHours) -> str:
    if (row.opens, row.closes) == (0, DAY):
        return _("round the clock")
    return _("%(start)s–%(end)s") % {"start": clock(row.opens), "end": clock(row.closes)}

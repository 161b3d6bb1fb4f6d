"""Words of booking pages: weeks, slots on two clocks, deeds."""

from collections.abc import Iterable
from datetime import date, datetime
from html import escape
from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bookings.clocks import BothTimes
from bookings.enums import SessionState
from bookings.models import Booking
from bookings.policy import in_words
from bookings.slots import Span
from bookings.week import Day, Entry
from bookings.week import week_name as name_of_week
from instruments.models import Instrument
from portal.core import times
from portal.core.dates import date_format
from portal.core.templatetags.ui import status

register = template.Library()
SELECTED = SafeString(" selected")


@register.filter
def week_name(day: date) -> str:
    return name_of_week(day)


@register.filter
def week_of(moment: datetime) -> str:
    """The reader's ISO week of a moment."""
    return name_of_week(timezone.localtime(moment).date())


@register.filter
def short_day(day: date) -> str:
    """`Mon 22 March`"""
    return times.date_text(day, _("D j F"))


@register.filter
def free_count(count: int) -> str:
    """`12 free`"""
    return ngettext("%(free)s free", "%(free)s free", count) % {"free": count}


@register.simple_tag
def length_options(lengths: Iterable[int], chosen: int) -> SafeString:
    """The lengths one may book, in minutes, as the options of a select with their words."""
    return format_html_join(
        "",
        '<option value="{}"{}>{}</option>',
        ((str(length), SELECTED if length == chosen else "", in_words(length)) for length in lengths),
    )


@register.simple_tag
def week_title(monday: date, sunday: date) -> str:
    """`22 – 28 March 2027`, or both months where the week has two."""
    if monday.month == sunday.month:
        return _("%(first)s–%(last)s") % {"first": date_format(monday, "j"), "last": date_format(sunday, "j F Y")}
    return _("%(first)s – %(last)s") % {"first": date_format(monday, "j F"), "last": date_format(sunday, "j F Y")}


@register.filter
def whole_day(day: date) -> str:
    """`Monday 22 March 2027`"""
    return times.day_text(day)


@register.simple_tag
def day_lines(day: Day, own: times.Spans, lab: times.Spans, can_choose: object) -> SafeString:
    """The lines of a day: slots to choose with both clocks, and times that are booked.

    Written here and not as a template, since a week has a hundred of them and a slow phone waits for the last.
    """
    words = {kind: escape(_said(kind)) for kind in {entry.kind for entry in day.entries}}
    at_the_lab = escape(_("at the lab"))

    def line(entry: Entry) -> str:
        start, end = entry.span.start, entry.span.end
        mine = escape(own.text(start, end))
        if entry.kind != "free" or not can_choose:
            return _TAKEN.format(" slot-own" if entry.kind == "own" else "", mine, words[entry.kind])
        return _FREE.format(entry.value, mine, escape(lab.text_beside(own, start, end)), at_the_lab)

    return SafeString("".join(map(line, day.entries)))


def _said(kind: str) -> str:
    """What an entry of this kind says."""
    if kind == "own":
        return _("Your booking")
    if kind == "taken":
        return _("Booked")
    return _("Closed") if kind == "closed" else _("Free")


_FREE = (
    '<label class="slot"><input type="radio" name="slot" value="{}">'
    "<span><b><bdi>{}</bdi></b><small><bdi>{}</bdi> {}</small></span></label>\n"
)
_TAKEN = '<p class="slot slot-off{}"><span><b><bdi>{}</bdi></b><small>{}</small></span></p>\n'


@register.simple_tag
def zone_sentence(own: ZoneInfo, lab: ZoneInfo, now: datetime, place: str) -> str:
    """Whose time the page shows, and how far ahead or behind the laboratory is now."""
    mine = _("Times are in %(zone)s (%(offset)s).") % {
        "zone": times.zone_words(own),
        "offset": times.offset_text(now, own),
    }
    minutes = times.offset_minutes(now, lab) - times.offset_minutes(now, own)
    return f"{mine} {_behind(minutes, place)}"


def _behind(minutes: int, place: str) -> str:
    if not minutes:
        return _("Clocks at the lab in %(place)s show the same time now.") % {"place": place}
    values = {"place": place, "length": times.hours_text(abs(minutes))}
    if minutes > 0:
        return _("The lab in %(place)s is %(length)s ahead now.") % values
    return _("The lab in %(place)s is %(length)s behind now.") % values


@register.simple_tag
def clock_notice(zone: ZoneInfo, change: times.ClockChange) -> str:
    """`Clocks in Paris go forward by 1 hour on Sunday 28 March 2027. Times below are already adjusted.`"""
    values: dict[str, Any] = {
        "zone": times.zone_city(zone),
        "length": times.hours_text(abs(change.minutes)),
        "day": times.day_text(change.day),
    }
    if change.minutes > 0:
        text = _("Clocks in %(zone)s go forward by %(length)s on %(day)s. Times below are already adjusted.")
    else:
        text = _("Clocks in %(zone)s go back by %(length)s on %(day)s. Times below are already adjusted.")
    return text % values


@register.simple_tag
def session_status(state: str) -> SafeString:
    """A session's state as word and shape."""
    return status(state, label=str(SessionState(state).label))


@register.filter
def ended_early(booking: Booking) -> datetime | None:
    """When the session closed, where that was before the booked end and somebody had begun it."""
    session = getattr(booking, "session", None)
    if session is None or session.state != SessionState.ENDED or session.closed_at is None:
        return None
    return session.closed_at if session.closed_at < booking.end else None


@register.simple_tag
def both_times_in_words(booking: Booking) -> str:
    """A booking's time as one line of text: day and span in the reader's zone, then at the laboratory."""
    return span_in_words(booking.span, booking.instrument)


@register.simple_tag
def span_in_words(span: Span, instrument: Instrument) -> str:
    """The same for any time on an instrument."""
    zone = ZoneInfo(times.zone_name(timezone.get_current_timezone()))
    return BothTimes(zone).line(span.start, span.end, instrument.time_zone, instrument.place)

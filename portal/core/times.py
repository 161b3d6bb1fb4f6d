"""Words for moments: one moment, two clocks, never an offset of "now".

All functions are pure: they take aware datetimes and `zoneinfo.ZoneInfo` zones and return values or text in the
active language. Offsets are those of the moment asked about, since they change with the seasons and by decree.
"""

import calendar
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import get_language, get_language_bidi, pgettext, pgettext_lazy
from django.utils.translation import gettext as _

from portal.core.dates import date_format

# Zone cities that French (and other languages) write differently; gettext only collects literals.
TRANSLATED_CITIES = (
    pgettext_lazy("city", "Addis Ababa"),
    pgettext_lazy("city", "Algiers"),
    pgettext_lazy("city", "Athens"),
    pgettext_lazy("city", "Beijing"),
    pgettext_lazy("city", "Brussels"),
    pgettext_lazy("city", "Cairo"),
    pgettext_lazy("city", "Copenhagen"),
    pgettext_lazy("city", "Dar es Salaam"),
    pgettext_lazy("city", "El Aaiun"),
    pgettext_lazy("city", "Lisbon"),
    pgettext_lazy("city", "London"),
    pgettext_lazy("city", "Mauritius"),
    pgettext_lazy("city", "Mexico City"),
    pgettext_lazy("city", "Mogadishu"),
    pgettext_lazy("city", "Moscow"),
    pgettext_lazy("city", "Rome"),
    pgettext_lazy("city", "Sao Tome"),
    pgettext_lazy("city", "Vienna"),
    pgettext_lazy("city", "Warsaw"),
)


class LocalTimeError(ValueError):
    """A wall time that a zone skips or has twice; the message is a sentence for the person who typed it."""


LEFT_TO_RIGHT, END_OF_ISOLATE = "\u2066", "\u2069"


@dataclass(frozen=True)
class ClockChange:
    """Clocks in a zone move on `day` by `minutes` (positive: forward)."""

    day: date
    minutes: int


def is_in_reach(moment: date) -> bool:
    """Whether a day or moment can be reckoned with; near either end of the calendar zones and days overflow."""
    return 1900 <= moment.year < 3000


def zone_name(zone: tzinfo) -> str:
    """Return the IANA name of `zone`, such as `Africa/Dar_es_Salaam`."""
    return getattr(zone, "key", None) or str(zone)


def zone_city(zone: tzinfo | str) -> str:
    """Return the last part of the zone's IANA name as words in the active language: `Dar es Salaam`."""
    name = zone if isinstance(zone, str) else zone_name(zone)
    return pgettext("city", name.rsplit("/", 1)[-1].replace("_", " "))


def zone_words(zone: tzinfo | str) -> str:
    """Return how people call the zone's time: `Nairobi time`, `UTC`."""
    city = zone_city(zone)
    return city if city == "UTC" else _("%(city)s time") % {"city": city}


def offset_minutes(moment: datetime, zone: tzinfo) -> int:
    """Return how many minutes `zone` is ahead of UTC at `moment`."""
    offset = moment.astimezone(zone).utcoffset() or timedelta()
    return int(offset.total_seconds() // 60)


def offset_text(moment: datetime, zone: tzinfo) -> str:
    """Return `UTC+3`, `UTC-3:30` or `UTC` for `zone` at `moment`."""
    minutes = offset_minutes(moment, zone)
    if not minutes:
        return "UTC"
    hours, rest = divmod(abs(minutes), 60)
    sign = "+" if minutes > 0 else "−"
    return f"UTC{sign}{hours}:{rest:02}" if rest else f"UTC{sign}{hours}"


def clock_text(moment: datetime, zone: tzinfo) -> str:
    """Return the wall time of `moment` in `zone`: `14:05`."""
    return _clock(moment.astimezone(zone))


def _clock(wall: datetime) -> str:
    """`14:05`: the 24-hour clock, as portal.formats has it in every language; a week page shows hundreds of them."""
    return f"{wall.hour:02}:{wall.minute:02}"


class Wall(NamedTuple):
    """A moment as a zone's clock shows it: the reading, and as text; `is_twice` where clocks show it once more."""

    time: datetime
    clock: str
    is_twice: bool


class Spans:
    """Spans of time as text in one zone and the active language; a page with hundreds of them makes one of these."""

    def __init__(self, zone: tzinfo) -> None:
        self.zone = zone
        self.within_a_day = _("%(start)s–%(end)s")
        self.over_days = _("%(start)s to %(day)s, %(end)s")
        if get_language_bidi():
            self.within_a_day = f"{LEFT_TO_RIGHT}{self.within_a_day}{END_OF_ISOLATE}"
        self._on_day, self._day_words = _("%(span)s on %(day)s"), _("D j F")
        self._walls: dict[datetime, Wall] = {}  # a page's slots begin and end at the same few moments
        self._days: dict[date, str] = {}
        self._changes: dict[int, bool] = {}

    def wall(self, moment: datetime) -> Wall:
        """The moment on the zone's clock."""
        found = self._walls.get(moment)
        if found is None:
            here = moment.astimezone(self.zone)
            is_twice = self._clocks_change(here) and _comes_twice(here)
            found = self._walls[moment] = Wall(here, _clock(here), is_twice)
        return found

    def _clocks_change(self, here: datetime) -> bool:
        """Whether they do on this day; the other days need no closer look."""
        day = here.toordinal()
        change = self._changes.get(day)
        if change is None:
            first = here.replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
            change = self._changes[day] = first.utcoffset() != (first + timedelta(1)).utcoffset()
        return change

    def text(self, start: datetime, end: datetime) -> str:
        """Return `11:00–13:00`; with the day of the end when that is another one.

        In a right-to-left language the span is isolated, or it would read from its end to its start. An hour that
        comes twice, as clocks go back, is told apart by its offset: `02:00–03:00 (UTC+1)`.
        """
        return self._text(start, end, is_short=False)

    def _text(self, start: datetime, end: datetime, *, is_short: bool) -> str:
        """`is_short`: without the day of the end, whichever it is."""
        first, last = self.wall(start), self.wall(end)
        words = self._words(first, last, is_short=is_short)
        if not first.is_twice and not last.is_twice:
            return words
        offsets = dict.fromkeys(offset_text(moment, self.zone) for moment in (start, end))
        return f"{words} ({'–'.join(offsets)})"

    def text_beside(self, reader: "Spans", start: datetime, end: datetime) -> str:
        """The same beside a reader's own clock: with the weekday here where the reader's is another.

        Then the day of the start is enough for a span of less than a day: `23:30–01:30 on Sun 21 March`.
        """
        here = self.wall(start).time
        if here.date() == reader.wall(start).time.date():
            return self.text(start, end)
        text, day = self._text(start, end, is_short=end - start < timedelta(1)), here.date()
        if day not in self._days:
            self._days[day] = date_text(day, self._day_words)
        return self._on_day % {"span": text, "day": self._days[day]}

    def _words(self, first: Wall, last: Wall, *, is_short: bool) -> str:
        values = {"start": first.clock, "end": last.clock}
        day, end = first.time.date(), last.time
        if is_short or day == end.date() or (end.time() == time() and end.date() - day == timedelta(1)):
            return self.within_a_day % values
        return self.over_days % {**values, "day": date_text(end.date(), _("D j M"))}


def span_text(start: datetime, end: datetime, zone: tzinfo) -> str:
    """Return one span in `zone` as `Spans` words it."""
    return Spans(zone).text(start, end)


def _comes_twice(wall: datetime) -> bool:
    """Whether clocks show this time once more, before or after."""
    return wall.utcoffset() != wall.replace(fold=1 - wall.fold).utcoffset()


def day_text(moment: datetime | date, zone: tzinfo | None = None) -> str:
    """Return `Monday 22 March 2027` for a day, or for a moment as the calendar in `zone` shows it."""
    if isinstance(moment, datetime):
        moment = moment.astimezone(zone or timezone.get_current_timezone()).date()
    return date_text(moment, _("l j F Y"))


def date_text(day: date, pattern: str) -> str:
    """Return the day by a pattern of Django's in the active language; the same few days are asked for all the time."""
    return _date_text(day, pattern, get_language())


@lru_cache(maxsize=2048)
def _date_text(day: date, pattern: str, _language: str | None) -> str:
    return date_format(day, pattern)


def lab_text(start: datetime, end: datetime, own: tzinfo, lab: tzinfo) -> str:
    """Return the span on the laboratory's clock, with its weekday when that differs from the reader's."""
    return Spans(lab).text_beside(Spans(own), start, end)


def same_clock(start: datetime, end: datetime, one: tzinfo, other: tzinfo) -> bool:
    """Whether both zones show the same wall time at both ends."""
    return all(offset_minutes(moment, one) == offset_minutes(moment, other) for moment in (start, end))


def clock_changes(first: date, last: date, zone: tzinfo) -> list[ClockChange]:
    """Return the clock changes of `zone` on the days `first` to `last`, both included."""
    changes = []
    day = first
    while day <= last:
        before = datetime.combine(day, time(), tzinfo=zone)
        after = datetime.combine(day + timedelta(1), time(), tzinfo=zone)
        minutes = offset_minutes(after, zone) - offset_minutes(before, zone)
        if minutes:
            changes.append(ClockChange(day, minutes))
        day += timedelta(1)
    return changes


def as_zone(zone: tzinfo | str) -> tzinfo:
    """Return a zone object for a zone or its IANA name."""
    return ZoneInfo(zone) if isinstance(zone, str) else zone


def local_moment(naive: datetime, zone: tzinfo) -> datetime:
    """Return the moment at which clocks in `zone` show `naive`.

    Raises LocalTimeError when a change of the clocks leaves that time out, or makes it come twice, and for years so
    far away that zones have no room.
    """
    if not is_in_reach(naive):
        raise LocalTimeError(_("Enter a day and time such as 2027-01-31T23:59."))
    first, second = naive.replace(tzinfo=zone, fold=0), naive.replace(tzinfo=zone, fold=1)
    if first.utcoffset() == second.utcoffset():
        return first
    values = {"time": date_format(naive, "TIME_FORMAT"), "day": day_text(naive.date()), "zone": zone_words(zone)}
    if first.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != naive:
        raise LocalTimeError(
            _("There is no %(time)s on %(day)s in %(zone)s: clocks go forward then. Choose an hour later.") % values
        )
    raise LocalTimeError(
        _("%(time)s comes twice on %(day)s in %(zone)s, since clocks go back then. Choose a time outside that hour.")
        % values
    )


def months_after(day: date, months: int) -> date:
    """The same day so many calendar months later; the month's last where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def hours_text(minutes: int) -> str:
    """Return a length of time in words that fit a column: `7 h`, `7 h 30 min`, `45 min`, `−2 h`."""
    hours, rest = divmod(abs(minutes), 60)
    sign = "\u2212" if minutes < 0 else ""
    if not rest:
        return _("%(hours)s h") % {"hours": f"{sign}{hours}"}
    if not hours:
        return _("%(minutes)s min") % {"minutes": f"{sign}{rest}"}
    return _("%(hours)s h %(minutes)s min") % {"hours": f"{sign}{hours}", "minutes": rest}

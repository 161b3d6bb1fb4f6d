"""A booking's time as one line of text, on the reader's clock and on the laboratory's."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from portal.core import times

DAY = timedelta(days=1)
MINUTES_OF_DAY = 1440


class BothTimes:
    """Lines in the active language for a reader in `zone`; a feed of thousands of bookings makes one of these."""

    def __init__(self, zone: ZoneInfo, written: Callable[[str], str] = str) -> None:
        """`written` is how lines are to be written, letter by letter; what they have in common is then written once."""
        self._written = written
        self._own, self._zone = times.Spans(zone), times.zone_words(zone)
        self._one = _("%(day)s, %(span)s %(zone)s")
        self._two = _("%(mine)s; %(span)s at the lab in %(place)s")
        self._labs: dict[str, times.Spans] = {}
        self._days: dict[int, str] = {}
        self._offsets: dict[tuple[str, int], tuple[int, int] | None] = {}
        self._around: dict[tuple[int, int, timedelta, tuple[int, int], str], tuple[int, str] | None] = {}

    def line(self, start: datetime, end: datetime, lab_zone: str, place: str) -> str:
        """Day and span in the reader's zone, then at the laboratory where its clocks show something else."""
        found = self._often(start, end, lab_zone, place)
        return self._written(self._line(start, end, lab_zone, place)) if found is None else found

    def _line(self, start: datetime, end: datetime, lab_zone: str, place: str, day: str = "") -> str:
        own, lab = self._own, self._lab(lab_zone)
        first, last = own.wall(start), own.wall(end)
        day = day or times.day_text(first.time.date())
        mine = self._one % {"day": day, "span": own.text(start, end), "zone": self._zone}
        if _look_alike(first, lab.wall(start)) and _look_alike(last, lab.wall(end)):
            return mine
        return self._two % {"mine": mine, "span": lab.text_beside(own, start, end), "place": place}

    def _often(self, start: datetime, end: datetime, lab_zone: str, place: str) -> str | None:
        """The line where no clock changes near and all is within one day of both clocks; None elsewhere.

        Such a line is the same on every day but for the day, and nearly all are such. Takes moments in UTC.
        """
        if start.tzinfo is not UTC or start.second or end.second:
            return None
        number = start.toordinal()
        try:
            offsets = self._offsets[lab_zone, number]
        except KeyError:
            offsets = self._offsets[lab_zone, number] = self._offsets_near(lab_zone, number)
        if offsets is None:
            return None
        key = (start.hour, start.minute, end - start, offsets, place)
        try:
            around = self._around[key]
        except KeyError:
            around = self._around[key] = self._around_day(start, end, offsets, lab_zone, place)
        if around is None:
            return None
        shift, line = around
        return line % self._day(number + shift)

    def _around_day(
        self, start: datetime, end: datetime, offsets: tuple[int, int], lab_zone: str, place: str
    ) -> tuple[int, str] | None:
        """How many days after that of UTC it is, and the line with `%s` where the day stands."""
        minutes, length = start.hour * 60 + start.minute, (end - start) // timedelta(minutes=1)
        (shift, opens), (lab_shift, lab_opens) = (divmod(minutes + offset, MINUTES_OF_DAY) for offset in offsets)
        if lab_shift != shift or max(opens, lab_opens) + length > MINUTES_OF_DAY:
            return None
        mark = "\0"
        line = self._line(start, end, lab_zone, place, mark)
        return shift, "%s".join(self._written(piece).replace("%", "%%") for piece in line.split(mark))

    def _offsets_near(self, lab_zone: str, number: int) -> tuple[int, int] | None:
        """Minutes that both clocks are ahead of UTC; None where one of them changes."""
        own, lab = _offset_near(self._own.zone, number), _offset_near(self._lab(lab_zone).zone, number)
        return None if own is None or lab is None else (own, lab)

    def _lab(self, zone: str) -> times.Spans:
        lab = self._labs.get(zone)
        if lab is None:
            lab = self._labs[zone] = times.Spans(ZoneInfo(zone))
        return lab

    def _day(self, number: int) -> str:
        text = self._days.get(number)
        if text is None:
            text = self._days[number] = self._written(times.day_text(date.fromordinal(number)))
        return text


@lru_cache(maxsize=4096)
def _offset_near(zone: tzinfo, number: int) -> int | None:
    """Minutes that `zone` is ahead of UTC on and around a day (proleptic ordinal, UTC); None: its clocks change."""
    midnight = datetime.combine(date.fromordinal(number), time(), UTC)
    first, *others = (times.offset_minutes(midnight + days * DAY, zone) for days in (-1, 0, 1, 2))
    return first if all(offset == first for offset in others) else None


def _look_alike(one: times.Wall, other: times.Wall) -> bool:
    """Whether two clocks that tell the same moment show the same; they are never a month apart."""
    return one.clock == other.clock and one.time.day == other.time.day

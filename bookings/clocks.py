"""A booking's time as one line of text, on the reader's clock and on the laboratory's."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from portal.core import times

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
MINUTES_OF_DAY = 1440


class BothTimes:
    """Lines in the active language for a reader in `zone`; a feed of thousands of bookings makes one of these."""

    def __init__(self, zone: ZoneInfo) -> None:
        self._own, self._zone = times.Spans(zone), times.zone_words(zone)
        self._one = _("%(day)s, %(span)s %(zone)s")
        self._two = _("%(mine)s; %(span)s at the lab in %(place)s")
        self._labs: dict[str, times.Spans] = {}
        self._days: dict[date, str] = {}
        self._offsets: dict[tuple[times.Spans, int], int | None] = {}
        self._around: dict[tuple[int, int, int, int, str], str] = {}

    def line(self, start: datetime, end: datetime, lab_zone: str, place: str) -> str:
        """Day and span in the reader's zone, then at the laboratory where its clocks show something else."""
        found = self._often(start, end, lab_zone, place)
        return self._line(start, end, lab_zone, place) if found is None else found

    def _line(self, start: datetime, end: datetime, lab_zone: str, place: str, day: str = "") -> str:
        own, lab = self._own, self._lab(lab_zone)
        first, last = own.wall(start), own.wall(end)
        day = day or self._day(first.time.date())
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
        number, minutes = start.toordinal(), (end - start) // MINUTE
        own, lab = self._offset(self._own, number), self._offset(self._lab(lab_zone), number)
        if own is None or lab is None:
            return None
        minute = start.hour * 60 + start.minute
        shift, opens = divmod(minute + own, MINUTES_OF_DAY)
        lab_shift, lab_opens = divmod(minute + lab, MINUTES_OF_DAY)
        if lab_shift != shift or max(opens, lab_opens) + minutes >= MINUTES_OF_DAY:
            return None
        key = (minute, minutes, own, lab, place)
        around = self._around.get(key)
        if around is None:
            around = self._around[key] = self._around_day(start, end, lab_zone, place)
        return around % self._day(date.fromordinal(number + shift))

    def _around_day(self, start: datetime, end: datetime, lab_zone: str, place: str) -> str:
        """The line with `%s` where the day stands."""
        mark = "\0"
        line = self._line(start, end, lab_zone, place, mark)
        return line.replace("%", "%%").replace(mark, "%s")

    def _offset(self, spans: times.Spans, number: int) -> int | None:
        """Minutes ahead of UTC on a day (proleptic ordinal, UTC), and around it; None: they change."""
        key = (spans, number)
        if key not in self._offsets:
            midnight = datetime.combine(date.fromordinal(number), time(), UTC)
            near = {times.offset_minutes(midnight + days * DAY, spans.zone) for days in (-1, 0, 1, 2)}
            self._offsets[key] = near.pop() if len(near) == 1 else None
        return self._offsets[key]

    def _lab(self, zone: str) -> times.Spans:
        lab = self._labs.get(zone)
        if lab is None:
            lab = self._labs[zone] = times.Spans(ZoneInfo(zone))
        return lab

    def _day(self, day: date) -> str:
        text = self._days.get(day)
        if text is None:
            text = self._days[day] = times.day_text(day)
        return text


def _look_alike(one: times.Wall, other: times.Wall) -> bool:
    """Whether two clocks that tell the same moment show the same; they are never a month apart."""
    return one.clock == other.clock and one.time.day == other.time.day

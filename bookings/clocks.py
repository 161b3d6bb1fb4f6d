"""A booking's time as one line of text, on the reader's clock and on the laboratory's."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from portal.core import times


class BothTimes:
    """Lines in the active language for a reader in `zone`; a feed of thousands of bookings makes one of these."""

    def __init__(self, zone: ZoneInfo) -> None:
        self._own, self._zone = times.Spans(zone), times.zone_words(zone)
        self._one = _("%(day)s, %(span)s %(zone)s")
        self._two = _("%(mine)s; %(span)s at the lab in %(place)s")
        self._labs: dict[str, times.Spans] = {}
        self._days: dict[date, str] = {}

    def line(self, start: datetime, end: datetime, lab_zone: str, place: str) -> str:
        """Day and span in the reader's zone, then at the laboratory where its clocks show something else."""
        lab = self._labs.get(lab_zone)
        if lab is None:
            lab = self._labs[lab_zone] = times.Spans(ZoneInfo(lab_zone))
        own = self._own
        first, last = own.wall(start), own.wall(end)
        day = self._day(first.time.date())
        mine = self._one % {"day": day, "span": own.text(start, end), "zone": self._zone}
        if _look_alike(first, lab.wall(start)) and _look_alike(last, lab.wall(end)):
            return mine
        return self._two % {"mine": mine, "span": lab.text_beside(own, start, end), "place": place}

    def _day(self, day: date) -> str:
        text = self._days.get(day)
        if text is None:
            text = self._days[day] = times.day_text(day)
        return text


def _look_alike(one: times.Wall, other: times.Wall) -> bool:
    """Whether two clocks that tell the same moment show the same; they are never a month apart."""
    return one.clock == other.clock and one.time.day == other.time.day

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
        mine = self._one % {"day": self._day(start), "span": self._own.text(start, end), "zone": self._zone}
        if self._shows_the_same(start, lab) and self._shows_the_same(end, lab):
            return mine
        return self._two % {"mine": mine, "span": lab.text_beside(self._own, start, end), "place": place}

    def _shows_the_same(self, moment: datetime, lab: times.Spans) -> bool:
        return self._own.wall(moment).time.utcoffset() == lab.wall(moment).time.utcoffset()

    def _day(self, moment: datetime) -> str:
        day = self._own.wall(moment).time.date()
        if day not in self._days:
            self._days[day] = times.day_text(day)
        return self._days[day]

"""What calendars say of a booking, in the active language."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bookings.clocks import BothTimes
from bookings.enums import GIVEN_UP, BookingState
from bookings.models import Booking
from instruments.models import Closure, Instrument
from portal.core.ics import Event, Value, What, escaped, host
from portal.notifications.links import absolute

UNSETTLED = (BookingState.HELD, BookingState.REQUESTED)
# The fields of a Line, as a query names them: rows and not objects, since a feed has thousands.
COLUMNS = (
    *("pk", "ref", "period__startswith", "period__endswith", "state", "version", "updated_at"),
    *("instrument", "award__title", "organisation__name"),
)


class Line(NamedTuple):
    """What is read of a booking; `instrument` is its primary key, `award` and `organisation` are words."""

    pk: int
    ref: str
    start: datetime
    end: datetime
    state: str
    version: int
    changed: datetime
    instrument: int
    award: str
    organisation: str

    @classmethod
    def of(cls, booking: Booking) -> "Line":
        """The same of a booking that was read whole."""
        return cls(
            *(booking.pk, booking.ref, booking.start, booking.end, booking.state, booking.version, booking.updated_at),
            *(booking.instrument_id, booking.award.title, booking.organisation.name),
        )


class Part(NamedTuple):
    """Who takes part: their names as they were entered, how many they are, whether the reader is one of them."""

    names: str = ""
    number: int = 0
    has_reader: bool = False


class Events:
    """Events for one reader, who reads times in `zone`."""

    def __init__(self, instruments: Mapping[int, Instrument], zone: ZoneInfo) -> None:
        self._instruments = instruments
        self._zones = {pk: instrument.zone for pk, instrument in instruments.items()}
        self._names = {pk: instrument.name for pk, instrument in instruments.items()}
        self._places = {pk: f"{row.organisation.name}, {row.place}" for pk, row in instruments.items()}
        self._times = BothTimes(zone, written=escaped)
        self._states = {state.value: str(state.label) for state in BookingState}
        self._statuses = {state.value: _status(state) for state in BookingState}
        self._address = absolute(reverse("bookings:detail", args=["0"])).removesuffix("0/")
        self._host = host()
        self._award, self._reference, self._busy = _("Award: %(title)s"), escaped(_("Reference: %(ref)s")), _("Busy")
        self._plain, self._for_lab = _("%(state)s: %(what)s"), _("%(instrument)s: %(organisation)s")
        self._whats: dict[Any, What] = {}

    def full(self, line: Line, part: Part, *, names_organisation: bool = False) -> Event:
        """All that the booking's own page says; the title `names_organisation` for those who run the instrument."""
        _pk, ref, start, end, state, _version, changed, instrument, award, organisation = line
        alike = (instrument, state, award, part, organisation if names_organisation else "")
        try:
            what = self._whats[alike]
        except KeyError:
            what = self._whats[alike] = self._what(line, part, names_organisation=names_organisation)
        url = f"{self._address}{ref}/"
        return Event(
            f"booking-{ref.lower()}@{self._host}",
            sequence(line),
            changed,
            start,
            end,
            what,
            (self._when(instrument, start, end), Value(self._reference % {"ref": ref}), Value(url)),
            url,
        )

    def _what(self, line: Line, part: Part, *, names_organisation: bool) -> What:
        """What a booking says as others do of the same instrument, award and people: often they are the same again."""
        what, status = self._names[line.instrument], self._statuses[line.state]
        if names_organisation:
            what = self._for_lab % {"instrument": what, "organisation": line.organisation}
        state = _capital(self._states[line.state])
        people = ngettext("Takes part: %(names)s", "Take part: %(names)s", part.number) % {"names": part.names}
        return What(
            summary=what if status == "CONFIRMED" else self._plain % {"state": state, "what": what},
            zone=self._zones[line.instrument],
            lines=(*([people] if part.number else []), self._award % {"title": line.award}),
            location=self._places[line.instrument],
            status=status,
            takes_time=part.has_reader and status != "CANCELLED",
        )

    def busy(self, line: Line, uid: str) -> Event:
        """That the time is taken and nothing else: neither names nor the reference."""
        pk, start, end = line.instrument, line.start, line.end
        what = self._whats.get(pk)
        if what is None:
            zone, place = self._zones[pk], self._places[pk]
            what = self._whats[pk] = What(self._busy, zone, location=place, takes_time=False)
        when = self._when(pk, start, end)
        return Event(f"{uid}@{self._host}", sequence(line), line.changed, start, end, what, (when,))

    def _when(self, instrument: int, start: datetime, end: datetime) -> Value:
        """The time on both clocks."""
        place = self._instruments[instrument]
        return Value(self._times.line(start, end, place.time_zone, place.place))

    def closed(self, closure: Closure, instrument: Instrument) -> Event:
        """A closure of the instrument, or of one of its units, with the reason that its page says."""
        what = self._names[instrument.pk] + (f", {closure.unit.name}" if closure.unit else "")
        url = absolute(instrument.get_absolute_url())
        place = What(
            summary=_("Closed: %(what)s") % {"what": what},
            zone=self._zones[instrument.pk],
            location=self._places[instrument.pk],
            takes_time=False,
        )
        return Event(
            uid=f"closure-{closure.pk}@{self._host}",
            sequence=0,  # one that changes is another closure
            changed=closure.updated_at,
            start=closure.start,
            end=closure.end,
            what=place,
            lines=(escaped(closure.reason), self._when(instrument.pk, closure.start, closure.end), Value(url)),
            url=url,
        )


def sequence(line: Line) -> int:
    """How often calendars had to be told anew: each move counts two, so that giving up comes after the last one."""
    return 2 * line.version + (line.state in GIVEN_UP)


def _status(state: BookingState) -> str:
    """As calendars call it (RFC 5545, 3.8.1.11)."""
    if state in GIVEN_UP:
        return "CANCELLED"
    return "TENTATIVE" if state in UNSETTLED else "CONFIRMED"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]

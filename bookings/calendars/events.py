"""What calendars say of a booking, in the active language."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bookings.clocks import BothTimes
from bookings.enums import GIVEN_UP, BookingState
from bookings.models import Booking
from instruments.models import Closure, Instrument
from portal.core.ics import Event, host
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
        self._times = BothTimes(zone)
        self._states = {state.value: str(state.label) for state in BookingState}
        self._statuses = {state.value: _status(state) for state in BookingState}
        self._address = absolute(reverse("bookings:detail", args=["0"])).removesuffix("0/")
        self._host = host()
        self._award, self._reference, self._busy = _("Award: %(title)s"), _("Reference: %(ref)s"), _("Busy")
        self._parts: dict[Part, tuple[str, ...]] = {}
        self._plain, self._for_lab = _("%(state)s: %(what)s"), _("%(instrument)s: %(organisation)s")

    def full(self, line: Line, part: Part, *, names_organisation: bool = False) -> Event:
        """All that the booking's own page says; the title `names_organisation` for those who run the instrument."""
        instrument, state = self._instruments[line.instrument], self._states[line.state]
        what, status = self._names[line.instrument], self._statuses[line.state]
        if names_organisation:
            what = self._for_lab % {"instrument": what, "organisation": line.organisation}
        url = f"{self._address}{line.ref}/"
        return Event(
            uid=f"booking-{line.ref.lower()}@{self._host}",
            sequence=sequence(line),
            changed=line.changed,
            start=line.start,
            end=line.end,
            zone=self._zones[line.instrument],
            summary=what if status == "CONFIRMED" else self._plain % {"state": _capital(state), "what": what},
            description=(
                self._times.line(line.start, line.end, instrument.time_zone, instrument.place),
                *self._part(part),
                self._award % {"title": line.award},
                self._reference % {"ref": line.ref},
                url,
            ),
            location=self._places[line.instrument],
            url=url,
            status=status,
            takes_time=part.has_reader and status != "CANCELLED",
        )

    def _part(self, part: Part) -> tuple[str, ...]:
        """Who takes part as a line, if anybody does; often it is the same people again."""
        found = self._parts.get(part)
        if found is None:
            line = ngettext("Takes part: %(names)s", "Take part: %(names)s", part.number) % {"names": part.names}
            found = self._parts[part] = (line,) if part.number else ()
        return found

    def busy(self, line: Line, uid: str) -> Event:
        """That the time is taken and nothing else: neither names nor the reference."""
        instrument = self._instruments[line.instrument]
        return Event(
            uid=f"{uid}@{self._host}",
            sequence=sequence(line),
            changed=line.changed,
            start=line.start,
            end=line.end,
            zone=self._zones[line.instrument],
            summary=self._busy,
            description=(self._times.line(line.start, line.end, instrument.time_zone, instrument.place),),
            location=self._places[line.instrument],
            takes_time=False,
        )

    def closed(self, closure: Closure, instrument: Instrument) -> Event:
        """A closure of the instrument, or of one of its units, with the reason that its page says."""
        what = self._names[instrument.pk] + (f", {closure.unit.name}" if closure.unit else "")
        url = absolute(instrument.get_absolute_url())
        return Event(
            uid=f"closure-{closure.pk}@{self._host}",
            sequence=0,  # one that changes is another closure
            changed=closure.updated_at,
            start=closure.start,
            end=closure.end,
            zone=self._zones[instrument.pk],
            summary=_("Closed: %(what)s") % {"what": what},
            description=(
                closure.reason,
                self._times.line(closure.start, closure.end, instrument.time_zone, instrument.place),
                url,
            ),
            location=self._places[instrument.pk],
            url=url,
            takes_time=False,
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

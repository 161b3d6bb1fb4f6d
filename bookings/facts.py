"""What the rules need to know of an instrument, read in one statement."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, Self
from zoneinfo import ZoneInfo

from django.contrib.postgres.expressions import ArraySubquery
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import OuterRef
from django.db.models.functions import JSONObject

from bookings.slots import DAY, MINUTE, Span, Stretch, day_slots, debited_minutes, hour_slots, open_spans, wall_moment
from instruments.enums import InstrumentState
from instruments.models import Closure, Instrument, OpeningHours, Policy, Unit


@dataclass(frozen=True)
class UnitFacts:
    """A unit in service and the closures of its own."""

    pk: int
    name: str
    closures: tuple[Span, ...]


@dataclass(frozen=True)
class Facts:
    """An instrument as bookings see it within a window: hours, closures, policy, units. Spans are UTC."""

    instrument: Instrument
    window: Span
    week: tuple[Stretch, ...]
    closures: tuple[Span, ...]
    units: tuple[UnitFacts, ...]

    @classmethod
    def read(cls, instruments: Any, window: Span, **lookup: Any) -> Self:
        """The facts of the one instrument of queryset `instruments` that `lookup` names; Instrument.DoesNotExist."""
        row = _annotated(instruments, window).get(**lookup)
        closures = [(item["unit"], _span(item)) for item in row.closure_facts]
        return cls(
            instrument=row,
            window=window,
            week=tuple(Stretch(**item) for item in row.hour_facts),
            closures=tuple(span for unit, span in closures if unit is None),
            units=tuple(
                UnitFacts(item["pk"], item["name"], tuple(span for unit, span in closures if unit == item["pk"]))
                for item in row.unit_facts
            ),
        )

    @property
    def policy(self) -> Policy:
        return self.instrument.policy

    @property
    def is_listed(self) -> bool:
        return self.instrument.state == InstrumentState.LISTED

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.instrument.time_zone)

    @cached_property
    def opening(self) -> list[Span]:
        """When the laboratory is open in and around the window, joined where stretches meet."""
        reach = timedelta(minutes=self.policy.longest) + DAY
        first, last = (self.window.start - reach, self.window.end + reach)
        return open_spans(self.week, self.zone, first.astimezone(self.zone).date(), last.astimezone(self.zone).date())

    def occupied(self, period: Span) -> Span:
        """The period and the change-over around it: what is guarded."""
        return period.widened(self.policy.before * MINUTE, self.policy.after * MINUTE)

    def cost(self, period: Span) -> int:
        """Minutes that the award pays for the period."""
        return debited_minutes(period, self.zone, whole_days=self.policy.whole_days)

    def period(self, start: datetime, minutes: int) -> Span:
        """The period of this length from `start`; whole days end at the wall time at which they began."""
        if not self.policy.whole_days:
            return Span(start, start + minutes * MINUTE)
        day = start.astimezone(self.zone).date() + max(minutes // 1440, 1) * DAY
        return Span(start, wall_moment(day, self.policy.day_starts, self.zone))

    def slots(self, minutes: int, stride: int = 1) -> list[Span]:
        """Every period of this length within the window that opening hours and step allow, taken or not.

        `stride` takes only every so many steps, where a page would grow too long.
        """
        if self.policy.whole_days:
            first, last = (moment.astimezone(self.zone).date() for moment in (self.window.start, self.window.end))
            found = day_slots(self.opening, self.zone, self.policy.day_starts, max(minutes // 1440, 1), first, last)
        else:
            found = hour_slots(self.opening, stride * self.policy.step * MINUTE, minutes * MINUTE)
        return [slot for slot in found if self.window.start <= slot.start < self.window.end]

    def lengths(self) -> list[int]:
        """The lengths that may be booked, in minutes; thinned out to at most 24 for a choice on a page."""
        policy = self.policy
        step = 1440 if policy.whole_days else policy.step
        shortest = -(-policy.shortest // step) * step
        every = list(range(shortest, policy.longest + 1, step))
        stride = -(-len(every) // 24)
        return every[::stride] if stride else []


def _annotated(instruments: Any, window: Span) -> Any:
    """The instruments with their hours, units and closures as JSON, so that one statement brings all."""
    hours = OpeningHours.objects.filter(instrument=OuterRef("pk")).order_by("weekday", "opens")
    units = Unit.objects.filter(instrument=OuterRef("pk"), is_active=True).order_by("pk")
    closures = Closure.objects.filter(
        instrument=OuterRef("pk"), period__overlap=DateTimeTZRange(window.start - 31 * DAY, window.end + 31 * DAY)
    )
    return instruments.select_related("policy", "organisation").annotate(
        hour_facts=ArraySubquery(hours.values(fact=JSONObject(weekday="weekday", opens="opens", closes="closes"))),
        unit_facts=ArraySubquery(units.values(fact=JSONObject(pk="pk", name="name"))),
        closure_facts=ArraySubquery(
            closures.values(fact=JSONObject(unit="unit_id", start="period__startswith", end="period__endswith"))
        ),
    )


def _span(item: dict[str, Any]) -> Span:
    return Span(datetime.fromisoformat(item["start"]), datetime.fromisoformat(item["end"]))

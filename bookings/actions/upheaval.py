"""The laboratory closes, suspends or changes the instrument: what that does to the bookings there are.

Each of these runs inside the laboratory's own deed, which holds the instrument's row FOR UPDATE, and returns the
bookings that no longer fit, for whoever does the deed to see.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone
from django.utils.translation import gettext as _

from bookings.actions.disturbance import Causes, coming_of, facts_around, reconsider
from bookings.changeover import occupied_spans
from bookings.enums import Disturbance, SessionState
from bookings.facts import Facts
from bookings.free import Occupancy
from bookings.models import Booking, Session
from bookings.obstacles import lacks_change_over
from bookings.slots import Span, Stretch
from instruments.models import Closure, Instrument, Policy
from portal.accounts.models import User
from portal.audit.actions import entry, record_all
from portal.core.errors import Reason, Refused


def after_suspension(instrument: Instrument, *, by: User) -> list[Booking]:
    return reconsider(instrument, lambda facts: _where(Disturbance.SUSPENDED, lambda row: True), by=by)


def after_closure(closure: Closure, *, by: User) -> list[Booking]:
    """Raises Refused `session_live` where a session is under way in it: it is ended first, or the closure waits."""
    _nobody_at_work(closure)
    closed = Span(closure.start, closure.end)

    def in_it(row: Booking) -> bool:
        return closure.unit_id in (None, row.unit_id) and row.span.overlaps(closed)

    return reconsider(closure.instrument, lambda facts: _where(Disturbance.CLOSED, in_it), by=by)


def after_new_hours(instrument: Instrument, before: Sequence[tuple[int, int, int]], *, by: User) -> list[Booking]:
    """`before`: the week as it was, (weekday, opens, closes). What lay outside it already is left as it is."""

    def new(facts: Facts) -> Causes:
        was = replace(facts, week=tuple(Stretch(*stretch) for stretch in before))
        return _where(Disturbance.HOURS, lambda row: _is_open(was, row) and not _is_open(facts, row))

    return reconsider(instrument, new, by=by)


def after_new_policy(instrument: Instrument, before: Policy, *, by: User) -> list[Booking]:
    """Where the change-over changed, keep the new one free around the coming bookings, as far as there is room.

    Lengths, steps and limits are asked of new bookings only.
    """
    policy = Policy.objects.get(instrument=instrument)
    if (policy.before, policy.after) == (before.before, before.after):
        return []
    narrow = _keep_free(instrument)
    return reconsider(instrument, lambda facts: _where(Disturbance.CHANGE_OVER, lambda row: row.pk in narrow), by=by)


def after_new_units(instrument: Instrument, *, by: User) -> list[Booking]:
    """Bookings of a unit that was taken out of service go to another one that is free; those that cannot, are named."""
    rows = list(coming_of(instrument))
    facts = facts_around(instrument, rows)
    in_service = {unit.pk for unit in facts.units}
    _give_other_units(facts, [row for row in rows if row.unit_id not in in_service], by=by)
    return reconsider(
        instrument, lambda facts: _where(Disturbance.UNIT, lambda row: row.unit_id not in in_service), by=by
    )


def _where(cause: Disturbance, concerned: Callable[[Booking], bool]) -> Causes:
    """`cause` for the bookings that are concerned."""
    return lambda row: {cause} if concerned(row) else set()


def _give_other_units(facts: Facts, rows: Sequence[Booking], *, by: User) -> None:
    """Move each of these to a unit in service that is free, in order; the same statements however many they are."""
    if not rows:
        return
    occupancy, moved, history = Occupancy.read(facts), [], []
    for row in rows:
        unit = occupancy.free_unit(facts, row.span)
        if unit is None:
            continue
        occupancy = occupancy.having(unit, row.occupied_span)
        history.append(entry(row, "change_unit", by=by, unit_before=row.unit_id, unit=unit))
        row.unit_id, row.updated_at = unit, timezone.now()
        moved.append(row)
    Booking.objects.bulk_update(moved, ["unit", "updated_at"])
    record_all(history)


def _nobody_at_work(closure: Closure) -> None:
    """The rows are locked, so that no session begins while this looks."""
    rows = Booking.objects.active().filter(instrument=closure.instrument_id, period__overlap=closure.period)
    rows = rows.filter(period__startswith__lte=timezone.now())
    if closure.unit_id:
        rows = rows.filter(unit=closure.unit_id)
    begun = list(rows.select_for_update(no_key=True).order_by("unit", "period").values_list("pk", flat=True))
    live = Session.objects.filter(booking__in=begun, state=SessionState.LIVE).select_related("booking").first()
    if live is not None:
        sentence = _("A session is under way (%(ref)s). End it first, or close from its end on.")
        raise Refused(Reason("session_live", sentence % {"ref": live.booking.ref}))


def _is_open(facts: Facts, row: Booking) -> bool:
    return any(opening.covers(row.span) for opening in facts.opening)


def _keep_free(instrument: Instrument) -> set[int]:
    """Rewrite what the coming bookings occupy; return those with too little room, by primary key."""
    rows = list(coming_of(instrument))
    facts = facts_around(instrument, rows)
    for unit in {row.unit_id for row in rows}:
        own = [row for row in rows if row.unit_id == unit]
        wanted = [(row.span, facts.occupied(row.span)) for row in own]
        for row, span in zip(own, occupied_spans(wanted, not_before=_last_occupied(instrument, unit)), strict=True):
            row.occupied = DateTimeTZRange(span.start, span.end)
            row.updated_at = timezone.now()
    with connection.cursor() as cursor:  # two neighbours change at once: only the outcome must keep them apart
        cursor.execute("SET CONSTRAINTS booking_never_overlaps DEFERRED")
        Booking.objects.bulk_update(rows, ["occupied", "updated_at"])
        cursor.execute("SET CONSTRAINTS booking_never_overlaps IMMEDIATE")
    return {row.pk for row in rows if lacks_change_over(facts, row)}


def _last_occupied(instrument: Instrument, unit: int) -> Span | None:
    """What the last booking of the unit that has begun occupies: it stays as it is."""
    begun = Booking.objects.occupying().filter(instrument=instrument, unit=unit, period__startswith__lte=timezone.now())
    last = begun.order_by("-period__startswith").values_list("occupied", flat=True).first()
    return Span(last.lower, last.upper) if last else None

"""What is in the way of a booking that was made before it came; pure, from an instrument's facts and the row."""

from bookings.enums import Disturbance
from bookings.facts import Facts
from bookings.models import Booking
from bookings.slots import Span
from instruments.enums import InstrumentState


def obstacles_to(facts: Facts, row: Booking) -> set[Disturbance]:
    """Every cause for which the booking cannot be held as it stands; the facts' window reaches over its period.

    Length, step, notice and limits are none: they are asked when time is booked, and what is booked stands.
    """
    found = {cause for cause in (_of_instrument(facts), _of_the_unit(facts, row)) if cause}
    if is_closed(facts, row):
        found.add(Disturbance.CLOSED)
    if not any(opening.covers(row.span) for opening in facts.opening):
        found.add(Disturbance.HOURS)
    if lacks_change_over(facts, row):
        found.add(Disturbance.CHANGE_OVER)
    return found


def _of_instrument(facts: Facts) -> Disturbance | None:
    return Disturbance.SUSPENDED if facts.state == InstrumentState.SUSPENDED else None


def _of_the_unit(facts: Facts, row: Booking) -> Disturbance | None:
    in_service = any(unit.pk == row.unit_id for unit in facts.units)
    return None if in_service else Disturbance.UNIT


def is_closed(facts: Facts, row: Booking) -> bool:
    """Whether a closure of the instrument, or of the booking's unit, meets its period."""
    own: list[Span] = [span for unit in facts.units if unit.pk == row.unit_id for span in unit.closures]
    return any(span.overlaps(row.span) for span in (*facts.closures, *own))


def lacks_change_over(facts: Facts, row: Booking) -> bool:
    """Whether less is kept free around it than the laboratory needs now: its neighbour is too near."""
    needed = facts.occupied(row.span)
    return bool(needed.start < row.occupied.lower or row.occupied.upper < needed.end)

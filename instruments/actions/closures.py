"""Close an instrument, or one unit of it, for a while."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from instruments import signals
from instruments.actions.locking import lock_to_run
from instruments.models import Closure, Instrument, Unit
from portal.audit.actions import record
from portal.core.errors import Reason, Refused

LONGEST = timedelta(days=366)


@transaction.atomic
def add_closure(
    instrument: Instrument, start: datetime, end: datetime, reason: str, *, by: Any, unit: Unit | None = None
) -> tuple[Closure, list[Any]]:
    """Close the instrument (or `unit`) from `start` until `end`, both aware.

    Returns the closure and the rows it runs into, as the apps above name them: those bookings stand until somebody
    moves or cancels them, and their people are told. Raises Refused for a period that is backwards, over or longer than
    a year, and for one in which somebody is at work.
    """
    fresh = lock_to_run(instrument, by)
    _check_period(start, end)
    if unit is not None and unit.instrument_id != fresh.pk:
        raise Refused(Reason("unit_unknown", _("This unit belongs to another instrument.")))
    closure = Closure.objects.create(instrument=fresh, unit=unit, period=(start, end), reason=reason.strip())
    closure.refresh_from_db(fields=["period"])  # a range with bounds, as receivers expect, not the pair written
    record(
        fresh, "close", by=by, why=closure.reason, start=start.isoformat(), end=end.isoformat(), unit=unit and unit.name
    )
    return closure, signals.answers_of(signals.closure_added.send(Closure, closure=closure, by=by))


@transaction.atomic
def remove_closure(closure: Closure, *, by: Any) -> None:
    """Take a closure back; those who were told of it hear that their booking stands.

    One that somebody else removed meanwhile is Refused.
    """
    instrument = lock_to_run(closure.instrument, by)
    fresh = Closure.objects.filter(pk=closure.pk, instrument=instrument).first()
    if fresh is None:
        raise Refused(Reason("closure_gone", _("This closure has been removed already.")))
    record(
        instrument,
        "open",
        by=by,
        why=fresh.reason,
        start=fresh.period.lower.isoformat(),
        end=fresh.period.upper.isoformat(),
    )
    fresh.delete()
    signals.closure_removed.send(Closure, instrument=instrument, by=by)


def _check_period(start: datetime, end: datetime) -> None:
    if end <= start:
        raise Refused(Reason("period_backwards", _("The closure must end after it begins.")))
    if end <= timezone.now():
        raise Refused(Reason("period_past", _("The closure must end in the future.")))
    if end - start > LONGEST:
        raise Refused(
            Reason("period_long", _("A closure lasts a year at most. Suspend the instrument or retire it instead."))
        )

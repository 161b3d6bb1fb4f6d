"""What came of an award is told."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from bookings.models import Outcome
from calls.actions.award import report
from calls.models import Award


@transaction.atomic
def report_outcome(award: Award, *, by: Any, **told: Any) -> Outcome:
    """Keep what was told of an ended award, once; `told` are columns of Outcome.

    Raises Forbidden to all but the holder and staff, WrongState unless the award is ended and not yet reported.
    """
    report(award, by=by)
    return Outcome.objects.create(award=award, reported_by=by, reported_at=timezone.now(), **told)

"""What the clock does to applications."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from django.db import transaction

from calls import notices
from calls.actions.application.locks import hold_call, locked
from calls.actions.application.telling import people_of, tell
from calls.eligibility import has_late_access
from calls.models import Application
from calls.states import APPLICATION_MOVES
from portal.audit.actions import record
from portal.core.machine import can_move, next_state

GRACE = timedelta(minutes=1)  # a submission that began in the last second must not find its draft lapsed


def lapse_drafts(now: datetime) -> int:
    """Lapse what nobody submitted before its call closed, unless a late access keeps it open; return how many."""
    over = now - GRACE
    rows = Application.objects.drafts_over_at(over)
    return _lapse_each(rows, lambda row: _is_over(row, over))


def lapse_unanswered(now: datetime) -> int:
    """Lapse what was returned for changes and not answered in time; return how many."""
    over = now - GRACE
    rows = Application.objects.unanswered_at(over)
    return _lapse_each(rows, lambda row: row.answer_by is not None and row.answer_by <= over)


def _is_over(row: Application, moment: datetime) -> bool:
    return row.is_draft and row.call.closes_at <= moment and not has_late_access(row.call, row.applicant, moment)


def _lapse_each(rows: Iterable[Application], is_due: Callable[[Application], bool]) -> int:
    """One transaction each; what somebody moved meanwhile, or whose call was extended, is left alone."""
    lapsed = 0
    for candidate in rows:
        with transaction.atomic():
            hold_call(candidate.call_id)
            row = locked(candidate)
            if can_move(APPLICATION_MOVES, "lapse", row.state) and is_due(row):
                _lapse(row)
                lapsed += 1
    return lapsed


def _lapse(row: Application) -> None:
    before, row.state = row.state, next_state(APPLICATION_MOVES, "lapse", row.state)
    row.save(update_fields=["state", "updated_at"])
    entry = record(row, "lapse", before=before, after=row.state)
    tell(notices.APPLICATION_LAPSED, row, people_of(row), entry)

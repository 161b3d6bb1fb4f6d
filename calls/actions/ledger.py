"""The hours ledger: entries are only added, and `balance_minutes` is always their sum and never below zero.

Minutes are whole and elapsed. Every movement is a conditional update with its entry, one statement; under any
number of concurrent requests the update is what decides. The award in memory keeps the balance it was read with.
"""

import logging
from collections.abc import Collection
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from calls.enums import AwardState, EntryKind
from calls.hours import not_active, not_enough
from calls.models import Award, LedgerEntry
from portal.audit.actions import record
from portal.core.errors import Forbidden, Reason, Refused

logger = logging.getLogger(__name__)


def spend(award: Award, minutes: int, *, booking: str, by: Any) -> LedgerEntry:
    """Debit `minutes` (positive) for the booking with ref `booking`; one statement.

    Raises Refused `award_not_active` or `not_enough_hours`, with nothing written.
    """
    _positive(minutes)
    entry = _move(award, -minutes, EntryKind.BOOKED, booking=booking, by=by, states=[AwardState.ACTIVE])
    if entry is None:
        raise _refusal(award, minutes)
    return entry


def give_back(award: Award, minutes: int, *, booking: str, by: Any, why: str) -> LedgerEntry:
    """Return `minutes` (positive) of a booking to the award, whatever its state; one statement."""
    _positive(minutes)
    entry = _move(award, minutes, EntryKind.RELEASED, booking=booking, by=by, why=why)
    if entry is None:
        raise Award.DoesNotExist
    return entry


def use(award: Award, minutes: int, *, booking: str, by: Any = None, booked: int | None = None) -> LedgerEntry:
    """Note at completion that `minutes` were used of the `booked` ones (by default all of them).

    The booking stays the debit, so the entry carries only the difference: 0, what an early end gives back, or (below
    zero) what an extension cost. Raises Refused `not_enough_hours` when an extension overdraws. One statement.
    """
    _positive(minutes)
    change = (minutes if booked is None else booked) - minutes
    entry = _move(award, change, EntryKind.USED, booking=booking, by=by)
    if entry is None:
        raise _not_enough(award, -change)
    return entry


def adjust(award: Award, minutes: int, *, why: str, by: Any) -> LedgerEntry:
    """Correct the balance by `minutes` (not 0) for a stated reason.

    Raises Refused `no_reason`, `no_change`, `award_not_active` or `not_enough_hours`.
    """
    if not by.has_perm("calls.adjust_award", award):
        raise Forbidden
    if not why.strip():
        raise Refused(Reason("no_reason", _("Say why the hours are changed; the holder reads it in the ledger.")))
    if minutes == 0:
        raise Refused(Reason("no_change", _("Enter a number of hours other than zero.")))
    with transaction.atomic(savepoint=False):
        entry = _move(award, minutes, EntryKind.ADJUSTED, why=why.strip(), by=by, states=[AwardState.ACTIVE])
        if entry is not None:
            record(award, "adjust", by=by, why=why.strip(), minutes=minutes)
    if entry is None:
        raise _refusal(award, -minutes)
    return entry


def check_balances() -> list[Award]:
    """Compare every balance with the sum of its ledger; log and record each award where they differ, and return it."""
    wrong: list[Any] = list(Award.objects.out_of_balance())
    for award in wrong:
        logger.error("award %s: balance %d, ledger %d", award.ref, award.balance_minutes, award.ledger_minutes)
        record(award, "find_mismatch", balance=award.balance_minutes, ledger=award.ledger_minutes)
    return wrong


# By hand: one statement moves the balance and writes the entry, or neither; it comes with every booking.
_MOVE = """
WITH moved AS (
    UPDATE calls_award SET balance_minutes = balance_minutes + %(minutes)s, updated_at = %(at)s
    WHERE id = %(award)s AND balance_minutes + %(minutes)s >= 0 AND (%(states)s = '{}' OR state = ANY(%(states)s))
    RETURNING id
)
INSERT INTO calls_ledgerentry (award_id, kind, minutes, booking, why, by_id, at)
SELECT id, %(kind)s, %(minutes)s, %(booking)s, %(why)s, %(by)s, %(at)s FROM moved
RETURNING id
"""


def _move(
    award: Award,
    change: int,
    kind: EntryKind,
    *,
    by: Any,
    booking: str = "",
    why: str = "",
    states: Collection[AwardState] = (),
) -> LedgerEntry | None:
    """Move the balance and write the entry; None if it does not suffice or the award is in none of `states`."""
    entry = LedgerEntry(award=award, kind=kind, minutes=change, booking=booking, why=why, by=by, at=timezone.now())
    if not change:
        entry.save(force_insert=True)
        return entry
    values: dict[str, Any] = {
        "award": award.pk,
        "minutes": change,
        "states": [state.value for state in states],
        "kind": kind.value,
        "booking": booking,
        "why": why,
        "by": entry.by_id,
        "at": entry.at,
    }
    with connection.cursor() as cursor:
        cursor.execute(_MOVE, values)
        row = cursor.fetchone()
    if row is None:
        return None
    entry.pk = row[0]
    return entry


def _positive(minutes: int) -> None:
    if minutes <= 0:
        raise ValueError(f"{minutes} minutes cannot be booked, returned or used")


def _refusal(award: Award, wanted: int) -> Refused:
    """Look again and say why `wanted` minutes were not debited."""
    award.refresh_from_db(fields=["state", "balance_minutes"])
    if award.state != AwardState.ACTIVE:
        return Refused(not_active())
    return _not_enough(award, wanted)


def _not_enough(award: Award, wanted: int) -> Refused:
    award.refresh_from_db(fields=["balance_minutes"])
    return Refused(not_enough(award.ref, wanted, award.balance_minutes))

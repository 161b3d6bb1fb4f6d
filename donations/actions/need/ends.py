"""A need is taken back, or lives another year."""

from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from donations.actions.moving import locked, move
from donations.actions.undone import undo_matches
from donations.enums import MatchState, NeedState
from donations.models import Need
from donations.states import NEED_MOVES
from portal.audit.actions import record
from portal.core.errors import Forbidden, Reason, Refused, WrongState
from portal.core.machine import can_move
from portal.core.retry import in_transaction

OPEN_FOR = timedelta(days=365)
PENDING = (MatchState.PROPOSED, MatchState.APPROVED)


def withdraw(need: Need, *, by: Any, why: str = "") -> Need:
    """Take back what is still wanted. Where something is accepted or has arrived, the need keeps that much.

    Matches that both sides have not accepted come to nothing; the donors who know of them are told.
    Raises Forbidden and WrongState.
    """
    if not by.has_perm("donations.manage_need", need):
        raise Forbidden
    return in_transaction(lambda: _withdraw(need, by, why.strip()))


def can_withdraw(need: Need) -> bool:
    """Whether something of it can be taken back: all of it may be in matches that nobody has accepted yet."""
    if need.state == NeedState.MATCHED:
        return bool(need.matches.filter(state__in=PENDING).exists())
    return can_move(NEED_MOVES, "withdraw", need.state)


@transaction.atomic
def renew(need: Need, *, by: Any, today: date | None = None) -> Need:
    """Keep an open need open for a year from today. Raises Forbidden, WrongState and Refused `renewed_already`."""
    row = locked(need)
    if not by.has_perm("donations.manage_need", row):
        raise Forbidden
    if row.state != NeedState.OPEN:
        raise WrongState("renew", row.state)
    last = (today or timezone.now().date()) + OPEN_FOR
    if row.expires_on is not None and row.expires_on >= last:
        raise Refused(Reason("renewed_already", _("It is already open for a year from today.")))
    before, row.expires_on, row.reminded_at = row.expires_on, last, None
    row.save(update_fields=["expires_on", "reminded_at", "updated_at"])
    record(row, "renew", by=by, before=row.state, after=row.state, until=[str(before), str(last)])
    return row


def end_rest(need: Need, verb: str, *, by: Any, why: str = "") -> Need:
    """End what is still wanted of a locked need: all of it by `verb`, or what is matched remains as the whole."""
    if not need.quantity_matched:
        return move(need, verb, by=by, why=why)
    wanted, need.quantity = need.quantity, need.quantity_matched
    record(need, f"{verb}_rest", by=by, before=need.state, after=need.state, why=why, quantity=[wanted, need.quantity])
    move(need, "match", by=by, why=why, fields=["quantity"])
    if not need.matches.filter(state__in=[*PENDING, MatchState.ACCEPTED]).exists():
        move(need, "fulfil", by=by)
    return need


def _withdraw(need: Need, by: Any, why: str) -> Need:
    row = locked(need)
    if row.state in (NeedState.OPEN, NeedState.MATCHED):
        undo_matches(row, by=by, why=why or _("The laboratory does not need it any more."))
        row = locked(row)
    return end_rest(row, "withdraw", by=by, why=why)

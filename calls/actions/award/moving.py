"""What the deeds of awards share: locking one, and taking it along a move."""

from collections.abc import Callable, Iterable
from typing import Any

from django.db import transaction

from calls.enums import AwardState
from calls.models import Award
from calls.states import AWARD_MOVES
from portal.audit.actions import record
from portal.core.machine import can_move, next_state
from portal.notifications.actions import Recipient, reader

OPEN_STATES = (AwardState.OFFERED, AwardState.ACTIVE)


def locked(award: Award) -> Award:
    """The award as it is now, held until the transaction ends."""
    rows = Award.objects.select_for_update(of=("self",)).select_related("holder", "organisation", "instrument")
    return rows.get(pk=award.pk)


def move(award: Award, verb: str, *, by: Any, why: str = "") -> None:
    """Take a locked award along `verb` and write the history."""
    before, award.state = award.state, next_state(AWARD_MOVES, verb, award.state)
    award.save(update_fields=["state", "updated_at"])
    record(award, verb, by=by, before=before, after=award.state, why=why)


def move_each(awards: Iterable[Award], verb: str, then: Callable[[Award], object]) -> int:
    """Let the clock take each award along, one transaction each, and do `then` with it in that transaction.

    Those that somebody moved meanwhile are left alone. Returns how many were moved.
    """
    moved = 0
    for candidate in awards:
        with transaction.atomic():
            award = locked(candidate)
            if can_move(AWARD_MOVES, verb, award.state):
                move(award, verb, by=None)
                then(award)
                moved += 1
    return moved


def people_of(award: Award) -> list[Recipient]:
    """The holder and the researchers who take part, once each."""
    return [reader(person) for person in {award.holder, *award.members.all()}]

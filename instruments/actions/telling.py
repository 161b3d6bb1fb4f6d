"""Who hears of an instrument: the operators of its laboratory."""

from typing import Any

from instruments.models import Instrument
from instruments.notices import TOLD
from portal.accounts.enums import MembershipState, Role
from portal.accounts.models import User
from portal.notifications.actions import notify, reader


def operators_of(instrument: Instrument) -> list[User]:
    """The confirmed operators of the laboratory, each once."""
    operators = User.objects.filter(
        is_active=True,
        memberships__organisation=instrument.organisation_id,
        memberships__role=Role.OPERATOR,
        memberships__state=MembershipState.CONFIRMED,
    )
    return list(operators.distinct().order_by("pk"))


def tell_operators(instrument: Instrument, verb: str, why: str, *, by: Any) -> None:
    """Tell them of this move, if it is one they wait for; whoever made it knows."""
    if verb not in TOLD:
        return
    people = [reader(user) for user in operators_of(instrument) if user != by]
    event = f"instrument:{instrument.pk}:{instrument.updated_at.isoformat()}"
    notify(TOLD[verb], event, people, {"instrument": instrument.pk, "why": why})

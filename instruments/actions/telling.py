"""Who hears of an instrument: the operators of its laboratory."""

from typing import Any

from instruments.models import Instrument
from instruments.notices import TOLD
from portal.accounts.enums import MembershipState, Role
from portal.accounts.models import User
from portal.core.questions import Question
from portal.notifications.actions import Recipient, notify


def operators_of(instrument: Instrument) -> list[Recipient]:
    """The confirmed operators of the laboratory, each once."""
    return operators_at(instrument.organisation_id)


def operators_at(organisation: int) -> list[Recipient]:
    """The same by the laboratory's primary key."""
    rows = _OPERATORS.ask(organisation)
    return [Recipient(address, language, zone, pk) for address, language, zone, pk in rows]


_OPERATORS = Question(
    lambda organisation: (
        User.objects.filter(  # membership_open_once: nobody is in it twice
            is_active=True,
            memberships__organisation=organisation,
            memberships__role=Role.OPERATOR,
            memberships__state=MembershipState.CONFIRMED,
        )
        .order_by("pk")
        .values_list("email", "language", "time_zone", "pk")
    ),
    1,
)


def tell_operators(instrument: Instrument, verb: str, why: str, *, by: Any) -> None:
    """Tell them of this move, if it is one they wait for; whoever made it knows."""
    if verb not in TOLD:
        return
    people = [operator for operator in operators_of(instrument) if operator.user_id != by.pk]
    event = f"instrument:{instrument.pk}:{instrument.updated_at.isoformat()}"
    notify(TOLD[verb], event, people, {"instrument": instrument.pk, "why": why})

"""Who hears of an instrument: the operators of its laboratory, who proposed it, and staff of what is proposed."""

from typing import Any

from instruments.models import Instrument
from instruments.notices import PROPOSED, TOLD
from portal.accounts.enums import MembershipState, Role
from portal.accounts.models import User
from portal.core.questions import Question
from portal.notifications.actions import Recipient, notify, reader


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
    """Tell them, and who proposed it, of this move, if it is one they wait for; whoever made it knows."""
    if verb not in TOLD:
        return
    people = {person.user_id: person for person in [*operators_of(instrument), *_proposer(instrument)]}
    people.pop(by.pk, None)
    notify(TOLD[verb], _event(instrument), people.values(), {"instrument": instrument.pk, "why": why})


def tell_staff(instrument: Instrument, *, by: Any) -> None:
    """Tell staff that a laboratory's proposal waits for them; one of their own drafts is no news."""
    if instrument.proposed_by_id is not None:
        notify(PROPOSED, _event(instrument), staff_but(by), {"instrument": instrument.pk})


def staff_but(by: Any = None) -> list[Recipient]:
    """Every active member of staff but `by`."""
    rows = User.objects.filter(is_staff=True, is_active=True).exclude(pk=by and by.pk).order_by("pk")
    return [reader(person) for person in rows]


def _proposer(instrument: Instrument) -> list[Recipient]:
    return [reader(person) for person in User.objects.filter(pk=instrument.proposed_by_id or 0, is_active=True)]


def _event(instrument: Instrument) -> str:
    return f"instrument:{instrument.pk}:{instrument.updated_at.isoformat()}"

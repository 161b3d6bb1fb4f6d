"""Who may do what to an instrument; pages, API, admin and actions ask these same predicates."""

from typing import Any

import rules

from instruments.models import Instrument
from portal.accounts.enums import Role
from portal.accounts.models import Membership

is_staff = rules.is_staff


@rules.predicate
def runs(user: Any, instrument: Instrument | None) -> bool:
    """An operator of the laboratory where it stands."""
    if instrument is None or not user.is_authenticated:
        return False
    return Membership.objects.held_by(user, instrument.organisation_id, Role.OPERATOR).exists()


can_run = is_staff | runs

rules.add_perm("instruments.create_instrument", is_staff)
# Texts, units, opening hours, booking policy and closures of one instrument.
rules.add_perm("instruments.run_instrument", can_run)

MOVERS = {
    "propose": can_run,
    "ask": is_staff,
    "resubmit": can_run,
    "list": is_staff,
    "refuse": is_staff,
    "suspend": can_run,
    "resume": can_run,
    "retire": is_staff,
}
for verb, predicate in MOVERS.items():
    rules.add_perm(f"instruments.{verb}_instrument", predicate)

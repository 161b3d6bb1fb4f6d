"""Who may do what to an instrument, a training, a certificate; pages, API, admin and actions ask these predicates."""

from typing import Any

import rules

from instruments.models import Certificate, Instrument, Training, TrainingWish
from portal.accounts.enums import Role
from portal.accounts.models import Membership

is_staff = rules.is_staff


@rules.predicate
def runs(user: Any, row: Instrument | Training | Certificate | None) -> bool:
    """An operator of the laboratory where it stands, takes place or was given."""
    if row is None or not user.is_authenticated:
        return False
    return Membership.objects.held_by(user, row.organisation_id, Role.OPERATOR).exists()


@rules.predicate
def teaches(user: Any, wish: TrainingWish | None) -> bool:
    """An operator of the laboratory on whose instrument somebody wishes to be trained."""
    return wish is not None and runs(user, wish.instrument)


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

# What is taught and when, who gets a place, how it ended, and each move of a training.
rules.add_perm("instruments.run_training", can_run)
rules.add_perm("instruments.answer_wish", is_staff | teaches)
# Give one, make it hold longer, take it back.
rules.add_perm("instruments.run_certificate", can_run)

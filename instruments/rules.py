"""Who may do what to an instrument, a training, a certificate; pages, API, admin and actions ask these predicates."""

from typing import Any

import rules

from instruments.enums import OPEN_PROPOSAL
from instruments.models import Agreement, Certificate, Instrument, Training, TrainingWish
from portal.accounts.enums import Role
from portal.accounts.models import Membership

is_staff = rules.is_staff


@rules.predicate
def runs(user: Any, row: Instrument | Training | Certificate | Agreement | None) -> bool:
    """An operator of the laboratory where it stands, takes place or was given, or that the agreement is with."""
    if row is None or not user.is_authenticated:
        return False
    return Membership.objects.held_by(user, row.organisation_id, Role.OPERATOR).exists()


@rules.predicate
def teaches(user: Any, wish: TrainingWish | None) -> bool:
    """An operator of the laboratory on whose instrument somebody wishes to be trained."""
    return wish is not None and runs(user, wish.instrument)


@rules.predicate
def proposes(user: Any, instrument: Instrument | None) -> bool:
    """Who proposed it, until it is listed: before the laboratory has confirmed them as its operator, too."""
    return (
        instrument is not None
        and user.is_authenticated
        and instrument.proposed_by_id == user.pk
        and instrument.state in OPEN_PROPOSAL
    )


@rules.predicate
def is_of_staff(user: Any, instrument: Instrument | None) -> bool:
    """No laboratory proposed it: staff wrote it."""
    return instrument is not None and instrument.proposed_by_id is None


can_run = is_staff | runs
may_write = can_run | proposes

rules.add_perm("instruments.create_instrument", is_staff)
# Texts, units, opening hours, booking policy and closures of one instrument.
rules.add_perm("instruments.run_instrument", can_run)
# What a proposal says, step by step.
rules.add_perm("instruments.write_instrument", may_write)

MOVERS = {
    "propose": may_write,
    "ask": is_staff,
    "resubmit": may_write,
    "list": is_staff,
    "refuse": is_staff,
    "withdraw": proposes | is_staff & is_of_staff,  # who is not its author asks or refuses, with a reason
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


@rules.predicate
def offered_it(user: Any, agreement: Agreement | None) -> bool:
    """Who put the agreement to the laboratory: nobody answers themselves."""
    return agreement is not None and user.is_authenticated and agreement.offered_by_id == user.pk


# Nobody stands in for a laboratory, admins neither: ask `rules.has_perm`, not `user.has_perm`, which lets them.
signs = runs & ~offered_it
AGREEMENT_MOVERS = {"offer": is_staff, "agree": signs, "decline": signs, "withdraw": is_staff, "end": is_staff}
for verb, predicate in AGREEMENT_MOVERS.items():
    rules.add_perm(f"instruments.{verb}_agreement", predicate)
rules.add_perm("instruments.write_agreement", is_staff)

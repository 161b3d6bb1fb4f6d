"""Needs and offers."""

from typing import Any

import rules

from donations.models import Need, Offer
from portal.accounts.enums import Role
from portal.accounts.models import Membership, Organisation, User


def leads(user: User, organisation: int | None) -> bool:
    """Whether `user` is a confirmed focal point there."""
    return organisation is not None and Membership.objects.held_by(user.pk, organisation, Role.FOCAL_POINT).exists()


@rules.predicate
def asks(user: User, need: Need) -> bool:
    """Who stated the need, or a focal point of its organisation."""
    return need.asked_by_id == user.pk or leads(user, need.organisation_id)


@rules.predicate
def gives(user: User, offer: Offer) -> bool:
    """The donor, or a focal point of the organisation in whose name it is offered."""
    return offer.donor_id == user.pk or leads(user, offer.organisation_id)


@rules.predicate
def speaks_for(user: User, organisation: Organisation) -> bool:
    """A focal point of the organisation."""
    return leads(user, organisation.pk)


@rules.predicate
def is_writable(user: User, thing: Any) -> bool:
    """A draft, or what staff sent back."""
    return bool(thing.is_writable)


is_staff = rules.is_staff

rules.add_perm("donations.state_need", is_staff | speaks_for)  # asked of the organisation
rules.add_perm("donations.write_need", (is_staff | asks) & is_writable)
rules.add_perm("donations.manage_need", is_staff | asks)  # hand in, withdraw, copy
rules.add_perm("donations.write_offer", (is_staff | gives) & is_writable)
rules.add_perm("donations.manage_offer", is_staff | gives)
rules.add_perm("donations.keep_gate", is_staff)

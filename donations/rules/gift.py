"""Matches, shipments, follow-ups and pledges."""

import rules

from donations.models import FollowUp, Match, Pledge, Shipment
from donations.rules.thing import asks, gives, is_staff, leads
from portal.accounts.models import User


@rules.predicate
def is_asked_for(user: User, match: Match) -> bool:
    return bool(asks.test(user, match.need))


@rules.predicate
def is_given(user: User, match: Match) -> bool:
    return bool(gives.test(user, match.offer))


@rules.predicate
def receives(user: User, shipment: Shipment) -> bool:
    """A focal point of the receiving organisation, or who asked for something in it."""
    return leads(user, shipment.organisation_id) or shipment.matches.filter(need__asked_by=user).exists()


@rules.predicate
def sends(user: User, shipment: Shipment) -> bool:
    return shipment.donor_id == user.pk


@rules.predicate
def was_asked(user: User, follow_up: FollowUp) -> bool:
    return bool(asks.test(user, follow_up.match.need))


@rules.predicate
def pledges(user: User, pledge: Pledge) -> bool:
    return pledge.donor_id == user.pk


rules.add_perm("donations.make_match", is_staff)  # propose, approve, reject, fail, override
rules.add_perm("donations.accept_for_need", is_asked_for)
rules.add_perm("donations.accept_for_offer", is_given)
rules.add_perm("donations.make_shipment", is_staff)
rules.add_perm("donations.report_shipment", is_staff | sends)  # sent, tracking
rules.add_perm("donations.receive_shipment", is_staff | receives)
rules.add_perm("donations.answer_follow_up", is_staff | was_asked)
rules.add_perm("donations.help_after_follow_up", is_staff)
rules.add_perm("donations.withdraw_pledge", is_staff | pledges)
rules.add_perm("donations.manage_pledge", is_staff)

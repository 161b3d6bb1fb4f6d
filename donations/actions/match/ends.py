"""How a match ends: what it promised has arrived, or comes to nothing."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from donations import notices
from donations.actions.match.answer import staff_of
from donations.actions.match.held import both_sides, held, readers
from donations.actions.moving import move
from donations.actions.numbers import give_back, settle
from donations.enums import Giving
from donations.models import Match
from donations.signals import match_completed
from portal.core.errors import Forbidden, Reason, Refused, WrongState
from portal.core.times import months_after
from portal.notifications.actions import notify


@transaction.atomic
def complete_match(match: Match, *, by: Any) -> Match:
    """All of it has arrived; the need is fulfilled and the offer handed over when nothing else of them is under way.

    A loan counts its months from today. Who hears `match_completed` plans to ask after it. Raises WrongState.
    """
    match, need, offer = held(match)
    match.completed_at = timezone.now()
    if offer.giving == Giving.LOAN and offer.loan_months:
        match.back_on = months_after(timezone.localdate(), offer.loan_months)
    move(match, "complete", by=by, fields=["completed_at", "back_on"])
    settle(need, offer, by=by)
    match_completed.send(Match, match=match)
    return match


@transaction.atomic
def fail_match(match: Match, *, by: Any, why: str, lost: int = 0) -> Match:
    """It came to nothing: both sides hear why, the need asks again, and so many pieces of the offer are gone.

    Raises Forbidden, Refused, WrongState.
    """
    if not by.has_perm("donations.make_match"):
        raise Forbidden
    if not why.strip():
        raise Refused(Reason("no_reason", _("Say why; both sides are told.")))
    match, need, offer = held(match)
    if match.places.filter(is_open=True).exists():
        raise WrongState("fail", match.state)  # what is in parcels is given up with its shipment
    if not 0 <= lost <= match.quantity:
        sentence = _("At most %(most)d can be lost: so many are in this match.")
        raise Refused(Reason("lost_too_many", sentence % {"most": match.quantity}))
    match.why = why.strip()
    move(match, "fail", by=by, why=match.why, fields=["why"], lost=lost)
    give_back(match, need, offer, by=by, lost=lost, why=match.why)
    told = readers([*staff_of(match)])
    notify(notices.MATCH_FAILED, f"match:{match.pk}", {*both_sides(match), *told}, {"match": match.pk})
    return match

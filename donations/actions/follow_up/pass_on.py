"""A gift that a laboratory does not need goes on: its old description begins a new offer."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from donations.actions.moving import locked
from donations.enums import FollowUpState, Giving, Help, InUse, OfferState
from donations.models import FollowUp, Offer
from portal.audit.actions import record
from portal.core.errors import Forbidden, Reason, Refused, WrongState

# What stays true of a thing wherever it stands. Its condition, its test and its price are asked anew.
SAME = (
    "category", "title", "maker", "model", "serials", "year", "language", "needs_mains", "voltage_low",
    "voltage_high", "frequencies", "plug", "power_watts", "weight_kg", "length_cm", "width_cm", "height_cm",
    "consumables", "has_manuals", "manual_languages", "software",
)  # fmt: skip
ENDED = (OfferState.REFUSED, OfferState.WITHDRAWN, OfferState.EXPIRED)


def can_pass_on(follow_up: FollowUp) -> bool:
    """Whether its laboratory has said that it does not need it and would give it to somebody else; not a loan."""
    said = follow_up.state == FollowUpState.ANSWERED
    wishes = follow_up.help == Help.PASS_ON or follow_up.in_use == InUse.UNUSED
    return said and wishes and follow_up.match.offer.giving == Giving.GIFT


@transaction.atomic
def pass_on(follow_up: FollowUp, *, by: Any) -> Offer:
    """Begin the draft of an offer with what is known of the gift; where there is one already, return that.

    It is the laboratory's: staff begin it for who asked for the gift. Raises Forbidden, WrongState, Refused "is_loan".
    """
    locked(follow_up.match)  # one draft at a time
    row = locked(follow_up)
    if not by.has_perm("donations.answer_follow_up", row):
        raise Forbidden
    gift, need = row.match.offer, row.match.need
    if gift.giving == Giving.LOAN:
        sentence = _("This is a loan: it goes back to its donor. Write to us, and we ask them.")
        raise Refused(Reason("is_loan", sentence))
    if not can_pass_on(row):
        raise WrongState("pass_on", row.state)
    begun = row.match.passed_on_as.exclude(state__in=ENDED).first()
    if begun is not None:
        return Offer.objects.get(pk=begun.pk)
    place = need.organisation
    made = Offer.objects.create(
        **{name: getattr(gift, name) for name in SAME},
        donor=need.asked_by if by.is_staff and by.pk != need.asked_by_id else by,
        organisation=place,
        quantity=row.match.quantity,
        country=place.country,
        city=place.city,
        passed_on_from=row.match,
    )
    for feature in gift.features.all():
        made.features.create(feature=feature.feature, value=feature.value)
    record(made, "start", by=by, after=made.state, match=row.match.pk)
    record(row, "pass_on", by=by, before=row.state, after=row.state, offer=made.pk)
    return made

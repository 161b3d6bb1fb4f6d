"""What the rows of donations promise by themselves."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction

from donations.enums import NeedState, OfferState
from donations.models import Match, Need, Offer
from tests.factories.accounts import UserFactory
from tests.factories.donations import (
    AcceptedMatchFactory,
    ApprovedMatchFactory,
    MatchFactory,
    NeedFactory,
    OfferFactory,
    PledgeFactory,
    ShipmentFactory,
)

pytestmark = pytest.mark.django_db


def test_a_match_counts_on_both_sides():
    match = MatchFactory(need__quantity=2, quantity=1)
    assert (match.need.left, match.need.state) == (1, NeedState.OPEN)
    assert (match.offer.left, match.offer.state) == (0, OfferState.MATCHED)


@pytest.mark.parametrize(("factory", "field"), [(NeedFactory, "quantity_matched"), (OfferFactory, "quantity_matched")])
def test_no_more_is_handed_out_than_there_is(factory, field):
    row = factory()
    setattr(row, field, 2)
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


def test_what_is_lost_cannot_be_matched_again():
    offer = OfferFactory(quantity=2, quantity_lost=1)
    assert offer.left == 1
    offer.quantity_matched = 2
    with pytest.raises(IntegrityError), transaction.atomic():
        offer.save()


def test_a_match_is_accepted_by_both_or_not_at_all():
    match = ApprovedMatchFactory()
    match.state = "accepted"
    with pytest.raises(IntegrityError), transaction.atomic():
        match.save()


def test_a_pledge_is_never_overspent():
    pledge = PledgeFactory(spent_eur=500)
    pledge.spent_eur = 501
    with pytest.raises(IntegrityError), transaction.atomic():
        pledge.save()


def test_drafts_are_their_people_s_and_staff_s(staff, stranger_focal_point):
    need, offer = NeedFactory(state=NeedState.DRAFT), OfferFactory(state=OfferState.DRAFT)
    for reader in (AnonymousUser(), stranger_focal_point):
        assert not Need.objects.visible_to(reader).exists()
        assert not Offer.objects.visible_to(reader).exists()
    assert Need.objects.visible_to(need.asked_by).get() == need
    assert Offer.objects.visible_to(offer.donor).get() == offer
    assert Need.objects.visible_to(staff).count() == Offer.objects.visible_to(staff).count() == 1


def test_both_sides_see_a_match_once_it_is_approved():
    proposed, approved = MatchFactory(), ApprovedMatchFactory()
    assert not Match.objects.visible_to(proposed.offer.donor).exists()
    assert Match.objects.visible_to(approved.offer.donor).get() == approved
    assert Match.objects.visible_to(approved.need.asked_by).get() == approved
    assert not Match.objects.visible_to(UserFactory()).exists()


def test_a_shipment_is_seen_by_who_sends_and_who_receives():
    match = AcceptedMatchFactory()
    shipment = ShipmentFactory(match=match, places=[match])
    seen = type(shipment).objects.visible_to
    assert seen(match.offer.donor).get() == seen(match.need.asked_by).get() == shipment
    assert not seen(UserFactory()).exists()

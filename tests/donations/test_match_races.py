"""Two people at one piece: real transactions on real connections."""

from collections import Counter

import pytest

from donations.actions.match import accept_match, lapse_unanswered, propose_match, refuse_match
from donations.enums import MatchState, Side
from donations.models import Match, Need, Offer
from tests.bookings.test_races import all_at_once
from tests.factories.donations import ApprovedMatchFactory, NeedFactory, OfferFactory

pytestmark = pytest.mark.django_db(transaction=True)


def conserved() -> bool:
    """Whether the numbers on needs and offers are the sums of their matches."""
    holding = list(Match.objects.holding().values_list("need", "offer", "quantity"))
    needs = {row.pk: sum(q for need, _o, q in holding if need == row.pk) for row in Need.objects.all()}
    offers = {row.pk: sum(q for _n, offer, q in holding if offer == row.pk) for row in Offer.objects.all()}
    return needs == dict(Need.objects.values_list("pk", "quantity_matched")) and offers == dict(
        Offer.objects.values_list("pk", "quantity_matched")
    )


def test_the_last_piece_goes_to_one_of_many(staff):
    offer = OfferFactory(quantity=2)
    needs = [NeedFactory() for _ in range(8)]
    outcomes = all_at_once(lambda need: propose_match(need, offer, 1, by=staff), needs, threads=8)
    assert Counter(type(outcome).__name__ for outcome in outcomes) == {"Match": 2, "Refused": 6}
    assert conserved()


def test_offers_and_needs_crosswise_do_not_stand_in_each_other_s_way(staff):
    needs = [NeedFactory(quantity=4, budget_eur=900) for _ in range(4)]
    offers = [OfferFactory(quantity=4) for _ in range(4)]
    pairs = [(need, offer) for need in needs for offer in offers]
    outcomes = all_at_once(lambda pair: propose_match(*pair, 1, by=staff), pairs, threads=8)
    assert all(isinstance(outcome, Match) for outcome in outcomes), outcomes
    assert conserved()


def test_yes_and_no_at_once_come_to_one_of_them():
    match = ApprovedMatchFactory()
    deeds = [
        lambda: accept_match(match, side=Side.NEED, by=match.need.asked_by),
        lambda: refuse_match(match, side=Side.OFFER, by=match.offer.donor, why="Sold."),
        lambda: lapse_unanswered(match.answer_by),
    ]
    all_at_once(lambda deed: deed(), deeds, threads=3)
    match.refresh_from_db()
    assert match.state in (MatchState.REFUSED, MatchState.LAPSED)
    assert conserved()

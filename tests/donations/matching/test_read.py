"""What the matcher reads of the tables, and what staff ask of it."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from donations.enums import MatchState, NeedState, OfferState
from donations.matching import alternatives, judge
from donations.matching.facts import read
from donations.models import MatchingRun, Need, Offer
from tests.factories.accounts import OrganisationFactory
from tests.factories.donations import AcceptedMatchFactory, CategoryFactory, MatchFactory, NeedFactory, OfferFactory

pytestmark = pytest.mark.django_db


def all_facts():
    return read(timezone.now().date(), Need.objects.open(), Offer.objects.open())


@pytest.mark.parametrize("number", [1, 3])
def test_the_number_of_statements_does_not_grow(number, django_assert_num_queries):
    for _ in range(number):
        NeedFactory().requirements.create(feature="speed_rpm", least=4000)
        OfferFactory().features.create(feature="speed_rpm", value=5000)
    with django_assert_num_queries(8):
        facts = all_facts()
    assert len(facts.needs) == len(facts.offers) == number


def test_facts_are_those_of_the_rows():
    need = NeedFactory(
        organisation__country="TG", quantity=3, quantity_matched=1, budget_eur=900, most_kg=50, plugs=["G", "C"]
    )
    need.requirements.create(feature="speed_rpm", least=Decimal("4000.5"))
    need.requirements.create(feature="cooled", is_must=False)
    need.requirements.create(feature="a_feature_of_once")
    offer = OfferFactory(voltage_low=None, voltage_high=230, height_cm=None, countries=["TG"])
    offer.features.create(feature="speed_rpm", value=Decimal("4000.5"))
    facts = all_facts()
    [wanted], [given] = facts.needs, facts.offers
    assert (wanted.country, wanted.left, wanted.quantity, wanted.plugs) == ("TG", 2, 3, ["C", "G"])
    assert wanted.wishes == {"speed_rpm": (4000.5, None, True), "cooled": (None, None, False)}
    assert (given.low, given.high, given.lengths, given.kg) == (230, 230, [], 28.0)
    assert given.features == {"speed_rpm": 4000.5}
    assert judge(need.pk, offer.pk).fits


def test_what_happened_between_two_is_known():
    refused = MatchFactory(need__quantity=2, offer__quantity=2, state=MatchState.REFUSED)
    held = MatchFactory(need__quantity=2, offer__quantity=2)
    lapsed = MatchFactory(need__quantity=2, offer__quantity=2, state=MatchState.LAPSED)
    run = {"need": lapsed.need_id, "offer": lapsed.offer_id}
    MatchingRun.objects.create(finished_at=timezone.now(), pairs=[run])
    MatchingRun.objects.create(finished_at=timezone.now(), trouble="No memory.")
    MatchingRun.objects.create(started_at=timezone.now())
    facts = all_facts()
    assert facts.turned_down == {(refused.need_id, refused.offer_id)}
    assert facts.joined == {(held.need_id, held.offer_id)}
    assert facts.last == {(lapsed.need_id, lapsed.offer_id)}


def test_gifts_count_by_organisation():
    organisation = OrganisationFactory()
    AcceptedMatchFactory(need__organisation=organisation)
    MatchFactory(need__organisation=organisation)
    mine, other = NeedFactory(organisation=organisation), NeedFactory()
    gifts = {need.pk: need.gifts for need in all_facts().needs}
    assert gifts == {mine.pk: 1, other.pk: 0}


def test_a_pair_is_judged_in_any_state():
    need, offer = (
        NeedFactory(state=NeedState.MATCHED, quantity_matched=1),
        OfferFactory(voltage_low=100, voltage_high=120),
    )
    verdict = judge(need.pk, offer.pk)
    assert (verdict.need, verdict.offer) == (need.pk, offer.pk)
    assert [code for code, _words in verdict.lacks_in_words()] == ["voltage"]
    assert 0 < verdict.score <= 1000
    assert sorted(verdict.parts) == ["country", "fit", "freight", "gifts", "readiness", "users", "waiting", "women"]


def test_what_is_not_there_cannot_be_judged():
    with pytest.raises(Need.DoesNotExist):
        judge(0, OfferFactory().pk)
    with pytest.raises(Offer.DoesNotExist):
        judge(NeedFactory().pk, 0)
    with pytest.raises(Need.DoesNotExist):
        alternatives(0)


def test_alternatives_are_what_can_be_had_fitting_ones_first():
    need = NeedFactory(quantity=3, budget_eur=900)
    today = timezone.now().date()
    old, young = OfferFactory(year=2001), OfferFactory(year=today.year)
    abroad = {"voltage_low": 100, "voltage_high": 120}
    cut_off = OfferFactory(year=today.year, **abroad)
    gone = OfferFactory(available_until=today - timedelta(days=1), giving="loan", loan_months=3, **abroad)
    OfferFactory(state=OfferState.VETTING)
    OfferFactory(category=CategoryFactory(slug="balances", name_en="Balances"))
    MatchFactory(need=need, offer__quantity=2)
    found = alternatives(need.pk)
    assert [verdict.offer for verdict in found] == [young.pk, old.pk, cut_off.pk, gone.pk]
    assert [verdict.fits for verdict in found] == [True, True, False, False]
    assert [verdict.offer for verdict in alternatives(need.pk, most=1)] == [young.pk]


def test_a_need_without_a_category_has_no_alternatives():
    OfferFactory()
    assert alternatives(NeedFactory(category=None, state=NeedState.DRAFT).pk) == []

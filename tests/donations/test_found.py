"""Needs and offers by what a visitor types: through their indexes, and no other ones than without."""

import pytest
from django.db import connection

from donations.models import Need, Offer
from instruments.models import EquipmentCategory
from portal.core import search
from tests.factories.accounts import OrganisationFactory
from tests.factories.donations import NeedFactory, OfferFactory

pytestmark = pytest.mark.django_db
TYPED = [
    "centrifuge", "centrifuges", "centri", "centrifuge lomé", "lome", "gel box", '"gel box"', "box gel", "gel -box",
    "-gel", "gel or balance", "gel or -balance", "the box of lomé", "of", "pcr-machine", "université", "zebra",
    "analytical lakeside", "x" * 400, "a b c d e f g", '"gel box',
]  # fmt: skip


@pytest.fixture
def needs() -> None:
    category = EquipmentCategory.objects.create(slug="centrifuges", name_en="Centrifuges", name_fr="Centrifugeuses")
    lome, lake = OrganisationFactory(name="Université de Lomé"), OrganisationFactory(name="Lakeside Institute")
    NeedFactory(title="A spinner", category=category, organisation=lome)
    NeedFactory(title="Gel box", must_words="With a power supply of 300 V", organisation=lake)
    NeedFactory(title="Balance", nice_words="Analytical, near a box for gel", organisation=lake)
    other = EquipmentCategory.objects.create(slug="cyclers", name_en="Cyclers", name_fr="Cycleurs")
    NeedFactory(title="PCR-machine", category=other, organisation=lome)


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("typed", TYPED)
def test_the_index_leaves_nothing_out(typed: str, language: str, needs: None) -> None:
    columns = (f"category__name_{language}", "title", "must_words", "nice_words", "organisation__name")
    everything = Need.objects.alias(words=search.words_of(language, *columns))
    expected = everything.filter(words=search.query(typed, language))
    assert set(Need.objects.matching(typed, language)) == set(expected)


def test_words_are_found_wherever_they_stand(needs: None) -> None:
    found = {
        typed: [str(need) for need in Need.objects.matching(typed, "en")] for typed in ("centrifuge lome", "zebra")
    }
    assert found == {"centrifuge lome": ["A spinner"], "zebra": []}


@pytest.mark.parametrize(("model", "index"), [(Need, "need_search"), (Offer, "offer_search")])
@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_words_of_each_are_looked_up_in_an_index(model: type[Need | Offer], index: str, language: str) -> None:
    NeedFactory.create_batch(2)
    OfferFactory.create_batch(2)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    plan = model.objects.public().for_list().matching("spinner lake", language).explain()
    assert f"{index}_{language}" in plan

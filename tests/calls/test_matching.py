"""Which interests a call speaks to."""

from dataclasses import dataclass, field

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from calls.enums import CallKind
from calls.matching import on_branch, topmost
from calls.models import Interest
from instruments.models import Technique
from tests.factories.calls import CallFactory
from tests.factories.instruments import InstrumentFactory, TechniqueFactory
from tests.factories.interests import InterestFactory

pytestmark = pytest.mark.django_db

# "x-ray" and "x-ray-imaging" begin alike and have nothing to do with each other.
PARENTS = {
    "microscopy": None,
    "electron": "microscopy",
    "sem": "electron",
    "afm": "microscopy",
    "x-ray": None,
    "powder": "x-ray",
    "x-ray-imaging": None,
    "tomography": "x-ray-imaging",
}
COUNTRIES = ["KE", "SN", "FR"]


def grow_tree() -> dict[str, Technique]:
    tree: dict[str, Technique] = {}
    for slug, parent in PARENTS.items():
        tree[slug] = TechniqueFactory(slug=slug, parent=tree.get(parent or ""))
    return tree


@pytest.fixture
def tree(db: None) -> dict[str, Technique]:
    return grow_tree()


@pytest.mark.parametrize(
    ("wanted", "offered", "hears"),
    [
        ("microscopy", "sem", True),
        ("sem", "microscopy", True),
        ("sem", "sem", True),
        ("sem", "afm", False),
        ("electron", "afm", False),
        ("x-ray", "powder", True),
        ("x-ray", "x-ray-imaging", False),
        ("x-ray", "tomography", False),
        ("x-ray-imaging", "powder", False),
        (None, "sem", True),
        ("sem", None, True),
    ],
)
def test_technique_matches_along_its_branch(tree, wanted, offered, hears):
    interest = InterestFactory(techniques=[tree[wanted]] if wanted else [])
    call = CallFactory(techniques=[tree[offered]] if offered else [])
    assert (interest in Interest.objects.matching(call)) is hears


def test_techniques_of_the_instruments_count(tree):
    call = CallFactory(instruments=[InstrumentFactory(techniques=[tree["sem"]])])
    near = InterestFactory(techniques=[tree["microscopy"]])
    InterestFactory(techniques=[tree["powder"]])
    assert list(Interest.objects.matching(call)) == [near]


@pytest.mark.parametrize(
    ("country", "countries", "hears"),
    [("KE", ["KE", "SN"], True), ("FR", ["KE", "SN"], False), ("FR", [], True), ("", ["KE"], True), ("", [], True)],
)
def test_country_of_work(country, countries, hears):
    interest = InterestFactory(country=country)
    assert (interest in Interest.objects.matching(CallFactory(countries=countries))) is hears


@pytest.mark.parametrize(
    ("kinds", "hears"), [([], True), (["training"], True), (["equipment", "training"], True), (["equipment"], False)]
)
def test_kind(kinds, hears):
    interest = InterestFactory(kinds=kinds)
    assert (interest in Interest.objects.matching(CallFactory(kind="training"))) is hears


def test_interest_in_one_call_hears_that_call_alone(tree):
    call, other = CallFactory(countries=["KE"]), CallFactory()
    interest = InterestFactory(call=call, country="FR", kinds=["training"])
    assert interest in Interest.objects.matching(call)
    assert interest not in Interest.objects.matching(other)


@pytest.mark.parametrize("trait", ["unconfirmed", "ended"])
def test_only_active_interests_hear(trait):
    InterestFactory(**{trait: True})
    assert not Interest.objects.matching(CallFactory()).exists()


def test_addresses_are_counted_once():
    call = CallFactory()
    InterestFactory(address="one@example.org")
    InterestFactory(address="One@Example.org", call=call)
    InterestFactory(address="two@example.org")
    assert Interest.objects.matching(call).addresses() == 2


def test_a_chosen_branch_stands_for_what_is_below(tree):
    chosen = [tree["sem"], tree["microscopy"], tree["powder"]]
    assert [technique.slug for technique in topmost(chosen)] == ["microscopy", "powder"]


def test_on_branch_reaches_up_and_down(tree):
    near = Technique.objects.filter(on_branch([tree["electron"].path]))
    assert {technique.slug for technique in near} == {"microscopy", "electron", "sem"}


# --- The same rule, written for one interest and one call, and tried against the database ------


@dataclass
class Wish:
    techniques: set[str] = field(default_factory=set)
    kinds: set[str] = field(default_factory=set)
    country: str = ""
    one_call: str = ""  # "", "this" or "other"


@dataclass
class Offer:
    techniques: set[str] = field(default_factory=set)
    through_instrument: set[str] = field(default_factory=set)
    kind: str = "training"
    countries: set[str] = field(default_factory=set)


def above(slug: str) -> set[str]:
    parent = PARENTS[slug]
    return {slug} | (above(parent) if parent else set())


def speaks(offer: Offer, wish: Wish) -> bool:
    if wish.one_call:
        return wish.one_call == "this"
    if wish.kinds and offer.kind not in wish.kinds:
        return False
    if wish.country and offer.countries and wish.country not in offer.countries:
        return False
    offered = offer.techniques | offer.through_instrument
    if not wish.techniques or not offered:
        return True
    return any(one in above(other) or other in above(one) for one in wish.techniques for other in offered)


slugs = st.sets(st.sampled_from(sorted(PARENTS)), max_size=2)
kinds = st.sampled_from(sorted(CallKind))
wishes = st.builds(
    Wish,
    techniques=slugs,
    kinds=st.sets(kinds, max_size=2),
    country=st.sampled_from(["", *COUNTRIES]),
    one_call=st.sampled_from(["", "", "", "this", "other"]),
)
offers = st.builds(
    Offer,
    techniques=slugs,
    through_instrument=slugs,
    kind=kinds,
    countries=st.sets(st.sampled_from(COUNTRIES), max_size=2),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(offer=offers, wished=st.lists(wishes, min_size=1, max_size=8))
def test_database_agrees_with_the_rule(tree, offer, wished):
    with transaction.atomic():
        through = InstrumentFactory(techniques=[tree[slug] for slug in offer.through_instrument])
        other = CallFactory()
        call = CallFactory(
            techniques=[tree[slug] for slug in offer.techniques],
            instruments=[through],
            kind=offer.kind,
            countries=sorted(offer.countries),
        )
        expected = set()
        for wish in wished:
            interest = InterestFactory(
                techniques=[tree[slug] for slug in wish.techniques],
                kinds=sorted(wish.kinds),
                country=wish.country,
                call={"": None, "this": call, "other": other}[wish.one_call],
            )
            if speaks(offer, wish):
                expected.add(interest.pk)
        found = list(Interest.objects.matching(call).values_list("pk", flat=True))
        transaction.set_rollback(True)
    assert len(found) == len(set(found))
    assert set(found) == expected

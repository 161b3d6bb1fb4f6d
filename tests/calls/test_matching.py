"""Which interests a call speaks to."""

from dataclasses import dataclass, field

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from calls.enums import CallKind
from calls.matching import Subject, about_instrument, on_branch, topmost
from calls.models import Interest
from calls.tasks import check_interests
from instruments.actions import list_instrument
from instruments.models import Technique
from portal.notifications.models import Notification, Suppression
from tests.factories.accounts import OrganisationFactory
from tests.factories.calls import CallFactory
from tests.factories.instruments import InstrumentFactory, TechniqueFactory
from tests.factories.interests import EquipmentCategoryFactory, InterestFactory

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


def test_equipment_is_heard_of_where_it_is_dealt_with():
    balances, pumps = EquipmentCategoryFactory(slug="balances"), EquipmentCategoryFactory(slug="pumps")
    donor = InterestFactory(standing="donor", categories=[balances])
    for kind, hears in (("equipment", True), ("remote_access", False), ("training", False), ("other", False)):
        assert (donor in Interest.objects.matching(CallFactory(kind=kind))) is hears, kind
    for category, hears in ((balances, True), (pumps, False)):
        need = Subject("equipment", {"donor"}, techniques=None, categories={category.pk}, countries=["KE"])
        assert (donor in Interest.objects.hearing(need)) is hears


def test_each_standing_hears_what_concerns_it():
    heard = {standing: InterestFactory(standing=standing) for standing in ("beneficiary", "contributor", "donor")}
    need = Subject("equipment", {"donor"}, techniques=None, categories={1})
    offer = Subject("equipment", {"beneficiary"}, techniques=None, categories={1})
    instrument = about_instrument(InstrumentFactory())
    assert list(Interest.objects.hearing(need)) == [heard["donor"]]
    assert list(Interest.objects.hearing(offer)) == [heard["beneficiary"]]
    assert list(Interest.objects.hearing(instrument)) == [heard["beneficiary"]]
    assert Interest.objects.matching(CallFactory()).count() == 3


def test_an_instrument_is_of_its_techniques_and_its_laboratory_s_country(tree):
    instrument = InstrumentFactory(techniques=[tree["sem"]], organisation=OrganisationFactory(country="FR"))
    near, far = InterestFactory(techniques=[tree["microscopy"]]), InterestFactory(techniques=[tree["powder"]])
    here, there = InterestFactory(countries=["FR", "KE"]), InterestFactory(countries=["KE"])
    works_elsewhere = InterestFactory(country="KE")
    assert set(Interest.objects.hearing(about_instrument(instrument))) == {near, here, works_elsewhere}
    assert {far, there}.isdisjoint(Interest.objects.hearing(about_instrument(instrument)))


def test_listing_an_instrument_tells_those_who_need_access(staff, laboratory):
    instrument = InstrumentFactory(state="proposed", organisation=laboratory, techniques=[TechniqueFactory(slug="sem")])
    InterestFactory(address="ada@example.org")
    InterestFactory(address="dora@example.org", standing="donor")
    list_instrument(instrument, by=staff)
    told = Notification.objects.filter(kind="calls.instrument_listed")
    assert [row.address for row in told] == ["ada@example.org"]


# --- Interests that nothing can match ----------------------------------------------------------


def dead() -> dict[int, str]:
    return dict(Interest.objects.dead(timezone.now()).values_list("pk", "dead_why"))


@pytest.mark.parametrize(
    ("made", "why"),
    [
        (lambda: {"call": CallFactory(closed=True)}, "call_over"),
        (lambda: {"call": CallFactory(state="withdrawn")}, "call_over"),
        (lambda: {"call": CallFactory(state="decided")}, "call_over"),
        (lambda: {"call": CallFactory(state="archived")}, "call_over"),
        (lambda: {"call": CallFactory()}, None),
        (lambda: {"call": CallFactory(draft=True)}, None),
        (lambda: {"kinds": ["lottery"]}, "unknown_kinds"),
        (lambda: {"kinds": ["lottery", "training"]}, None),
        (lambda: {"countries": ["XX"]}, "unknown_countries"),
        (lambda: {"countries": ["XX"], "combine": "any"}, "unknown_countries"),
        (lambda: {"countries": ["XX"], "combine": "any", "kinds": ["training"]}, None),
        (lambda: {"countries": ["XX", "KE"]}, None),
        (lambda: {"kinds": ["training"], "categories": [EquipmentCategoryFactory()]}, "impossible"),
        (lambda: {"kinds": ["equipment"], "categories": [EquipmentCategoryFactory()]}, None),
        (lambda: {"kinds": ["training"], "categories": [EquipmentCategoryFactory()], "combine": "any"}, None),
        (lambda: {"unconfirmed": True, "countries": ["XX"]}, None),
        (lambda: {}, None),
    ],
)
def test_which_interests_can_hear_of_nothing(made, why):
    interest = InterestFactory(**made())
    assert dead() == ({interest.pk: why} if why else {})


def test_an_address_that_must_be_left_alone_hears_nothing():
    interest = InterestFactory(address="Ada@example.org")
    Suppression.objects.create(address="ada@example.org", why="bounced")
    assert dead() == {interest.pk: "suppressed"}


def test_the_dead_are_counted_and_logged(caplog):
    InterestFactory(kinds=["lottery"])
    InterestFactory(countries=["XX"])
    InterestFactory()
    check_interests()
    assert "2 active interests can hear of nothing any more: unknown_countries 1, unknown_kinds 1" in caplog.text


# --- The same rule, written for one interest and one call, and tried against the database ------


@dataclass
class Wish:
    techniques: set[str] = field(default_factory=set)
    kinds: set[str] = field(default_factory=set)
    categories: set[int] = field(default_factory=set)  # of three
    countries: set[str] = field(default_factory=set)
    combine: str = "all"
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
    if wish.country and offer.countries and wish.country not in offer.countries:
        return False
    offered = offer.techniques | offer.through_instrument
    branches = any(one in above(other) or other in above(one) for one in wish.techniques for other in offered)
    about = bool(wish.techniques) and (branches or not offered)
    about = about or (bool(wish.categories) and offer.kind == "equipment")
    where = bool(wish.countries) and (not offer.countries or bool(wish.countries & offer.countries))
    chosen = {
        "about": (bool(wish.techniques or wish.categories), about),
        "where": (bool(wish.countries), where),
        "kind": (bool(wish.kinds), offer.kind in wish.kinds),
    }
    agreeing = [agrees for is_chosen, agrees in chosen.values() if is_chosen]
    return not agreeing or (any(agreeing) if wish.combine == "any" else all(agreeing))


slugs = st.sets(st.sampled_from(sorted(PARENTS)), max_size=2)
kinds = st.sampled_from(sorted(CallKind))
wishes = st.builds(
    Wish,
    techniques=slugs,
    kinds=st.sets(kinds, max_size=2),
    categories=st.sets(st.integers(0, 2), max_size=2),
    countries=st.sets(st.sampled_from(COUNTRIES), max_size=2),
    combine=st.sampled_from(["all", "any"]),
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


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(offer=offers, wished=st.lists(wishes, min_size=1, max_size=8))
def test_database_agrees_with_the_rule(tree, offer, wished):
    with transaction.atomic():
        through = InstrumentFactory(techniques=[tree[slug] for slug in offer.through_instrument])
        other = CallFactory()
        categories = [EquipmentCategoryFactory(slug=f"category-{number}") for number in range(3)]
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
                categories=[categories[number] for number in wish.categories],
                countries=sorted(wish.countries),
                combine=wish.combine,
                country=wish.country,
                call={"": None, "this": call, "other": other}[wish.one_call],
            )
            if speaks(offer, wish):
                expected.add(interest.pk)
        found = list(Interest.objects.matching(call).values_list("pk", flat=True))
        transaction.set_rollback(True)
    assert len(found) == len(set(found))
    assert set(found) == expected

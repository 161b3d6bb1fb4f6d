"""What looks entered twice and is not: said once, kept with who and when, taken back on request."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from portal.accounts import actions
from portal.accounts.models import KnownPair, Organisation, User
from portal.audit.actions import history_of
from portal.audit.models import Record
from portal.core.errors import Forbidden, Refused
from tests.factories.accounts import OrganisationFactory

pytestmark = pytest.mark.django_db
DOUBLES = "/en/desk/organisations/doubles/"
APART = f"{DOUBLES}apart/"
TELL, AGAIN = f"{DOUBLES}tell/apart/", f"{DOUBLES}tell/again/"


@pytest.fixture
def pair(db: None) -> list[Organisation]:
    return [
        OrganisationFactory(name="College of Science", slug=f"college-{n}", country="KE", city=town)
        for n, town in enumerate(["Kisumu", "Nakuru"])
    ]


def slugs(pair: list[Organisation]) -> dict[str, str]:
    return {"one": pair[0].slug, "other": pair[1].slug}


def test_staff_say_that_they_are_two_and_take_it_back(client: Client, pair: list[Organisation], staff: User) -> None:
    client.force_login(staff)
    assert len(client.get(DOUBLES).context["pairs"]) == 1
    answer = client.post(TELL, slugs(pair[::-1]), follow=True)
    assert answer.redirect_chain == [(DOUBLES, 302)]
    assert not answer.context["pairs"]
    assert APART in answer.content.decode()
    known = KnownPair.objects.get()
    assert (known.first, known.second, known.said_by) == (*pair, staff)
    text = client.get(APART).content.decode()
    assert staff.name in text
    assert "Nakuru" in text
    answer = client.post(AGAIN, slugs(pair), follow=True)
    assert answer.redirect_chain == [(APART, 302)]
    assert len(client.get(DOUBLES).context["pairs"]) == 1
    for organisation in pair:
        verbs = [(entry.verb, entry.by) for entry in history_of(organisation)]
        assert sorted(verbs) == [("compare_again", staff), ("tell_apart", staff)]


def test_said_again_it_changes_nothing(pair: list[Organisation], staff: User) -> None:
    first = actions.tell_apart(*pair, by=staff)
    assert actions.tell_apart(pair[1], pair[0], by=staff) == first
    assert Record.objects.filter(verb="tell_apart").count() == 2
    actions.compare_again(*pair, by=staff)
    actions.compare_again(*pair, by=staff)
    assert Record.objects.filter(verb="compare_again").count() == 2


@pytest.mark.parametrize("person", ["researcher", "focal_point", "operator", "donor"])
def test_only_staff_say_so(person: str, pair: list[Organisation], request: Any, client: Client) -> None:
    user = request.getfixturevalue(person)
    for deed in (actions.tell_apart, actions.compare_again):
        with pytest.raises(Forbidden):
            deed(*pair, by=user)
    client.force_login(user)
    assert client.post(TELL, slugs(pair)).status_code == 403
    assert not KnownPair.objects.exists()


def test_what_makes_no_sense_is_refused(client: Client, pair: list[Organisation], staff: User) -> None:
    with pytest.raises(Refused) as same:
        actions.tell_apart(pair[0], pair[0], by=staff)
    actions.merge_organisations(*pair, by=staff)
    with pytest.raises(Refused) as merged:
        actions.tell_apart(*pair, by=staff)
    assert (same.value.codes, merged.value.codes) == (["same"], ["merged"])
    client.force_login(staff)
    late = client.post(TELL, slugs(pair))
    assert late.status_code == 422
    assert "merged into another" in late.content.decode()
    for odd in ({}, {"one": "nowhere", "other": pair[1].slug}, {"one": "\x00", "other": "' or 1=1"}):
        assert client.post(TELL, odd).status_code == 404
    assert client.get(TELL).status_code == 405
    assert not KnownPair.objects.exists()


def test_who_is_told_apart_from_a_duplicate_is_so_from_the_kept_one(pair: list[Organisation], staff: User) -> None:
    kept, other = OrganisationFactory(name="Lake College"), OrganisationFactory(name="Sea College")
    actions.tell_apart(pair[0], pair[1], by=staff)
    said = KnownPair.objects.get()
    actions.tell_apart(pair[0], kept, by=staff)
    actions.tell_apart(pair[0], other, by=staff)
    actions.tell_apart(kept, other, by=staff)
    actions.merge_organisations(pair[0], kept, by=staff)
    assert set(KnownPair.objects.values_list("first", "second")) == {(pair[1].pk, kept.pk), (kept.pk, other.pk)}
    handed = KnownPair.objects.get(first=pair[1])
    assert (handed.said_by, handed.created_at) == (staff, said.created_at)


def test_a_pair_is_kept_once_in_one_order(pair: list[Organisation]) -> None:
    with pytest.raises(IntegrityError, match="known_pair_in_order"), transaction.atomic():
        KnownPair.objects.create(first=pair[1], second=pair[0])
    KnownPair.objects.create(first=pair[0], second=pair[1])
    with pytest.raises(IntegrityError, match="known_pair_said_once"), transaction.atomic():
        KnownPair.objects.create(first=pair[0], second=pair[1])


def test_before_a_merge_it_is_said_that_they_are_two(client: Client, pair: list[Organisation], staff: User) -> None:
    client.force_login(staff)
    address = f"/en/desk/organisations/{pair[1].slug}/merge/?into={pair[0].slug}"
    assert "These are two" in client.get(address).content.decode()
    actions.tell_apart(*pair, by=staff)
    text = client.get(address).content.decode()
    assert "Staff said that these are two" in text
    assert staff.name in text


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_of_pairs_asks_four_questions(
    number: int, client: Client, staff: User, django_assert_num_queries: Any
) -> None:
    for _ in range(number):
        actions.tell_apart(OrganisationFactory(), OrganisationFactory(), by=staff)
    client.force_login(staff)
    with django_assert_num_queries(4):  # session, person, how many, the rows
        assert len(client.get(APART).context["page_obj"]) == number

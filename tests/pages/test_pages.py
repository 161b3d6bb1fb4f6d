"""A person's own page, the desk, the words about the portal."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal.accounts.enums import MembershipState, Role
from tests.factories.accounts import MembershipFactory, OrganisationFactory
from tests.factories.applications import ApplicationFactory, ReviewFactory
from tests.factories.bookings import BookingFactory
from tests.factories.calls import AwardFactory, CallFactory
from tests.factories.donations import NeedFactory, OfferFactory
from tests.factories.instruments import InstrumentFactory

pytestmark = pytest.mark.django_db


def page(client: Client, path: str, status: int = 200) -> str:
    response = client.get(path)
    assert response.status_code == status
    return response.content.decode()


# --- My page ------------------------------------------------------------------------------------------


def test_my_page_asks_visitors_to_sign_in(client: Client) -> None:
    response = client.get("/en/me/")
    assert response.status_code == 302
    assert response["Location"].startswith(reverse("account_login"))


def test_a_new_person_is_told_where_to_begin(client: Client, donor: Any, researcher: Any) -> None:
    client.force_login(donor)
    text = page(client, "/en/me/")
    assert "Say where you work" in text
    assert "No session ahead" in text
    client.force_login(researcher)
    assert "Say where you work" not in page(client, "/en/me/")


def test_my_page_shows_own_sessions_and_awards_and_nobody_elses(
    client: Client, researcher: Any, focal_point: Any, stranger_focal_point: Any, operator: Any, staff: Any
) -> None:
    award = AwardFactory(title="Copper crystals", organisation=focal_point.memberships.get().organisation)
    booking = BookingFactory(award=award, organisation=award.organisation, booked_by=focal_point)
    booking.participants.add(researcher)
    seen = {}
    for person in (researcher, focal_point, stranger_focal_point, operator, staff):
        client.force_login(person)
        text = page(client, "/en/me/")
        seen[person.name] = (booking.ref in text, award.title in text)
    assert seen == {
        researcher.name: (True, False),
        focal_point.name: (True, True),
        stranger_focal_point.name: (False, False),
        operator.name: (False, False),
        staff.name: (False, False),
    }


def test_my_page_says_how_many_hours_are_left(client: Client, researcher: Any) -> None:
    AwardFactory(holder=researcher, granted_minutes=600, balance_minutes=450)
    client.force_login(researcher)
    assert "7 h 30 min of 10 h left" in page(client, "/en/me/")


@pytest.mark.parametrize("number", [1, 3])
@pytest.mark.parametrize(
    ("who", "statements"), [("researcher", 6), ("reviewer", 6), ("focal_point", 6), ("operator", 6), ("staff", 6)]
)
def test_my_page_takes_a_fixed_number_of_statements(
    client: Client,
    request: pytest.FixtureRequest,
    django_assert_num_queries: Any,
    number: int,
    who: str,
    statements: int,
) -> None:
    person = request.getfixturevalue(who)
    for _ in range(number):
        award = AwardFactory(holder=person)
        BookingFactory(award=award, booked_by=person, instrument=award.instrument)
        ApplicationFactory(applicant=person)
        if who == "reviewer":
            ReviewFactory(reviewer=person, application__review=True)
    client.force_login(person)
    with django_assert_num_queries(statements):
        text = page(client, "/en/me/")
    assert text.count("to finish:") == number
    assert text.count("review to write:") == (number if who == "reviewer" else 0)


def test_my_page_leads_to_ones_lists_whatever_is_in_them(client: Client, researcher: Any, reviewer: Any) -> None:
    ReviewFactory(reviewer=reviewer)
    for person, reviews in ((researcher, False), (reviewer, True)):
        client.force_login(person)
        text = page(client, "/en/me/")
        addresses = ("applications", "awards", "reviews")
        assert [f'href="/en/{name}/"' in text for name in addresses] == [True, True, reviews]


def test_a_coming_session_stands_on_my_page_once(client: Client, researcher: Any) -> None:
    award = AwardFactory(holder=researcher)
    soon = BookingFactory(award=award, start=timezone.now() + timedelta(minutes=20))
    client.force_login(researcher)
    text = page(client, "/en/me/")
    assert text.count(f'href="/en/sessions/{soon.ref}/"') == 1
    assert f"/bookings/{soon.ref}/" not in text
    assert "No session ahead" not in text
    later = BookingFactory(award=AwardFactory(holder=researcher), start=timezone.now() + timedelta(days=2))
    text = page(client, "/en/me/")
    assert text.count(later.ref) == 1
    assert text.count(soon.ref) == 1


def test_operators_reach_their_laboratory_from_every_page(
    client: Client, operator: Any, researcher: Any, staff: Any, django_assert_num_queries: Any
) -> None:
    link = 'href="/en/lab/"'
    seen = {}
    for person in (operator, researcher, staff):
        client.force_login(person)
        with django_assert_num_queries(3):  # session, person and the pages, as without the link
            seen[person.name] = link in page(client, "/en/about/")
    assert seen == {operator.name: True, researcher.name: False, staff.name: False}


def test_a_laboratory_is_linked_once_its_operator_is_confirmed_and_no_longer_after(
    client: Client, researcher: Any, laboratory: Any
) -> None:
    client.force_login(researcher)
    membership = MembershipFactory(user=researcher, organisation=laboratory, role=Role.OPERATOR)
    page(client, "/en/me/")
    assert 'href="/en/lab/"' in page(client, "/en/about/")
    membership.state = MembershipState.ENDED
    membership.save()
    page(client, "/en/me/")
    assert 'href="/en/lab/"' not in page(client, "/en/about/")
    assert client.get("/en/lab/").status_code == 403


# --- The desk -----------------------------------------------------------------------------------------


def test_the_desk_is_for_staff(client: Client, staff: Any, admin_user: Any, researcher: Any, operator: Any) -> None:
    assert client.get("/en/desk/").status_code == 302
    statuses = []
    for person in (staff, admin_user, researcher, operator):
        client.force_login(person)
        statuses.append(client.get("/en/desk/").status_code)
    assert statuses == [200, 200, 403, 403]
    assert f"You are signed in as {operator.email}" in page(client, "/en/desk/", 403)
    assert "Sign in and" not in page(client, "/en/desk/", 403)


def test_the_desk_counts(client: Client, staff: Any) -> None:
    for _ in range(3):
        CallFactory()
    CallFactory(upcoming=True)
    BookingFactory(award=AwardFactory())
    for state in ("listed", "proposed", "listed"):
        InstrumentFactory(state=state)
    OrganisationFactory(state="proposed")
    client.force_login(staff)
    counted = {str(what): number for what, number in client.get("/en/desk/").context["counts"]}
    assert counted == {
        "open calls": 3,
        "listed instruments": 3,
        "active awards": 1,
        "bookings to come": 1,
        "active interests": 0,
        "organisations to verify": 1,
        "needs to verify": 0,
        "offers to vet": 0,
        "open needs": 0,
        "offers to be had": 0,
        "shipments under way": 0,
    }


@pytest.mark.parametrize("number", [1, 3])
def test_the_desk_takes_a_fixed_number_of_statements(
    client: Client, staff: Any, django_assert_num_queries: Any, number: int
) -> None:
    for _ in range(number):
        OrganisationFactory(state="proposed")
        InstrumentFactory(state="proposed")
        CallFactory(draft=True)
        NeedFactory(state="submitted")
        OfferFactory(state="vetting")
    client.force_login(staff)
    with django_assert_num_queries(6):
        page(client, "/en/desk/")


def test_only_admins_are_shown_the_back_office(client: Client, staff: Any, admin_user: Any) -> None:
    client.force_login(staff)
    assert "/admin/" not in page(client, "/en/desk/")
    client.force_login(admin_user)
    assert "/en/admin/" in page(client, "/en/desk/")


# --- Words --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/en/about/", "/en/about/contact/"])
def test_words_about_the_portal_take_one_statement(client: Client, django_assert_num_queries: Any, path: str) -> None:
    with django_assert_num_queries(1):
        assert "contact@demo.example" in page(client, path)


def test_every_page_leads_to_the_programme(client: Client) -> None:
    foot = page(client, "/fr/search/").split('<footer class="footer">')[1]
    for path in ("stories", "events", "network", "trainings", "about/privacy", "about/cookies", "about/accessibility"):
        assert f'href="/fr/{path}/"' in foot
    assert 'action="/fr/low-data/"' in foot

"""The page of calendar links: made, read again, renewed and revoked by their owner and by nobody else."""

import pytest
from django.contrib.admin.sites import site
from django.test import Client
from django.urls import reverse

from bookings.actions.calendar import MOST, make_calendar, renew_calendar, revoke_calendar
from bookings.models import CalendarFeed
from calls.models import Award
from instruments.models import Instrument
from portal.accounts.models import User
from portal.audit.actions import history_of
from portal.core.errors import Forbidden, Refused, WrongState
from portal.core.sealing import unseal
from tests.factories.instruments import InstrumentFactory

pytestmark = pytest.mark.django_db


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page(user: User, **query: str) -> str:
    answer = client_of(user).get(reverse("calendar_feeds:list"), query)
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    return answer.content.decode()


def address(link: CalendarFeed) -> str:
    return f"http://testserver/calendar/{unseal(link.sealed_token)}.ics"


def test_a_link_is_made_and_its_address_can_be_read_again(researcher: User) -> None:
    answer = client_of(researcher).post(reverse("calendar_feeds:make"), {"what": "own"})

    assert (answer.status_code, answer["Location"]) == (302, "/en/me/calendars/")
    link = researcher.calendar_feeds.get()
    assert page(researcher).count(f'value="{address(link)}"') == 1
    assert Client().get(address(link)).status_code == 200
    assert [entry.verb for entry in history_of(link)] == ["make"]


def test_neither_address_nor_token_lies_open_in_the_database(researcher: User) -> None:
    link = make_calendar(by=researcher)
    token = unseal(link.sealed_token)

    row = CalendarFeed.objects.values().get()
    record = history_of(link).values().get()
    assert not [value for value in (*row.values(), *record.values()) if token in str(value)]


def test_asked_for_twice_it_is_one_link(researcher: User) -> None:
    for _time in range(2):
        client_of(researcher).post(reverse("calendar_feeds:make"), {"what": "own"})

    assert researcher.calendar_feeds.count() == 1


def test_one_may_choose_instruments_with_own_hours_and_the_one_one_came_from(
    researcher: User, award: Award, stranger_researcher: User
) -> None:
    InstrumentFactory(name="Elsewhere", slug="elsewhere")

    assert "Alpine diffractometer</option>" in page(researcher)
    assert "Elsewhere</option>" not in page(researcher)
    assert '<option value="elsewhere" selected>' in page(researcher, instrument="elsewhere")
    assert "Alpine diffractometer</option>" not in page(stranger_researcher)


def test_operators_may_choose_what_they_run(operator: User, instrument: Instrument) -> None:
    assert "Alpine diffractometer</option>" in page(operator)


@pytest.mark.parametrize("what", ["", "nowhere", "own\0", "draft", "a" * 5000])
def test_what_is_not_there_or_not_theirs_makes_nothing(what: str, researcher: User) -> None:
    InstrumentFactory(slug="draft", state="draft")

    answer = client_of(researcher).post(reverse("calendar_feeds:make"), {"what": what})

    assert answer.status_code == 422
    assert not CalendarFeed.objects.exists()
    assert "There is a problem" in answer.content.decode()


def test_no_link_to_an_instrument_one_does_not_see(researcher: User) -> None:
    with pytest.raises(Forbidden):
        make_calendar(InstrumentFactory(state="draft"), by=researcher)


def test_there_is_an_end_to_links(researcher: User) -> None:
    for _number in range(MOST):
        make_calendar(InstrumentFactory(), by=researcher)

    with pytest.raises(Refused) as refusal:
        make_calendar(by=researcher)
    assert refusal.value.codes == ["too_many_calendars"]
    answer = client_of(researcher).post(reverse("calendar_feeds:make"), {"what": "own"})
    assert (answer.status_code, CalendarFeed.objects.count()) == (422, MOST)
    assert f"You have {MOST} calendar links" in answer.content.decode()


def test_a_new_address_ends_the_old_one(researcher: User) -> None:
    old = make_calendar(by=researcher)

    client_of(researcher).post(reverse("calendar_feeds:renew", args=[old.pk]))

    new = researcher.calendar_feeds.open().get()
    assert address(new) in page(researcher)
    assert [Client().get(address(link)).status_code for link in (old, new)] == [404, 200]
    assert [entry.verb for entry in history_of(old)] == ["revoke", "make"]


def test_a_revoked_link_is_gone_and_another_can_be_made(researcher: User) -> None:
    old = make_calendar(by=researcher)

    client_of(researcher).post(reverse("calendar_feeds:revoke", args=[old.pk]))

    assert address(old) not in page(researcher)
    assert make_calendar(by=researcher).token_hash != old.token_hash


@pytest.mark.parametrize("deed", [renew_calendar, revoke_calendar])
def test_a_link_ends_once(deed: object, researcher: User) -> None:
    link = make_calendar(by=researcher)
    revoke_calendar(link, by=researcher)

    with pytest.raises(WrongState):
        deed(link, by=researcher)  # type: ignore[operator]
    assert client_of(researcher).post(reverse("calendar_feeds:revoke", args=[link.pk])).status_code == 422
    assert CalendarFeed.objects.count() == 1


@pytest.mark.parametrize("name", ["stranger_researcher", "operator", "staff", "focal_point"])
@pytest.mark.parametrize("verb", ["renew", "revoke"])
def test_nobody_else_touches_or_reads_it(
    verb: str, name: str, researcher: User, request: pytest.FixtureRequest
) -> None:
    link, other = make_calendar(by=researcher), request.getfixturevalue(name)

    assert client_of(other).post(reverse(f"calendar_feeds:{verb}", args=[link.pk])).status_code == 404
    with pytest.raises(Forbidden):
        {"renew": renew_calendar, "revoke": revoke_calendar}[verb](link, by=other)
    assert address(link) not in page(other)
    assert CalendarFeed.objects.open().get() == link


def test_admins_revoke_one_that_leaked_but_never_read_or_renew_it(
    admin_user: User, researcher: User, operator: User
) -> None:
    link, gone = make_calendar(by=researcher), make_calendar(by=operator)
    revoke_calendar(gone, by=operator)
    client = client_of(admin_user)
    changed = reverse("admin:bookings_calendarfeed_change", args=[link.pk])
    shown = client.get(changed).content.decode()

    chosen = {"action": "revoke", "_selected_action": [link.pk, gone.pk]}
    client.post(reverse("admin:bookings_calendarfeed_changelist"), chosen)

    assert site.is_registered(CalendarFeed)
    assert unseal(link.sealed_token) not in shown
    assert link.token_hash not in shown
    assert not CalendarFeed.objects.open().exists()
    with pytest.raises(Forbidden):
        renew_calendar(link, by=admin_user)


def test_an_address_whose_key_is_gone_still_works_and_the_page_says_so(researcher: User, settings: object) -> None:
    link = make_calendar(by=researcher)
    where = address(link)
    settings.FIELD_ENCRYPTION_KEYS = ["another key"]  # type: ignore[attr-defined]

    assert "This address cannot be shown any more" in page(researcher)
    assert Client().get(where).status_code == 200


@pytest.mark.parametrize("count", [1, 3])
def test_page_takes_the_same_statements_for_any_number(
    count: int, researcher: User, award: Award, django_assert_num_queries: object
) -> None:
    for _number in range(count):
        make_calendar(InstrumentFactory(), by=researcher)
    client = client_of(researcher)
    with django_assert_num_queries(4):  # type: ignore[operator]  # session, person, instruments, links
        assert client.get(reverse("calendar_feeds:list")).content.count(b'id="address-') == count

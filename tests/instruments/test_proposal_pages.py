"""The pages on which a laboratory proposes an instrument."""

import re
from html import unescape
from typing import Any

import pytest
from django.test import Client

from instruments.models import Instrument
from portal.accounts.models import Organisation, User
from portal.audit.models import Record
from tests.factories.instruments import InstrumentFactory, TechniqueFactory
from tests.factories.interests import InterestFactory

pytestmark = pytest.mark.django_db
START = "/en/instruments/propose/"


@pytest.fixture
def draft(laboratory: Organisation, researcher: User) -> Instrument:
    """Somebody's who has asked to be an operator, not yet sent."""
    row = InstrumentFactory(organisation=laboratory, state="draft", proposed_by=researcher, name_en="Surface scope")
    row.techniques.set([TechniqueFactory(slug="sem")])
    return row


@pytest.fixture
def mine(client: Client, researcher: User) -> Client:
    client.force_login(researcher)
    return client


def page(client: Client, url: str, status: int = 200) -> str:
    response = client.get(url)
    assert response.status_code == status
    return response.content.decode()


def version(client: Client, url: str) -> str:
    return client.get(url).context["form"].initial["version"]


def test_a_visitor_reads_what_it_means_and_signs_in_to_begin(client: Client, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        words = page(client, f"{START}?interest=abc")
    assert "What you keep" in words
    assert f'href="{START}begin/?interest=abc"' in words
    assert client.get(f"{START}begin/?interest=abc")["Location"].endswith("begin/%3Finterest%3Dabc")


def test_from_an_interest_to_the_check_page(mine: Client, laboratory: Organisation, researcher: User) -> None:
    technique = TechniqueFactory(slug="sem")
    interest = InterestFactory(
        standing="contributor", institution="Alpine", offering="Ten hours a month.", techniques=[technique]
    )
    url = f"{START}begin/?interest={interest.token}"
    assert "Alpine Crystallography Laboratory, Grenoble, France" in page(mine, url)
    response = mine.post(url, {"organisation": laboratory.slug, "name": "Surface scope", "language": "en"})
    assert response["Location"] == f"{START}surface-scope/instrument/"
    row = Instrument.objects.get()
    assert (row.proposal, list(row.techniques.all()), row.proposed_by) == (
        "Ten hours a month.", [technique], researcher,
    )  # fmt: skip
    url = response["Location"]
    sent = {
        "name": "Surface scope", "language": "en", "techniques": [technique.pk], "access_mode": "observed",
        "place": "Grenoble", "time_zone": "Europe/Paris", "version": version(mine, url),
    }  # fmt: skip
    url = mine.post(url, sent)["Location"]
    assert url == f"{START}surface-scope/samples/"
    sent = {"summary": "Surfaces.", "sample_requirements": "Flat.", "version": version(mine, url)}
    url = mine.post(url, sent)["Location"]
    assert url == f"{START}surface-scope/offer/"
    url = mine.post(url, {"proposal": "Ten hours a month.", "version": version(mine, url)})["Location"]
    assert url == f"{START}surface-scope/check/"
    assert "Send the proposal" in page(mine, url)
    assert mine.post(url)["Location"] == f"{START}surface-scope/"
    assert "is with our staff" in page(mine, f"{START}surface-scope/")
    assert "waits for an answer" in page(mine, f"{START}surface-scope/")
    row.refresh_from_db()
    assert (row.state, row.access_mode, row.summary_fr) == ("proposed", "observed", None)
    assert mine.get(f"{START}surface-scope/check/").status_code == 302
    refused = mine.post(f"{START}surface-scope/offer/", {"proposal": "More."})
    assert refused.status_code == 422


def test_a_laboratory_that_is_not_in_the_list_is_entered_on_the_way(mine: Client) -> None:
    here = f"{START}begin/?q=fjord"
    found = re.search(r'href="([^"]*/organisations/propose/[^"]*)"', page(mine, here))
    assert found is not None
    url = unescape(found[1])
    sent = {"name": "Fjord Laboratory", "kind": "institute", "country": "NO", "city": "Bergen", "role": "operator"}
    assert mine.post(url, sent)["Location"] == here
    assert "Fjord Laboratory, Bergen, Norway" in page(mine, here)
    away = url.replace("%2Fen%2Finstruments", "https%3A//example.org")
    assert "example.org" not in mine.post(away, sent | {"name": "Glacier Laboratory"})["Location"]


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        ({}, "Choose the laboratory"),
        ({"organisation": "no-such"}, "valid choice"),
        ({"name": "x" * 161}, "at most 160"),
        ({"name": "a\x00b"}, "Null characters"),
        ({"language": "de"}, "valid choice"),
    ],
)
def test_wrong_beginnings(sent: dict[str, str], message: str, mine: Client, laboratory: Organisation) -> None:
    response = mine.post(f"{START}begin/?q=alpine", {"language": "en", **sent})
    assert response.status_code == 400
    assert message in response.content.decode()
    assert not Instrument.objects.exists()


def test_what_is_missing_is_said_with_the_way_there(mine: Client, draft: Instrument) -> None:
    url = f"{START}{draft.slug}/check/"
    assert "Before it can be sent" in page(mine, url)
    response = mine.post(url)
    assert response.status_code == 422
    assert f"{START}{draft.slug}/offer/?check=1" in response.content.decode()
    draft.refresh_from_db()
    assert (draft.state, Record.objects.count()) == ("draft", 0)


def test_saved_unfinished_and_while_typing(mine: Client, draft: Instrument) -> None:
    url = f"{START}{draft.slug}/samples/"
    sent = {"summary": "", "sample_requirements": "Flat.", "version": version(mine, url)}
    assert mine.post(url, sent).status_code == 400
    assert mine.post(url, sent | {"later": "1"})["Location"] == f"{START}{draft.slug}/"
    draft.refresh_from_db()
    assert draft.sample_requirements_en == "Flat."
    answer = mine.post(f"{url}save/", sent | {"version": version(mine, url), "summary": "Surfaces."})
    assert answer.status_code == 200
    assert answer.json()["version"] == version(mine, url)
    assert mine.post(f"{url}save/", sent | {"summary": "Else."}).status_code == 409


def test_two_who_write_at_once_see_both_texts(mine: Client, draft: Instrument) -> None:
    url = f"{START}{draft.slug}/offer/"
    old = version(mine, url)
    Instrument.objects.update(proposal="Ten <b>hours</b>.")
    response = mine.post(url, {"proposal": "Two hours.", "version": old})
    words = response.content.decode()
    assert response.status_code == 409
    assert "Two of you wrote at once" in words
    assert "Ten &lt;b&gt;hours&lt;/b&gt;." in words
    assert "Two hours." in words
    again = response.context["form"].data["version"]
    assert mine.post(url, {"proposal": "Two hours.", "version": again}).status_code == 302
    draft.refresh_from_db()
    assert draft.proposal == "Two hours."


def test_another_language_on_the_first_step(mine: Client, draft: Instrument) -> None:
    Instrument.objects.update(name_fr=None, summary_fr=None)
    url = f"{START}{draft.slug}/instrument/"
    assert "Language you write in" in page(mine, url)
    sent = {
        "name": draft.name_en, "language": "fr", "techniques": [draft.techniques.get().pk],
        "access_mode": "observed", "place": "Grenoble", "time_zone": "Europe/Paris", "version": version(mine, url),
    }  # fmt: skip
    assert mine.post(url, sent | {"language": "xx"}).status_code == 400
    assert mine.post(url, sent).status_code == 302
    draft.refresh_from_db()
    assert (draft.name_fr, draft.name_en) == ("Surface scope", None)
    assert 'lang="fr"' in page(mine, f"{START}{draft.slug}/samples/")
    assert "French" in page(mine, f"{START}{draft.slug}/check/")
    Instrument.objects.update(name_en="Surface scope")
    assert "Language you write in" not in page(mine, url)
    sent |= {"version": version(mine, url), "language": "en", "place": "Lyon"}
    assert mine.post(url, sent).status_code == 302
    draft.refresh_from_db()
    assert (draft.name_fr, draft.place) == ("Surface scope", "Lyon")


def test_thrown_away_after_asking_once_more(mine: Client, draft: Instrument) -> None:
    url = f"{START}{draft.slug}/"
    assert f'href="{url}withdraw/"' in page(mine, url)
    assert "cannot be taken up again" in page(mine, f"{url}withdraw/")
    assert Instrument.objects.get().state == "draft"
    answer = mine.post(f"{url}withdraw/")
    assert answer["Location"] == START
    draft.refresh_from_db()
    assert draft.state == "withdrawn"
    assert Record.objects.get().verb == "withdraw"
    assert draft.name_en not in page(mine, START)
    words = page(mine, url)
    assert "is thrown away" in words
    assert "withdraw/" not in words
    assert mine.post(f"{url}withdraw/").status_code == 403
    assert "Finish your proposal" not in page(mine, "/en/me/")


@pytest.mark.parametrize("who", ["operator", "staff"])
def test_a_proposal_of_others_is_not_thrown_away(
    who: str, client: Client, draft: Instrument, request: pytest.FixtureRequest
) -> None:
    client.force_login(request.getfixturevalue(who))
    assert client.get(f"{START}{draft.slug}/withdraw/").status_code == 403
    assert client.post(f"{START}{draft.slug}/withdraw/").status_code == 403
    assert "withdraw/" not in page(client, f"{START}{draft.slug}/")
    assert Instrument.objects.get().state == "draft"


ROLES = {"researcher": 200, "operator": 200, "staff": 200, "admin_user": 200, "visitor": 302}
OTHERS = ["focal_point", "reviewer", "donor", "stranger_operator", "stranger_researcher"]


@pytest.mark.parametrize("who", [*ROLES, *OTHERS])
def test_who_gets_in(who: str, client: Client, draft: Instrument, request: pytest.FixtureRequest) -> None:
    person, expected = request.getfixturevalue(who), ROLES.get(who, 404)
    if person.is_authenticated:
        client.force_login(person)
    for part in ("", "instrument/", "samples/", "offer/", "check/"):
        url = f"{START}{draft.slug}/{part}"
        assert client.get(url).status_code == expected, url
        if expected != 200:
            assert client.post(url, {"proposal": "x"}).status_code in (expected, 405)
    assert client.get(f"{START}{draft.slug}/nonsense/").status_code == (302 if who == "visitor" else 404)
    assert not Record.objects.exists()


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("returned", "Which detector?"),
        ("refused", "Which detector?"),
        ("listed", "everybody can find it"),
        ("proposed", "is with our staff"),
    ],
)
def test_where_it_stands(state: str, words: str, mine: Client, draft: Instrument) -> None:
    Instrument.objects.update(state=state, state_note="Which detector?")
    assert words in page(mine, f"{START}{draft.slug}/")
    assert draft.name_en in page(mine, START)


def test_staff_read_the_proposal_on_the_desk(client: Client, draft: Instrument, staff: User) -> None:
    Instrument.objects.update(state="proposed", proposal="Ten hours <i>a month</i>.")
    client.force_login(staff)
    words = page(client, f"/en/desk/instruments/{draft.slug}/")
    for text in ("Ten hours &lt;i&gt;a month", "Amina Researcher", "Not confirmed as an operator"):
        assert text in words


def test_what_waits(client: Client, draft: Instrument, operator: User, researcher: User) -> None:
    client.force_login(researcher)
    draft.organisation.memberships.create(user=researcher, role="operator", state="requested")
    assert "Finish your proposal of Surface scope" in page(client, "/en/me/")
    Instrument.objects.update(state="returned", state_note="Which detector?")
    assert f'href="{START}{draft.slug}/"' in page(client, "/en/me/")
    client.force_login(operator)
    assert "Answer what staff ask about Surface scope" in page(client, "/en/me/")


def test_an_interest_of_a_contributor_leads_here(client: Client) -> None:
    interest = InterestFactory(standing="contributor")
    assert f'href="{START}?interest={interest.token}"' in page(client, f"/en/interest/{interest.token}/")
    other = InterestFactory(standing="donor")
    assert START not in page(client, f"/en/interest/{other.token}/").split("<main")[1].split("</main")[0]

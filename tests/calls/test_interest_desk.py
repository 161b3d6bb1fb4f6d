"""The desk's page of interests."""

import pytest

from tests.factories.calls import CallFactory
from tests.factories.instruments import TechniqueFactory
from tests.factories.interests import InterestFactory

pytestmark = pytest.mark.django_db
DESK = "/en/desk/interests/"


def make(rows: int) -> None:
    for number in range(rows):
        InterestFactory(techniques=[TechniqueFactory(slug=f"t{number}", name=f"Technique {number}")], country="KE")
        InterestFactory(standing="donor", offering="Two balances.")
        InterestFactory(
            call=CallFactory(closed=True, title_en=f"Over {number}"), country=("SN", "FR", "BJ")[number % 3]
        )


def test_it_counts_and_says_who_hears_of_nothing(client, staff):
    make(2)
    InterestFactory(standing="donor", ended=True, techniques=[TechniqueFactory(slug="t0")])
    InterestFactory(standing="donor", kinds=["lottery"], country="ZZ")
    client.force_login(staff)
    answer = client.get(f"{DESK}?show=dead")
    assert answer.status_code == 200
    assert [number for _name, number in answer.context["doors"]] == [4, 0, 3]
    assert answer.context["techniques"] == [("Technique 0", 1), ("Technique 1", 1)]
    assert answer.context["countries"][0] == ("Kenya", 2)
    text = answer.content.decode()
    for words in ("Over 0", "Over 1", "The one call it waits for is over.", "There is no such kind of call."):
        assert words in text
    assert answer.context["page_obj"].paginator.count == 3


def test_no_link_of_anybody_is_shown(client, staff):
    interest = InterestFactory(kinds=["lottery"], offering="A TEM.")
    client.force_login(staff)
    for query in ("", "?show=dead", "?show=dead&format=csv", "?format=csv"):
        answer = client.get(DESK + query)
        text = b"".join(answer).decode() if answer.streaming else answer.content.decode()
        assert interest.address in text
        assert interest.token not in text


def test_what_people_have_is_read_by_staff_and_kept_without_formulas(client, staff):
    InterestFactory(standing="donor", offering='=HYPERLINK("https://evil.example")', institution="Coastal Institute")
    InterestFactory()
    client.force_login(staff)
    answer = client.get(DESK)
    assert "Coastal Institute" in answer.content.decode()
    assert answer.context["page_obj"].paginator.count == 1
    table = b"".join(client.get(f"{DESK}?format=csv")).decode()
    assert "'=HYPERLINK" in table
    workbook = client.get(f"{DESK}?format=xlsx")
    assert b"".join(workbook).startswith(b"PK")
    assert client.get(f"{DESK}?format=exe&show=nothing&page=x").status_code == 200


def test_an_empty_desk(client, staff):
    client.force_login(staff)
    assert "There is none: every interest can be spoken to." in client.get(f"{DESK}?show=dead").content.decode()
    assert "Nobody has said yet what could be opened or given." in client.get(DESK).content.decode()


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize("show", ["offers", "dead"])
def test_it_asks_the_same_number_of_questions(client, staff, rows, show, django_assert_num_queries):
    make(rows)
    client.force_login(staff)
    with django_assert_num_queries(8):
        client.get(f"{DESK}?show={show}")


@pytest.mark.parametrize("name", ["researcher", "operator", "reviewer"])
def test_it_is_for_staff(client, request, name):
    client.force_login(request.getfixturevalue(name))
    assert client.get(DESK).status_code == 403

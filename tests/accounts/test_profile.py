"""The profile page: what is kept, what is refused, what the history says."""

import pytest
from django.test import Client

from portal.accounts.models import User
from portal.audit.models import Record
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db

PROFILE = {
    "name": "Amina K. Researcher",
    "country": "UG",
    "career_stage": "junior",
    "phd_year": "2019",
    "gender": "woman",
    "orcid": "https://orcid.org/0000-0002-1694-233x",
    "language": "en",
}


def test_the_profile_is_kept_and_the_history_names_fields_not_values(client: Client, researcher: User) -> None:
    client.force_login(researcher)
    answer = client.post("/en/me/profile/", PROFILE)
    assert (answer.status_code, answer["Location"]) == (302, "/en/me/profile/")
    researcher.refresh_from_db()
    assert (researcher.name, researcher.country.code, researcher.gender) == ("Amina K. Researcher", "UG", "woman")
    assert researcher.orcid == "0000-0002-1694-233X"
    entry = Record.objects.get()
    assert researcher.phd_year == 2019
    assert sorted(entry.details["fields"]) == ["career_stage", "country", "gender", "name", "orcid", "phd_year"]
    assert "woman" not in str(entry.details)


def test_a_new_language_shows_at_once(client: Client, researcher: User) -> None:
    client.force_login(researcher)
    answer = client.post("/en/me/profile/", PROFILE | {"language": "fr"})
    assert answer["Location"] == "/fr/me/profile/"
    assert client.cookies["django_language"].value == "fr"


def test_saving_the_same_again_writes_nothing(client: Client, researcher: User) -> None:
    client.force_login(researcher)
    client.post("/en/me/profile/", PROFILE)
    client.post("/en/me/profile/", PROFILE)
    assert Record.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("orcid", "0000-0002-1694-2339"),
        ("orcid", "x" * 5000),
        ("name", ""),
        ("name", "A\x00mina"),
        ("country", "ZZ"),
        ("career_stage", "professor"),
        ("phd_year", "1949"),
        ("phd_year", "2999"),
        ("phd_year", "soon"),
        ("gender", "x"),
        ("language", "tlh"),
    ],
)
def test_bad_input_is_explained_and_changes_nothing(field: str, value: str, client: Client, researcher: User) -> None:
    client.force_login(researcher)
    answer = client.post("/en/me/profile/", PROFILE | {field: value})
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert "<title>Error: " in answer.content.decode()
    researcher.refresh_from_db()
    assert researcher.name == "Amina Researcher"


def test_an_orcid_of_another_account_is_refused_at_its_field(client: Client, researcher: User) -> None:
    UserFactory(orcid="0000-0002-1694-233X")
    client.force_login(researcher)
    answer = client.post("/en/me/profile/", PROFILE)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["orcid"])

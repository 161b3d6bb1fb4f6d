"""Interest through the API."""

import pytest

from calls import throttles
from calls.models import Interest
from portal.notifications.models import Notification
from tests.factories.calls import CallFactory
from tests.factories.instruments import TechniqueFactory
from tests.factories.interests import EquipmentCategoryFactory, InterestFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("broker")]

ADDRESS = "/api/v1/interests/"
WISH = {"address": "ada@example.org", "agree": True}


def post(client, body, **headers):
    return client.post(ADDRESS, body, content_type="application/json", **headers)


@pytest.mark.parametrize("known", [None, {"unconfirmed": True}, {}, {"ended": True}])
def test_accepted_whether_or_not_the_address_is_known(client, known):
    if known is not None:
        InterestFactory(address="ada@example.org", **known)
    answer = post(client, WISH)
    assert answer.status_code == 202
    assert answer.json() == {"detail": "Look into your mail: a link there confirms that you wish to hear from us."}
    assert Notification.objects.count() == 1


def test_who_proved_the_address_is_told_that_no_mail_comes(client, researcher):
    client.force_login(researcher)
    answer = post(client, {**WISH, "address": researcher.email})
    assert (answer.status_code, "nothing more to confirm" in answer.json()["detail"]) == (202, True)
    assert (Interest.objects.get().state, Notification.objects.count()) == ("active", 0)


def test_all_that_can_be_said(client):
    TechniqueFactory(slug="sem", parent=TechniqueFactory(slug="microscopy"))
    wish = {"standing": "donor", "techniques": ["sem", "microscopy"], "kinds": ["equipment"], "country": "KE"}
    assert post(client, {**WISH, **wish, "language": "fr", "note": "Two balances."}).status_code == 202
    interest = Interest.objects.get()
    assert (interest.standing, interest.kinds, interest.country) == ("donor", ["equipment"], "KE")
    assert [technique.slug for technique in interest.techniques.all()] == ["microscopy"]
    assert (interest.language, interest.note, interest.state) == ("fr", "Two balances.", "unconfirmed")


def test_any_of_some_categories_and_countries_once_a_week(client):
    EquipmentCategoryFactory(slug="balances")
    wish = {"standing": "donor", "categories": ["balances"], "countries": ["SN", "KE"], "combine": "any"}
    said = {"frequency": "weekly", "institution": "Coastal Institute", "offering": "Two balances."}
    assert post(client, {**WISH, **wish, **said}).status_code == 202
    interest = Interest.objects.get()
    assert (interest.countries, interest.combine, interest.frequency) == (["KE", "SN"], "any", "weekly")
    assert [category.slug for category in interest.categories.all()] == ["balances"]
    assert (interest.institution, interest.offering) == ("Coastal Institute", "Two balances.")


def test_what_can_never_fit_is_refused(client):
    EquipmentCategoryFactory(slug="balances")
    answer = post(client, {**WISH, "categories": ["balances"], "kinds": ["training"]})
    assert answer.status_code == 400
    assert "choose the kind Equipment too" in str(answer.json())
    assert not Interest.objects.exists()


def test_about_one_call(client):
    call = CallFactory()
    post(client, {**WISH, "call": call.slug, "kinds": ["training"]})
    interest = Interest.objects.get()
    assert (interest.call, interest.kinds) == (call, [])


@pytest.mark.parametrize(
    "changes",
    [
        {"address": "ada@"},
        {"address": 7},
        {"agree": False},
        {"standing": "emperor"},
        {"techniques": ["none"]},
        {"techniques": ["sem\0"]},
        {"techniques": ["sem"] * 51},
        {"kinds": ["lottery"]},
        {"country": "XX"},
        {"categories": ["none"]},
        {"categories": ["sem\0"]},
        {"countries": ["XX"]},
        {"countries": ["KE"] * 251},
        {"combine": "some"},
        {"frequency": "hourly"},
        {"institution": "x" * 201},
        {"offering": "x" * 2001},
        {"call": "none"},
        {"language": "xx"},
        {"note": "x" * 1001},
    ],
)
def test_malformed_is_400_and_changes_nothing(client, changes):
    answer = post(client, {**WISH, **changes})
    assert answer.status_code == 400
    assert next(iter(changes)) in str(answer.json()["errors"])
    assert not Interest.objects.exists()


def test_without_consent_nothing(client):
    assert post(client, {"address": "ada@example.org"}).status_code == 400


def test_interests_cannot_be_read(client, staff):
    client.force_login(staff)
    assert client.get(ADDRESS).status_code == 405


def test_pages_and_api_count_together(client, monkeypatch):
    monkeypatch.setattr(throttles.InterestThrottle, "rate", "2/hour", raising=False)
    form = {"address": "bo@example.org", "standing": "donor", "language": "en", "agree": "on"}
    assert client.post("/en/interest/", form).status_code == 302
    assert post(client, WISH).status_code == 202
    assert post(client, WISH).status_code == 429
    assert client.post("/en/interest/", form).status_code == 429


def test_the_same_key_is_done_once(client):
    first = post(client, WISH, HTTP_IDEMPOTENCY_KEY="k1")
    again = post(client, WISH, HTTP_IDEMPOTENCY_KEY="k1")
    assert (first.status_code, again.status_code) == (202, 202)
    assert Notification.objects.count() == 1

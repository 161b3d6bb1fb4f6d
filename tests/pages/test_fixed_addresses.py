"""The addresses outside the languages, and how a reader comes into one."""

from datetime import datetime
from xml.etree import ElementTree

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.factories.accounts import OrganisationFactory
from tests.factories.calls import CallFactory
from tests.factories.donations import NeedDraftFactory, NeedFactory, OfferDraftFactory, OfferFactory
from tests.factories.instruments import InstrumentFactory
from tests.factories.stories import EventFactory, PageFactory, StoryFactory
from tests.factories.trainings import TrainingFactory

pytestmark = pytest.mark.django_db
URL = "{http://www.sitemaps.org/schemas/sitemap/0.9}loc"


@pytest.mark.parametrize(
    ("accept", "cookie", "home"),
    [
        ("", "", "/en/"),
        ("fr-CM,fr;q=0.9", "", "/fr/"),
        ("pt", "", "/en/"),
        ("fr", "en", "/en/"),
        ("en", "fr", "/fr/"),
        ("fr", "xx", "/fr/"),
    ],
)
def test_the_root_leads_to_the_readers_language(client: Client, accept: str, cookie: str, home: str) -> None:
    if cookie:
        client.cookies["django_language"] = cookie
    response = client.get("/", headers={"Accept-Language": accept} if accept else {})
    assert (response.status_code, response["Location"]) == (302, home)
    assert {"Accept-Language", "Cookie"} <= set(response["Vary"].split(", "))


def test_a_language_followed_by_link_is_kept(client: Client) -> None:
    english = {"Accept-Language": "en"}
    assert not client.get("/en/about/", headers=english).cookies
    assert client.get("/fr/about/", headers=english).cookies["django_language"].value == "fr"
    assert client.get("/", headers=english)["Location"] == "/fr/"


def test_pages_without_a_language_lead_to_one(client: Client) -> None:
    assert client.get("/about/", headers={"Accept-Language": "fr"})["Location"] == "/fr/about/"


def test_the_sitemap_names_public_pages_in_every_language(client: Client, django_assert_num_queries) -> None:
    call = CallFactory()
    draft = CallFactory(state="draft")
    listed, proposed = InstrumentFactory(), InstrumentFactory(state="proposed")
    story, unread = StoryFactory(), StoryFactory(draft=True)
    event, own = EventFactory(), PageFactory()
    hidden = PageFactory(slug="not-shown", is_shown=False)
    asked = OrganisationFactory(state="proposed")
    training, need, offer = TrainingFactory(), NeedFactory(), OfferFactory()
    planned, wished, held = TrainingFactory(state="draft"), NeedDraftFactory(), OfferDraftFactory()
    with django_assert_num_queries(2):
        response = client.get("/sitemap.xml")
    found = {node.text for node in ElementTree.fromstring(response.content).iter(URL)}
    assert response["Content-Type"] == "application/xml"
    assert {f"http://testserver/{code}/calls/{call.slug}/" for code in ("en", "fr")} <= found
    assert f"http://testserver/fr/instruments/{listed.slug}/" in found
    shown = (story, event, own, listed.organisation, training, need, offer)
    assert {f"http://testserver{row.get_absolute_url()}" for row in shown} <= found
    assert "http://testserver/fr/about/privacy/" in found
    unseen = {row.slug for row in (draft, proposed, unread, hidden, asked)}
    unseen |= {row.ref for row in (planned, wished, held)}
    assert not [address for address in found if address.split("/")[-2] in unseen]


def test_robots_are_kept_from_private_rooms(client: Client) -> None:
    lines = client.get("/robots.txt").content.decode().splitlines()
    assert {"Disallow: /en/me/", "Disallow: /fr/desk/", "Sitemap: http://testserver/sitemap.xml"} <= set(lines)


def test_security_txt_expires_within_a_year(client: Client) -> None:
    response = client.get("/.well-known/security.txt")
    fields = dict(line.split(": ", 1) for line in response.content.decode().splitlines())
    assert response["Content-Type"].startswith("text/plain")
    assert fields["Contact"].startswith("mailto:")
    assert 0 < (datetime.fromisoformat(fields["Expires"]) - timezone.now()).days < 365


def test_the_old_address_of_the_favicon(client: Client) -> None:
    assert client.get("/favicon.ico")["Location"].endswith("favicon.svg")


def test_orcid_comes_back_without_a_language() -> None:
    assert reverse("orcid_callback") == "/accounts/orcid/login/callback/"


@pytest.mark.parametrize(("path", "sentence"), [("/en/no/", "There is nothing"), ("/nowhere/", "There is nothing")])
def test_a_missing_page_answers_404_in_words(client: Client, path: str, sentence: str) -> None:
    response = client.get(path)
    assert response.status_code == 404
    assert sentence in response.content.decode()


@pytest.mark.urls("tests.pages.broken_urls")
def test_a_fault_answers_500_without_its_reason(client: Client) -> None:
    client.raise_request_exception = False
    response = client.get("/broken/")
    assert response.status_code == 500
    assert "secret" not in response.content.decode()

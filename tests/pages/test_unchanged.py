"""Data is dear: a page that a visitor has already is not sent again, and one that has changed is."""

from typing import Any

import pytest
from django.test import Client

from calls.models import Call
from portal.pages.impact.keeping import keep_up
from portal.stories.models import Story
from portal.urls import router
from tests.factories.accounts import OrganisationFactory
from tests.factories.calls import CallFactory
from tests.factories.donations import NeedFactory, OfferFactory
from tests.factories.instruments import InstrumentFactory
from tests.factories.stories import EventFactory, PageFactory, StoryFactory
from tests.factories.trainings import CertificateFactory, TrainingFactory

pytestmark = pytest.mark.django_db


def fill() -> None:
    """One of everything that has a public page, under the name `one`."""
    StoryFactory(slug="one")
    EventFactory(slug="one")
    OrganisationFactory(slug="one")
    PageFactory(slug="one", is_shown=True)
    CallFactory(slug="one")
    InstrumentFactory(slug="one")
    NeedFactory(ref="ONE2ONE2")
    OfferFactory(ref="ONE2ONE2")
    TrainingFactory(ref="ONE2ONE2")
    keep_up()


@pytest.fixture
def story() -> Any:
    fill()
    return Story.objects.filter(slug="one")


PAGES = [
    "/en/", "/en/stories/", "/en/stories/one/", "/en/events/", "/en/events/one/", "/en/network/",
    "/en/organisations/one/", "/en/impact/", "/en/about/", "/en/about/one/", "/en/calls/", "/en/calls/one/",
    "/en/instruments/", "/en/instruments/one/", "/en/trainings/", "/en/trainings/ONE2ONE2/", "/en/donations/",
    "/en/donations/needs/", "/en/donations/needs/ONE2ONE2/", "/en/donations/offers/", "/en/donations/offers/ONE2ONE2/",
]  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
def test_a_visitor_who_comes_again_is_told_that_nothing_changed(client: Client, story: Any, path: str) -> None:
    first = client.get(path)
    assert first.status_code == 200
    again = client.get(path, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("path", ["/feeds/calls.atom", "/feeds/stories.atom"])
def test_a_feed_reader_is_sent_news_alone(client: Client, story: Any, path: str) -> None:
    tag = {"If-None-Match": client.get(path)["ETag"]}
    assert client.get(path, headers=tag).status_code == 304
    story.update(title_en="Told anew")
    Call.objects.update(title_en="Called anew")
    assert client.get(path, headers=tag).status_code == 200
    assert client.options(path).status_code == 405


@pytest.mark.parametrize("path", ["/en/", "/en/stories/", "/en/stories/one/"])
def test_what_is_published_or_changed_is_seen_at_once(client: Client, story: Any, path: str) -> None:
    tag = {"If-None-Match": client.get(path)["ETag"]}
    story.update(title_en="Told anew")
    changed = client.get(path, headers=tag)
    assert (changed.status_code, "Told anew" in changed.content.decode()) == (200, True)


def test_what_programs_read_without_an_account_is_not_sent_twice(client: Client, story: Any) -> None:
    lists = [f"/api/v1/{prefix}/" for prefix, _viewset, _name in router.registry if "(" not in prefix]
    public = [path for path in lists if client.get(path).status_code == 200]
    for path in [*public, f"/api/v1/certificates/{CertificateFactory().code}/"]:
        first = client.get(path)
        assert first["Cache-Control"] == "no-cache", path
        again = client.get(path, headers={"If-None-Match": first["ETag"]})
        assert (again.status_code, again.content) == (304, b""), path
    assert {"/api/v1/calls/", "/api/v1/trainings/", "/api/v1/organisations/"} <= set(public)


def test_what_is_taken_off_is_gone_for_those_who_have_it(client: Client, story: Any) -> None:
    tag = {"If-None-Match": client.get("/en/stories/one/")["ETag"]}
    story.update(state="archived")
    assert client.get("/en/stories/one/", headers=tag).status_code == 404


def test_who_signed_in_meanwhile_sees_the_page_of_theirs(client: Client, story: Any, staff: Any) -> None:
    for path in PAGES:
        tag = {"If-None-Match": client.get(path)["ETag"]}
        client.force_login(staff)
        assert client.get(path, headers=tag).status_code == 200
        client.logout()

"""Data is dear: a page that a visitor has already is not sent again, and one that has changed is."""

from typing import Any

import pytest
from django.test import Client

from portal.pages.impact.keeping import keep_up
from portal.stories.models import Story
from tests.factories.accounts import OrganisationFactory
from tests.factories.stories import EventFactory, PageFactory, StoryFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def story() -> Any:
    StoryFactory(slug="one")
    EventFactory(slug="one")
    OrganisationFactory(slug="one")
    PageFactory(slug="one", is_shown=True)
    keep_up()
    return Story.objects.filter(slug="one")


PAGES = [
    "/en/", "/en/stories/", "/en/stories/one/", "/en/events/", "/en/events/one/", "/en/network/",
    "/en/organisations/one/", "/en/impact/", "/en/about/", "/en/about/one/",
]  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
def test_a_visitor_who_comes_again_is_told_that_nothing_changed(client: Client, story: Any, path: str) -> None:
    first = client.get(path)
    assert first.status_code == 200
    again = client.get(path, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("path", ["/en/", "/en/stories/", "/en/stories/one/"])
def test_what_is_published_or_changed_is_seen_at_once(client: Client, story: Any, path: str) -> None:
    tag = {"If-None-Match": client.get(path)["ETag"]}
    story.update(title_en="Told anew")
    changed = client.get(path, headers=tag)
    assert (changed.status_code, "Told anew" in changed.content.decode()) == (200, True)


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

"""Stories for programs: begun, written and sent in by the same deeds as on the pages."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from portal.stories.models import Story
from tests.factories.calls import CallFactory
from tests.factories.instruments import TechniqueFactory
from tests.factories.stories import ConsentFactory, StoryFactory

pytestmark = pytest.mark.django_db
AT = "/api/v1/stories/"


def as_(person: Any) -> APIClient:
    client = APIClient()
    client.force_authenticate(person)
    return client


def test_from_a_draft_to_staff(researcher, instrument) -> None:
    api = as_(researcher)
    TechniqueFactory(slug="tem")
    words = {"title_fr": "Quarante cristaux", "countries": ["sn", "TG"]}
    begun = api.post(AT, words | {"techniques": ["tem"], "instruments": [instrument.slug]}, format="json")
    assert begun.status_code == 201
    row = begun.json()
    assert (row["state"], row["countries"], row["techniques"]) == ("draft", ["SN", "TG"], ["tem"])
    assert [link["sort"] for link in row["links"]] == ["instruments"]
    assert len(row["writing"]["missing"]) == 2, "its text, and whether it shows people"

    one = f"{AT}{row['slug']}/"
    sent = api.post(f"{one}send/", {"edition": 0}, format="json")
    assert (sent.status_code, len(sent.json()["errors"])) == (422, 2)
    words = {"version": 0, "body_fr": "Il y avait **un** cristal.", "shows_people": True, "dois": ["10.1107/S20"]}
    row = api.patch(one, words, format="json").json()
    assert (row["writing"]["version"], row["writing"]["texts"]["title_fr"]) == (1, "Quarante cristaux")
    assert (row["techniques"], row["dois"]) == (["tem"], ["https://doi.org/10.1107/S20"])
    edition = {"edition": row["writing"]["edition"]}
    assert api.post(f"{one}agree/", edition, format="json").status_code == 200
    row = api.post(f"{one}send/", edition, format="json").json()
    assert (row["state"], Story.objects.get().consents.standing().count()) == ("in_review", 1)
    assert row["writing"]["missing"], "staff put it into English before it is published"


def test_own_ones_are_read_in_any_state_and_by_nobody_else(researcher, stranger_researcher, staff) -> None:
    draft, public = StoryFactory(draft=True, sent_by=researcher), StoryFactory()
    one, asked = f"{AT}{draft.slug}/", f"{AT}?own=true"

    def slugs(api: APIClient, address: str) -> list[str]:
        return [row["slug"] for row in api.get(address).json()["results"]]

    assert slugs(as_(researcher), asked) == [draft.slug]
    assert as_(researcher).get(one).json()["writing"]["version"] == 0
    for api in (APIClient(), as_(stranger_researcher)):
        assert slugs(api, asked) == []
        assert api.get(one).status_code == 404
        assert api.get(f"{AT}{public.slug}/").json()["writing"] is None
    for api in (as_(researcher), as_(staff)):
        assert [slugs(api, AT), slugs(api, f"{AT}?own=perhaps"), slugs(api, f"{AT}?own=false")] == [[public.slug]] * 3


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({}, "title_en"),
        ({"title_en": "A", "kind": "gossip"}, "kind"),
        ({"title_en": "A", "techniques": ["alchemy"]}, "techniques"),
        ({"title_en": "A", "countries": ["XX"]}, "countries"),
        ({"title_en": "A", "instruments": ["nothing-of-that-name"]}, "instruments"),
        ({"title_en": "A", "calls": ["in-secret"]}, "calls"),
        ({"title_en": "A", "dois": ["a paper"]}, "dois"),
        ({"title_en": "A\x00"}, "title_en"),
        ({"title_en": "A" * 161}, "title_en"),
        ({"title_en": ["A"]}, "title_en"),
        ({"title_en": "A", "shows_people": "perhaps"}, "shows_people"),
    ],
)
def test_what_cannot_be_used_is_said_and_nothing_is_begun(researcher, sent, field) -> None:
    CallFactory(draft=True, slug="in-secret")
    answer = as_(researcher).post(AT, sent, format="json")
    assert answer.status_code == 400
    assert {error["field"].split(".")[0] for error in answer.json()["errors"]} == {field}
    assert not Story.objects.exists()


def test_nobody_is_overwritten_and_nobody_judges_what_they_have_not_seen(researcher, staff) -> None:
    story = StoryFactory(draft=True, sent_by=researcher, version=3, edition=5)
    one, api = f"{AT}{story.slug}/", as_(researcher)
    assert api.patch(one, {"version": 2, "title_en": "Mine"}, format="json").status_code == 409
    for deed in ("send", "agree", "archive"):
        assert api.post(f"{one}{deed}/", {"edition": 4}, format="json").status_code == 409
        assert api.post(f"{one}{deed}/", {}, format="json").status_code == 400
    story.refresh_from_db()
    assert (story.state, story.version, story.consents.count()) == ("draft", 3, 0)


def test_it_is_taken_off_with_a_reason(researcher) -> None:
    story = StoryFactory(sent_by=researcher)
    one, api = f"{AT}{story.slug}/", as_(researcher)
    assert api.post(f"{one}archive/", {"edition": 0}, format="json").status_code == 422
    assert api.post(f"{one}archive/", {"edition": 0, "why": "A slip"}, format="json").json()["state"] == "archived"
    assert APIClient().get(one).status_code == 404


def test_others_and_visitors_write_nothing(stranger_researcher) -> None:
    story = StoryFactory()
    ConsentFactory(story=story)
    one = f"{AT}{story.slug}/"
    for api, status in ((as_(stranger_researcher), 403), (APIClient(), 401)):
        assert api.patch(one, {"title_en": "Mine"}, format="json").status_code == status
        for deed in ("send", "agree", "archive"):
            assert api.post(f"{one}{deed}/", {"edition": 0, "why": "No"}, format="json").status_code == status
    assert APIClient().post(AT, {"title_en": "Mine"}, format="json").status_code == 401
    assert Story.objects.get().title_en == story.title_en


def test_a_key_begins_one(researcher) -> None:
    api, key = as_(researcher), {"Idempotency-Key": "once"}
    first, again = (api.post(AT, {"title_en": "Once"}, format="json", headers=key) for _time in range(2))
    assert (first.json(), again.headers["Idempotency-Replayed"]) == (again.json(), "true")
    assert api.post(AT, {"title_en": "Twice"}, format="json", headers=key).status_code == 422


def test_staff_write_for_the_programme(staff) -> None:
    row = as_(staff).post(AT, {"title_en": "From the office"}, format="json").json()
    assert Story.objects.get(slug=row["slug"]).sent_by is None

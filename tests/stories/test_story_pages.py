"""Stories as visitors read them, as people send them in, and as staff look after them."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from portal.stories.actions import story as actions
from portal.stories.models import Story
from tests.factories.calls import CallFactory
from tests.factories.instruments import InstrumentFactory, TechniqueFactory
from tests.factories.stories import ConsentFactory, EventFactory, StoryFactory

pytestmark = pytest.mark.django_db
TYPED = {
    "version": "0",
    "title_en": "A first crystal",
    "body_en": "It began with one.",
    "kind": "access",
    "shows_people": "False",
}


def page(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status, address
    return response.content.decode()


def url(name: str, story: Story, *more: Any) -> str:
    space = "" if ":" in name else "stories:"
    return reverse(f"{space}{name}", args=[story.slug, *more])


# --- The list ---------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_takes_a_fixed_number_of_statements(client, django_assert_num_queries, number: int) -> None:
    for _ in range(number):
        StoryFactory()
    with django_assert_num_queries(6):  # one more with pictures: their drawings
        text = page(client, "/en/stories/")
    assert text.count("card-link") == number


def test_the_list_is_filtered(client, instrument) -> None:
    technique = instrument.techniques.get()
    here = StoryFactory(countries=["TG", "SN"], kind="gift", title_en="A balance in Lomé")
    here.techniques.add(technique)
    StoryFactory(draft=True, title_en="Nobody's draft")
    other = StoryFactory(countries=["KE"])
    for query in ("country=SN", "kind=gift", f"technique={technique.slug}", "q=balance lome"):
        text = page(client, f"/en/stories/?{query}")
        assert ("A balance in Lomé" in text, other.title_en in text, "Nobody" in text) == (True, False, False), query
    assert "No story fits" in page(client, "/en/stories/?q=volcano")
    assert "Error:" in page(client, "/en/stories/?kind=gossip", 400)


@pytest.mark.parametrize(
    ("typed", "status"),
    [("", 200), ("%25", 200), ("*", 200), ("%00", 400), ("a" * 300, 400), ("'\"--", 200), ("ا", 200)],
)
def test_odd_words_find_something_or_nothing(client, typed: str, status: int) -> None:
    StoryFactory()
    page(client, f"/en/stories/?q={typed}", status)


# --- One story --------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [1, 3])
def test_a_story_takes_a_fixed_number_of_statements(client, django_assert_num_queries, number: int) -> None:
    story = StoryFactory(countries=["TG"], dois=["10.1107/S2052252526001234"])
    for _ in range(number):
        story.calls.add(CallFactory())
        story.instruments.add(InstrumentFactory())
        story.events.add(EventFactory())
        StoryFactory(countries=["TG"])
    with django_assert_num_queries(5):
        text = page(client, url("detail", story))
    assert 'href="https://doi.org/10.1107/S2052252526001234"' in text
    assert text.count("/en/calls/call") + text.count("/en/events/event-") == 2 * number


def test_a_story_leads_to_others_of_its_countries_and_to_the_instruments_of_its_techniques(client) -> None:
    story = StoryFactory(countries=["SN", "TG"])
    story.techniques.add(TechniqueFactory(slug="tem"))
    text = page(client, url("detail", story))
    assert [f'href="/en/stories/?country={code}"' in text for code in ("SN", "TG")] == [True, True]
    assert 'href="/en/instruments/?technique=tem"' in text


def test_a_story_leads_to_what_its_reader_may_see_only(client) -> None:
    story = StoryFactory()
    story.calls.add(CallFactory(draft=True, title_en="A call in secret"))
    story.instruments.add(InstrumentFactory(state="draft", name_en="Hidden microscope"))
    text = page(client, url("detail", story))
    assert "A call in secret" not in text
    assert "Hidden microscope" not in text


def test_related_stories_share_something_the_nearest_first(instrument) -> None:
    story, near, far, none = (StoryFactory(countries=codes) for codes in (["TG"], [], ["TG"], ["KE"]))
    for one in (story, near):
        one.instruments.add(instrument)
    assert list(Story.objects.published().related_to(story)) == [near, far]
    assert none not in Story.objects.published().related_to(story)


def test_search_engines_read_an_article_and_nothing_ends_its_script_early(client) -> None:
    story = StoryFactory(title_en="</script><script>alert(1)</script>", byline="Abla K.")
    text = page(client, url("detail", story))
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', text, re.DOTALL)
    assert found is not None
    data = json.loads(found.group(1))
    assert (data["@type"], data["headline"], data["author"]["name"]) == ("Article", story.title_en, "Abla K.")
    assert "<script>alert" not in text
    assert 'property="og:title"' in text


def test_markdown_with_script_does_no_harm(client) -> None:
    body = "<script>alert(1)</script> [here](javascript:alert(1)) ![x](https://evil.example/x.png)"
    text = page(client, url("detail", StoryFactory(body_en=body)))
    assert "alert(1)</script>" not in text
    assert "javascript:" not in re.sub(r"<p>.*?</p>", "", text)
    assert '<img src="https://evil' not in text


def test_another_language_says_so(client) -> None:
    story = StoryFactory(body_fr="")
    text = page(client, f"/fr/stories/{story.slug}/")
    assert '<div class="prose" lang="en"' in text


def test_a_draft_is_for_its_sender_and_staff(client, researcher, stranger_researcher, staff) -> None:
    story = StoryFactory(draft=True, sent_by=researcher)
    page(client, url("detail", story), 404)
    for person, status in ((stranger_researcher, 404), (researcher, 200), (staff, 200)):
        client.force_login(person)
        text = page(client, url("detail", story), status)
        assert ("application/ld+json" in text) is False
    assert "Check and send" not in text  # of staff, whose story it is not


def test_the_feed_is_atom_in_the_language_asked_for(client) -> None:
    story = StoryFactory()
    StoryFactory(draft=True, title_fr="Brouillon")
    response = client.get("/feeds/stories.atom?language=fr")
    text = response.content.decode()
    assert response["Content-Type"].startswith("application/atom+xml")
    assert (story.title_fr in text, "Brouillon" in text) == (True, False)
    assert f"/fr/stories/{story.slug}/" in text


# --- Sending one in ---------------------------------------------------------------------------


def test_visitors_are_asked_to_sign_in(client) -> None:
    assert client.get("/en/stories/send/").status_code == 302


def test_a_story_is_sent_in_step_by_step(client, researcher, staff, instrument) -> None:
    client.force_login(researcher)
    assert researcher.name in page(client, "/en/stories/send/?form=one")  # the byline is known
    typed = TYPED | {"shows_people": "True", "instruments": f"{instrument.name}\r\n", "dois": "doi:10.1107/S20"}
    response = client.post("/en/stories/send/", typed)
    story = Story.objects.get()
    assert response.headers["Location"] == url("people", story)
    assert (list(story.instruments.all()), story.dois) == ([instrument], ["10.1107/S20"])
    client.post(url("people", story), {"name": "Abla K.", "form": "signed", "given_on": "2026-03-01", "edition": "0"})
    assert "Send the story in" in page(client, url("check", story))
    response = client.post(url("hand_in", story), {"edition": "0"}, follow=True)
    assert "with our staff" in response.content.decode()
    story.refresh_from_db()
    assert story.state == "in_review"
    assert page(client, "/en/stories/mine/").count(story.title_en) == 1
    page(client, url("edit", story), 403)


def test_who_goes_back_to_the_form_changes_the_draft_that_it_began(client, researcher) -> None:
    client.force_login(researcher)
    form, other = (client.get("/en/stories/send/").headers["Location"] for _twice in range(2))
    assert form != other
    assert "<h1>Tell a story" in page(client, form)
    client.post(form, TYPED)
    story = Story.objects.get()
    assert client.get(form).headers["Location"] == url("edit", story)
    assert story.slug in client.post(form, TYPED | {"title_en": "Forty"}).headers["Location"]
    story.refresh_from_db()
    assert (story.title_en, story.version, Story.objects.count()) == ("Forty", 1, 1)
    clash = client.post(form, TYPED | {"title_en": "Fifty"})
    text = clash.content.decode()
    assert (clash.status_code, Story.objects.count()) == (409, 1)
    assert ("Fifty" in text, "Forty" in text, f'href="{url("edit", story)}"' in text) == (True, True, True)
    client.post("/en/stories/send/?form=another", TYPED | {"title_en": "Sixty"})
    Client().post(form, TYPED)
    assert Story.objects.count() == 2
    actions.archive_story(story, by=researcher)
    assert "Tell a story" in page(client, form)


def test_a_form_with_mistakes_keeps_what_was_typed(client, researcher) -> None:
    client.force_login(researcher)
    typed = TYPED | {"title_en": "", "instruments": "The sonic screwdriver", "dois": "ten dot something"}
    response = client.post("/en/stories/send/", typed)
    text = response.content.decode()
    assert response.status_code == 400
    for words in ("Give it a title", "Nothing on this portal is called", "is no DOI", "It began with one."):
        assert words in text
    assert not Story.objects.exists()


def test_rows_of_others_cannot_be_named(client, researcher) -> None:
    client.force_login(researcher)
    call = CallFactory(draft=True, title_en="A call in secret")
    for line in (call.title_en, f"https://example.org/en/calls/{call.slug}/"):
        assert client.post("/en/stories/send/", TYPED | {"calls": line}).status_code == 400


def test_what_is_missing_is_said_when_it_is_sent_in(client, researcher) -> None:
    client.force_login(researcher)
    story = StoryFactory(draft=True, sent_by=researcher)
    response = client.post(url("hand_in", story), {"edition": "0"})
    assert response.status_code == 422
    assert "Say whether people can be recognised" in response.content.decode()


def test_two_who_write_at_once_see_both_texts(client, researcher, staff) -> None:
    story = StoryFactory(draft=True, sent_by=researcher)
    actions.edit_story(story, version=0, by=staff, title_en="What staff wrote")
    client.force_login(researcher)
    typed = TYPED | {"title_en": "What I wrote", "title_fr": story.title_fr}
    response = client.post(url("edit", story), typed)
    text = response.content.decode()
    assert response.status_code == 409
    assert "What staff wrote" in text
    assert "What I wrote" in text
    version = re.search(r'name="version" value="(\d+)"', text)
    assert version is not None
    assert client.post(url("edit", story), typed | {"version": version.group(1)}).status_code == 302
    story.refresh_from_db()
    assert story.title_en == "What I wrote"


def test_a_sender_takes_a_consent_back_from_a_published_story(client, researcher, staff) -> None:
    story = StoryFactory(shows_people=True, sent_by=researcher)
    consent = ConsentFactory(story=story)
    client.force_login(researcher)
    assert "take the story off" in page(client, url("people", story))
    client.post(url("consent", story, consent.pk, "withdraw"))
    client.logout()
    page(client, url("detail", story), 404)
    assert story.title_en not in page(client, "/en/stories/")


def test_a_sender_takes_a_story_off(client, researcher) -> None:
    story = StoryFactory(sent_by=researcher)
    client.force_login(researcher)
    assert client.post(url("archive", story), {"why": ""}).status_code == 400
    client.post(url("archive", story), {"why": "There is a mistake in it.", "edition": "0"})
    assert "There is a mistake in it." in page(client, url("detail", story))


# --- The desk ---------------------------------------------------------------------------------


def test_the_desk_says_when_a_story_was_first_published_and_when_it_was_taken_off(client, staff) -> None:
    story, draft = StoryFactory(), StoryFactory(draft=True)
    first = story.published_at.date().isoformat()
    client.force_login(staff)
    lines = r"<dt>(Published|First published|Taken off)</dt><dd>.*?datetime=\"(\d{4}-\d\d-\d\d)"
    assert re.findall(lines, page(client, url("desk_stories:story", story)), re.S) == [("Published", first)]
    with time_machine.travel(story.published_at + timedelta(days=3)):
        actions.archive_story(story, by=staff, why="It is told elsewhere.")
        actions.archive_story(draft, by=staff)
        client.force_login(staff)
        text = page(client, url("desk_stories:story", story))
        off = (story.published_at + timedelta(days=3)).date().isoformat()
        assert re.findall(lines, text, re.S) == [("First published", first), ("Taken off", off)]
        assert "<dt>Published</dt>" not in page(client, url("desk_stories:story", draft))


def test_the_back_office_publishes_and_prefers_nothing_unread(client, admin_user) -> None:
    story, event = StoryFactory(state="in_review", published_at=None), EventFactory(state="draft")
    client.force_login(admin_user)
    for name, row, deeds in (("story", story, ("publish", "feature")), ("event", event, ("publish",))):
        address = reverse(f"admin:stories_{name}_changelist")
        for deed in deeds:
            client.post(address, {"action": deed, "_selected_action": [row.pk]})
        assert 'name="action"' not in page(client, address)
        before = row.state
        row.refresh_from_db()
        assert row.state == before


@pytest.mark.parametrize("number", [1, 3])
def test_the_desk_s_list_takes_a_fixed_number_of_statements(client, staff, django_assert_num_queries, number) -> None:
    for _ in range(number):
        StoryFactory(draft=True)
    client.force_login(staff)
    with django_assert_num_queries(5):
        page(client, "/en/desk/stories/")


def test_staff_publish_what_they_write_in_both_languages(client, staff) -> None:
    client.force_login(staff)
    typed = TYPED | {"shows_people": "False", "summary_en": "One crystal.", "title_fr": "Un premier cristal"}
    client.post("/en/desk/stories/new/", typed)
    story = Story.objects.get()
    assert story.sent_by is None
    desk = url("desk_stories:story", story)
    assert "The summary in French is missing." in page(client, desk)
    assert client.post(url("desk_stories:publish", story), {"edition": "0"}).status_code == 422
    client.post(url("edit", story), typed | {"summary_fr": "Un cristal."})
    assert client.post(url("desk_stories:publish", story), {"edition": "1"}).status_code == 302
    client.logout()
    assert "Un premier cristal" in page(client, f"/fr/stories/{story.slug}/")


def test_staff_give_a_story_back_with_a_note(client, staff, researcher) -> None:
    story = StoryFactory(draft=True, state="in_review", sent_by=researcher)
    client.force_login(staff)
    client.post(url("desk_stories:return", story), {"why": "Who took the picture?", "edition": "0"})
    client.force_login(researcher)
    assert "Who took the picture?" in page(client, url("detail", story))
    assert "Check and send" in page(client, url("detail", story))


def test_staff_see_what_waits(client, staff, researcher) -> None:
    story = StoryFactory(draft=True, state="in_review", sent_by=researcher)
    client.force_login(staff)
    assert f"Look at the story: {story.title_en}" in page(client, "/en/desk/")


# --- For programs -----------------------------------------------------------------------------


def test_programs_read_published_stories(client, instrument) -> None:
    story = StoryFactory(countries=["TG"], dois=["10.1107/S20"])
    story.instruments.add(instrument)
    StoryFactory(draft=True)
    found = client.get("/api/v1/stories/?country=tg").json()["results"]
    assert [row["slug"] for row in found] == [story.slug]
    row = client.get(f"/api/v1/stories/{story.slug}/").json()
    assert (row["dois"], row["countries"]) == (["https://doi.org/10.1107/S20"], ["TG"])
    assert [link["sort"] for link in row["links"]] == ["instruments"]

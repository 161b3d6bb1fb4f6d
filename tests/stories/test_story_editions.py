"""People agreed to what they saw, and staff judge what they saw: what happens once a story shows something else."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal.audit.models import Record
from portal.core.errors import Conflict, Refused
from portal.core.files import check_upload
from portal.notifications.models import Notification
from portal.notifications.rendering import Renderer
from portal.stories.actions import picture as pictures
from portal.stories.actions import story as actions
from portal.stories.models import Picture, Story
from portal.stories.notices import STORY_ASKED_AGAIN
from tests.factories.stories import ConsentFactory, PictureFactory, StoryFactory
from tests.support.uploads import picture, upload

pytestmark = pytest.mark.django_db
WORDS = {"alt_en": "The bench", "alt_fr": "La paillasse"}


def asked() -> list[str]:
    rows = Notification.objects.filter(kind="stories.asked_again")
    return list(rows.order_by("pk").values_list("address", flat=True))


def letter() -> Any:
    """The only one to those asked again, as it would go out now; None where there is nothing left to say."""
    return Renderer().letter(STORY_ASKED_AGAIN, Notification.objects.get(kind="stories.asked_again"))


def verbs(story: Story) -> list[str]:
    rows = Record.objects.filter(model="stories.story", row_id=story.pk)
    return list(rows.order_by("pk").values_list("verb", flat=True))


def edit(story: Story, by, **fields) -> Story:
    story.refresh_from_db()
    return actions.edit_story(story, version=story.version, by=by, **fields)


def signed_in(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def address(name: str, story: Story, *more) -> str:
    return reverse(name if ":" in name else f"stories:{name}", args=[story.slug, *more])


@pytest.fixture
def story(researcher) -> Story:
    """With staff; its sender and a second person have agreed to it."""
    story = StoryFactory(draft=True, state="in_review", sent_by=researcher, shows_people=True)
    actions.agree(story, by=researcher)
    ConsentFactory(story=story, name="Abla K.")
    return story


@pytest.fixture
def public(researcher) -> Story:
    story = StoryFactory(sent_by=researcher, shows_people=True)
    ConsentFactory(story=story, name="Abla K.", given_on=date(2026, 1, 5))
    return story


CHANGES: dict[str, Callable] = {
    "title": lambda story, by: edit(story, by, title_en="Another title"),
    "summary": lambda story, by: edit(story, by, summary_fr="Autre résumé."),
    "text": lambda story, by: edit(story, by, body_fr="Un autre texte."),
    "byline": lambda story, by: edit(story, by, byline="Abla Koffi"),
    "picture": lambda story, by: pictures.add_picture(
        story, check_upload(upload(picture("JPEG", size=(60, 40)))), WORDS, by=by
    ),
    "words": lambda story, by: pictures.change_picture(story.pictures.get(), {"caption_en": "Her bench"}, by=by),
    "crop": lambda story, by: pictures.change_picture(story.pictures.get(), {"ratio": "1:1"}, by=by),
}
UNCHANGED: dict[str, Callable] = {
    "links": lambda story, by: edit(story, by, dois=["10.1107/S20"], kind="people"),
    "line ends": lambda story, by: edit(story, by, body_en="One\r\ntwo"),
    "removed": lambda story, by: pictures.remove_picture(story.pictures.first(), by=by),
    "place": lambda story, by: pictures.change_picture(story.pictures.first(), {"position": 2}, by=by),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_whoever_agreed_to_something_else_is_asked_again(story, staff, researcher, change) -> None:
    PictureFactory(story=story, state="ready")
    change(story, staff)
    assert [consent.stands for consent in story.consents.all()] == [False, False]
    assert asked() == [researcher.email]
    story.pictures.update(state="ready")
    with pytest.raises(Refused) as refusal:
        actions.publish_story(story, by=staff)
    assert refusal.value.codes == ["no_consent", "no_consent"]
    assert "before the story was changed" in str(refusal.value)


@pytest.mark.parametrize("change", UNCHANGED.values(), ids=UNCHANGED)
def test_what_takes_nothing_from_what_they_saw_asks_nobody(story, staff, change) -> None:
    Story.objects.update(body_en="One\ntwo")
    PictureFactory.create_batch(2, story=story, state="ready")
    change(story, staff)
    assert all(consent.stands for consent in story.consents.all())
    assert asked() == []


def test_asked_once_however_often_it_changes_until_they_answer(story, staff, researcher) -> None:
    edit(story, staff, title_en="First")
    edit(story, staff, title_en="Second")
    assert asked() == [researcher.email]
    row = Notification.objects.get(kind="stories.asked_again")
    assert row.due_at > timezone.now() + timedelta(minutes=10)  # who changes one thing changes several
    actions.agree(story, by=researcher)
    with time_machine.travel(timezone.now() + timedelta(hours=1)):
        edit(story, staff, title_en="Third")
    assert asked() == [researcher.email] * 2
    assert verbs(story).count("ask_again") == 2


def test_the_message_names_the_others_and_falls_silent_once_all_have_agreed(story, staff, researcher) -> None:
    edit(story, staff, title_en="Another title")
    text = letter().text
    assert "after you agreed to be shown in it" in text
    assert "Abla K." in text
    assert researcher.name not in text.partition("Abla K.")[0].partition("agree:")[2]
    actions.agree(story, by=researcher)
    today = timezone.localdate()
    actions.give_consent(story.consents.get(name="Abla K."), given_on=today, form="mail", by=staff)
    assert letter() is None
    assert actions.publish_story(story, by=staff).is_public


def test_of_a_story_that_nobody_sent_in_staff_who_noted_the_consents_hear(staff, admin_user) -> None:
    story = StoryFactory(draft=True, sent_by=None, shows_people=True)
    ConsentFactory(story=story, recorded_by=admin_user)
    edit(story, staff, title_en="Another title")
    assert asked() == [admin_user.email]
    assert address("people", story) in letter().text


def test_whoever_changes_it_themselves_has_seen_it(story, researcher, staff) -> None:
    Story.objects.update(state="draft")
    edit(story, researcher, title_en="In my own words")
    own, other = story.consents.all()
    assert (own.stands, other.stands) == (True, False)
    assert asked() == []


def test_a_published_story_is_off_until_all_agree_again(public, staff, researcher) -> None:
    since = public.published_at
    saved = edit(public, staff, title_en="Another title")
    assert (saved.state, saved.is_public) == ("in_review", False)
    assert verbs(public) == ["edit", "ask_again"]
    assert asked() == [researcher.email]
    assert "is not published" in letter().text
    consent = public.consents.get()
    with pytest.raises(Refused) as refusal:
        actions.give_consent(consent, given_on=date(2026, 1, 5), form="mail", by=staff)
    assert refusal.value.codes == ["before_change"]
    actions.give_consent(consent, given_on=timezone.localdate(), form="mail", by=staff)
    again = actions.publish_story(public, by=staff)
    assert (again.is_public, again.published_at) == (True, since)


def test_a_published_story_that_shows_nobody_is_changed_where_it_stands(staff) -> None:
    story = StoryFactory()
    assert edit(story, staff, title_en="Another title").is_public
    PictureFactory(story=story, state="ready")
    pictures.change_picture(story.pictures.get(), {"caption_en": "The bench"}, by=staff)
    story.refresh_from_db()
    assert (story.is_public, story.edition) == (True, 2)


def test_who_was_asked_again_may_say_no(public, staff) -> None:
    edit(public, staff, title_en="Another title")
    actions.withdraw_consent(public.consents.get(), by=staff)
    with pytest.raises(Refused, match="does not agree to be shown any more"):
        actions.publish_story(public, by=staff)


# --- What somebody looked at ------------------------------------------------------------------

DEEDS: dict[str, Callable] = {
    "publish": actions.publish_story,
    "return": lambda story, **who: actions.return_story(story, why="No", **who),
    "archive": lambda story, **who: actions.archive_story(story, why="No", **who),
    "feature": lambda story, **who: actions.feature_story(story, is_featured=True, **who),
    "send": actions.send_story,
}


@pytest.mark.parametrize("deed", DEEDS.values(), ids=DEEDS)
def test_nobody_judges_what_they_have_not_seen(staff, deed) -> None:
    story = StoryFactory(draft=True, state="in_review", shows_people=False)
    edit(story, staff, title_en="Another title")
    with pytest.raises(Conflict, match="changed after you opened it"):
        deed(story, by=staff, edition=0)
    story.refresh_from_db()
    assert (story.state, verbs(story)) == ("in_review", ["edit"])


@pytest.mark.parametrize(
    ("name", "more"),
    [
        ("desk_stories:publish", {}),
        ("desk_stories:take_in", {}),
        ("desk_stories:feature", {"is_featured": "1"}),
        ("desk_stories:return", {"why": "Who took the picture?"}),
        ("archive", {"why": "It is told elsewhere."}),
    ],
)
@pytest.mark.parametrize("edition", [{"edition": "0"}, {}, {"edition": "²"}, {"edition": "9" * 30}])
def test_staff_are_shown_the_text_as_it_stands_now(staff, name, more, edition) -> None:
    story = StoryFactory(draft=True, state="in_review", shows_people=False)
    edit(story, staff, body_fr="Un texte tout autre.")
    client = signed_in(staff)
    answer = client.post(address(name, story), {**more, **edition})
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "changed after you opened it" in text
    assert "Un texte tout autre." in text
    assert 'name="edition" value="1"' in text
    assert more.get("why", "") in text  # what was typed is not lost
    story.refresh_from_db()
    assert (story.state, story.is_featured) == ("in_review", False)


def test_after_looking_again_it_is_published(staff) -> None:
    story = StoryFactory(draft=True, state="in_review", shows_people=False)
    edit(story, staff, title_en="Another title")
    assert signed_in(staff).post(address("desk_stories:publish", story), {"edition": "1"}).status_code == 302
    story.refresh_from_db()
    assert story.is_public


def test_who_read_an_earlier_text_has_not_agreed_to_this_one(story, staff, researcher) -> None:
    edit(story, staff, title_en="Another title")
    client = signed_in(researcher)
    answer = client.post(address("agree", story), {"edition": "0"})
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "Another title" in text
    assert "It was changed after you agreed" in text
    assert not story.consents.get(form="portal").stands
    assert client.post(address("agree", story), {"edition": "1"}).status_code == 302
    assert story.consents.get(form="portal").stands


def test_who_is_asked_finds_it_on_their_own_page(story, staff, researcher) -> None:
    client, question = signed_in(researcher), "Do you agree to be shown in this story?"
    assert question not in client.get("/en/me/").content.decode()
    edit(story, staff, title_en="Another title")
    text = client.get("/en/me/").content.decode()
    assert (question in text, "Another title" in text, story.get_absolute_url() in text) == (True, True, True)
    actions.archive_story(story, by=staff, why="No")
    assert question not in client.get("/en/me/").content.decode()


def test_a_word_given_to_an_earlier_text_is_not_noted_for_this_one(story, staff) -> None:
    edit(story, staff, title_en="Another title")
    consent, client = story.consents.get(name="Abla K."), signed_in(staff)
    today = timezone.localdate(timezone=ZoneInfo(staff.time_zone))
    typed = {"form": "mail", "given_on": today.isoformat()}
    answer = client.post(address("consent", story, consent.pk, "give"), typed | {"edition": "0"})
    assert (answer.status_code, 'name="edition" value="1"' in answer.content.decode()) == (409, True)
    answer = client.post(address("people", story), typed | {"edition": "0", "name": "Kofi"})
    assert (answer.status_code, story.consents.count()) == (409, 2)
    assert client.post(address("consent", story, consent.pk, "give"), typed | {"edition": "1"}).status_code == 302
    consent.refresh_from_db()
    assert consent.stands


def test_staff_are_told_before_they_save(public, story, staff) -> None:
    PictureFactory(story=public, state="ready")
    client = signed_in(staff)
    places = [address("edit", public), reverse("picture_pages:list", args=["stories", public.slug])]
    for place in [*places, f"{places[1]}{public.pictures.get().pk}/"]:
        text = client.get(place).content.decode()
        assert "it is taken off until these people have agreed to it anew" in text, place
        assert "Abla K." in text, place
    assert "they are asked again before it is published" in client.get(address("edit", story)).content.decode()
    assert "agreed to it anew" not in client.get(address("edit", StoryFactory())).content.decode()
    typed = {"version": "0", "title_en": "Another", "title_fr": "Autre", "kind": "access", "shows_people": "True"}
    answer = client.post(address("edit", public), typed, follow=True)
    assert "It is off until those shown in it have agreed" in answer.content.decode()
    assert "asked again" in client.get(address("people", public)).content.decode()
    assert "agreed to an earlier text or picture" in client.get(address("desk_stories:story", public)).content.decode()


# --- Saved while typing -----------------------------------------------------------------------


def test_a_draft_is_saved_while_it_is_typed(researcher) -> None:
    story = StoryFactory(draft=True, sent_by=researcher)
    client = signed_in(researcher)
    assert f'data-save="{address("save", story)}"' in client.get(address("edit", story)).content.decode()
    typed = {"version": "0", "title_en": "Half a", "title_fr": "", "kind": "access", "dois": "ten"}
    answer = client.post(address("save", story), typed)
    assert (answer.status_code, answer.json()["version"]) == (200, 1)
    assert "Saved at" in answer.json()["message"]
    assert "DOI" in answer.json()["message"]
    story.refresh_from_db()
    assert (story.title_en, story.shows_people, story.dois) == ("Half a", None, [])
    client.post(address("save", story), typed | {"version": "1", "title_en": "Half a sentence"})
    assert verbs(story) == ["edit"]  # a line a sitting, not one a keystroke
    other = client.post(address("save", story), typed | {"title_en": "Other"})
    assert (other.status_code, "choose what to keep" in other.json()["message"]) == (409, True)


@pytest.mark.parametrize("state", ["in_review", "published", "archived"])
def test_what_others_read_is_not_saved_half_typed(staff, state) -> None:
    story = StoryFactory(state=state)
    client = signed_in(staff)
    answer = client.post(address("save", story), {"version": "0", "title_en": "Half a", "kind": "access"})
    assert answer.status_code == 403
    story.refresh_from_db()
    assert story.version == 0
    if state != "archived":
        assert "data-save=" not in client.get(address("edit", story)).content.decode()


def test_a_new_story_is_kept_on_the_device_until_it_is_begun(researcher) -> None:
    client = signed_in(researcher)
    page = client.get("/en/stories/send/?form=one").content.decode()
    assert f'data-draft="story/+{researcher.pk}"' in page  # on a device of several people each finds their own
    assert 'data-saved=""' in page
    actions.begin_story(by=researcher, sender=researcher, title_en="One")
    assert (
        'data-saved="2' in client.get("/en/stories/send/?form=one").content.decode()
    )  # older copies are of the one begun


# --- Pictures ---------------------------------------------------------------------------------


def test_two_who_describe_a_picture_at_once_see_both_texts(researcher) -> None:
    story = StoryFactory(draft=True, sent_by=researcher)
    row = PictureFactory(story=story, state="ready")
    client = signed_in(researcher)
    place = reverse("picture_pages:change", args=["stories", story.slug, row.pk])
    assert 'name="version" value="0"' in client.get(place).content.decode()
    pictures.change_picture(row, {"caption_en": "What staff wrote"}, by=researcher, version=0)
    typed = {**WORDS, "caption_en": "What I wrote", "ratio": "3:2", "focus": "50-50", "position": 1, "version": "0"}
    answer = client.post(place, typed)
    text = answer.content.decode()
    assert answer.status_code == 409
    for words in ("Two of you wrote at once", "What staff wrote", "What I wrote", 'name="version" value="1"'):
        assert words in text
    assert text.count("Stored: ") == 3  # both alternative texts and the caption
    assert client.post(place, typed | {"version": "1"}).status_code == 302
    row.refresh_from_db()
    assert (row.caption_en, row.version) == ("What I wrote", 2)


def test_who_changes_nothing_meets_no_conflict(researcher) -> None:
    row = PictureFactory(story=StoryFactory(draft=True, sent_by=researcher))
    Picture.objects.update(caption_fr=None)
    pictures.change_picture(row, {"caption_en": "The bench"}, by=researcher)
    same = pictures.change_picture(
        row, {"caption_en": "The bench", "caption_fr": "", "position": 1}, by=researcher, version=0
    )
    assert same.version == 1
    assert verbs(row.story) == ["change_picture"]


def test_pictures_of_a_story_that_is_put_away_stay_as_they_are(staff) -> None:
    story = StoryFactory(state="archived")
    row = PictureFactory(story=story, state="failed")
    deeds: list[Callable] = [
        lambda: pictures.add_picture(story, check_upload(upload(picture())), WORDS, by=staff),
        lambda: pictures.change_picture(row, {"caption_en": "The bench"}, by=staff),
        lambda: pictures.remove_picture(row, by=staff),
        lambda: pictures.try_again(row, by=staff),
    ]
    for deed in deeds:
        with pytest.raises(Refused) as refusal:
            deed()
        assert refusal.value.codes == ["archived"]
    client, place = signed_in(staff), reverse("picture_pages:list", args=["stories", story.slug])
    text = client.get(place).content.decode()
    assert "put away and stays as it was" in text
    assert "Remove" not in text
    assert client.get(f"{place}{row.pk}/").status_code == 302
    answer = client.post(f"{place}{row.pk}/remove/", follow=True)
    assert "put away and stays as it was" in answer.content.decode()
    assert client.get(address("edit", story)).status_code == 403
    assert story.pictures.count() == 1


# --- A draft that nobody wants ----------------------------------------------------------------


@pytest.mark.parametrize("note", ["", "Who took the picture?"])
def test_a_sender_puts_a_draft_away_after_a_second_look(researcher, note) -> None:
    story = StoryFactory(draft=True, sent_by=researcher, state_note=note)
    client = signed_in(researcher)
    assert address("archive", story) in client.get(address("detail", story)).content.decode()
    assert "This cannot be taken back" in client.get(address("archive", story)).content.decode()
    assert client.post(address("archive", story), {"edition": "0"}).status_code == 302
    story.refresh_from_db()
    assert (story.state, verbs(story)) == ("archived", ["archive"])
    assert not Notification.objects.exists()

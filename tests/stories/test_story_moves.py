"""A story's way: written, sent in, given back, published, taken off; and who may do which."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import DatabaseError
from django.utils import timezone

from portal.audit.models import Record
from portal.core.errors import Forbidden, Refused, WrongState
from portal.notifications.models import Notification
from portal.stories.actions import story as actions
from portal.stories.enums import ConsentForm, PictureState, StoryState
from portal.stories.models import Consent, Story
from portal.stories.states import STORY_MOVES
from tests.factories.calls import CallFactory
from tests.factories.stories import ConsentFactory, PictureFactory, StoryFactory
from tests.support.moves import check_move

pytestmark = pytest.mark.django_db

EXPECTED = {
    ("send", "draft"): "in_review",
    ("return", "in_review"): "draft",
    ("publish", "in_review"): "published",
    ("ask_again", "published"): "in_review",
    ("archive", "draft"): "archived",
    ("archive", "in_review"): "archived",
    ("archive", "published"): "archived",
}
TEXTS = {"title_en": "A first crystal", "body_en": "It began with one.", "kind": "access"}


def told(kind: str) -> list[str]:
    return list(Notification.objects.filter(kind=f"stories.{kind}").order_by("pk").values_list("address", flat=True))


def verbs(story: Story) -> list[str]:
    rows = Record.objects.filter(model="stories.story", row_id=story.pk)
    return list(rows.order_by("pk").values_list("verb", flat=True))


def in_review(**fields) -> Story:
    return StoryFactory(draft=True, state=StoryState.IN_REVIEW, **{"shows_people": False, **fields})


@pytest.mark.parametrize("verb", STORY_MOVES)
@pytest.mark.parametrize("state", StoryState.values)
def test_every_verb_in_every_state(verb: str, state: str) -> None:
    check_move(STORY_MOVES, EXPECTED, verb, state)


def test_a_story_is_begun_in_one_language_with_its_links(researcher, instrument) -> None:
    call = CallFactory()
    links = {"calls": [call], "instruments": [instrument]}
    story = actions.begin_story(by=researcher, sender=researcher, links=links, title_fr="Un cristal", kind="access")
    story.refresh_from_db()
    assert (story.slug, story.state, story.sent_by, story.title) == ("un-cristal", "draft", researcher, "Un cristal")
    assert (list(story.calls.all()), list(story.instruments.all())) == ([call], [instrument])
    again = actions.begin_story(by=researcher, sender=researcher, title_fr="Un cristal")
    assert again.slug == "un-cristal-2"
    assert actions.begin_story(by=researcher, sender=researcher, title_en="Send").slug == "send-2"


def test_nobody_writes_in_the_name_of_another(researcher, donor, staff) -> None:
    with pytest.raises(Forbidden):
        actions.begin_story(by=researcher, sender=donor, **TEXTS)
    with pytest.raises(Forbidden):
        actions.begin_story(by=researcher, **TEXTS)
    assert actions.begin_story(by=staff, **TEXTS).sent_by is None


def test_drafts_are_bounded(researcher) -> None:
    for _ in range(20):
        StoryFactory(draft=True, sent_by=researcher)
    with pytest.raises(Refused, match="20 drafts"):
        actions.begin_story(by=researcher, sender=researcher, **TEXTS)


def test_who_saved_meanwhile_is_not_overwritten(researcher, staff) -> None:
    story = StoryFactory(draft=True, sent_by=researcher)
    saved = actions.edit_story(story, version=0, by=staff, title_en="Staff's", links={})
    with pytest.raises(actions.Conflict) as conflict:
        actions.edit_story(story, version=0, by=researcher, title_en="Mine")
    assert (conflict.value.status, conflict.value.version) == (409, saved.version)
    story.refresh_from_db()
    assert (story.title_en, story.version) == ("Staff's", 1)
    assert actions.edit_story(story, version=0, by=researcher, title_en="Staff's").version == 1  # nothing changed


def test_a_sender_writes_in_a_draft_only(researcher, stranger_researcher) -> None:
    story = in_review(sent_by=researcher)
    for person in (researcher, stranger_researcher):
        with pytest.raises(Forbidden):
            actions.edit_story(story, version=0, by=person, title_en="Other")


def test_sent_in_staff_are_told_and_it_happens_once(researcher, staff) -> None:
    story = StoryFactory(draft=True, sent_by=researcher, shows_people=False)
    actions.send_story(story, by=researcher)
    story.refresh_from_db()
    actions.send_story(story, by=researcher)
    story.refresh_from_db()
    assert story.state == StoryState.IN_REVIEW
    assert (told("sent"), verbs(story)) == ([staff.email], ["send"])


def test_of_two_who_press_send_at_once_neither_is_turned_away(researcher, staff) -> None:
    story = StoryFactory(draft=True, sent_by=researcher, shows_people=False)
    read_before = Story.objects.get(pk=story.pk)
    actions.send_story(story, by=researcher)
    assert actions.send_story(read_before, by=researcher).state == StoryState.IN_REVIEW
    assert (told("sent"), verbs(story)) == ([staff.email], ["send"])


def test_what_is_missing_is_said_before_it_is_sent(researcher) -> None:
    story = StoryFactory(draft=True, sent_by=researcher, body_en="", body_fr=None)
    with pytest.raises(Refused) as refusal:
        actions.send_story(story, by=researcher)
    assert refusal.value.codes == ["no_text", "people_unanswered"]
    story.shows_people = True
    story.save()
    with pytest.raises(Refused) as refusal:
        actions.send_story(story, by=researcher)
    assert "nobody_named" in refusal.value.codes


def test_sent_in_again_with_nothing_but_another_picture_staff_are_told_again(researcher, staff) -> None:
    story = StoryFactory(draft=True, sent_by=researcher, shows_people=False)
    actions.send_story(story, by=researcher)
    actions.return_story(story, why="Add a picture of the bench.", by=staff)
    actions.send_story(story, by=researcher)
    assert told("sent") == [staff.email, staff.email]


def test_the_same_form_sent_twice_begins_one_story(researcher, stranger_researcher, instrument) -> None:
    form = {**TEXTS, "summary_fr": "", "countries": ["TG"], "shows_people": False, "dois": []}
    links = {"instruments": [instrument], "calls": []}
    story = actions.begin_story(by=researcher, sender=researcher, links=links, **form)
    assert actions.begin_story(by=researcher, sender=researcher, links=links, **form) == story
    assert verbs(story) == ["begin"]
    others = [
        actions.begin_story(by=researcher, sender=researcher, links=links, **form | {"body_en": "It began with two."}),
        actions.begin_story(by=researcher, sender=researcher, links={"instruments": []}, **form),
        actions.begin_story(by=stranger_researcher, sender=stranger_researcher, links=links, **form),
    ]
    assert len({story.pk, *(other.pk for other in others)}) == 4
    actions.send_story(story, by=researcher)
    assert actions.begin_story(by=researcher, sender=researcher, links=links, **form) != story


def test_given_back_with_a_note(researcher, staff) -> None:
    story = in_review(sent_by=researcher)
    with pytest.raises(Refused, match="should change"):
        actions.return_story(story, why="  ", by=staff)
    with pytest.raises(Forbidden):
        actions.return_story(story, why="No", by=researcher)
    back = actions.return_story(story, why="Say who took the picture.", by=staff)
    assert (back.state, back.state_note) == ("draft", "Say who took the picture.")
    assert told("returned") == [researcher.email]


def test_published_for_all_to_read(researcher, staff, django_capture_on_commit_callbacks) -> None:
    story = in_review(sent_by=researcher)
    with pytest.raises(Forbidden):
        actions.publish_story(story, by=researcher)
    published = actions.publish_story(story, by=staff)
    assert published.is_public
    assert published.published_at is not None
    assert (told("published"), verbs(story)) == ([researcher.email], ["publish"])
    with pytest.raises(WrongState):
        actions.publish_story(story, by=staff)


def test_staff_publish_their_own_draft_in_one_go_and_not_that_of_somebody_else(researcher, staff) -> None:
    own = StoryFactory(draft=True, sent_by=None, shows_people=False)
    actions.publish_story(own, by=staff)
    assert verbs(own) == ["send", "publish"]
    with pytest.raises(WrongState):
        actions.publish_story(StoryFactory(draft=True, sent_by=researcher, shows_people=False), by=staff)


def test_everything_that_keeps_it_from_being_published_is_said(staff) -> None:
    story = in_review(shows_people=None, title_fr="", summary_en="", summary_fr=None, body_en="", body_fr="")
    with pytest.raises(Refused) as refusal:
        actions.publish_story(story, by=staff)
    wanted = ["no_title_fr", "no_summary_en", "no_summary_fr", "no_body", "people_unanswered"]
    assert refusal.value.codes == wanted
    story.refresh_from_db()
    assert (story.state, story.published_at) == ("in_review", None)
    assert verbs(story) == []


def test_nobody_is_shown_without_their_consent(staff) -> None:
    story = in_review(shows_people=True)
    for consents, code in (([], "nobody_named"), ([{"given_on": None}], "no_consent")):
        for fields in consents:
            ConsentFactory(story=story, **fields)
        with pytest.raises(Refused) as refusal:
            actions.publish_story(story, by=staff)
        assert refusal.value.codes == [code]
    story.consents.update(given_on=date(2026, 1, 5))
    assert actions.publish_story(story, by=staff).is_public


@pytest.mark.parametrize(
    ("fields", "codes"),
    [
        ({"state": PictureState.WAITING}, ["picture_waiting"]),
        ({"state": PictureState.FAILED}, ["picture_failed"]),
        ({"state": PictureState.READY, "alt_fr": ""}, ["no_alt"]),
        ({"state": PictureState.READY}, []),
    ],
)
def test_every_picture_is_described_and_ready(staff, fields, codes) -> None:
    story = in_review()
    PictureFactory(story=story, **fields)
    if not codes:
        assert actions.publish_story(story, by=staff).is_public
        return
    with pytest.raises(Refused) as refusal:
        actions.publish_story(story, by=staff)
    assert refusal.value.codes == codes


def test_a_published_story_stays_one_that_may_be_published(staff) -> None:
    story = StoryFactory()
    with pytest.raises(Refused, match="French is missing"):
        actions.edit_story(story, version=0, by=staff, title_fr="")
    story.refresh_from_db()
    assert story.title_fr.startswith("Des cristaux")
    assert actions.edit_story(story, version=0, by=staff, title_fr="Mieux dit").title_fr == "Mieux dit"


def test_its_sender_takes_a_story_off_and_staff_hear_why(researcher, staff, stranger_researcher) -> None:
    story = StoryFactory(sent_by=researcher, is_featured=True)
    with pytest.raises(Forbidden):
        actions.archive_story(story, by=stranger_researcher, why="No")
    with pytest.raises(Refused, match="why it is taken off"):
        actions.archive_story(story, by=researcher)
    off = actions.archive_story(story, by=researcher, why="We found a mistake.")
    assert (off.state, off.state_note, off.is_featured) == ("archived", "We found a mistake.", False)
    assert told("archived") == [staff.email]


def test_staff_take_a_story_off_and_its_sender_hears_why(researcher, staff) -> None:
    actions.archive_story(StoryFactory(sent_by=researcher), by=staff, why="It is told elsewhere.")
    assert told("archived") == [researcher.email]


def test_only_a_published_story_stands_on_the_home_page(staff, researcher) -> None:
    with pytest.raises(Refused, match="Only a published"):
        actions.feature_story(in_review(), is_featured=True, by=staff)
    story = StoryFactory()
    with pytest.raises(Forbidden):
        actions.feature_story(story, is_featured=True, by=researcher)
    assert actions.feature_story(story, is_featured=True, by=staff).is_featured
    actions.feature_story(story, is_featured=True, by=staff)
    assert verbs(story) == ["feature"]


# --- Consents ---------------------------------------------------------------------------------


def test_a_consent_keeps_its_words_and_who_noted_it(researcher) -> None:
    story = StoryFactory(draft=True, sent_by=researcher)
    consent = actions.add_consent(story, by=researcher, name=" Abla K. ", form="signed", given_on=date(2026, 3, 1))
    assert (consent.name, consent.stands, consent.recorded_by) == ("Abla K.", True, researcher)
    assert "I can take this back at any time" in consent.wording


def test_a_child_has_a_guardian_who_agrees(researcher) -> None:
    story = StoryFactory(draft=True, sent_by=researcher)
    with pytest.raises(Refused, match="guardian"):
        actions.add_consent(story, by=researcher, name="Kofi", form="signed", is_minor=True)
    consent = actions.add_consent(story, by=researcher, name="Kofi", form="signed", is_minor=True, guardian="Ama")
    assert "guardian of the child" in consent.wording


def test_a_consent_is_not_given_tomorrow(researcher) -> None:
    story = StoryFactory(draft=True, sent_by=researcher)
    tomorrow = timezone.localdate() + timedelta(days=2)
    with pytest.raises(Refused, match="still to come"):
        actions.add_consent(story, by=researcher, name="Abla", form="mail", given_on=tomorrow)


def test_a_consent_taken_back_takes_the_story_off_at_once_and_tells_both_sides(researcher, staff) -> None:
    story = StoryFactory(shows_people=True, sent_by=researcher)
    consent = ConsentFactory(story=story)
    actions.withdraw_consent(consent, by=staff, why="She wrote to us.")
    actions.withdraw_consent(consent, by=staff)
    story.refresh_from_db()
    consent.refresh_from_db()
    assert (story.state, story.is_public) == ("archived", False)
    assert (consent.withdrawn_by, consent.stands) == (staff, False)
    assert told("consent_withdrawn") == [researcher.email]
    assert told("archived") == [researcher.email]
    assert verbs(story) == ["withdraw_consent", "archive"]


def test_a_sender_takes_consents_back_in_a_published_story_and_strangers_do_not(
    researcher, staff, stranger_researcher
) -> None:
    consent = ConsentFactory(story=StoryFactory(shows_people=True, sent_by=researcher))
    with pytest.raises(Forbidden):
        actions.withdraw_consent(consent, by=stranger_researcher)
    actions.withdraw_consent(consent, by=researcher)
    assert told("consent_withdrawn") == [staff.email]
    assert not Story.objects.published().exists()


def test_a_consent_can_be_given_again_while_it_is_no_draft_of_the_past(researcher, staff) -> None:
    story = in_review(shows_people=True, sent_by=researcher)
    consent = ConsentFactory(story=story)
    actions.withdraw_consent(consent, by=researcher)
    with pytest.raises(Refused, match="does not agree to be shown any more"):
        actions.publish_story(story, by=staff)
    given = actions.give_consent(consent, given_on=date(2026, 4, 1), form="mail", by=staff)
    assert given.stands
    assert actions.publish_story(story, by=staff).is_public


def test_nobody_unasked_is_named_in_a_published_story_and_nobody_leaves_it_unseen(staff) -> None:
    story = StoryFactory(shows_people=True)
    consent = ConsentFactory(story=story)
    with pytest.raises(Refused, match="note here only who has agreed"):
        actions.add_consent(story, by=staff, name="Another", form="mail")
    with pytest.raises(Refused, match="taken off"):
        actions.drop_consent(consent, by=staff)
    assert Consent.objects.get() == consent


@time_machine.travel(datetime(2026, 4, 30, 22, 30, tzinfo=UTC), tick=False)
def test_they_agreed_on_the_day_that_their_own_calendar_had(researcher) -> None:
    story = in_review(shows_people=True, sent_by=researcher)
    with timezone.override("Africa/Nairobi"):
        assert actions.agree(story, by=researcher).given_on == date(2026, 5, 1)


def test_only_the_sender_agrees_on_the_portal(researcher, staff) -> None:
    story = in_review(shows_people=True, sent_by=researcher)
    with pytest.raises(Forbidden):
        actions.agree(story, by=staff)
    consent = actions.agree(story, by=researcher)
    assert actions.agree(story, by=researcher) == consent
    assert (consent.form, consent.name, consent.stands) == (ConsentForm.PORTAL, researcher.name, True)
    with pytest.raises(Refused, match="for themselves"):
        actions.give_consent(consent, given_on=date(2026, 4, 1), form="portal", by=staff)
    actions.withdraw_consent(consent, by=researcher)
    assert actions.agree(story, by=researcher).stands


def test_staff_note_the_word_of_a_sender_who_wrote_to_them(researcher, staff) -> None:
    story = StoryFactory(draft=True, shows_people=True, sent_by=researcher)
    consent = actions.add_consent(story, by=staff, name=researcher.name, form=ConsentForm.PORTAL)
    with pytest.raises(Refused, match="for themselves"):
        actions.give_consent(consent, given_on=date(2026, 4, 1), form="mail", by=researcher)
    given = actions.give_consent(consent, given_on=date(2026, 4, 1), form="mail", by=staff)
    assert (given.form, given.stands) == ("mail", True)


def test_a_name_taken_out_leaves_no_consent_behind(researcher) -> None:
    story = StoryFactory(draft=True, sent_by=researcher)
    consent = ConsentFactory(story=story, given_on=None)
    with pytest.raises(Refused, match="has not been given"):
        actions.withdraw_consent(consent, by=researcher)
    actions.drop_consent(consent, by=researcher)
    assert not Consent.objects.exists()
    assert verbs(story) == ["drop_consent"]


def test_a_write_that_fails_leaves_nothing(researcher, staff, monkeypatch) -> None:
    """The messages cannot be written: neither is the story published."""
    story = in_review(sent_by=researcher)

    def broken(*_args, **_options):
        raise DatabaseError("full")

    monkeypatch.setattr("portal.notifications.actions.Notification.objects.bulk_create", broken)
    with pytest.raises(DatabaseError):
        actions.publish_story(story, by=staff)
    story.refresh_from_db()
    assert (story.state, story.published_at, verbs(story)) == ("in_review", None, [])

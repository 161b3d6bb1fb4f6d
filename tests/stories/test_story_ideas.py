"""Stories that people offered: what staff are told, and a draft begun from their words."""

import pytest
from django.utils import timezone

from bookings.models import Outcome
from donations.actions.follow_up.answer import Answers, answer_follow_up
from portal.core.errors import Forbidden, Refused
from portal.notifications.models import Notification
from portal.stories.actions import story as actions
from portal.stories.ideas import ideas, since_when
from portal.stories.models import Story
from tests.factories.applications import ApplicationFactory
from tests.factories.calls import AwardFactory
from tests.factories.donations import AcceptedMatchFactory, FollowUpFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def outcome(researcher, institute, instrument) -> Outcome:
    """A report whose holder offers it as a story."""
    application = ApplicationFactory(applicant=researcher, organisation=institute, instrument=instrument)
    about = {"holder": researcher, "organisation": institute, "instrument": instrument, "title": "Cassava"}
    award = AwardFactory(state="reported", application=application, **about)
    said = {"summary": "We solved it.", "dois": ["10.1107/S20"], "may_become_story": True, "story_consent": "Yes."}
    return Outcome.objects.create(award=award, reported_at=timezone.now(), **said)


def test_a_story_begins_with_what_the_report_says(outcome, staff, researcher, institute, instrument) -> None:
    story = actions.begin_from_outcome(outcome, by=staff)
    story.refresh_from_db()
    assert (story.title_en, story.body_en, story.dois) == ("Cassava", "We solved it.", ["10.1107/S20"])
    assert (story.sent_by, story.outcome, story.shows_people) == (researcher, outcome, True)
    assert [country.code for country in story.countries] == [institute.country.code]
    assert list(story.instruments.all()) == [instrument]
    assert list(story.techniques.all()) == list(instrument.techniques.all())
    assert list(story.calls.all()) == [outcome.award.application.call]
    consent = story.consents.get()
    assert (consent.name, consent.wording, consent.stands) == (researcher.name, "Yes.", False)


def test_begun_twice_it_is_the_same_story_and_no_idea_any_more(outcome, staff, researcher) -> None:
    assert [idea.title for idea in ideas()] == ["Cassava"]
    assert len(since_when()) == 1
    with pytest.raises(Forbidden):
        actions.begin_from_outcome(outcome, by=researcher)
    first = actions.begin_from_outcome(outcome, by=staff)
    assert actions.begin_from_outcome(outcome, by=staff) == first
    assert (ideas(), since_when()) == ([], [])


def test_whoever_offered_it_agrees_to_the_text_before_it_is_published(outcome, staff, researcher) -> None:
    story = actions.begin_from_outcome(outcome, by=staff)
    with pytest.raises(Refused, match="stays here"):
        actions.drop_consent(story.consents.get(), by=staff)
    texts = {"title_fr": "Manioc", "summary_en": "Solved.", "summary_fr": "Résolue.", "shows_people": False}
    story = actions.edit_story(story, version=0, by=staff, **texts)
    story = actions.send_story(story, by=staff)
    with pytest.raises(Refused, match="has not agreed"):
        actions.publish_story(story, by=staff)
    actions.agree(story, by=researcher)
    assert actions.publish_story(story, by=staff).is_public


def test_what_was_not_offered_is_left_alone(outcome, staff) -> None:
    Outcome.objects.update(may_become_story=False)
    with pytest.raises(Refused, match="not offered"):
        actions.begin_from_outcome(outcome, by=staff)


def test_a_laboratory_offers_what_a_gift_made_possible(staff) -> None:
    match = AcceptedMatchFactory(need__title="A balance for Lomé")
    follow_up = FollowUpFactory(match=match, state="asked")
    said = Answers(in_use="daily", words="Forty students weighed.", may_become_story=True)
    answer_follow_up(follow_up, said, consent="Tell it.")
    assert Notification.objects.filter(kind="stories.idea", address=staff.email).count() == 1
    assert [(idea.sort, idea.words) for idea in ideas()] == [("gift", "Forty students weighed.")]
    story = actions.begin_from_follow_up(follow_up, by=staff)
    consent = story.consents.get()
    assert (story.kind, story.title, story.sent_by) == ("gift", "A balance for Lomé", None)
    assert (consent.name, consent.form, consent.wording) == (match.need.organisation.name, "mail", "Tell it.")
    assert list(story.organisations.all()) == [match.need.organisation]


def test_an_answer_that_offers_nothing_tells_staff_nothing(staff) -> None:
    follow_up = FollowUpFactory(match=AcceptedMatchFactory(), state="asked")
    answer_follow_up(follow_up, Answers(in_use="daily", words="All is well."))
    assert not Notification.objects.filter(kind="stories.idea").exists()


def test_staff_begin_one_on_the_desk(client, outcome, staff) -> None:
    client.force_login(staff)
    assert "Cassava" in client.get("/en/desk/stories/ideas/").content.decode()
    assert "1 story is offered" in client.get("/en/desk/").content.decode()
    response = client.post(f"/en/desk/stories/ideas/report/{outcome.pk}/begin/")
    story = Story.objects.get()
    assert response.headers["Location"] == f"/en/desk/stories/{story.slug}/"
    client.force_login(story.sent_by)
    assert "Do you agree to be shown" in client.get(story.get_absolute_url()).content.decode()

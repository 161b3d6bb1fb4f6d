"""Drafts: started once, filled in with what is known, saved a step at a time, never overwritten."""

import pytest

from calls.actions.application import draft
from calls.actions.application.parts import instruments_to_choose
from calls.models import Application
from calls.steps import is_complete, step_of, steps_of
from portal.audit.actions import history_of
from portal.core.errors import Forbidden, Refused
from tests.factories.applications import ApplicationFactory, AttachmentFactory, SampleFactory, TeamMemberFactory
from tests.factories.calls import CallFactory
from tests.factories.instruments import InstrumentFactory, TechniqueFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def call(instrument):
    return CallFactory(instruments=[instrument], slug="alpine-time")


def test_a_draft_begins_with_what_is_known(call, researcher, institute, instrument):
    earlier = ApplicationFactory(applicant=researcher, state="withdrawn", team_words="Two of us.", plan="A paper.")
    application = draft.start(call, by=researcher)
    assert (application.state, application.applicant) == ("draft", researcher)
    assert application.organisation == institute
    assert application.instrument == instrument
    assert (application.team_words, application.plan) == (earlier.team_words, earlier.plan)
    assert application.title == ""
    assert application.steps == {}
    assert history_of(application).get().verb == "start"


def test_starting_again_finds_the_same_draft(call, researcher):
    first = draft.start(call, by=researcher)
    assert draft.start(call, by=researcher) == first
    assert Application.objects.count() == 1


def test_starting_after_a_withdrawal_begins_anew(call, researcher):
    earlier = ApplicationFactory(call=call, applicant=researcher, state="withdrawn")
    sample = SampleFactory(application=earlier, label="Cu-1", hazards=["toxic"])
    TeamMemberFactory(application=earlier)
    AttachmentFactory(application=earlier)
    anew = draft.start(call, by=researcher)
    copied = anew.samples.get()
    assert (anew.state, anew.team.count(), anew.attachments.count()) == ("draft", 0, 0)
    assert (copied.label, copied.hazards, copied.composition) == ("Cu-1", ["toxic"], sample.composition)
    assert earlier.samples.get() == sample


def test_a_call_that_names_techniques_offers_the_instruments_of_their_branches(instrument):
    microscopy = TechniqueFactory(slug="microscopy")
    scope = InstrumentFactory(techniques=[TechniqueFactory(slug="sem", parent=microscopy)])
    assert list(instruments_to_choose(CallFactory(techniques=[microscopy]))) == [scope]
    assert list(instruments_to_choose(CallFactory(techniques=[microscopy], instruments=[instrument]))) == [instrument]
    assert set(instruments_to_choose(CallFactory())) == {scope, instrument}


def test_samples_of_another_call_stay_there(call, researcher):
    SampleFactory(application=ApplicationFactory(applicant=researcher, state="withdrawn"))
    assert not draft.start(call, by=researcher).samples.exists()


def test_a_step_is_saved_and_counted(call, researcher):
    application = draft.start(call, by=researcher)
    words = {"title": "Copper", "question": "Which polymorph?", "language": "fr"}
    saved = draft.save_step(application, "project", words, version=0, by=researcher)
    assert (saved.title, saved.question, saved.language) == ("Copper", "Which polymorph?", "fr")
    assert saved.version_of("project") == 1
    assert is_complete(saved, step_of(call, "project"))
    assert history_of(saved).first().details == {"step": "project", "version": 1, "fields": [*words]}


def test_while_typing_nothing_is_said_to_be_done(call, researcher):
    application = draft.start(call, by=researcher)
    saved = draft.save_step(application, "plan", {"plan": "A pa"}, version=0, by=researcher, done=None)
    assert saved.plan == "A pa"
    assert not saved.is_done("plan")
    assert [line.verb for line in history_of(saved)] == ["start"]


def test_two_people_never_overwrite_each_other(call, researcher, focal_point):
    application = draft.start(call, by=researcher)
    TeamMemberFactory(application=application, user=focal_point, role="edit", accepted_at=application.created_at)
    draft.save_step(application, "plan", {"plan": "Hers"}, version=0, by=researcher)
    with pytest.raises(draft.StepConflict) as refusal:
        draft.save_step(application, "plan", {"plan": "His"}, version=0, by=focal_point)
    assert (refusal.value.status, refusal.value.stored, refusal.value.version) == (409, {"plan": "Hers"}, 1)
    application.refresh_from_db()
    assert application.plan == "Hers"
    chosen = draft.save_step(application, "plan", {"plan": "Both"}, version=1, by=focal_point)
    assert (chosen.plan, chosen.version_of("plan")) == ("Both", 2)


def test_the_same_words_twice_are_no_conflict(call, researcher):
    application = draft.start(call, by=researcher)
    draft.save_step(application, "plan", {"plan": "A paper"}, version=0, by=researcher)
    again = draft.save_step(application, "plan", {"plan": "A paper"}, version=0, by=researcher)
    assert again.version_of("plan") == 1


def test_strangers_and_readers_write_nothing(call, researcher, stranger_researcher, admin_user, focal_point):
    application = draft.start(call, by=researcher)
    TeamMemberFactory(application=application, user=focal_point, role="view", accepted_at=application.created_at)
    for person in (stranger_researcher, admin_user, focal_point):
        with pytest.raises(Forbidden):
            draft.save_step(application, "plan", {"plan": "Mine"}, version=0, by=person)
        with pytest.raises(Forbidden):
            draft.touch_step(application, "files", by=person)


def test_what_is_entered_is_no_longer_written_in(call, researcher):
    application = ApplicationFactory(call=call, applicant=researcher, screening=True)
    with pytest.raises(Forbidden):
        draft.save_step(application, "plan", {"plan": "Later"}, version=0, by=researcher)


def test_touching_a_step_counts_and_may_end_it(call, researcher):
    application = draft.start(call, by=researcher)
    assert draft.touch_step(application, "files", by=researcher).version_of("files") == 1
    assert draft.touch_step(application, "files", by=researcher, done=True).is_done("files")


def test_calls_without_hours_ask_for_no_instrument():
    training = CallFactory(kind="training")
    assert [step.name for step in steps_of(training)] == ["project", "team", "plan", "organisation", "files"]


def test_an_unknown_section_is_refused(researcher):
    application = draft.start(CallFactory(kind="training"), by=researcher)
    with pytest.raises(Refused) as refusal:
        draft.touch_step(application, "instrument", by=researcher)
    assert refusal.value.codes == ["no_such_step"]

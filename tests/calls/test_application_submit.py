"""Handing in: complete, eligible and in time, once; returned and answered; withdrawn; lapsed by the clock."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from calls.actions.application import clock, submit
from calls.actions.application.draft import start
from calls.actions.application.submit import answer, ask_for_changes, withdraw
from calls.actions.call import extend_call
from calls.models import Application, Call, LateAccess
from calls.steps import steps_of
from calls.tasks import settle_applications
from portal.accounts.models import User
from portal.audit.actions import history_of
from portal.audit.models import Record
from portal.core.errors import Forbidden, Refused, WrongState
from portal.notifications.models import Notification
from tests.factories.accounts import MembershipFactory, UserFactory
from tests.factories.applications import ApplicationFactory, TeamMemberFactory
from tests.factories.calls import CallFactory

pytestmark = pytest.mark.django_db
CLOSING = datetime(2027, 3, 1, 22, 59, 59, tzinfo=UTC)


def finished(call):
    return {step.name: {"version": 1, "done": True} for step in steps_of(call)}


@pytest.fixture
def call(instrument):
    return CallFactory(instruments=[instrument], most_minutes=1200, needs_endorsement=False)


@pytest.fixture
def draft(call, researcher, institute, instrument) -> Application:
    """All of it written."""
    return ApplicationFactory(
        call=call, applicant=researcher, organisation=institute, instrument=instrument, steps=finished(call)
    )


def of_a_colleague(draft) -> Application:
    """The same, of somebody else who works there."""
    colleague = MembershipFactory(user=UserFactory(), organisation=draft.organisation, role="researcher").user
    return ApplicationFactory(
        call=draft.call,
        applicant=colleague,
        organisation=draft.organisation,
        instrument=draft.instrument,
        steps=draft.steps,
    )


def told(kind: str) -> set[str]:
    return set(Notification.objects.filter(kind=f"calls.application_{kind}").values_list("address", flat=True))


def test_a_submission_gets_its_receipt_at_once(draft, researcher, focal_point):
    TeamMemberFactory(application=draft, user=focal_point, accepted_at=timezone.now())
    User.objects.filter(pk=researcher.pk).update(country="KE", career_stage="postdoctoral", phd_year=2024)
    researcher.refresh_from_db()
    row = submit.submit(draft, by=researcher)
    assert row.state == "screening"
    assert row.receipt == f"{row.submitted_at:%Y}-{row.ref}"
    assert (row.country, row.career_stage) == ("KE", "postdoctoral")
    assert row.years_since_phd == draft.call.closes_at.year - 2024
    entry = history_of(row).get()
    assert (entry.verb, entry.by, entry.details) == ("submit", researcher, {"receipt": row.receipt})
    assert told("submitted") == {researcher.email, focal_point.email}


def test_submitting_twice_is_submitting_once(draft, researcher):
    first = submit.submit(draft, by=researcher)
    again = submit.submit(draft, by=researcher)
    assert (again.receipt, again.submitted_at) == (first.receipt, first.submitted_at)
    assert history_of(draft).count() == 1
    assert Notification.objects.count() == 1


def test_what_is_missing_is_named_section_by_section(draft, researcher):
    draft.plan, draft.minutes_requested = "  ", 0
    draft.steps["team"]["done"] = False
    draft.save()
    with pytest.raises(Refused) as refusal:
        submit.submit(draft, by=researcher)
    assert refusal.value.codes == ["instrument", "team", "plan"]
    draft.refresh_from_db()
    assert (draft.state, draft.receipt) == ("draft", None)
    assert Record.objects.count() == 0


def test_files_may_be_left_out(draft, researcher):
    del draft.steps["files"]
    draft.save()
    assert submit.submit(draft, by=researcher).state == "screening"


def test_nobody_asks_for_more_than_the_call_gives(draft, researcher):
    draft.minutes_requested = 1201
    draft.save()
    with pytest.raises(Refused, match="20 h"):
        submit.submit(draft, by=researcher)


def test_eligibility_is_asked_again(draft, researcher):
    draft.call.countries = ["SN"]
    draft.call.save()
    with pytest.raises(Refused) as refusal:
        submit.submit(draft, by=researcher)
    assert refusal.value.codes == ["country"]


def test_only_the_applicant_submits(draft, focal_point, admin_user, stranger_researcher):
    TeamMemberFactory(application=draft, user=focal_point, role="edit", accepted_at=timezone.now())
    for person in (focal_point, admin_user, stranger_researcher):
        with pytest.raises(Forbidden):
            submit.submit(draft, by=person)


@pytest.mark.parametrize("zone", ["Africa/Nairobi", "America/New_York", "Pacific/Kiritimati"])
def test_the_last_second_counts_and_the_next_does_not(draft, researcher, zone):
    """The server's clock alone decides, whatever the clock of call or person shows."""
    draft.call.time_zone, draft.call.closes_at = zone, CLOSING
    draft.call.save()
    late = of_a_colleague(draft)
    User.objects.update(time_zone=zone)
    with timezone.override(zone):
        with time_machine.travel(CLOSING - timedelta(microseconds=1), tick=False):
            assert submit.submit(draft, by=researcher).state == "screening"
        with time_machine.travel(CLOSING, tick=False), pytest.raises(Refused) as refusal:
            submit.submit(late, by=late.applicant)
    assert refusal.value.codes == ["closed"]
    late.refresh_from_db()
    assert late.state == "draft"


def test_an_extension_and_a_late_access_keep_the_door_open(draft, researcher, staff):
    draft.call.closes_at = CLOSING
    draft.call.save()
    with time_machine.travel(CLOSING + timedelta(minutes=5), tick=False):
        LateAccess.objects.create(
            call=draft.call, address=researcher.email, user=researcher, until=CLOSING + timedelta(days=1), why="Power"
        )
        assert clock.lapse_drafts(timezone.now()) == 0
        assert submit.submit(draft, by=researcher).state == "screening"
    other = of_a_colleague(draft)
    with time_machine.travel(CLOSING + timedelta(seconds=30), tick=False):
        extend_call(draft.call, CLOSING + timedelta(days=2), by=staff)
        assert submit.submit(other, by=other.applicant).state == "screening"


def test_changes_are_asked_for_and_answered(draft, researcher, staff):
    submit.submit(draft, by=researcher)
    until = timezone.now() + timedelta(days=7)
    row = ask_for_changes(draft, " Say how many crystals. ", until, by=staff)
    assert (row.state, row.return_note, row.answer_by) == ("returned", "Say how many crystals.", until)
    assert told("returned") == {researcher.email}
    row = answer(draft, by=researcher)
    assert (row.state, row.answer_by) == ("screening", None)
    assert told("answered") == {staff.email}
    assert answer(draft, by=researcher).state == "screening"
    assert [line.verb for line in history_of(draft)] == ["answer", "ask", "submit"]


def test_asking_needs_words_a_day_and_somebody_apart(draft, researcher, staff):
    row = submit.submit(draft, by=researcher)
    soon = timezone.now() + timedelta(days=1)
    with pytest.raises(Refused) as refusal:
        ask_for_changes(row, " ", soon, by=staff)
    assert refusal.value.codes == ["no_note"]
    with pytest.raises(Refused) as refusal:
        ask_for_changes(row, "More", timezone.now() - timedelta(days=1), by=staff)
    assert refusal.value.codes == ["already_past"]
    TeamMemberFactory(application=row, user=staff, accepted_at=timezone.now())
    for person in (staff, researcher):
        with pytest.raises(Forbidden):
            ask_for_changes(row, "More", soon, by=person)


def test_an_answer_that_comes_too_late_is_refused(draft, researcher):
    row = ApplicationFactory(returned=True, applicant=researcher, steps=draft.steps)
    with time_machine.travel(row.answer_by, tick=False), pytest.raises(Refused) as refusal:
        answer(row, by=researcher)
    assert refusal.value.codes == ["too_late"]


def test_withdrawing_tells_its_people(draft, researcher, focal_point):
    TeamMemberFactory(application=draft, user=focal_point, role="edit", accepted_at=timezone.now())
    with pytest.raises(Forbidden):
        withdraw(draft, by=focal_point)
    row = withdraw(draft, by=researcher, why="No crystals grew.")
    assert row.state == "withdrawn"
    assert told("withdrawn") == {researcher.email, focal_point.email}
    assert history_of(row).get().why == "No crystals grew."
    with pytest.raises(WrongState):
        submit.submit(draft, by=researcher)


def test_the_clock_lapses_what_came_to_nothing(draft, call):
    returned = ApplicationFactory(returned=True)
    entered = ApplicationFactory(screening=True, call=call)
    with time_machine.travel(max(call.closes_at, returned.answer_by) + timedelta(hours=1), tick=False):
        settle_applications()
        settle_applications()
    for row, state in ((draft, "lapsed"), (returned, "lapsed"), (entered, "screening")):
        row.refresh_from_db()
        assert row.state == state
    assert told("lapsed") == {draft.applicant.email, returned.applicant.email}
    assert [line.actor for line in Record.objects.filter(verb="lapse")] == ["clock", "clock"]


def test_drafts_of_a_withdrawn_call_stay_readable(draft, call):
    call.state = "withdrawn"
    call.save()
    assert clock.lapse_drafts(call.closes_at + timedelta(days=1)) == 0


def test_in_a_withdrawn_call_nobody_asks_answers_or_is_timed_out(researcher, staff):
    returned = ApplicationFactory(returned=True, applicant=researcher)
    entered = ApplicationFactory(screening=True, call=returned.call)
    Call.objects.update(state="withdrawn")
    assert Application.objects.to_hand_in(researcher, timezone.now()).count() == 0
    with pytest.raises(Refused) as refusal:
        answer(returned, by=researcher)
    assert refusal.value.codes == ["call_over"]
    with pytest.raises(Refused) as refusal:
        ask_for_changes(entered, "More", timezone.now() + timedelta(days=1), by=staff)
    assert refusal.value.codes == ["call_over"]
    assert clock.lapse_unanswered(returned.answer_by + timedelta(days=1)) == 0
    assert {row.state for row in Application.objects.all()} == {"returned", "screening"}


def test_after_a_lapse_the_words_are_there_again(draft, call, researcher):
    Application.objects.filter(pk=draft.pk).update(state="lapsed")
    call.closes_at += timedelta(days=7)
    call.save()
    anew = start(call, by=researcher)
    assert anew != draft
    assert (anew.title, anew.question, anew.minutes_requested) == (draft.title, draft.question, 600)
    assert anew.steps == {}


def test_a_failing_mail_leaves_nothing(draft, researcher, monkeypatch):
    def fail(*args, **options):
        raise OSError("disk full")

    monkeypatch.setattr(submit, "tell", fail)
    with pytest.raises(OSError, match="disk full"):
        submit.submit(draft, by=researcher)
    draft.refresh_from_db()
    assert (draft.state, draft.receipt) == ("draft", None)
    assert Record.objects.count() == 0


def test_a_closed_account_is_not_written_to(draft, researcher):
    TeamMemberFactory(application=draft, user=UserFactory(is_active=False), accepted_at=timezone.now())
    submit.submit(draft, by=researcher)
    assert told("submitted") == {researcher.email}

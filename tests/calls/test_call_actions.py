"""Deeds of calls: every state with every verb, what publishing asks for, extending, withdrawing."""

from datetime import timedelta

import pytest
from django.utils import timezone

from calls import signals
from calls.actions import call as deeds
from calls.enums import CallPhase, CallState
from calls.models import Call
from calls.states import CALL_MOVES
from portal.audit.models import Record
from portal.core.errors import Forbidden, Refused, WrongState
from portal.notifications.models import Notification
from tests.factories.calls import CallFactory

pytestmark = pytest.mark.django_db


def do(verb: str, call: Call, by) -> None:
    """Do `verb` with arguments that no rule but the state can refuse."""
    later = timezone.now() + timedelta(days=60)
    {
        "publish": lambda: deeds.publish_call(call, by=by),
        "extend": lambda: deeds.extend_call(call, later, by=by),
        "withdraw": lambda: deeds.withdraw_call(call, why="The instrument is broken", by=by),
        "decide": lambda: deeds.decide_call(call, by=by),
        "archive": lambda: deeds.archive_call(call, by=by),
    }[verb]()


def fresh(call: Call) -> Call:
    return Call.objects.get(pk=call.pk)


@pytest.mark.parametrize("state", CallState.values)
@pytest.mark.parametrize("verb", CALL_MOVES)
def test_every_verb_in_every_state(verb, state, staff):
    call = CallFactory(state=state, closed=verb == "decide")
    sources, target = CALL_MOVES[verb]
    if state in sources:
        do(verb, call, staff)
        assert fresh(call).state == target
        row = Record.objects.get(model="calls.call", row_id=call.pk, verb=verb)
        assert (row.before, row.after, row.by) == (state, target, staff)
    else:
        with pytest.raises(WrongState):
            do(verb, call, staff)
        assert fresh(call).state == state
        assert not Record.objects.exists()


@pytest.mark.parametrize("verb", CALL_MOVES)
@pytest.mark.parametrize("who", ["researcher", "focal_point", "operator", "stranger_researcher"])
def test_only_staff_do_any_of_it(verb, who, request):
    call = CallFactory(state=next(iter(CALL_MOVES[verb][0])), closed=verb == "decide")
    with pytest.raises(Forbidden):
        do(verb, call, request.getfixturevalue(who))
    assert fresh(call).state == call.state
    assert not Record.objects.exists()


def test_publishing_sets_its_moment_and_is_announced(staff):
    heard = []
    receiver = lambda sender, call, **rest: heard.append(call.pk)  # noqa: E731 a receiver for one test
    signals.call_published.connect(receiver)
    call = deeds.publish_call(CallFactory(draft=True), by=staff)
    signals.call_published.disconnect(receiver)
    assert heard == [call.pk]
    assert fresh(call).published_at is not None
    assert fresh(call).announced_at is not None


@pytest.mark.parametrize("field", ["title_fr", "summary_en", "summary_fr"])
def test_a_draft_without_its_texts_is_not_published_and_says_what_is_missing(field, staff):
    call = CallFactory(draft=True, **{field: "  "})
    with pytest.raises(Refused) as refusal:
        deeds.publish_call(call, by=staff)
    assert refusal.value.codes == [f"no_{field}"]
    assert fresh(call).state == CallState.DRAFT
    assert not Record.objects.exists()


def test_all_that_is_missing_is_said_at_once(staff):
    call = CallFactory(draft=True, closed=True, title_fr="", summary_en="", summary_fr="")
    with pytest.raises(Refused) as refusal:
        deeds.publish_call(call, by=staff)
    assert refusal.value.codes == ["no_title_fr", "no_summary_en", "no_summary_fr", "closing_past"]


def test_a_second_publish_changes_nothing(staff):
    call = CallFactory(draft=True)
    deeds.publish_call(call, by=staff)
    moment = fresh(call).published_at
    with pytest.raises(WrongState, match="Look again"):
        deeds.publish_call(call, by=staff)
    assert fresh(call).published_at == moment
    assert Record.objects.filter(verb="publish").count() == 1


def test_when_the_telling_fails_the_call_stays_a_draft(staff, monkeypatch):
    def broken(sender, call, **rest):
        raise RuntimeError("a receiver above failed")

    signals.call_published.connect(broken)
    call = CallFactory(draft=True)
    with pytest.raises(RuntimeError):
        deeds.publish_call(call, by=staff)
    signals.call_published.disconnect(broken)
    assert fresh(call).state == CallState.DRAFT
    assert not Record.objects.exists()
    assert not Notification.objects.exists()


@pytest.mark.parametrize(("days", "code"), [(-1, "not_later"), (0, "not_later")])
def test_a_call_is_extended_later_only(days, code, staff):
    call = CallFactory()
    with pytest.raises(Refused) as refusal:
        deeds.extend_call(call, call.closes_at + timedelta(days=days), by=staff)
    assert refusal.value.codes == [code]
    assert fresh(call).closes_at == call.closes_at


def test_a_closed_call_is_not_extended_into_the_past(staff):
    call = CallFactory(closed=True)
    with pytest.raises(Refused) as refusal:
        deeds.extend_call(call, call.closes_at + timedelta(days=1), by=staff)
    assert refusal.value.codes == ["already_past"]


def test_a_closed_call_opens_again_when_it_is_extended(staff):
    call = CallFactory(closed=True)
    deeds.extend_call(call, timezone.now() + timedelta(days=3), by=staff)
    assert fresh(call).phase == CallPhase.OPEN


def test_withdrawing_needs_a_reason(staff):
    call = CallFactory()
    with pytest.raises(Refused) as refusal:
        deeds.withdraw_call(call, why=" ", by=staff)
    assert refusal.value.codes == ["no_reason"]
    assert fresh(call).state == CallState.PUBLISHED


def test_a_call_is_decided_only_once_it_has_closed(staff):
    call = CallFactory()
    with pytest.raises(Refused) as refusal:
        deeds.decide_call(call, by=staff)
    assert refusal.value.codes == ["still_open"]
    assert fresh(call).state == CallState.PUBLISHED


def test_a_published_call_is_not_edited(staff):
    call = CallFactory()
    with pytest.raises(Refused) as refusal:
        deeds.edit_call(call, by=staff, techniques=[], instruments=[], title_en="Other")
    assert refusal.value.codes == ["not_a_draft"]
    assert fresh(call).title_en == call.title_en


def test_calls_of_one_title_get_an_address_each(staff, instrument):
    moment = timezone.now()
    dates = {"opens_at": moment, "closes_at": moment + timedelta(days=7)}
    calls = [deeds.create_call(by=staff, title_en="Crystals, 2027", **dates) for _ in range(3)]
    assert [call.slug for call in calls] == ["crystals-2027", "crystals-2027-2", "crystals-2027-3"]
    # At /desk/calls/new/ stands the form for another one.
    assert deeds.create_call(by=staff, title_en="New", **dates).slug == "new-2"
    assert deeds.create_call(by=staff, title_fr="ዓዲስ", **dates).slug == "call"
    assert len(deeds.create_call(by=staff, title_en="crystal " * 19, **dates).slug) == 75  # room for "-9999"


@pytest.mark.parametrize(
    ("hours", "phase"),
    [(-1, CallPhase.UPCOMING), (0, CallPhase.OPEN), (47, CallPhase.OPEN), (48, CallPhase.CLOSED)],
)
def test_the_phase_follows_the_clock_alone(hours, phase, time_machine):
    opens = timezone.now().replace(microsecond=0)
    call = CallFactory(opens_at=opens, closes_at=opens + timedelta(hours=48))
    time_machine.move_to(opens + timedelta(hours=hours), tick=False)
    assert fresh(call).phase == phase
    now = timezone.now()
    for other in (CallPhase.UPCOMING, CallPhase.OPEN, CallPhase.CLOSED, CallPhase.DECIDED):
        assert Call.objects.in_phase(other, now).filter(pk=call.pk).exists() == (other == phase)


@pytest.mark.parametrize(
    ("state", "phase"),
    [
        (CallState.DECIDED, CallPhase.DECIDED),
        (CallState.ARCHIVED, CallPhase.DECIDED),
        (CallState.WITHDRAWN, CallPhase.WITHDRAWN),
    ],
)
def test_some_states_are_phases_of_their_own(state, phase):
    assert CallFactory(state=state).phase == phase

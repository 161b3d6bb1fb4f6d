"""Outcomes: prepared unseen, ranked, released together and once, with awards and mails."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from calls import notices
from calls.actions import outcome as deeds
from calls.actions.call import decide_call
from calls.enums import AwardKind, AwardState, CallKind, CallState, Decision
from calls.models import Application, Award, Call, LedgerEntry
from calls.ranking import reordered
from portal.audit.models import Record
from portal.core.errors import Forbidden, Refused, WrongState
from portal.notifications.models import Notification
from tests.factories.accounts import MembershipFactory, UserFactory
from tests.factories.applications import (
    ApplicationFactory,
    CheckFactory,
    CriterionFactory,
    ReviewFactory,
    TeamMemberFactory,
)
from tests.factories.calls import AwardFactory, CallFactory
from tests.factories.instruments import InstrumentFactory

pytestmark = pytest.mark.django_db
AWARD, RESERVE, DECLINE = Decision.AWARD, Decision.RESERVE, Decision.DECLINE
UNPREPARABLE = ("draft", "returned", "awarded", "reserved", "declined", "withdrawn", "lapsed")


@pytest.fixture
def call(instrument) -> Call:
    """Closed; offers a hundred hours."""
    return CallFactory(closed=True, instruments=[instrument])


@pytest.fixture
def applied(call, institute, instrument):
    """Make an application of a confirmed member of the institute; ten hours on the instrument, in review."""

    def make(state: str = "review", **fields) -> Application:
        member = MembershipFactory(organisation=institute)
        values = {"call": call, "applicant": member.user, "organisation": institute, "instrument": instrument}
        return ApplicationFactory(**{state: True}, **(values | fields))

    return make


def fresh(row):
    return type(row).objects.get(pk=row.pk)


def states(*rows) -> list[str]:
    return [fresh(row).state for row in rows]


def told(kind) -> list[str]:
    return sorted(Notification.objects.filter(kind=kind.name).values_list("address", flat=True))


def verbs(row) -> list[str]:
    rows = Record.objects.filter(model=row._meta.label_lower, row_id=row.pk).order_by("pk")
    return list(rows.values_list("verb", flat=True))


# --- Preparing ------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", ["screening", "feasibility", "review", "prepared"])
def test_an_outcome_is_prepared_as_long_as_it_is_judged(applied, staff, state):
    application = applied(state)
    deeds.prepare(application, AWARD, 480, "Well done", by=staff)
    now = fresh(application)
    assert (now.state, now.decision, now.minutes_decided, now.decision_note) == ("prepared", AWARD, 480, "Well done")
    entry = Record.objects.get(verb="prepare")
    assert (entry.by, entry.before, entry.details) == (staff, state, {"decision": "award", "minutes": 480})
    assert not Notification.objects.exists()
    assert not Award.objects.exists()


@pytest.mark.parametrize("state", UNPREPARABLE)
def test_no_outcome_is_prepared_in_any_other_state(applied, staff, state):
    application = applied()
    changes = {"answer_by": timezone.now()} if state == "returned" else {}
    Application.objects.filter(pk=application.pk).update(state=state, **changes)
    with pytest.raises(Refused) as refusal:
        deeds.prepare(fresh(application), DECLINE, by=staff)
    assert refusal.value.codes == ["wrong_state"]
    assert states(application) == [state]


@pytest.mark.parametrize("who", ["researcher", "focal_point", "operator", "reviewer", "donor"])
def test_only_staff_prepare(applied, who, request):
    application = applied()
    with pytest.raises(Forbidden):
        deeds.prepare(application, DECLINE, by=request.getfixturevalue(who))
    for deed in (deeds.award_from_the_top, deeds.decline_the_rest, deeds.rank_by_score, deeds.release):
        with pytest.raises(Forbidden):
            deed(application.call, by=request.getfixturevalue(who))
    assert states(application) == ["review"]


@pytest.mark.parametrize("who", ["staff", "admin_user"])
def test_nobody_decides_about_an_application_of_their_own(applied, who, request):
    person = request.getfixturevalue(who)
    own, shared, other = applied(applicant=person), applied(), applied()
    TeamMemberFactory(application=shared, user=person, accepted_at=timezone.now())
    for application in (own, shared):
        with pytest.raises(Forbidden):
            deeds.prepare(application, AWARD, 600, by=person)
        with pytest.raises(Refused) as refusal:
            deeds.prepare_all(application.call, [deeds.Choice(application.ref, AWARD, 600)], by=person)
        assert refusal.value.codes == ["own"]
        with pytest.raises(Refused) as refusal:
            deeds.put_in_place(own.call, {application.ref: 1}, by=person)
        assert refusal.value.codes == ["own"]
    assert deeds.decline_the_rest(own.call, by=person) == 1
    assert states(own, shared, other) == ["review", "review", "prepared"]


@pytest.mark.parametrize("kind", ["eligible", "feasible", "safe"])
@pytest.mark.parametrize("decision", [AWARD, RESERVE])
def test_what_a_check_refused_cannot_be_awarded(applied, staff, kind, decision):
    application = applied()
    check = CheckFactory(application=application, kind=kind, is_passed=False)
    with pytest.raises(Refused) as refusal:
        deeds.prepare(application, decision, 600, by=staff)
    assert refusal.value.codes == [f"not_{kind}"]
    assert application.ref in str(refusal.value)
    deeds.prepare(application, DECLINE, by=staff)
    check.is_passed = True
    check.save()
    deeds.prepare(application, decision, 600, by=staff)
    assert fresh(application).decision == decision


def test_an_award_of_hours_needs_organisation_instrument_and_hours(applied, staff):
    application = applied(organisation=None, instrument=None)
    with pytest.raises(Refused) as refusal:
        deeds.prepare(application, AWARD, 0, by=staff)
    assert refusal.value.codes == ["no_organisation", "no_instrument", "no_hours"]


def test_a_place_needs_no_hours(applied, staff, call):
    Call.objects.filter(pk=call.pk).update(kind=CallKind.TRAINING)
    application = applied(instrument=None)
    deeds.prepare(application, AWARD, 600, by=staff)
    assert fresh(application).minutes_decided is None


def test_one_that_cannot_be_prepared_holds_back_the_others(applied, staff, call):
    one, other = applied(), applied(organisation=None)
    choices = [deeds.Choice(row.ref, AWARD, 600) for row in (one, other)]
    with pytest.raises(Refused):
        deeds.prepare_all(call, choices, by=staff)
    assert states(one, other) == ["review", "review"]
    assert not Record.objects.exists()


def test_nobody_overwrites_what_changed_meanwhile(applied, staff, call):
    application = applied()
    deeds.prepare_all(call, [deeds.Choice(application.ref, AWARD, 60, seen=application.updated_at)], by=staff)
    late = deeds.Choice(application.ref, DECLINE, seen=application.updated_at)
    with pytest.raises(Refused) as refusal:
        deeds.prepare_all(call, [late], by=staff)
    assert refusal.value.codes == ["changed"]
    assert fresh(application).decision == AWARD


def test_the_same_outcome_again_leaves_no_trace(applied, staff, call):
    application = applied()
    choice = deeds.Choice(application.ref, AWARD, 60, "Fine")
    assert deeds.prepare_all(call, [choice], by=staff) == 1
    assert deeds.prepare_all(call, [choice], by=staff) == 0
    assert verbs(application) == ["prepare"]


# --- Ranking --------------------------------------------------------------------------------------


@given(
    order=st.lists(st.text("abcdefgh", min_size=1, max_size=2), unique=True, max_size=8),
    wanted=st.dictionaries(st.integers(0, 7), st.integers(-3, 12)),
)
def test_moving_keeps_everybody_and_puts_them_where_they_fit(order, wanted):
    places = {order[index]: place for index, place in wanted.items() if index < len(order)}
    result = reordered(order, places)
    assert sorted(result) == sorted(order)
    assert [name for name in result if name not in places] == [name for name in order if name not in places]
    if len(places) == 1:
        (name, place), *_rest = places.items()
        assert result.index(name) == min(max(place, 1), len(order)) - 1


@pytest.mark.parametrize(
    ("places", "expected"),
    [
        ({"d": 1}, "dabc"),
        ({"a": 4}, "bcda"),
        ({"a": 99}, "bcda"),
        ({"a": 2, "c": 2}, "bacd"),
        ({"d": 1, "a": 2}, "dabc"),
        ({}, "abcd"),
    ],
)
def test_places_as_people_mean_them(places, expected):
    assert "".join(reordered("abcd", places)) == expected


def ranked(call) -> list[str]:
    return list(Application.objects.filter(call=call).order_by("rank").values_list("title", "rank"))


def test_the_list_by_score_then_by_hand(applied, staff, call):
    criterion = CriterionFactory(call=call)
    rows = [applied(title=title) for title in "abcd"]
    for row, points in zip(rows, (2, 5, 4, None), strict=True):
        if points:
            ReviewFactory(application=row, scores={criterion: points})
    deeds.rank_by_score(call, by=staff)
    assert ranked(call) == [("b", 1), ("c", 2), ("a", 3), ("d", 4)]
    deeds.put_in_place(call, {rows[3].ref: 1}, by=staff)
    assert ranked(call) == [("d", 1), ("b", 2), ("c", 3), ("a", 4)]
    deeds.rank(call, [rows[0].ref], by=staff)
    assert ranked(call) == [("a", 1), ("d", 2), ("b", 3), ("c", 4)]
    assert verbs(rows[0]) == ["rank", "rank", "rank"]


@pytest.mark.parametrize("refs", [["NOSUCH22"], ["twice", "twice"]])
def test_a_list_that_does_not_fit_is_refused(applied, staff, call, refs):
    row = applied(ref="twice")
    with pytest.raises(Refused) as refusal:
        deeds.rank(call, refs, by=staff)
    assert refusal.value.codes == ["unknown"]
    assert fresh(row).rank is None


def test_awards_from_the_top_until_the_hours_are_used(applied, staff, call):
    Call.objects.filter(pk=call.pk).update(minutes_offered=1500)
    first, second, third, refused, small = (
        applied(minutes_requested=minutes, rank=place)
        for place, minutes in enumerate((600, 600, 600, 60, 300), start=1)
    )
    CheckFactory(application=refused, kind="safe", is_passed=False)
    assert deeds.award_from_the_top(call, by=staff) == 3
    assert states(first, second, third, refused, small) == ["prepared", "prepared", "review", "review", "prepared"]
    assert deeds.award_from_the_top(call, by=staff) == 0
    assert deeds.decline_the_rest(call, by=staff) == 2
    assert [fresh(row).decision for row in (first, third, refused)] == [AWARD, DECLINE, DECLINE]


# --- Release --------------------------------------------------------------------------------------


@pytest.fixture
def three(applied):
    """One prepared for each outcome."""
    return [
        applied("prepared", decision=AWARD, rank=1, title="Zinc"),
        applied("prepared", decision=RESERVE, rank=2),
        applied("prepared", decision=DECLINE, rank=3, decision_note="Ask again next year"),
    ]


def test_a_release_tells_everybody_at_once_and_offers_the_awards(call, three, staff, instrument, institute):
    call.use_from, call.use_until = timezone.now().date(), timezone.now().date() + timedelta(days=100)
    call.save()
    colleague = UserFactory()
    TeamMemberFactory(application=three[0], user=colleague, accepted_at=timezone.now())
    TeamMemberFactory(application=three[0])
    released = deeds.release(call, by=staff)
    assert vars(released) == {"awarded": 1, "reserved": 1, "declined": 1}
    assert states(*three) == ["awarded", "reserved", "declined"]
    assert fresh(call).state == CallState.DECIDED
    assert all(fresh(row).released_at for row in three)
    award = Award.objects.get()
    assert (award.application, award.kind, award.title) == (three[0], AwardKind.HOURS, "Zinc")
    assert (award.instrument, award.organisation, award.state) == (instrument, institute, AwardState.OFFERED)
    assert (award.valid_from, award.valid_until) == (call.use_from, call.use_until)
    assert (award.granted_minutes, award.balance_minutes, award.entries.get().minutes) == (600, 600, 600)
    assert list(award.members.all()) == [colleague]
    assert told(notices.OUTCOME_AWARDED) == [three[0].applicant.email]
    assert told(notices.OUTCOME_RESERVED) == [three[1].applicant.email]
    assert told(notices.OUTCOME_DECLINED) == [three[2].applicant.email]
    assert [verbs(row)[-1] for row in three] == ["release_award", "release_reserve", "release_decline"]
    assert verbs(award) == ["release"]
    assert Record.objects.get(verb="decide").details == {"awarded": 1, "reserved": 1, "declined": 1}


def test_a_released_call_is_not_released_again(call, three, staff):
    deeds.release(call, by=staff)
    mails, entries = Notification.objects.count(), Record.objects.count()
    for deed in (
        deeds.release,
        deeds.award_from_the_top,
        deeds.decline_the_rest,
        deeds.rank_by_score,
    ):
        with pytest.raises(WrongState):
            deed(call, by=staff)
    with pytest.raises(WrongState):
        deeds.prepare(fresh(three[1]), AWARD, 600, by=staff)
    assert (Notification.objects.count(), Record.objects.count(), Award.objects.count()) == (mails, entries, 1)


def test_every_application_must_be_prepared(call, three, applied, staff):
    unprepared, withdrawn = applied(title="Iron"), applied()
    Application.objects.filter(pk=withdrawn.pk).update(state="withdrawn")
    draft = applied(applicant=UserFactory(), title="Still a draft")
    Application.objects.filter(pk=draft.pk).update(state="draft")
    with pytest.raises(Refused) as refusal:
        deeds.release(call, by=staff)
    assert refusal.value.codes == ["not_prepared", "not_prepared"]
    assert unprepared.ref in str(refusal.value)
    assert states(*three) == ["prepared"] * 3
    assert not Award.objects.exists()
    assert not Notification.objects.exists()


def test_of_many_unprepared_the_first_are_named_and_the_others_counted(call, applied, staff):
    for _ in range(23):
        applied()
    with pytest.raises(Refused) as refusal:
        deeds.release(call, by=staff)
    assert len(refusal.value.reasons) == 21
    assert "3 more have no outcome" in str(refusal.value)


def test_an_open_call_is_not_released(three, staff, call):
    Call.objects.filter(pk=call.pk).update(closes_at=timezone.now() + timedelta(seconds=5))
    with pytest.raises(Refused) as refusal:
        deeds.release(call, by=staff)
    assert refusal.value.codes == ["still_open"]


def test_no_more_than_is_offered_unless_staff_say_why(call, three, staff):
    Call.objects.filter(pk=call.pk).update(minutes_offered=540)
    with pytest.raises(Refused) as refusal:
        deeds.release(call, by=staff)
    assert refusal.value.codes == ["more_than_offered"]
    assert "1 h more" in str(refusal.value)
    assert deeds.given_over(fresh(call)) == 60
    deeds.release(call, over_why="The laboratory gives one hour more", by=staff)
    assert Record.objects.get(verb="decide").why == "The laboratory gives one hour more"
    assert Award.objects.count() == 1


@pytest.mark.parametrize(("kind", "gives"), [("training", "place"), ("equipment", "need"), ("other", "place")])
def test_other_calls_give_places_and_needs(call, applied, staff, kind, gives):
    Call.objects.filter(pk=call.pk).update(kind=kind, places_offered=1, minutes_offered=0)
    applied("prepared", decision=AWARD, instrument=None)
    deeds.release(call, by=staff)
    award = Award.objects.get()
    assert (award.kind, award.instrument, award.granted_minutes) == (gives, None, 0)
    assert not LedgerEntry.objects.exists()


def test_too_many_places_are_refused(call, applied, staff):
    Call.objects.filter(pk=call.pk).update(kind="training", places_offered=1)
    for _ in range(2):
        applied("prepared", decision=AWARD)
    with pytest.raises(Refused) as refusal:
        deeds.release(call, by=staff)
    assert refusal.value.codes == ["more_than_offered"]


def test_an_award_that_cannot_be_offered_holds_everything_back(call, three, applied, staff):
    gone = applied("prepared", decision=AWARD)
    gone.applicant.memberships.update(state="ended")
    retired = applied("prepared", decision=AWARD, instrument=InstrumentFactory(state="retired"))
    with pytest.raises(Refused) as refusal:
        deeds.release(call, by=staff)
    assert refusal.value.codes == ["holder_elsewhere", "instrument_not_listed"]
    assert gone.ref in str(refusal.value)
    assert retired.ref in str(refusal.value)
    assert fresh(call).state == CallState.PUBLISHED
    assert states(*three) == ["prepared"] * 3


def test_a_call_without_applications_is_decided_with_no_award(call, staff):
    assert vars(deeds.release(call, by=staff)) == {"awarded": 0, "reserved": 0, "declined": 0}
    assert fresh(call).state == CallState.DECIDED
    assert not Award.objects.exists()


def test_a_call_with_applications_is_decided_by_their_release(call, applied, staff):
    applied()
    with pytest.raises(Refused) as refusal:
        decide_call(call, by=staff)
    assert refusal.value.codes == ["has_applications"]


def test_a_second_write_that_fails_leaves_nothing(call, three, staff):
    AwardFactory(application=three[0])
    with pytest.raises(IntegrityError), transaction.atomic():
        deeds.release(call, by=staff)
    assert states(*three) == ["prepared"] * 3
    assert fresh(call).state == CallState.PUBLISHED
    assert Award.objects.count() == 1
    assert not Record.objects.exists()


@pytest.mark.parametrize("shows", [True, False])
def test_reviewers_words_reach_the_applicant_if_staff_choose_so(client, call, three, staff, shows):
    criterion = CriterionFactory(call=call)
    ReviewFactory(application=three[2], to_applicant="Grow larger crystals", scores={criterion: 2})
    ReviewFactory(application=three[2], to_applicant="Not handed in")
    assert fresh(three[2]).words_of_reviewers == []
    deeds.release(call, shows_reviews=shows, by=staff)
    assert fresh(three[2]).words_of_reviewers == (["Grow larger crystals"] if shows else [])
    client.force_login(three[2].applicant)
    page = client.get(three[2].get_absolute_url()).content.decode()
    assert "Ask again next year" in page
    assert ("Grow larger crystals" in page) == shows
    context = notices.OUTCOME_DECLINED.context({"application": three[2].pk})
    assert context is not None
    assert context["note"] == "Ask again next year"
    assert context["reviews"] == (["Grow larger crystals"] if shows else [])


@pytest.mark.parametrize("number", [1, 30])
def test_a_release_takes_the_same_statements_whatever_its_size(
    call, applied, staff, number, django_assert_max_num_queries
):
    for _ in range(number):
        for decision in (AWARD, RESERVE, DECLINE):
            applied("prepared", decision=decision, minutes_requested=30)
    with django_assert_max_num_queries(22):
        deeds.release(call, by=staff)
    assert Award.objects.count() == number

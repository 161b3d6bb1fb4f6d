"""Deeds of judging: who may, what moves, who is told, what is refused and then changes nothing."""

import pytest
from django.utils import timezone

from calls import notices
from calls.actions.judging import check, panel
from calls.actions.judging import review as reviews
from calls.actions.judging.check import Verdict, record_check, record_checks
from calls.actions.judging.review import Opinion
from calls.enums import ApplicationState, CallState, CheckKind, ReviewState
from calls.models import Application, Call, PanelMember, Review
from calls.states import REVIEW_MOVES
from portal.audit.models import Record
from portal.core.errors import Forbidden, Refused, WrongState
from portal.core.machine import next_state
from portal.notifications.models import Notification
from portal.notifications.rendering import Renderer
from tests.factories.accounts import MembershipFactory, UserFactory
from tests.factories.applications import (
    ApplicationFactory,
    PanelMemberFactory,
    ReviewFactory,
    TeamMemberFactory,
)

pytestmark = pytest.mark.django_db
S = ApplicationState


def state_of(application) -> str:
    return Application.objects.get(pk=application.pk).state


def told(kind) -> set[str]:
    return set(Notification.objects.filter(kind=kind.name).values_list("address", flat=True))


def verbs(row) -> list[str]:
    found = Record.objects.filter(model=row._meta.label_lower, row_id=row.pk).order_by("pk")
    return list(found.values_list("verb", flat=True))


# --- Checks ---------------------------------------------------------------------------------------


def test_an_eligible_application_goes_to_its_laboratory_which_is_told_once_a_day(apply, staff, operator):
    first, second = apply(screening=True), apply(screening=True, applicant=UserFactory())
    for application in (first, second):
        record_check(application, CheckKind.ELIGIBLE, True, by=staff)
        assert state_of(application) == S.FEASIBILITY
    assert verbs(first) == ["check_eligible", "pass_screening"]
    (row,) = Notification.objects.filter(kind=notices.CHECKS_WAITING.name)
    assert row.address == operator.email
    assert "2 applications wait for your laboratory" in Renderer().letter(notices.CHECKS_WAITING, row).subject


def test_where_no_laboratory_has_to_judge_it_goes_to_review(staff):
    application = ApplicationFactory(screening=True, instrument=None)
    record_check(application, CheckKind.ELIGIBLE, True, by=staff)
    assert state_of(application) == S.REVIEW
    assert told(notices.CHECKS_WAITING) == set()


def test_not_eligible_is_recorded_with_its_reason_and_may_be_judged_again(apply, staff):
    application = apply(screening=True)
    record_check(application, CheckKind.ELIGIBLE, False, "Works elsewhere", by=staff)
    assert state_of(application) == S.SCREENING
    row = application.checks.get()
    assert (row.is_passed, row.note, row.by) == (False, "Works elsewhere", staff)
    record_check(application, CheckKind.ELIGIBLE, True, by=staff)
    assert application.checks.get().is_passed
    assert state_of(application) == S.FEASIBILITY


def test_feasible_and_safe_leads_to_review(apply, operator):
    application = apply(feasibility=True)
    record_check(application, CheckKind.FEASIBLE, True, "Needs a cryostat", by=operator)
    assert state_of(application) == S.FEASIBILITY
    record_check(application, CheckKind.SAFE, True, by=operator)
    assert state_of(application) == S.REVIEW


def test_both_words_at_once(apply, operator):
    application = apply(feasibility=True)
    both = {CheckKind.FEASIBLE: Verdict(True), CheckKind.SAFE: Verdict(False, "Explosive")}
    record_checks(application, both, by=operator)
    assert state_of(application) == S.FEASIBILITY
    record_checks(application, both | {CheckKind.SAFE: Verdict(True)}, by=operator)
    assert state_of(application) == S.REVIEW


def test_a_no_needs_its_reason(apply, staff):
    application = apply(screening=True)
    with pytest.raises(Refused) as refusal:
        record_check(application, CheckKind.ELIGIBLE, False, "  ", by=staff)
    assert refusal.value.codes == ["no_reason"]
    assert not application.checks.exists()
    assert not Record.objects.exists()


@pytest.mark.parametrize("kind", CheckKind)
@pytest.mark.parametrize("who", ["researcher", "focal_point", "reviewer", "stranger_operator", "donor"])
def test_others_do_not_judge(apply, kind, who, request):
    application = apply(screening=True) if kind == CheckKind.ELIGIBLE else apply(feasibility=True)
    with pytest.raises(Forbidden):
        record_check(application, kind, True, by=request.getfixturevalue(who))
    assert not application.checks.exists()


@pytest.mark.parametrize("who", ["staff", "admin_user"])
def test_staff_who_are_part_of_it_or_invited_to_be_do_not_judge_it(apply, who, request):
    person = request.getfixturevalue(who)
    application = apply(screening=True)
    TeamMemberFactory(application=application, address=person.email)
    with pytest.raises(Forbidden):
        record_check(application, CheckKind.ELIGIBLE, True, by=person)
    with pytest.raises(Forbidden):
        record_check(apply(screening=True, applicant=person), CheckKind.ELIGIBLE, True, by=person)


@pytest.mark.parametrize("kind", CheckKind)
@pytest.mark.parametrize("state", S)
def test_each_check_in_its_state_alone(apply, staff, operator, kind, state):
    trait = {"screening": True} if state != S.RETURNED else {"returned": True}
    application = apply(**trait, decision="decline")
    Application.objects.update(state=state)
    by, allowed = (staff, S.SCREENING) if kind == CheckKind.ELIGIBLE else (operator, S.FEASIBILITY)
    assert check.JUDGED_IN[kind][1] == allowed
    if state == allowed:
        record_check(application, kind, True, by=by)
        return
    with pytest.raises(WrongState):
        record_check(application, kind, True, by=by)
    assert not application.checks.exists()


# --- Panel ----------------------------------------------------------------------------------------


def test_staff_put_somebody_on_the_panel_by_their_address(call, staff, reviewer):
    for _ in range(2):
        panel.add_member(call, " Rui.Reviewer@Example.org", by=staff)
    assert PanelMember.objects.get().user == reviewer
    assert told(notices.PANEL_JOINED) == {reviewer.email}
    with pytest.raises(Refused) as refusal:
        panel.add_member(call, "nobody@example.org", by=staff)
    assert refusal.value.codes == ["no_account"]


def test_the_panel_is_kept_by_staff(call, reviewer, researcher):
    for person in (reviewer, researcher):
        with pytest.raises(Forbidden):
            panel.add_member(call, reviewer.email, by=person)
        with pytest.raises(Forbidden):
            panel.spread(call, by=person)


def test_an_application_is_given_to_a_reviewer(application, member, staff):
    review = panel.assign(application, member.user, by=staff)
    assert (review.state, verbs(review)) == (ReviewState.ASSIGNED, ["assign"])
    with pytest.raises(Refused) as refusal:
        panel.assign(application, member.user, by=staff)
    assert refusal.value.codes == ["already_assigned"]


def test_conflicts_of_interest_are_refused(application, institute, call, staff):
    person = MembershipFactory(organisation=institute).user
    PanelMemberFactory(call=call, user=person)
    with pytest.raises(Refused) as refusal:
        panel.assign(application, person, by=staff)
    assert refusal.value.codes == ["conflict_of_interest"]
    assert not Review.objects.exists()


def test_only_the_panel_reviews_and_only_in_review(apply, reviewer, call, staff):
    with pytest.raises(Refused) as refusal:
        panel.assign(apply(review=True), reviewer, by=staff)
    assert refusal.value.codes == ["not_on_panel"]
    PanelMemberFactory(call=call, user=reviewer)
    with pytest.raises(WrongState):
        panel.assign(apply(screening=True, applicant=UserFactory()), reviewer, by=staff)
    assert not Review.objects.exists()


def test_reviewers_hear_once_of_all_that_is_new(call, apply, staff, time_machine):
    time_machine.move_to("2026-12-01T10:01:00Z", tick=False)
    member = PanelMemberFactory(call=call)
    for _ in range(3):
        panel.assign(apply(review=True, applicant=UserFactory()), member.user, by=staff)
    (row,) = Notification.objects.filter(kind=notices.REVIEWS_ASSIGNED.name)
    assert row.due_at.isoformat() == "2026-12-01T10:05:00+00:00"
    assert "3 reviews to write" in Renderer().letter(notices.REVIEWS_ASSIGNED, row).subject
    Review.objects.all().delete()
    assert Renderer().letter(notices.REVIEWS_ASSIGNED, row) is None


def test_spreading_gives_each_what_it_wants_respects_conflicts_and_is_done_once(call, apply, institute, staff):
    Call.objects.update(reviews_wanted=2)
    free = [PanelMemberFactory(call=call).user for _ in range(3)]
    colleague = PanelMemberFactory(call=call, user=MembershipFactory(organisation=institute).user).user
    applications = [apply(review=True, applicant=UserFactory()) for _ in range(6)]
    apply(screening=True, applicant=UserFactory())
    own = apply(review=True, applicant=staff)
    declared = ReviewFactory(application=applications[0], reviewer=free[0], state=ReviewState.CONFLICT)
    assert panel.spread(call, by=staff) == 12
    for application in applications:
        assert application.reviews.exclude(state=ReviewState.CONFLICT).count() == 2
    assert not own.reviews.exists()
    assert not colleague.reviews.exists()
    assert applications[0].reviews.filter(reviewer=free[0]).get() == declared
    assert [person.reviews.filter(state=ReviewState.ASSIGNED).count() for person in free] == [4, 4, 4]
    assert Record.objects.filter(verb="assign").count() == 12
    assert panel.spread(call, by=staff) == 0


@pytest.mark.parametrize("number", [1, 3])
def test_spreading_takes_the_same_statements_for_any_number_of_applications(
    call, apply, staff, number, django_assert_num_queries
):
    PanelMemberFactory(call=call)
    for _ in range(number):
        apply(review=True, applicant=UserFactory())
    with django_assert_num_queries(12):
        assert panel.spread(call, by=staff) == number


def test_without_a_panel_nothing_is_spread(call, apply, staff):
    with pytest.raises(Refused) as refusal:
        panel.spread(call, by=staff)
    assert refusal.value.codes == ["no_panel"]


def test_what_nobody_has_begun_is_taken_back(review, staff):
    panel.unassign(review, by=staff)
    assert not Review.objects.exists()
    assert Record.objects.filter(verb="unassign").count() == 1


def test_what_is_begun_or_handed_in_stays(review, staff, criteria):
    Review.objects.update(to_panel="Half a sentence")
    with pytest.raises(Refused) as refusal:
        panel.unassign(review, by=staff)
    assert refusal.value.codes == ["review_begun"]
    Review.objects.update(state=ReviewState.SUBMITTED, submitted_at=timezone.now())
    with pytest.raises(WrongState):
        panel.unassign(review, by=staff)
    assert Review.objects.exists()


def test_who_leaves_the_panel_leaves_what_they_handed_in(review, apply, member, staff):
    done = ReviewFactory(
        application=apply(review=True, applicant=UserFactory()), reviewer=member.user, state=ReviewState.SUBMITTED,
        submitted_at=timezone.now(),
    )  # fmt: skip
    panel.remove_member(member, by=staff)
    assert list(Review.objects.all()) == [done]
    assert not PanelMember.objects.exists()


# --- Reviews --------------------------------------------------------------------------------------


def all_points(criteria, points=4) -> dict[int, int]:
    return {criterion.pk: points for criterion in criteria}


def test_a_draft_may_be_incomplete_and_handing_in_may_not(review, reviewer, criteria):
    merit, _plan = criteria
    reviews.save_review(review, Opinion({merit.pk: 5}, "", "To be read again"), by=reviewer)
    assert [score.points for score in review.scores.all()] == [5]
    with pytest.raises(Refused) as refusal:
        reviews.submit_review(review, Opinion({merit.pk: 5}, "", ""), by=reviewer)
    assert refusal.value.codes == ["no_points"]
    assert "Plan" in str(refusal.value)
    assert Review.objects.get().to_panel == "To be read again"
    row = reviews.submit_review(review, Opinion(all_points(criteria), "Well asked", ""), by=reviewer)
    assert (row.state, row.submitted_at is not None) == (ReviewState.SUBMITTED, True)
    assert verbs(review) == ["submit"]


@pytest.mark.parametrize("points", [0, 6, -1])
def test_points_go_from_one_to_five(review, reviewer, criteria, points):
    with pytest.raises(Refused) as refusal:
        reviews.save_review(review, Opinion(all_points(criteria, points)), by=reviewer)
    assert refusal.value.codes == ["points"]


def test_points_for_a_criterion_of_another_call_are_refused(review, reviewer, criteria):
    with pytest.raises(Refused):
        reviews.save_review(review, Opinion({criteria[0].pk + 1000: 3}), by=reviewer)


def test_a_conflict_drops_what_was_written_and_takes_the_application_away(review, reviewer, criteria):
    reviews.submit_review(review, Opinion(all_points(criteria), "x", "y"), by=reviewer)
    with pytest.raises(Refused):
        reviews.declare_conflict(review, " ", by=reviewer)
    reviews.declare_conflict(review, "My former student", by=reviewer)
    row = Review.objects.get()
    assert (row.state, row.conflict_why, row.to_panel, row.submitted_at) == ("conflict", "My former student", "", None)
    assert not row.scores.exists()
    assert not Review.objects.visible_to(reviewer).exists()
    assert not Application.objects.visible_to(reviewer).exists()
    for deed in (
        lambda: reviews.save_review(review, Opinion(), by=reviewer),
        lambda: reviews.submit_review(review, Opinion(all_points(criteria)), by=reviewer),
        lambda: reviews.declare_conflict(review, "Again", by=reviewer),
    ):
        with pytest.raises(Forbidden):
            deed()


def test_staff_open_a_review_again_and_its_reviewer_is_told(review, reviewer, criteria, staff):
    reviews.submit_review(review, Opinion(all_points(criteria)), by=reviewer)
    with pytest.raises(WrongState):
        reviews.save_review(review, Opinion(), by=reviewer)
    with pytest.raises(Forbidden):
        reviews.reopen_review(review, by=reviewer)
    reviews.reopen_review(review, by=staff, why="Please say more")
    assert told(notices.REVIEW_REOPENED) == {reviewer.email}
    letter = Renderer().letter(notices.REVIEW_REOPENED, Notification.objects.get(kind=notices.REVIEW_REOPENED.name))
    assert "Please say more" in letter.text
    reviews.save_review(review, Opinion(all_points(criteria, 2)), by=reviewer)


@pytest.mark.parametrize("who", ["staff", "admin_user", "researcher", "operator"])
def test_nobody_writes_for_somebody_else(review, criteria, who, request):
    person = request.getfixturevalue(who)
    with pytest.raises(Forbidden):
        reviews.save_review(review, Opinion(all_points(criteria)), by=person)
    with pytest.raises(Forbidden):
        reviews.declare_conflict(review, "x", by=person)


@pytest.mark.parametrize("state", [CallState.DECIDED, CallState.ARCHIVED, CallState.WITHDRAWN])
def test_after_the_decision_nothing_is_changed(review, reviewer, criteria, staff, apply, call, state):
    waiting = apply(screening=True, applicant=UserFactory())
    Call.objects.update(state=state)
    before = Record.objects.count()
    for deed in (
        lambda: reviews.save_review(review, Opinion(all_points(criteria)), by=reviewer),
        lambda: reviews.submit_review(review, Opinion(all_points(criteria)), by=reviewer),
        lambda: reviews.declare_conflict(review, "x", by=reviewer),
        lambda: panel.unassign(review, by=staff),
        lambda: panel.spread(call, by=staff),
        lambda: panel.add_member(call, staff.email, by=staff),
        lambda: record_check(waiting, CheckKind.ELIGIBLE, True, by=staff),
    ):
        with pytest.raises(Refused) as refusal:
            deed()
        assert refusal.value.codes == ["call_over"]
    assert Record.objects.count() == before


MOVED = {
    ("save", "assigned"): "assigned",
    ("submit", "assigned"): "submitted",
    ("reopen", "submitted"): "assigned",
    ("declare_conflict", "assigned"): "conflict",
    ("declare_conflict", "submitted"): "conflict",
}


@pytest.mark.parametrize("verb", REVIEW_MOVES)
@pytest.mark.parametrize("state", ReviewState)
def test_every_verb_in_every_state(review, reviewer, criteria, staff, verb, state):
    Review.objects.update(state=state, submitted_at=timezone.now())
    opinion = Opinion(all_points(criteria))
    deeds = {
        "save": lambda: reviews.save_review(review, opinion, by=reviewer),
        "submit": lambda: reviews.submit_review(review, opinion, by=reviewer),
        "reopen": lambda: reviews.reopen_review(review, by=staff),
        "declare_conflict": lambda: reviews.declare_conflict(review, "My student", by=reviewer),
    }
    target = MOVED.get((verb, state.value))
    if target is None:
        with pytest.raises((WrongState, Forbidden)):
            deeds[verb]()
        with pytest.raises(WrongState):
            next_state(REVIEW_MOVES, verb, state)
    else:
        deeds[verb]()
    assert Review.objects.get().state == (target or state)

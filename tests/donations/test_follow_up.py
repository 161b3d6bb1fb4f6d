"""Follow-ups: planned with the arrival, asked and reminded by the clock, answered once, and what staff do then."""

from datetime import timedelta

import pytest
from django.utils import timezone

from donations.actions import follow_up as actions
from donations.actions.follow_up import Answers
from donations.actions.match import complete_match
from donations.actions.offer import give_back_loan, recall_loan
from donations.enums import FollowUpState, OfferState
from donations.models import FollowUp, Match, Offer
from donations.signals import follow_up_answered
from portal.audit.actions import history_of
from portal.core.errors import Forbidden, Refused, WrongState
from portal.core.times import months_after
from portal.notifications.models import Notification
from tests.factories.accounts import MembershipFactory, UserFactory
from tests.factories.donations import AcceptedMatchFactory, FollowUpFactory

pytestmark = pytest.mark.django_db
USED = Answers("daily", people=40, women=22, words="Every student spins their own sample now.")
IDLE = Answers("broken", words="The lid does not lock.", help="repair")


def told(kind: str) -> set[str]:
    """The addresses that a message of this kind goes to."""
    return set(Notification.objects.filter(kind=f"donations.{kind}").values_list("address", flat=True))


def verbs(row) -> list[str]:
    return [entry.verb for entry in history_of(row)][::-1]


def arrived(**fields) -> Match:
    return AcceptedMatchFactory(state="completed", completed_at=timezone.now(), **fields)


def asked(**fields) -> FollowUp:
    row = FollowUpFactory(match=arrived(), **fields)
    actions.ask_due(timezone.now())
    row.refresh_from_db()
    return row


def test_an_arrival_plans_three_questions_once(staff):
    match = complete_match(AcceptedMatchFactory(), by=staff)
    today = timezone.localdate()
    planned = list(match.follow_ups.order_by("months").values_list("months", "due_on", "state"))
    assert planned == [(months, months_after(today, months), "due") for months in (3, 6, 12)]
    assert actions.plan_follow_ups(match) == []
    assert verbs(match)[-1] == "plan_follow_ups"


def test_a_loan_is_asked_after_only_while_it_is_there(staff):
    match = complete_match(AcceptedMatchFactory(offer__giving="loan", offer__loan_months=8), by=staff)
    assert list(match.follow_ups.order_by("months").values_list("months", flat=True)) == [3, 6]


def test_a_loan_that_comes_home_is_not_asked_after(donor):
    match = arrived(offer__giving="loan", offer__donor=donor, offer__loan_months=24)
    row = FollowUpFactory(match=match)
    Offer.objects.filter(pk=match.offer.pk).update(state="handed_over")
    recall_loan(match.offer, by=donor, why="Our course begins again.")
    give_back_loan(match.offer, by=donor)
    row.refresh_from_db()
    assert row.state == FollowUpState.CANCELLED
    assert verbs(row) == ["cancel"]


def test_the_clock_asks_on_the_day_and_once():
    later = FollowUpFactory(match=arrived(), due_on=timezone.localdate() + timedelta(days=1))
    row = FollowUpFactory(match=arrived())
    leader = MembershipFactory(organisation=row.match.need.organisation, role="focal_point").user
    assert actions.ask_due(timezone.now()) == 1
    assert actions.ask_due(timezone.now()) == 0
    row.refresh_from_db()
    later.refresh_from_db()
    assert (row.state, later.state) == (FollowUpState.ASKED, FollowUpState.DUE)
    assert told("follow_up_asked") == {row.match.need.asked_by.email, leader.email}
    assert verbs(row) == ["ask"]


def test_staff_are_asked_where_nobody_of_the_laboratory_is_left(staff):
    row = FollowUpFactory(match=arrived(need__asked_by=UserFactory(is_active=False)))
    actions.ask_due(timezone.now())
    assert staff.email in told("follow_up_asked")
    assert row.match.need.asked_by.email not in told("follow_up_asked")


def test_one_reminder_after_two_weeks_and_silence_after_45_days(staff):
    row = asked()
    start = timezone.now()
    assert actions.remind_silent(start + timedelta(days=13)) == 0
    assert actions.remind_silent(start + timedelta(days=15)) == 1
    assert actions.remind_silent(start + timedelta(days=16)) == 0
    assert told("follow_up_reminder") == {row.match.need.asked_by.email}
    assert actions.give_up_silent(start + timedelta(days=44)) == 0
    assert actions.give_up_silent(start + timedelta(days=46)) == 1
    row.refresh_from_db()
    assert row.state == FollowUpState.SILENT
    assert staff.email in told("follow_up_silent")
    assert FollowUp.objects.to_help().get() == row


def test_an_answer_by_the_link_is_told_to_the_donor_and_announced(staff):
    row, heard = asked(), []

    def hear(follow_up, **kwargs):
        heard.append(follow_up.pk)

    follow_up_answered.connect(hear)
    try:
        actions.answer_follow_up(row, USED)
    finally:
        follow_up_answered.disconnect(hear)
    row.refresh_from_db()
    assert (row.state, row.in_use, row.people, row.women, row.answered_by) == ("answered", "daily", 40, 22, None)
    assert heard == [row.pk]
    assert told("follow_up_answered") == {row.match.offer.donor.email}
    assert told("follow_up_unused") == set()
    entry = history_of(row).first()
    assert (entry.verb, entry.by, entry.actor) == ("answer", None, "person")


def test_one_answer_only():
    row = asked()
    actions.answer_follow_up(row, USED, by=row.match.need.asked_by)
    with pytest.raises(WrongState):
        actions.answer_follow_up(row, IDLE)
    row.refresh_from_db()
    assert (row.in_use, row.answered_by) == ("daily", row.match.need.asked_by)


def test_who_was_silent_may_still_answer():
    row = FollowUpFactory(match=arrived(), state="silent")
    assert actions.answer_follow_up(row, USED).state == FollowUpState.ANSWERED


@pytest.mark.parametrize("kind", ["donor", "stranger_researcher"])
def test_nobody_else_answers_under_their_own_name(request, kind):
    row = asked()
    with pytest.raises(Forbidden):
        actions.answer_follow_up(row, USED, by=request.getfixturevalue(kind))


@pytest.mark.parametrize(
    ("answers", "code"),
    [
        (Answers("sometimes, maybe"), "in_use"),
        (Answers("daily", people=-1), "people"),
        (Answers("daily", people=3, women=4), "women"),
        (Answers("daily", women=4), "women"),
        (Answers("broken", help="money"), "help"),
        (Answers("daily", may_become_story=True), "no_consent"),
    ],
)
def test_an_impossible_answer_changes_nothing(answers, code):
    row = asked()
    with pytest.raises(Refused) as refusal:
        actions.answer_follow_up(row, answers)
    assert refusal.value.codes == [code]
    row.refresh_from_db()
    assert row.state == FollowUpState.ASKED


def test_the_wording_of_a_consent_is_kept_only_with_a_yes():
    yes, no = asked(), asked()
    told_of = Answers("daily", may_become_story=True)
    assert actions.answer_follow_up(yes, told_of, consent="We agree.").consent == "We agree."
    assert actions.answer_follow_up(no, USED, consent="We agree.").consent == ""


def test_a_hearer_that_fails_undoes_the_answer():
    row = asked()

    def fail(**kwargs):
        raise RuntimeError("no")

    follow_up_answered.connect(fail)
    try:
        with pytest.raises(RuntimeError):
            actions.answer_follow_up(row, USED)
    finally:
        follow_up_answered.disconnect(fail)
    row.refresh_from_db()
    assert (row.state, told("follow_up_answered"), verbs(row)) == (FollowUpState.ASKED, set(), ["ask"])


def test_what_stands_idle_is_told_to_staff_who_see_to_it_once(staff, donor):
    row = asked()
    actions.answer_follow_up(row, IDLE)
    assert staff.email in told("follow_up_unused")
    with pytest.raises(Forbidden):
        actions.help_follow_up(row, "A technician comes on Monday.", by=donor)
    with pytest.raises(Refused):
        actions.help_follow_up(row, " ", by=staff)
    actions.help_follow_up(row, "A technician comes on Monday.", by=staff)
    assert told("follow_up_helped") == {row.match.need.asked_by.email, row.match.offer.donor.email}
    assert not FollowUp.objects.to_help().exists()
    with pytest.raises(Refused) as refusal:
        actions.help_follow_up(row, "Once more.", by=staff)
    assert refusal.value.codes == ["helped_already"]


def test_nobody_helps_with_what_is_in_use(staff):
    row = actions.answer_follow_up(asked(), USED)
    with pytest.raises(WrongState):
        actions.help_follow_up(row, "A technician comes.", by=staff)


def test_what_is_away_is_not_asked_after_again():
    row = asked()
    later = FollowUpFactory(match=row.match, months=6, due_on=timezone.localdate() + timedelta(days=90))
    actions.answer_follow_up(row, Answers("passed_on", words="To the school next door."))
    later.refresh_from_db()
    assert later.state == FollowUpState.CANCELLED
    with pytest.raises(WrongState):
        actions.answer_follow_up(later, USED)


def test_passing_on_begins_one_offer_with_what_is_known(staff):
    row = asked()
    gift, need = row.match.offer, row.match.need
    gift.features.create(feature="speed", value=4000)
    actions.answer_follow_up(row, Answers("unused", help="pass_on"))
    made = actions.pass_on(row, by=need.asked_by)
    assert (made.state, made.donor, made.organisation) == (OfferState.DRAFT, need.asked_by, need.organisation)
    assert (made.title, made.maker, made.quantity, made.passed_on_from) == (gift.title, gift.maker, 1, row.match)
    assert (made.tested_on, made.condition, made.pick_up, made.is_owner) == (None, "", "", False)
    assert made.features.get().value == 4000
    assert actions.pass_on(row, by=staff) == made
    assert verbs(row)[-1] == "pass_on"


def test_staff_begin_it_for_who_asked(staff):
    row = asked()
    actions.answer_follow_up(row, Answers("unused"))
    assert actions.pass_on(row, by=staff).donor == row.match.need.asked_by


def test_not_everything_is_passed_on(donor):
    used = actions.answer_follow_up(asked(), USED)
    with pytest.raises(WrongState):
        actions.pass_on(used, by=used.match.need.asked_by)
    idle = actions.answer_follow_up(asked(), Answers("unused"))
    with pytest.raises(Forbidden):
        actions.pass_on(idle, by=donor)
    Offer.objects.filter(pk=idle.match.offer.pk).update(giving="loan", loan_months=12)
    lent = FollowUp.objects.for_list().get(pk=idle.pk)
    with pytest.raises(Refused) as refusal:
        actions.pass_on(lent, by=lent.match.need.asked_by)
    assert refusal.value.codes == ["is_loan"]

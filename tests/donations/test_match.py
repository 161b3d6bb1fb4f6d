"""The deeds of a match, with the numbers of need and offer beside them."""

from datetime import timedelta

import pytest
from django.utils import timezone

from donations.actions.match import (
    accept_match,
    approve_match,
    complete_match,
    fail_match,
    lapse_unanswered,
    propose_match,
    refuse_match,
    reject_match,
    remind_unanswered,
)
from donations.enums import MatchState, NeedState, OfferState, Side
from donations.models import Match
from portal.audit.actions import history_of
from portal.core.errors import Forbidden, Refused, WrongState
from portal.core.times import months_after
from portal.notifications.models import Notification
from tests.factories.accounts import MembershipFactory, UserFactory
from tests.factories.donations import (
    AcceptedMatchFactory,
    ApprovedMatchFactory,
    MatchFactory,
    NeedFactory,
    OfferFactory,
)

pytestmark = pytest.mark.django_db


def told(kind: str) -> set[str]:
    """The addresses that a message of this kind goes to."""
    return set(Notification.objects.filter(kind=f"donations.{kind}").values_list("address", flat=True))


def verbs(row) -> list[str]:
    return [entry.verb for entry in history_of(row)][::-1]


def numbers(match: Match) -> tuple[int, str, int, str]:
    match.need.refresh_from_db()
    match.offer.refresh_from_db()
    return match.need.quantity_matched, match.need.state, match.offer.quantity_matched, match.offer.state


def test_proposing_speaks_for_the_pieces_and_tells_nobody(staff):
    need, offer = NeedFactory(quantity=3, budget_eur=900), OfferFactory(quantity=2)
    match = propose_match(need, offer, 2, by=staff)
    assert numbers(match) == (2, NeedState.OPEN, 2, OfferState.MATCHED)
    assert match.score > 0
    assert match.reasons
    assert verbs(match) == ["propose"]
    assert verbs(offer) == ["match"]
    assert not Notification.objects.exists()


@pytest.mark.parametrize("quantity", [0, 3, -1])
def test_no_more_than_there_is_can_be_proposed(staff, quantity):
    need, offer = NeedFactory(quantity=5), OfferFactory(quantity=2)
    with pytest.raises(Refused) as refusal:
        propose_match(need, offer, quantity, by=staff)
    assert refusal.value.codes == ["not_so_many"]
    assert not Match.objects.exists()


@pytest.mark.parametrize(
    ("need_state", "offer_state", "code"),
    [("withdrawn", "vetted", "need_not_open"), ("open", "expired", "offer_not_open")],
)
def test_what_is_not_open_cannot_be_proposed(staff, need_state, offer_state, code):
    with pytest.raises(Refused) as refusal:
        propose_match(NeedFactory(state=need_state), OfferFactory(state=offer_state), 1, by=staff, override_why="All.")
    assert refusal.value.codes == [code]


def test_a_pair_is_matched_once_at_a_time(staff):
    match = MatchFactory(need__quantity=3, offer__quantity=3)
    with pytest.raises(Refused) as refusal:
        propose_match(match.need, match.offer, 1, by=staff)
    assert refusal.value.codes == ["matched_already"]


def test_a_broken_condition_asks_for_a_reason_which_is_kept(staff):
    need, offer = NeedFactory(accepts_loan=False), OfferFactory(giving="loan", loan_months=12)
    with pytest.raises(Refused) as refusal:
        propose_match(need, offer, 1, by=staff)
    assert refusal.value.reasons[0].message
    match = propose_match(need, offer, 1, by=staff, override_why="They agreed to a loan on the phone.")
    assert match.override_why == "They agreed to a loan on the phone."
    assert history_of(match)[0].why == match.override_why


def test_nothing_goes_around_export_clearance(staff):
    offer = OfferFactory(needs_clearance=True)
    with pytest.raises(Refused) as refusal:
        propose_match(NeedFactory(), offer, 1, by=staff, override_why="It is urgent.")
    assert refusal.value.codes == ["not_cleared"]


@pytest.mark.parametrize("deed", [propose_match, approve_match, reject_match, fail_match])
def test_only_staff_put_together(deed, donor):
    match = MatchFactory()
    arguments = {"by": donor}
    if deed in (reject_match, fail_match):
        arguments["why"] = "So."
    with pytest.raises(Forbidden):
        deed(match, **arguments) if deed is not propose_match else deed(match.need, match.offer, 1, **arguments)


def test_approval_asks_both_sides_for_two_weeks(staff):
    match = MatchFactory()
    leader = MembershipFactory(organisation=match.need.organisation, role="focal_point").user
    approved = approve_match(match, by=staff)
    assert approved.state == MatchState.APPROVED
    assert approved.answer_by - approved.approved_at == timedelta(days=14)
    assert told("match_approved") == {match.offer.donor.email, match.need.asked_by.email, leader.email}


def test_a_rejected_proposal_gives_everything_back_unheard(staff):
    match = MatchFactory()
    reject_match(match, by=staff, why="The other laboratory waits longer.")
    assert numbers(match) == (0, NeedState.OPEN, 0, OfferState.VETTED)
    assert not Notification.objects.exists()


def test_both_say_yes_and_the_second_yes_is_told():
    match = ApprovedMatchFactory()
    first = accept_match(match, side=Side.NEED, by=match.need.asked_by)
    assert (first.state, told("match_accepted")) == (MatchState.APPROVED, set())
    again = accept_match(match, side=Side.NEED, by=match.need.asked_by)
    assert again.need_accepted_at == first.need_accepted_at
    second = accept_match(match, side=Side.OFFER, by=match.offer.donor)
    assert second.state == MatchState.ACCEPTED
    assert told("match_accepted") == {match.need.asked_by.email, match.offer.donor.email, match.proposed_by.email}
    assert verbs(match) == ["say_yes", "accept"]


def test_nobody_answers_for_the_other_side(staff):
    match = ApprovedMatchFactory()
    for side, person in ((Side.NEED, match.offer.donor), (Side.OFFER, match.need.asked_by), (Side.NEED, staff)):
        with pytest.raises(Forbidden):
            accept_match(match, side=side, by=person)
        with pytest.raises(Forbidden):
            refuse_match(match, side=side, by=person, why="Not ours.")


def test_a_no_opens_both_again_and_tells_the_other_side():
    match = ApprovedMatchFactory()
    refuse_match(match, side=Side.OFFER, by=match.offer.donor, why="It broke yesterday.")
    assert numbers(match) == (0, NeedState.OPEN, 0, OfferState.VETTED)
    assert told("match_refused") == {match.need.asked_by.email, match.proposed_by.email}
    match.refresh_from_db()
    assert (match.refused_side, match.why) == (Side.OFFER, "It broke yesterday.")


def test_it_is_too_late_after_the_day_and_the_clock_gives_back():
    match = ApprovedMatchFactory(answer_by=timezone.now() - timedelta(minutes=1))
    with pytest.raises(Refused) as refusal:
        accept_match(match, side=Side.NEED, by=match.need.asked_by)
    assert refusal.value.codes == ["too_late"]
    assert lapse_unanswered(timezone.now()) == 1
    assert lapse_unanswered(timezone.now()) == 0
    assert numbers(match) == (0, NeedState.OPEN, 0, OfferState.VETTED)
    with pytest.raises(WrongState):
        accept_match(match, side=Side.NEED, by=match.need.asked_by)


def test_the_silent_side_is_reminded_once():
    match = ApprovedMatchFactory(answer_by=timezone.now() + timedelta(days=3))
    accept_match(match, side=Side.NEED, by=match.need.asked_by)
    assert remind_unanswered(timezone.now()) == 1
    assert remind_unanswered(timezone.now()) == 0
    assert told("match_reminder") == {match.offer.donor.email}


def test_what_has_arrived_is_fulfilled_and_handed_over(staff):
    match = AcceptedMatchFactory(offer__giving="loan", offer__loan_months=6)
    done = complete_match(match, by=staff)
    assert numbers(match) == (1, NeedState.FULFILLED, 1, OfferState.HANDED_OVER)
    assert done.back_on == months_after(timezone.localdate(), 6)


def test_a_need_is_fulfilled_when_the_last_piece_is_there(staff):
    need = NeedFactory(quantity=2)
    first, second = (AcceptedMatchFactory(need=need) for _ in range(2))
    complete_match(first, by=staff)
    need.refresh_from_db()
    assert need.state == NeedState.MATCHED
    complete_match(second, by=staff)
    need.refresh_from_db()
    assert need.state == NeedState.FULFILLED


@pytest.mark.parametrize(
    ("pieces", "lost", "after"),
    [
        (1, 0, (0, NeedState.OPEN, 0, OfferState.VETTED)),
        (1, 1, (0, NeedState.OPEN, 0, OfferState.LOST)),
        (3, 2, (0, NeedState.OPEN, 0, OfferState.VETTED)),
    ],
)
def test_a_failed_match_gives_back_what_is_left(staff, pieces, lost, after):
    match = AcceptedMatchFactory(need__quantity=pieces, offer__quantity=pieces, quantity=pieces)
    fail_match(match, by=staff, why="The parcel fell into the harbour.", lost=lost)
    assert numbers(match) == after
    assert match.offer.left == pieces - lost
    assert told("match_failed") >= {match.need.asked_by.email, match.offer.donor.email}


def test_no_more_can_be_lost_than_is_in_the_match(staff):
    match = AcceptedMatchFactory()
    with pytest.raises(Refused) as refusal:
        fail_match(match, by=staff, why="Gone.", lost=2)
    assert refusal.value.codes == ["lost_too_many"]


def test_an_offer_partly_handed_over_and_partly_lost_is_handed_over(staff):
    offer = OfferFactory(quantity=2)
    first, second = (AcceptedMatchFactory(offer=offer) for _ in range(2))
    complete_match(first, by=staff)
    fail_match(second, by=staff, why="Lost at sea.", lost=1)
    offer.refresh_from_db()
    assert (offer.state, offer.quantity_matched, offer.quantity_lost) == (OfferState.HANDED_OVER, 1, 1)


def test_who_left_the_portal_is_not_told(staff):
    match = MatchFactory(offer__donor=UserFactory(is_active=False))
    approve_match(match, by=staff)
    assert told("match_approved") == {match.need.asked_by.email}


def test_a_deed_that_fails_at_its_end_leaves_nothing(staff, monkeypatch):
    match = MatchFactory()

    def broken(*args, **kwargs):
        raise RuntimeError("no outbox")

    monkeypatch.setattr("donations.actions.match.propose.notify", broken)
    with pytest.raises(RuntimeError):
        approve_match(match, by=staff)
    match.refresh_from_db()
    assert (match.state, match.approved_at) == (MatchState.PROPOSED, None)
    assert verbs(match) == []

"""One link answered by many at once, one pledge spent by many: real transactions on real connections."""

from collections import Counter

import pytest
from django.utils import timezone

from donations.actions.follow_up import Answers, answer_follow_up, pass_on
from donations.actions.pledge import allot, withdraw_pledge
from donations.enums import FollowUpState, PledgeState
from donations.models import Offer
from portal.audit.actions import history_of
from portal.notifications.models import Notification
from tests.bookings.test_races import all_at_once
from tests.factories.donations import AcceptedMatchFactory, FollowUpFactory, PledgeFactory

pytestmark = pytest.mark.django_db(transaction=True)


def kinds(outcomes) -> Counter[str]:
    return Counter(type(outcome).__name__ for outcome in outcomes)


@pytest.fixture
def asked():
    match = AcceptedMatchFactory(state="completed", completed_at=timezone.now())
    return FollowUpFactory(match=match, state=FollowUpState.ASKED)


def test_of_many_answers_at_once_one_is_kept(asked):
    said = [Answers("daily", people=number) for number in range(6)]
    outcomes = all_at_once(lambda answers: answer_follow_up(asked, answers), said, threads=6)
    assert kinds(outcomes) == {"FollowUp": 1, "WrongState": 5}
    assert history_of(asked).filter(verb="answer").count() == 1
    assert Notification.objects.filter(kind="donations.follow_up_answered").count() == 1


def test_a_button_pressed_by_many_begins_one_offer(asked):
    answer_follow_up(asked, Answers("unused", help="pass_on"))
    person = asked.match.need.asked_by
    outcomes = all_at_once(lambda _time: pass_on(asked, by=person), range(4), threads=4)
    assert kinds(outcomes) == {"Offer": 4}
    assert Offer.objects.filter(passed_on_from=asked.match).count() == 1


def test_a_pledge_is_never_overspent(staff):
    pledge = PledgeFactory(state=PledgeState.AGREED, amount_eur=500)
    outcomes = all_at_once(lambda amount: allot(pledge, amount, by=staff), [200] * 6, threads=6)
    assert kinds(outcomes) == {"Pledge": 2, "Refused": 4}
    pledge.refresh_from_db()
    assert (pledge.spent_eur, pledge.state) == (400, PledgeState.ALLOCATED)


def test_what_is_taken_back_meanwhile_is_not_spent(staff):
    pledge = PledgeFactory(state=PledgeState.AGREED)
    deeds = [lambda: withdraw_pledge(pledge, by=pledge.donor), *[lambda: allot(pledge, 100, by=staff)] * 3]
    outcomes = all_at_once(lambda deed: deed(), deeds, threads=4)
    pledge.refresh_from_db()
    spent = sum(outcome.__class__.__name__ == "Pledge" for outcome in outcomes[1:])
    assert (pledge.state, pledge.spent_eur) == (PledgeState.WITHDRAWN, 100 * spent)

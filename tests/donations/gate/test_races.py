"""Two staff at one thing: real transactions on real connections."""

from collections import Counter

import pytest

from donations.actions import gate
from donations.actions.offer import withdraw_offer
from donations.models import GateCheck, Offer
from portal.audit.models import Record
from tests.bookings.test_races import all_at_once
from tests.donations.gate.passing import in_days, passed, submitted, told, vetting

pytestmark = pytest.mark.django_db(transaction=True)


def test_one_of_several_decisions_stands(staff, donor):
    offer = passed(vetting(donor=donor), staff)
    deeds = [
        lambda: gate.vet_offer(offer, by=staff),
        lambda: gate.refuse_thing(offer, by=staff, why="It is untested."),
        lambda: gate.ask_back(offer, by=staff, why="Which voltage?", answer_by=in_days(9)),
        lambda: gate.vet_offer(offer, by=staff),
    ]
    outcomes = all_at_once(lambda deed: deed(), deeds, threads=4)
    assert Counter(type(outcome).__name__ for outcome in outcomes) == {"Offer": 1, "WrongState": 3}
    kinds = {"vetted": "offer_vetted", "refused": "refused", "returned": "returned"}
    state = Offer.objects.get().state
    assert {kind for kind in kinds.values() if told(kind)} == {kinds[state]}
    assert Record.objects.filter(verb__in=["vet", "refuse", "ask"]).count() == 1


def test_vetting_and_withdrawing_at_once_never_leave_it_public_and_gone(staff, donor):
    offer = passed(vetting(donor=donor), staff)
    deeds = [lambda: gate.vet_offer(offer, by=staff), lambda: withdraw_offer(offer, by=donor)]
    all_at_once(lambda deed: deed(), deeds, threads=2)
    assert Offer.objects.get().state == "withdrawn"


def test_one_point_checked_by_many_has_one_verdict(staff):
    need = submitted()
    all_at_once(
        lambda verdict: gate.check_point(need, "mains", verdict, "Seen", by=staff), ["yes", "no"] * 3, threads=6
    )
    kept = GateCheck.objects.get()
    assert kept.verdict == Record.objects.filter(verb="check").order_by("-pk").first().after

"""Pledges: declared, settled, spent and freed, honoured or given up; and their pages."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from donations.actions import pledge as actions
from donations.enums import PledgeState
from donations.models import Pledge
from portal.audit.actions import history_of
from portal.core.errors import Forbidden, Refused, WrongState
from portal.notifications.models import Notification
from tests.factories.donations import AcceptedMatchFactory, PledgeFactory, ShipmentFactory

pytestmark = pytest.mark.django_db
TYPED = {"kind": "money", "amount_eur": "800", "words": "For freight to schools of engineering."}


def told(kind: str) -> set[str]:
    """The addresses that a message of this kind goes to."""
    return set(Notification.objects.filter(kind=f"donations.{kind}").values_list("address", flat=True))


def verbs(row) -> list[str]:
    return [entry.verb for entry in history_of(row)][::-1]


@pytest.fixture
def agreed(donor):
    return PledgeFactory(donor=donor, state="agreed")


def test_the_way_of_a_pledge_of_money(donor, staff):
    pledge = actions.declare_pledge({"kind": "money", "words": "Freight.", "amount_eur": 500}, by=donor)
    actions.contact_donor(pledge, by=staff)
    actions.agree_pledge(pledge, by=staff, note="For two shipments.")
    actions.allot(pledge, 200, by=staff)
    actions.allot(pledge, 300, by=staff)
    done = actions.honour_pledge(pledge, by=staff)
    assert (done.state, done.spent_eur, done.left_eur, done.note) == ("honoured", 500, 0, "For two shipments.")
    assert verbs(pledge) == ["declare", "contact", "agree", "allocate", "allot", "honour"]
    for kind in ("declared", "agreed", "allocated", "honoured"):
        assert told(f"pledge_{kind}") == {donor.email}


def test_the_way_of_a_pledge_of_expertise(donor, staff):
    pledge = PledgeFactory(donor=donor, kind="expertise", amount_eur=None, state="agreed")
    with pytest.raises(Refused):
        actions.allocate_pledge(pledge, by=staff, used_for=" ")
    assert actions.allocate_pledge(pledge, by=staff, used_for="A course in Lusaka").used_for == "A course in Lusaka"
    freed = actions.free_pledge(pledge, by=staff, why="The course was moved.")
    assert (freed.state, freed.used_for) == (PledgeState.AGREED, "")


@pytest.mark.parametrize("amount", [0, -5, 501])
def test_never_more_than_is_left(agreed, staff, amount):
    with pytest.raises(Refused) as refusal:
        actions.allot(agreed, amount, by=staff)
    assert refusal.value.codes == ["not_so_much"]
    agreed.refresh_from_db()
    assert (agreed.spent_eur, agreed.state) == (0, PledgeState.AGREED)


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"state": "contacted"}, "not_agreed"),
        ({"state": "withdrawn"}, "not_agreed"),
        ({"kind": "mobility"}, "no_money"),
        ({"valid_until": timezone.localdate() - timedelta(days=1)}, "pledge_over"),
    ],
)
def test_what_cannot_be_spent(staff, fields, code):
    with pytest.raises(Refused) as refusal:
        actions.allot(PledgeFactory(**{"state": "agreed"} | fields), 10, by=staff)
    assert refusal.value.codes == [code]


def test_freed_money_can_be_spent_again(agreed, staff):
    actions.allot(agreed, 200, by=staff)
    actions.allot(agreed, 100, by=staff)
    assert actions.free_allotment(agreed, 100, by=staff).state == PledgeState.ALLOCATED
    freed = actions.free_allotment(agreed, 200, by=staff)
    assert (freed.state, freed.left_eur) == (PledgeState.AGREED, 500)
    with pytest.raises(Refused) as refusal:
        actions.free_allotment(agreed, 1, by=staff)
    assert refusal.value.codes == ["not_so_much"]
    assert verbs(agreed) == ["allocate", "allot", "free_some", "free"]


def test_what_was_paid_stays_paid(agreed, staff):
    actions.allot(agreed, 200, by=staff)
    actions.honour_pledge(agreed, by=staff)
    assert actions.free_allotment(agreed, 200, by=staff).spent_eur == 200


def test_a_message_that_fails_leaves_the_money(agreed, staff, monkeypatch):
    def fail(*args):
        raise RuntimeError("no")

    monkeypatch.setattr("portal.notifications.actions._row", fail)
    with pytest.raises(RuntimeError):
        actions.allot(agreed, 200, by=staff)
    agreed.refresh_from_db()
    assert (agreed.spent_eur, agreed.state, verbs(agreed)) == (0, PledgeState.AGREED, [])


def test_the_database_keeps_the_promise(agreed):
    with pytest.raises(IntegrityError, match="pledge_never_overspent"), transaction.atomic():
        Pledge.objects.filter(pk=agreed.pk).update(spent_eur=501)


def test_a_pledge_in_use_is_taken_back_and_staff_hear_it(agreed, donor, staff):
    actions.allot(agreed, 200, by=staff)
    assert actions.withdraw_pledge(agreed, by=donor, why="We merge.").state == PledgeState.WITHDRAWN
    assert told("pledge_withdrawn") == {staff.email}


def test_not_while_parcels_are_on_their_way(agreed, donor, staff):
    actions.allot(agreed, 200, by=staff)
    ShipmentFactory(match=AcceptedMatchFactory(), state="in_transit", payer="pledge", pledge=agreed, cost_eur=200)
    with pytest.raises(Refused) as refusal:
        actions.withdraw_pledge(agreed, by=donor)
    assert refusal.value.codes == ["under_way"]


def test_only_its_donor_and_staff_take_it_back(agreed, stranger_researcher):
    with pytest.raises(Forbidden):
        actions.withdraw_pledge(agreed, by=stranger_researcher)


@pytest.mark.parametrize("deed", [actions.contact_donor, actions.agree_pledge, actions.honour_pledge])
def test_only_staff_settle(deed, agreed, donor):
    with pytest.raises(Forbidden):
        deed(agreed, by=donor)


def test_what_is_agreed_is_not_rewritten(agreed, staff):
    with pytest.raises(WrongState):
        actions.change_pledge(agreed, {"kind": "money", "words": "Less.", "amount_eur": 5}, by=staff)


def test_a_long_list_of_unanswered_pledges_ends(donor):
    PledgeFactory.create_batch(actions.MOST_WAITING, donor=donor)
    with pytest.raises(Refused) as refusal:
        actions.declare_pledge({"kind": "money", "words": "More.", "amount_eur": 5}, by=donor)
    assert refusal.value.codes == ["too_many"]


def test_the_clock_reminds_once_and_lets_lapse():
    today = timezone.localdate()
    soon = PledgeFactory(state="agreed", valid_until=today + timedelta(days=20))
    over = PledgeFactory(valid_until=today - timedelta(days=1))
    in_use = PledgeFactory(state="allocated", spent_eur=5, valid_until=today - timedelta(days=1))
    now = timezone.now()
    assert (actions.remind_ending(now), actions.remind_ending(now)) == (1, 0)
    assert (actions.lapse_overdue(now), actions.lapse_overdue(now)) == (1, 0)
    states = [Pledge.objects.get(pk=row.pk).state for row in (soon, over, in_use)]
    assert states == ["agreed", "lapsed", "allocated"]
    assert (told("pledge_ending"), told("pledge_lapsed")) == ({soon.donor.email}, {over.donor.email})


def test_declaring_on_the_page(client, donor):
    client.force_login(donor)
    answer = client.post(reverse("pledges:declare"), TYPED)
    pledge = Pledge.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, pledge.get_absolute_url())
    assert (pledge.donor, pledge.amount_eur, pledge.countries) == (donor, 800, [])
    assert "EUR" in client.get(pledge.get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    "wrong",
    [
        {"amount_eur": ""},
        {"amount_eur": "0"},
        {"amount_eur": "99999999999"},
        {"amount_eur": "many"},
        {"kind": "gold"},
        {"words": ""},
        {"countries": ["XX"]},
        {"valid_until": "2020-01-01"},
        {"valid_until": "tomorrow"},
    ],
)
def test_bad_input_is_said_and_nothing_kept(client, donor, wrong):
    client.force_login(donor)
    answer = client.post(reverse("pledges:declare"), TYPED | wrong)
    assert answer.status_code in (400, 422)
    assert "There is a problem" in answer.content.decode()
    assert not Pledge.objects.exists()


def test_staff_settle_on_pages_and_donors_only_take_back(client, donor, staff):
    pledge = PledgeFactory(donor=donor)
    client.force_login(donor)
    assert client.post(reverse("pledges:deed", args=[pledge.ref, "contact"])).status_code == 403
    client.force_login(staff)
    for verb in ("contact", "agree"):
        assert client.post(reverse("pledges:deed", args=[pledge.ref, verb])).status_code == 302
    assert client.post(reverse("pledges:deed", args=[pledge.ref, "agree"])).status_code == 422
    assert client.post(reverse("pledges:deed", args=[pledge.ref, "allocate"]), {"used_for": "x"}).status_code == 422
    assert client.get(reverse("pledges:deed", args=[pledge.ref, "spend"])).status_code == 404
    client.force_login(donor)
    assert client.post(reverse("pledges:deed", args=[pledge.ref, "withdraw"])).status_code == 302
    pledge.refresh_from_db()
    assert pledge.state == PledgeState.WITHDRAWN


def test_a_get_moves_nothing(client, staff):
    pledge = PledgeFactory()
    client.force_login(staff)
    assert client.get(reverse("pledges:deed", args=[pledge.ref, "contact"])).status_code == 200
    pledge.refresh_from_db()
    assert pledge.state == PledgeState.DECLARED


def test_a_pledge_is_its_donor_s_and_staff_s(client, stranger_researcher):
    pledge = PledgeFactory()
    client.force_login(stranger_researcher)
    assert client.get(pledge.get_absolute_url()).status_code == 404
    assert pledge.ref not in client.get(reverse("pledges:list")).content.decode()


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_asks_the_same_for_one_and_for_three(client, donor, number, django_assert_num_queries):
    PledgeFactory.create_batch(number, donor=donor)
    client.force_login(donor)
    client.get(reverse("pledges:list"))
    with django_assert_num_queries(4):
        client.get(reverse("pledges:list"))

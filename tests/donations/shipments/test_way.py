"""From a match to the bench: prepared, packed, sent, followed, received, used, closed."""

from datetime import timedelta

import pytest
from django.utils import timezone

from donations.actions import shipment as actions
from donations.actions.shipment import Short
from donations.enums import MatchState
from donations.models import Match, Shipment
from donations.tracking import Seen
from portal.core.errors import Forbidden, Refused, WrongState
from tests.donations.shipments.steps import numbers, pack, packed, told, verbs
from tests.factories.accounts import UserFactory
from tests.factories.donations import AcceptedMatchFactory, ApprovedMatchFactory, NeedFactory, OfferFactory

pytestmark = pytest.mark.django_db


def test_prepared_from_an_accepted_match(match, staff):
    shipment = actions.make_shipment([match], by=staff)
    assert (shipment.state, shipment.donor) == ("draft", match.offer.donor)
    assert shipment.pick_up == match.offer.pick_up
    assert shipment.deliver_to == match.need.deliver_to
    assert told("prepared") == {match.offer.donor.email, match.need.asked_by.email}
    assert verbs(shipment) == ["make"]
    assert not Match.objects.to_ship().exists()


def test_what_cannot_be_put_together(match, staff):
    others = {
        "not_accepted": [ApprovedMatchFactory()],
        "not_together": [match, AcceptedMatchFactory()],
        "nothing_to_send": [],
    }
    for code, rows in others.items():
        with pytest.raises(Refused) as refused:
            actions.make_shipment(rows, by=staff)
        assert refused.value.codes == [code]
    with pytest.raises(Forbidden):
        actions.make_shipment([match], by=match.offer.donor)
    assert not Shipment.objects.exists()


def test_a_match_is_in_one_open_shipment(match, staff):
    actions.make_shipment([match], by=staff)
    with pytest.raises(Refused) as refused:
        actions.make_shipment([match], by=staff)
    assert refused.value.codes == ["sent_already"]
    assert Shipment.objects.count() == 1


def test_another_match_goes_along_and_is_taken_out(shipment, match, staff):
    other = AcceptedMatchFactory(
        need=NeedFactory(organisation=match.need.organisation), offer=OfferFactory(donor=match.offer.donor)
    )
    actions.add_match(shipment, other, by=staff)
    pack(shipment, packed({match: 3, other: 1}))
    actions.take_out(shipment, other, by=staff)
    assert Match.objects.to_ship().get() == other
    assert shipment.parcels.get().lines.get().match == match
    with pytest.raises(Refused) as refused:
        actions.take_out(shipment, match, by=staff)
    assert refused.value.codes == ["last_one"]
    with pytest.raises(Refused) as refused:
        actions.add_match(shipment, AcceptedMatchFactory(), by=staff)
    assert refused.value.codes == ["not_together"]


def test_nothing_leaves_before_everything_is_there(shipment, match):
    Shipment.objects.update(deliver_to="", customs_payer="open")
    with pytest.raises(Refused) as refused:
        actions.send_shipment(shipment, by=shipment.donor, sent_on=timezone.localdate())
    assert refused.value.codes == ["no_delivery", "nobody_pays_customs", "not_packed"]
    shipment.refresh_from_db()
    assert (shipment.state, shipment.sent_on, verbs(shipment)) == ("funded", None, [])


def test_what_is_not_cleared_for_export_stays(shipment, match):
    pack(shipment, packed({match: 3}))
    match.offer.needs_clearance = True
    match.offer.save()
    with pytest.raises(Refused) as refused:
        actions.send_shipment(shipment, by=shipment.donor, sent_on=timezone.localdate())
    assert refused.value.codes == ["not_cleared"]


def test_from_the_donor_to_the_bench(shipment, match, receiver, staff):
    today = timezone.localdate()
    actions.add_parcel(shipment, packed({match: 2}), by=shipment.donor)
    actions.add_parcel(shipment, packed({match: 1}), by=shipment.donor)
    actions.send_shipment(shipment, by=shipment.donor, sent_on=today, carrier="Sealine", tracking="SL 9")
    assert told("sent") == {receiver.email, shipment.made_by.email}
    actions.move_on(shipment, "reach_customs", by=receiver)
    actions.move_on(shipment, "clear_customs", by=shipment.donor)
    assert told("customs") == {shipment.donor.email, shipment.made_by.email}
    actions.receive_shipment(shipment, by=receiver, received_on=today, words="All there.")
    actions.put_to_use(shipment, "install", by=receiver)
    actions.put_to_use(shipment, "use", by=receiver)
    assert told("in_use") == {shipment.donor.email, shipment.made_by.email}
    actions.close_shipment(shipment, by=staff)
    match.refresh_from_db()
    shipment.refresh_from_db()
    assert (shipment.state, shipment.received_by, match.state) == ("closed", receiver, MatchState.COMPLETED)
    assert numbers(match) == {"need": ("fulfilled", 3), "offer": ("handed_over", 3, 0)}
    assert not shipment.places.filter(is_open=True).exists()
    assert verbs(shipment)[-3:] == ["install", "use", "close"]
    assert told("closed") == {shipment.donor.email, receiver.email}
    assert list(match.follow_ups.order_by("months").values_list("months", flat=True)) == [3, 6, 12]


@pytest.mark.parametrize(("days", "code"), [(1, "sent_when"), (-400, "sent_when")])
def test_days_that_make_no_sense(shipment, match, days, code):
    pack(shipment, packed({match: 3}))
    with pytest.raises(Refused) as refused:
        actions.send_shipment(shipment, by=shipment.donor, sent_on=timezone.localdate() + timedelta(days=days))
    assert refused.value.codes == [code]


def test_received_before_it_was_sent(sent, receiver):
    with pytest.raises(Refused) as refused:
        actions.receive_shipment(sent, by=receiver, received_on=sent.sent_on - timedelta(days=1))
    assert refused.value.codes == ["received_when"]


def test_a_part_of_it_came(sent, match, receiver, staff):
    short = {match.pk: Short(missing=1, broken=1)}
    with pytest.raises(Refused) as refused:
        actions.receive_shipment(sent, by=receiver, received_on=sent.sent_on, short=short)
    assert refused.value.codes == ["no_words"]
    actions.receive_shipment(sent, by=receiver, received_on=sent.sent_on, short=short, words="One lid is broken.")
    match.refresh_from_db()
    assert (match.quantity, match.state) == (1, MatchState.ACCEPTED)
    assert numbers(match) == {"need": ("open", 1), "offer": ("matched", 1, 2)}
    lost = Match.objects.exclude(pk=match.pk).get()
    assert (lost.quantity, lost.state, lost.why) == (2, MatchState.FAILED, "One lid is broken.")
    assert told("short") == {sent.made_by.email}
    actions.close_shipment(sent, by=staff)
    assert numbers(match) == {"need": ("open", 1), "offer": ("handed_over", 1, 2)}


def test_of_two_matches_one_did_not_come(sent, match, receiver, staff):
    other = AcceptedMatchFactory(need=match.need.__class__.objects.get(pk=NeedFactory().pk))
    sent.places.create(match=other)
    short = {other.pk: Short(missing=1)}
    actions.receive_shipment(sent, by=receiver, received_on=sent.sent_on, short=short, words="No second box.")
    assert numbers(other) == {"need": ("open", 0), "offer": ("lost", 0, 1)}
    actions.close_shipment(sent, by=staff)
    other.refresh_from_db()
    match.refresh_from_db()
    assert (match.state, other.state) == (MatchState.COMPLETED, MatchState.FAILED)


@pytest.mark.parametrize(
    ("short", "code"), [(Short(missing=4), "short_of_what"), (Short(missing=-1, broken=2), "short_of_what"),
                        (Short(broken=3), "nothing_came")]
)  # fmt: skip
def test_counts_that_make_no_sense_change_nothing(sent, match, receiver, short, code):
    with pytest.raises(Refused) as refused:
        actions.receive_shipment(
            sent, by=receiver, received_on=sent.sent_on, short={match.pk: short}, words="Well, no."
        )
    assert refused.value.codes == [code]
    sent.refresh_from_db()
    assert sent.state == "in_transit"
    assert numbers(match) == {"need": ("matched", 3), "offer": ("matched", 3, 0)}


def test_a_line_of_tracking_counts_once(sent, receiver):
    seen = Seen(timezone.now() - timedelta(hours=2), "Marseille", "Loaded")
    assert actions.add_events(sent, [seen, seen], by=receiver) == 1
    assert actions.add_events(sent, [seen], by=sent.donor) == 0
    assert verbs(sent) == ["track"]
    with pytest.raises(Refused) as refused:
        actions.add_events(sent, [Seen(timezone.now() + timedelta(days=1), "", "Loaded")], by=receiver)
    assert refused.value.codes == ["seen_when"]


def test_strangers_do_nothing(sent, match):
    stranger = UserFactory()
    deeds = [
        lambda: actions.move_on(sent, "reach_customs", by=stranger),
        lambda: actions.hold_shipment(sent, by=stranger, why="No."),
        lambda: actions.add_events(sent, [], by=stranger),
        lambda: actions.receive_shipment(sent, by=sent.donor, received_on=sent.sent_on),
        lambda: actions.close_shipment(sent, by=match.need.asked_by),
        lambda: actions.lose_shipment(sent, by=sent.donor, why="Gone."),
    ]
    for deed in deeds:
        with pytest.raises(Forbidden):
            deed()


def test_parcels_stay_as_they_left(sent, match):
    with pytest.raises(WrongState):
        actions.add_parcel(sent, packed({match: 1}), by=sent.donor)
    with pytest.raises(WrongState):
        actions.remove_parcel(sent.parcels.get(), by=sent.donor)


@pytest.mark.parametrize(
    ("number", "weight", "code"), [(4, "200", "not_so_many"), (3, "83.99", "too_light"), (0, "5", "empty")]
)
def test_parcels_that_cannot_be(shipment, match, number, weight, code):
    with pytest.raises(Refused) as refused:
        actions.add_parcel(shipment, packed({match: number}, weight), by=shipment.donor)
    assert refused.value.codes == [code]
    assert not shipment.parcels.exists()


def test_a_parcel_is_packed_anew(shipment, match):
    parcel = actions.add_parcel(shipment, packed({match: 3}), by=shipment.donor)
    actions.change_parcel(parcel, packed({match: 1}, "30"), by=shipment.donor)
    assert parcel.lines.get().quantity == 1
    actions.remove_parcel(parcel, by=shipment.donor)
    actions.remove_parcel(parcel, by=shipment.donor)
    assert verbs(shipment) == ["pack", "pack", "unpack"]

"""Quotations, and who or which pledge pays."""

from datetime import timedelta

import pytest
from django.utils import timezone

from donations.actions import shipment as actions
from donations.actions.pledge import withdraw_pledge
from donations.models import Pledge
from portal.core.errors import Forbidden, Refused, WrongState
from tests.donations.shipments.steps import told, verbs
from tests.factories.donations import PledgeFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(shipment):
    shipment.state, shipment.payer = "draft", "open"
    shipment.save()
    return shipment


@pytest.fixture
def pledge(db):
    return PledgeFactory(state="agreed", amount_eur=500)


def asked(amount: int, **fields) -> dict[str, object]:
    return {"carrier": f"Carrier {amount}", "amount_eur": amount} | fields


def refusal(deed) -> list[str]:
    with pytest.raises(Refused) as refused:
        deed()
    return list(refused.value.codes)


def test_quoted_chosen_and_paid_for_by_the_donor(draft, staff):
    dear = actions.add_quotation(draft, asked(900), by=staff)
    draft.refresh_from_db()
    assert draft.state == "quoted"
    cheap = actions.add_quotation(draft, asked(400), by=staff)
    assert refusal(lambda: actions.fund_shipment(draft, payer="donor", by=staff)) == ["none_chosen"]
    actions.choose_quotation(dear, by=staff)
    actions.choose_quotation(cheap, by=staff)
    assert refusal(lambda: actions.remove_quotation(cheap, by=staff)) == ["is_chosen"]
    actions.remove_quotation(dear, by=staff)
    actions.fund_shipment(draft, payer="donor", cost_eur=1, by=staff)
    draft.refresh_from_db()
    assert (draft.state, draft.payer, draft.cost_eur, draft.carrier) == ("funded", "donor", 400, "Carrier 400")
    assert told("funded") == {draft.donor.email}
    assert verbs(draft) == ["quote", "add_quotation", "choose", "choose", "remove_quotation", "fund"]


def test_a_quotation_that_is_over(draft, staff):
    over = actions.add_quotation(draft, asked(900, valid_until=timezone.localdate() - timedelta(days=1)), by=staff)
    assert refusal(lambda: actions.choose_quotation(over, by=staff)) == ["quotation_over"]


def test_only_staff_deal_with_money(draft):
    with pytest.raises(Forbidden):
        actions.add_quotation(draft, asked(900), by=draft.donor)
    with pytest.raises(Forbidden):
        actions.fund_shipment(draft, payer="donor", by=draft.donor)


@pytest.mark.parametrize("payer", ["open", "nobody"])
def test_somebody_pays(draft, staff, payer):
    assert refusal(lambda: actions.fund_shipment(draft, payer=payer, by=staff)) == ["nobody_pays"]


def test_a_pledge_pays_once(draft, staff, pledge):
    actions.fund_shipment(draft, payer="pledge", pledge=pledge, cost_eur=300, by=staff)
    pledge.refresh_from_db()
    assert pledge.spent_eur == 300
    with pytest.raises(WrongState):
        actions.fund_shipment(draft, payer="pledge", pledge=pledge, cost_eur=100, by=staff)
    actions.abandon_shipment(draft, by=staff, why="Not now.")
    pledge.refresh_from_db()
    assert (pledge.spent_eur, pledge.state) == (0, "agreed")


def test_what_a_pledge_does_not_pay(draft, staff, pledge):
    def fund(**fields):
        return lambda: actions.fund_shipment(draft, payer="pledge", by=staff, **fields)

    assert refusal(fund(cost_eur=100)) == ["no_pledge"]
    assert refusal(fund(cost_eur=100, pledge=PledgeFactory())) == ["no_pledge"]
    assert refusal(fund(pledge=pledge)) == ["no_price"]
    assert refusal(fund(pledge=PledgeFactory(state="agreed", countries=["ZW"]), cost_eur=100)) == ["other_country"]
    assert refusal(fund(pledge=pledge, cost_eur=501)) != []
    draft.refresh_from_db()
    assert (draft.state, draft.pledge) == ("draft", None)
    assert not Pledge.objects.exclude(spent_eur=0).exists()


def test_somebody_else_pays_when_a_pledge_is_withdrawn(draft, staff, pledge):
    actions.fund_shipment(draft, payer="pledge", pledge=pledge, cost_eur=300, by=staff)
    withdraw_pledge(pledge, by=pledge.donor)
    draft.refresh_from_db()
    assert "pledge_gone" in [reason.code for reason in actions.lacks(draft)]
    other = PledgeFactory(state="agreed", amount_eur=300)
    actions.change_payer(draft, payer="pledge", pledge=other, by=staff)
    assert set(Pledge.objects.values_list("state", "spent_eur")) == {("withdrawn", 0), ("allocated", 300)}
    actions.change_payer(draft, payer="programme", by=staff)
    other.refresh_from_db()
    draft.refresh_from_db()
    assert (other.spent_eur, draft.payer, draft.pledge) == (0, "programme", None)
    assert "pledge_gone" not in [reason.code for reason in actions.lacks(draft)]
    assert verbs(draft) == ["fund", "change_payer", "change_payer"]


def test_who_pays_does_not_change_on_the_way(sent, staff):
    with pytest.raises(WrongState):
        actions.change_payer(sent, payer="donor", by=staff)

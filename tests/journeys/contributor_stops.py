"""The pages of proposals and agreements that the looks, the weights and the crawl go through, and their rows."""

from typing import Any

from tests.factories.agreements import AgreementFactory
from tests.factories.instruments import InstrumentFactory, TechniqueFactory
from tests.journeys.stop import Stop

PROPOSAL = "/instruments/propose/{proposal}/"

CONTRIBUTORS = [
    Stop("propose", "visitor", "/instruments/propose/", "public"),
    Stop("propose-begin", "operator", "/instruments/propose/begin/", "public"),
    Stop("proposal", "operator", PROPOSAL, "public"),
    Stop("proposal-instrument", "operator", f"{PROPOSAL}instrument/", "public"),  # with every time zone
    Stop("proposal-samples", "operator", f"{PROPOSAL}samples/", "step"),
    Stop("proposal-offer", "operator", f"{PROPOSAL}offer/", "step"),
    Stop("proposal-check", "operator", f"{PROPOSAL}check/", "public"),
    Stop("proposal-withdraw", "operator", f"{PROPOSAL}withdraw/", "public"),
    Stop("agreements", "operator", "/agreements/", "staff"),
    Stop("agreement", "operator", "/agreements/{agreement}/", "staff"),
    Stop("agreement-agree", "operator", "/agreements/{agreement}/agree/", "staff"),
    Stop("agreement-decline", "operator", "/agreements/{agreement}/decline/", "staff"),
    Stop("desk-agreement-edit", "staff", "/agreements/{agreement_draft}/edit/", "staff"),
    Stop("desk-agreement-offer", "staff", "/agreements/{agreement_draft}/offer/", "staff"),
]


def contributors(cast: dict[str, Any]) -> dict[str, str]:
    """A proposal of the operator that staff sent back, an agreement that waits for the laboratory, and a draft."""
    laboratory = cast["instrument"].organisation
    row = InstrumentFactory(
        organisation=laboratory, state="returned", state_note="Which detector has it?", proposed_by=cast["operator"]
    )
    row.techniques.set([TechniqueFactory(slug="sem")])
    return {
        "proposal": row.slug,
        "agreement": AgreementFactory(instrument=cast["instrument"], offered=True).ref,
        "agreement_draft": AgreementFactory(instrument=cast["instrument"]).ref,
    }

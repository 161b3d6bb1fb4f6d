"""Needs, offers and gifts: one gift that is in use for months, one on its way, one match to answer, others to come."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from donations import need_steps, offer_steps
from donations.enums import FollowUpState, MatchState, NeedState, OfferState, PledgeState, ShipmentState
from donations.models import FollowUp, Match, Need, Offer, Parcel, Pledge, Shipment
from donations.steps import Step
from instruments.models import EquipmentCategory
from portal.accounts.models import User
from portal.core.times import months_after
from portal.samples.reading import read
from portal.samples.stage import Stage, backdate

YEAR = 365
ANSWER_DAYS = 14
AFTER = {  # what was done to a need or offer until it was in this state
    "draft": (),
    "submitted": ("submit",),
    "vetting": ("offer",),
    "open": ("submit", "verify"),
    "vetted": ("offer", "vet"),
    "matched": ("offer", "vet", "match"),
    "fulfilled": ("submit", "verify", "match", "fulfil"),
    "handed_over": ("offer", "vet", "match", "hand_over"),
    "expired": ("submit", "verify", "expire"),
}
BY_STAFF = {"verify", "vet", "match", "fulfil", "hand_over"}


def put_donated(stage: Stage) -> None:
    """Uses the people and organisations that are there."""
    content = read("donations")
    needs = {row["key"]: _need(stage, row) for row in content["need"]}
    offers = {row["key"]: _offer(stage, row) for row in content["offer"]}
    pledges = [_pledge(stage, row) for row in content["pledge"]]
    for row in content["match"]:
        match = _match(stage, row, needs[row["need"]], offers[row["offer"]])
        if match.state == MatchState.COMPLETED:
            _arrived(stage, match, row)
        elif match.state == MatchState.ACCEPTED:
            _on_its_way(stage, match, pledges[0])


def _need(stage: Stage, row: dict[str, Any]) -> Need:
    known = {
        name: value
        for name, value in row.items()
        if name not in {"key", "organisation", "by", "category", "requirements", "day", "state"}
    }
    is_public = row["state"] not in ("draft", "submitted")
    need = Need.objects.create(
        **known,
        ref=stage.new_ref(),
        organisation=stage.organisations[row["organisation"]],
        asked_by=stage.people[row["by"]],
        category=EquipmentCategory.objects.get(slug=row["category"]),
        state=NeedState(row["state"]),
        submitted_at=stage.ago(-row["day"]),
        public_at=stage.ago(-row["day"] - 3) if is_public else None,
        expires_on=stage.day(row["day"] + YEAR) if is_public else None,
        steps=_said(need_steps.STEPS, stage.people[row["by"]], stage.ago(-row["day"])),
    )
    for wanted in row.get("requirements", []):
        need.requirements.create(**wanted)
    _tell(stage, need, need.asked_by, row)
    return need


def _offer(stage: Stage, row: dict[str, Any]) -> Offer:
    known = {
        name: value
        for name, value in row.items()
        if name not in {"key", "donor", "organisation", "category", "features", "tested", "day", "state"}
    }
    donor, is_public = stage.people[row["donor"]], row["state"] not in ("draft", "vetting")
    offer = Offer.objects.create(
        **known,
        ref=stage.new_ref(),
        donor=donor,
        organisation=stage.organisations[row["organisation"]] if "organisation" in row else None,
        category=EquipmentCategory.objects.get(slug=row["category"]),
        state=OfferState(row["state"]),
        country=donor.country,
        tested_on=stage.day(row["tested"]) if "tested" in row else None,
        available_from=stage.day(row["day"]),
        available_until=stage.day(row["day"] + YEAR),
        is_owner=row["state"] != "draft",
        gives_training=bool(row.get("training_words")),
        submitted_at=stage.ago(-row["day"]) if row["state"] != "draft" else None,
        public_at=stage.ago(-row["day"] - 3) if is_public else None,
        expires_on=stage.day(row["day"] + YEAR) if is_public else None,
        steps=_said(offer_steps.STEPS, donor, stage.ago(-row["day"])) if row["state"] != "draft" else {},
    )
    for feature in row.get("features", []):
        offer.features.create(**feature)
    _tell(stage, offer, donor, row)
    return offer


def _tell(stage: Stage, row: Any, person: Any, source: dict[str, Any]) -> None:
    """The history of a need or an offer, a day or two between its deeds."""
    began = stage.ago(-source["day"] + 2)
    backdate(row, began)
    stage.note(row, "start", began, by=person, after="draft")
    state = "draft"
    for number, verb in enumerate(AFTER[row.state]):
        by = stage.people["staff"] if verb in BY_STAFF else None if verb == "expire" else person
        after = row.state if number == len(AFTER[row.state]) - 1 else _between(verb)
        stage.note(row, verb, stage.ago(-source["day"] - 3 * number), by=by, before=state, after=after)
        state = after


def _between(verb: str) -> str:
    return {"submit": "submitted", "offer": "vetting", "verify": "open", "vet": "vetted", "match": "matched"}[verb]


def _match(stage: Stage, row: dict[str, Any], need: Need, offer: Offer) -> Match:
    state, staff = MatchState(row["state"]), stage.people["staff"]
    approved = stage.ago(-row["day"])
    both = {} if state == MatchState.APPROVED else _yes(stage, need, offer, row["day"])
    match = Match.objects.create(
        ref=stage.new_ref(),
        need=need,
        offer=offer,
        quantity=row["quantity"],
        score=row["score"],
        state=state,
        proposed_by=staff,
        approved_by=staff,
        approved_at=approved,
        answer_by=approved + timedelta(days=ANSWER_DAYS),
        completed_at=stage.ago(-row["received"]) if "received" in row else None,
        **both,
    )
    backdate(match, approved - timedelta(days=1))
    stage.note(match, "propose", approved - timedelta(days=1), by=staff, after="proposed")
    stage.note(match, "approve", approved, by=staff, before="proposed", after="approved")
    if both:
        stage.note(match, "accept", both["offer_accepted_at"], by=offer.donor, before="approved", after="accepted")
    if match.completed_at:
        stage.note(match, "complete", match.completed_at, by=staff, before="accepted", after="completed")
    for thing in (need, offer):
        thing.quantity_matched += match.quantity
        if not thing.left and thing.state in ("open", "vetted"):
            thing.state = "matched"
        thing.save(update_fields=["quantity_matched", "state"])
    return match


def _yes(stage: Stage, need: Need, offer: Offer, day: int) -> dict[str, Any]:
    return {
        "need_accepted_at": stage.ago(-day - 2),
        "need_accepted_by": need.asked_by,
        "offer_accepted_at": stage.ago(-day - 4),
        "offer_accepted_by": offer.donor,
    }


def _shipment(stage: Stage, match: Match, day: int, **fields: Any) -> Shipment:
    """One parcel with all of the match."""
    shipment = Shipment.objects.create(
        ref=stage.new_ref(),
        donor=match.offer.donor,
        organisation=match.need.organisation,
        made_by=stage.people["staff"],
        pick_up="Sölvegatan 300, 223 62 Lund, Sweden",
        deliver_to=f"Stores, {match.need.organisation}, {match.need.organisation.city}",
        carrier="Savanna Freight",
        tracking=f"SF{stage.new_ref()}",
        incoterm="DAP",
        incoterm_place=match.need.organisation.city,
        hs_code="9016.00" if match.offer.maker == "Vågverket" else "9027.89",
        sent_on=stage.day(day),
        **fields,
    )
    shipment.places.create(match=match, is_open=shipment.state != ShipmentState.CLOSED)
    parcel = Parcel.objects.create(
        shipment=shipment, number=1, packing="Cardboard, foam", weight_kg=18, length_cm=60, width_cm=45, height_cm=45
    )
    parcel.lines.create(match=match, quantity=match.quantity)
    shipment.quotations.create(carrier="Savanna Freight", amount_eur=310, days=9, is_chosen=True)
    shipment.quotations.create(carrier="Northern Forwarding", amount_eur=465, days=6)
    backdate(shipment, stage.ago(-day + 10))
    return shipment


def _on_its_way(stage: Stage, match: Match, pledge: Pledge) -> None:
    shipment = _shipment(
        stage,
        match,
        -7,
        state=ShipmentState.CUSTOMS,
        payer="pledge",
        pledge=pledge,
        cost_eur=310,
        customs_payer="recipient",
        expected_on=stage.day(4),
    )
    pledge.spent_eur += 310
    pledge.save(update_fields=["spent_eur"])
    for days, place, words in (
        (7, "Lund", "Picked up"),
        (5, "Leipzig", "Flown out"),
        (2, "Dakar", "Arrived at customs"),
    ):
        shipment.events.create(at=stage.ago(days), place=place, words=words)


def _arrived(stage: Stage, match: Match, row: dict[str, Any]) -> None:
    _shipment(
        stage,
        match,
        row["received"] - 12,
        state=ShipmentState.CLOSED,
        payer="donor",
        cost_eur=310,
        received_on=stage.day(row["received"]),
        received_by=match.need.asked_by,
        receipt_words="Both balances came in good order, with their weights.",
    )
    came = stage.day(row["received"])
    answers = {
        3: ("sometimes", 20, 9, "We built a stone table for them first."),
        6: ("daily", 34, 18, "Four theses weigh with them, and the powder samples are mixed to the milligram now."),
    }
    for months in (3, 6, 12):
        due = months_after(came, months)
        in_use, people, women, words = answers.get(months, ("", None, None, ""))
        follow_up = FollowUp.objects.create(match=match, months=months, due_on=due)
        if in_use and due < stage.now.date():
            answered = stage.ago((stage.now.date() - due).days - 1)
            FollowUp.objects.filter(pk=follow_up.pk).update(
                state=FollowUpState.ANSWERED,
                asked_at=answered - timedelta(days=1),
                answered_at=answered,
                answered_by=match.need.asked_by,
                in_use=in_use,
                people=people,
                women=women,
                words=words,
            )


def _pledge(stage: Stage, row: dict[str, Any]) -> Pledge:
    donor, told = stage.people[row["donor"]], stage.ago(-row["day"])
    pledge = Pledge.objects.create(
        ref=stage.new_ref(),
        donor=donor,
        kind=row["kind"],
        words=row["words"],
        amount_eur=row.get("amount_eur"),
        state=PledgeState(row["state"]),
        valid_until=stage.day(row["day"] + YEAR),
    )
    backdate(pledge, told)
    stage.note(pledge, "declare", told, by=donor, after="declared")
    return pledge


def _said(steps: Sequence[Step], person: User, moment: datetime) -> dict[str, Any]:
    """Every section saved once, and said to be complete."""
    return {step.name: {"at": moment.isoformat(), "by": person.pk, "done": True, "version": 1} for step in steps}

"""What laboratories open: the proposal that staff have before them, and agreements in force, offered and in draft."""

from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import override

from instruments.agreement_words import usual_gifts
from instruments.enums import AgreementState
from instruments.models import Agreement, Instrument
from portal.samples.actions.instruments import operator_of
from portal.samples.reading import read
from portal.samples.stage import Stage, backdate

BEFORE = timedelta(days=20)  # how long before its first day an agreement was offered, where that is past
READING = timedelta(days=6)  # how long the laboratory took to answer


def put_contributors(stage: Stage) -> None:
    content = read("agreements")
    _put_proposal(stage, content["proposal"])
    for line in content["agreement"]:
        _put_agreement(stage, line)


def _put_proposal(stage: Stage, line: dict[str, Any]) -> None:
    row = stage.instruments[line["instrument"]]
    proposal = " ".join(line["words"].split())
    Instrument.objects.filter(pk=row.pk).update(proposed_by=operator_of(row), proposal=proposal)


def _put_agreement(stage: Stage, line: dict[str, Any]) -> None:
    instrument, first = stage.instruments[line["instrument"]], stage.day(line["first"])
    offered = min(stage.moment(line["first"], 10) - BEFORE, stage.ago(2))
    with override("en"):
        gifts = usual_gifts()
    row = Agreement(
        ref=stage.new_ref(),
        instrument=instrument,
        organisation=instrument.organisation,
        laboratory_gives=" ".join(line["laboratory_gives"].split()),
        programme_gives=gifts,
        minutes_a_year=line["hours"] * 60,
        starts_on=first,
        ends_on=stage.day(line["last"]),
        state=line["state"],
    )
    _sign(stage, row, offered, line.get("signatory", ""))
    row.save()
    backdate(row, offered - timedelta(days=1))
    _note(stage, row)


def _sign(stage: Stage, row: Agreement, offered: datetime, signatory: str) -> None:
    if row.state == AgreementState.DRAFT:
        return
    row.offered_at, row.offered_by = offered, stage.people["staff"]
    if row.state == AgreementState.AGREED:
        row.agreed_at, row.agreed_by, row.signatory = offered + READING, operator_of(row.instrument), signatory
        row.warned_at = stage.ago(19)  # its ninetieth day before the end is past


def _note(stage: Stage, row: Agreement) -> None:
    states, staff = AgreementState, stage.people["staff"]
    stage.note(row, "create", (row.offered_at or stage.ago(1)) - timedelta(hours=1), by=staff, after=states.DRAFT)
    if row.offered_at:
        stage.note(row, "offer", row.offered_at, by=staff, before=states.DRAFT, after=states.OFFERED)
    if row.agreed_at:
        stage.note(row, "agree", row.agreed_at, by=row.agreed_by, before=states.OFFERED, after=states.AGREED)

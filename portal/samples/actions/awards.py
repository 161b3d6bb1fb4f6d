"""The awards of the sample programme: granted, accepted, some of them over, one of these reported."""

from datetime import datetime, timedelta
from typing import Any

from bookings.models import Outcome
from calls.actions.award.clock import REPORT_WITHIN
from calls.enums import AwardState, EntryKind
from calls.models import Award, LedgerEntry
from portal.samples.reading import read
from portal.samples.stage import Stage, backdate

RELEASED_BEFORE = 30  # days before the first day of an award that no call gave
OVER = (AwardState.ENDED, AwardState.REPORTED)


def award_lines() -> list[dict[str, Any]]:
    lines: list[dict[str, Any]] = read("awards")["award"]
    return lines


def put_awards(stage: Stage) -> None:
    for line in award_lines():
        award = _award(stage, line)
        stage.awards[line["key"]] = award
        _put_history(stage, award, line)
        if "report" in line:
            _put_report(stage, award, dict(line["report"]))


def _award(stage: Stage, line: dict[str, Any]) -> Award:
    minutes = line["hours"] * 60
    award = Award(
        ref=stage.new_ref(),
        title=line["title"],
        holder=stage.people[line["holder"]],
        organisation=stage.organisations[line["organisation"]],
        instrument=stage.instruments[line["instrument"]],
        call=stage.calls[line["call"]] if "call" in line else None,
        granted_minutes=minutes,
        balance_minutes=minutes,
        valid_from=stage.day(line["from_days"]),
        valid_until=stage.day(line["until_days"]),
        state=line["state"],
    )
    award.answer_by = _released(stage, award, line) + timedelta(days=14)
    if award.state in OVER:
        award.report_due_on = award.valid_until + REPORT_WITHIN
    award.save()
    award.members.set(stage.people[key] for key in line.get("members", ()))
    return award


def _released(stage: Stage, award: Award, line: dict[str, Any]) -> datetime:
    """With the outcomes of its call, or some weeks before its first day."""
    return stage.decided(award.call) if award.call else stage.moment(line["from_days"] - RELEASED_BEFORE, 10)


def _put_history(stage: Stage, award: Award, line: dict[str, Any]) -> None:
    released = _released(stage, award, line)
    accepted = released + timedelta(days=2)
    staff = stage.people["staff"]
    LedgerEntry.objects.create(
        award=award, kind=EntryKind.GRANTED, minutes=award.granted_minutes, by=staff, at=released
    )
    backdate(award, released)
    stage.note(award, "release", released, by=staff, after=AwardState.OFFERED)
    stage.note(award, "accept", accepted, by=award.holder, before=AwardState.OFFERED, after=AwardState.ACTIVE)
    if award.state in OVER:
        stage.note(award, "end", award.ends_at, before=AwardState.ACTIVE, after=AwardState.ENDED)


def _put_report(stage: Stage, award: Award, told: dict[str, Any]) -> None:
    """What `bookings.actions.outcome.report_outcome` keeps of an ended award."""
    moment = stage.moment(told.pop("days"), 9)
    outcome = Outcome.objects.create(award=award, reported_by=award.holder, reported_at=moment, **told)
    backdate(outcome, moment)
    stage.note(award, "report", moment, by=award.holder, before=AwardState.ENDED, after=AwardState.REPORTED)

"""The awards of the sample programme: granted, accepted, some of them over."""

from typing import Any

from calls.enums import AwardState, EntryKind
from calls.models import Award, LedgerEntry
from portal.samples.reading import read
from portal.samples.stage import Stage, backdate

RELEASED_BEFORE = 30  # days before the first day of the award


def award_lines() -> list[dict[str, Any]]:
    lines: list[dict[str, Any]] = read("awards")["award"]
    return lines


def put_awards(stage: Stage) -> None:
    for line in award_lines():
        award = _award(stage, line)
        stage.awards[line["key"]] = award
        _put_history(stage, award, line)


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
        answer_by=stage.moment(line["from_days"] - RELEASED_BEFORE + 14, 18),
    )
    award.save()
    award.members.set(stage.people[key] for key in line.get("members", ()))
    return award


def _put_history(stage: Stage, award: Award, line: dict[str, Any]) -> None:
    released = stage.moment(line["from_days"] - RELEASED_BEFORE, 10)
    accepted = stage.moment(line["from_days"] - RELEASED_BEFORE + 2, 7)
    staff = stage.people["staff"]
    LedgerEntry.objects.create(
        award=award, kind=EntryKind.GRANTED, minutes=award.granted_minutes, by=staff, at=released
    )
    backdate(award, released)
    stage.note(award, "release", released, by=staff, after=AwardState.OFFERED)
    stage.note(award, "accept", accepted, by=award.holder, before=AwardState.OFFERED, after=AwardState.ACTIVE)
    if award.state == AwardState.ENDED:
        stage.note(award, "end", award.ends_at, before=AwardState.ACTIVE, after=AwardState.ENDED)

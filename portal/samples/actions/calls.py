"""The calls of the sample programme: of each kind, in each phase, and a draft."""

from datetime import datetime
from typing import Any

from django.conf import settings

from calls.enums import CallState
from calls.models import Call, CallDocument, Criterion, PanelMember
from portal.samples.actions.files import leaflet
from portal.samples.reading import read_all
from portal.samples.stage import Stage, backdate

APART = {"techniques", "instruments", "criteria", "panel", "document", "hours", "most_hours"}
DAYS = {"review_days": "review_on", "decision_days": "decision_on", "use_from_days": "use_from"} | {
    "use_until_days": "use_until"
}


def put_calls(stage: Stage) -> None:
    for line in read_all("calls"):
        row = _call(stage, line)
        stage.calls[row.slug] = row
        _put_parts(stage, row, line)
        _put_history(stage, row, line)


def _call(stage: Stage, line: dict[str, Any]) -> Call:
    """Opens at nine, closes at six in the evening, on the clock of its zone; its readers were told long ago."""
    published_at = _published_at(stage, line)
    row = Call(
        minutes_offered=line["hours"] * 60,
        most_minutes=line["most_hours"] * 60 if "most_hours" in line else None,
        opens_at=stage.moment(line["opens_days"], 9, line["time_zone"]),
        closes_at=stage.moment(line["closes_days"], 18, line["time_zone"]),
        contact=settings.CONTACT_EMAIL,
        published_at=published_at,
        **{column: stage.day(line[name]) for name, column in DAYS.items() if name in line},
        **{name: value for name, value in line.items() if name not in APART and not name.endswith("_days")},
    )
    row.announced_at = published_at and min(stage.now, max(published_at, row.opens_at))
    row.save()
    row.techniques.set(stage.techniques[slug] for slug in line["techniques"])
    row.instruments.set(stage.instruments[slug] for slug in line["instruments"])
    return row


def _put_parts(stage: Stage, row: Call, line: dict[str, Any]) -> None:
    """Criteria, panel and, where it has one, a document."""
    for position, criterion in enumerate(line.get("criteria", ())):
        Criterion.objects.create(call=row, position=position, **criterion)
    PanelMember.objects.bulk_create(PanelMember(call=row, user=stage.people[key]) for key in line.get("panel", ()))
    if "document" in line:
        file = leaflet(line["document"], [row.summary_en, row.covers_en])  # type: ignore[attr-defined]
        CallDocument.objects.create(call=row, title=line["document"], **file.fields)


def _published_at(stage: Stage, line: dict[str, Any]) -> datetime | None:
    """A week before it opened; what opens in the future was published two days ago, a draft never."""
    if line["state"] == CallState.DRAFT:
        return None
    return stage.moment(min(line["opens_days"] - 7, -2), 8, line["time_zone"])


def _put_history(stage: Stage, row: Call, line: dict[str, Any]) -> None:
    staff = stage.people["staff"]
    created = stage.ago(6) if row.published_at is None else stage.moment(min(line["opens_days"] - 20, -9), 14)
    backdate(row, created)
    stage.note(row, "create", created, by=staff, after=CallState.DRAFT)
    if row.published_at:
        stage.note(row, "publish", row.published_at, by=staff, before=CallState.DRAFT, after=CallState.PUBLISHED)
    if row.state == CallState.DECIDED:
        decided = stage.decided(row)
        stage.note(row, "decide", decided, by=staff, before=CallState.PUBLISHED, after=CallState.DECIDED)

"""Events of the sample programme: one whose figures are to come, two ahead, a draft; and the bootcamps that were."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from calls.models import Call
from instruments.enums import TrainingState
from instruments.models import Training
from portal.samples.actions.instruments import PRACTICE, operator_of
from portal.samples.reading import read
from portal.samples.stage import Stage, backdate
from portal.stories.actions.event.reference import whole_days, write_events
from portal.stories.enums import EventState
from portal.stories.models import Event

DIRECT = ("slug", "kind", "title_en", "title_fr", "summary_en", "summary_fr", "time_zone", "place", "country", "state")
AHEAD = timedelta(days=45, hours=-9)  # how long before its first day an event is announced: in the morning


def put_events(stage: Stage) -> None:
    write_events()
    for line in read("events")["event"]:
        event = _event(stage, line)
        if "school" in line:
            _put_school(stage, event, line)
        _put_history(stage, event)


def _event(stage: Stage, line: dict[str, Any]) -> Event:
    starts_at, ends_at = _times(stage, line)
    announced = None if line["state"] == EventState.DRAFT else min(starts_at - AHEAD, stage.ago(3))
    event = Event.objects.create(
        **{name: line[name] for name in DIRECT},
        body_en=line["body_en"].strip(),
        body_fr=line["body_fr"].strip(),
        starts_at=starts_at,
        ends_at=ends_at,
        has_hours="hours" in line,
        link=line.get("link", ""),
        partners="\n".join(line["partners"]),
        call=stage.calls.get(line.get("call", "")),
        published_at=announced,
        version=1,
    )
    event.organisations.set(stage.organisations[key] for key in line["organisations"])
    event.techniques.set(stage.techniques[slug] for slug in line["techniques"])
    event.trainings.set(Training.objects.filter(title__in=line["trainings"]))
    return event


def _times(stage: Stage, line: dict[str, Any]) -> tuple[datetime, datetime]:
    zone = line["time_zone"]
    if "yearly" not in line:
        starts_at, ends_at = whole_days(stage.day(line["first"]), stage.day(line["last"]), zone)
        return starts_at.astimezone(UTC), ends_at.astimezone(UTC)
    day = _next(stage.day(3), line["yearly"])
    first, last = (datetime(day.year, day.month, day.day, hour, tzinfo=ZoneInfo(zone)) for hour in line["hours"])
    return first.astimezone(UTC), last.astimezone(UTC)


def _next(today: date, yearly: str) -> date:
    """The next day of that name (month-day), from `today` on."""
    this_year = date.fromisoformat(f"{today.year}-{yearly}")
    return this_year if this_year >= today else date.fromisoformat(f"{today.year + 1}-{yearly}")


def _put_school(stage: Stage, event: Event, line: dict[str, Any]) -> None:
    """The training whose places the call gives: accepting an award of it takes one."""
    instrument = stage.instruments[PRACTICE]
    begins = stage.moment(line["first"], 14, instrument.time_zone)
    training = Training.objects.create(
        ref=stage.new_ref(),
        title=line["school"],
        summary="Five afternoons: an hour of talk and two at the instrument. A deposited structure at the end.",
        organisation=instrument.organisation,
        instrument=instrument,
        starts_at=begins,
        ends_at=begins + timedelta(days=line["last"] - line["first"], hours=3),
        time_zone=instrument.time_zone,
        place=instrument.place,
        link=line["link"],
        capacity=16,
        certificate_months=24,
        state=TrainingState.PUBLISHED,
    )
    event.trainings.add(training)
    Call.objects.filter(events=event).update(training=training)
    moment = stage.ago(50)
    backdate(training, moment)
    operator = operator_of(instrument)
    stage.note(training, "publish", moment, by=operator, before=TrainingState.DRAFT, after=TrainingState.PUBLISHED)


def _put_history(stage: Stage, event: Event) -> None:
    staff = stage.people["staff"]
    created = (event.published_at or stage.ago(1)) - timedelta(days=2)
    backdate(event, created)
    stage.note(event, "create", created, by=staff, after=EventState.DRAFT)
    if event.published_at:
        stage.note(event, "publish", event.published_at, by=staff, before=EventState.DRAFT, after=EventState.PUBLISHED)
    if event.state == EventState.HELD:
        stage.note(event, "hold", event.ends_at, before=EventState.PUBLISHED, after=EventState.HELD)

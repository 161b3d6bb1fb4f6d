"""The instruments of the sample programme: texts, units, opening hours, policies, closures."""

from typing import Any

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from instruments.enums import Clipboard, DesktopRoute, InstrumentState
from instruments.models import Closure, Desktop, Instrument, OpeningHours, Policy, Technique, Unit
from portal.accounts.enums import Role
from portal.accounts.models import User
from portal.samples.reading import read_all
from portal.samples.stage import Stage, backdate

PRACTICE = "practice-diffractometer"
APART = ("organisation", "techniques", "units", "weekly", "policy", "closure", "state")
LISTED_AGO = 320  # days


def put_instruments(stage: Stage) -> None:
    stage.techniques = {technique.slug: technique for technique in Technique.objects.all()}
    for line in read_all("instruments"):
        row = _instrument(stage, line)
        stage.instruments[row.slug] = row
        _put_parts(stage, row, line)
        _put_history(stage, row)


def _instrument(stage: Stage, line: dict[str, Any]) -> Instrument:
    laboratory = stage.organisations[line["organisation"]]
    row = Instrument(
        organisation=laboratory,
        place=laboratory.city,
        time_zone=laboratory.time_zone,
        state=line.get("state", InstrumentState.LISTED),
        **{name: value for name, value in line.items() if name not in APART},
    )
    row.save()
    row.techniques.set(stage.techniques[slug] for slug in line["techniques"])
    return row


def put_practice_desktop() -> None:
    """Lead the practice instrument's units to the portal's own program; what people changed since stays."""
    for unit in Unit.objects.filter(instrument__slug=PRACTICE, desktop=None):
        Desktop.objects.create(unit=unit, route=DesktopRoute.PRACTICE, clipboard=Clipboard.NONE)


def _put_parts(stage: Stage, row: Instrument, line: dict[str, Any]) -> None:
    Unit.objects.bulk_create(Unit(instrument=row, name=name) for name in line.get("units", ["Unit 1"]))
    OpeningHours.objects.bulk_create(
        OpeningHours(instrument=row, weekday=day, opens=stretch["opens"], closes=stretch["closes"])
        for stretch in line["weekly"]
        for day in stretch["days"]
    )
    Policy.objects.create(instrument=row, **line["policy"])
    if "closure" in line:
        first, days = line["closure"]["days"], line["closure"]["length"]
        start, end = (stage.moment(day, 8, row.time_zone) for day in (first, first + days))
        Closure.objects.create(instrument=row, period=DateTimeTZRange(start, end), reason=line["closure"]["reason"])


def _put_history(stage: Stage, row: Instrument) -> None:
    """How it came to the state it is in: proposed by an operator, then listed, and the suspended one suspended."""
    states = InstrumentState
    operator = operator_of(row)
    staff, is_new = stage.people["staff"], row.state == states.PROPOSED
    proposed = stage.ago(3 if is_new else LISTED_AGO + 10)
    backdate(row, proposed)
    stage.note(row, "propose", proposed, by=operator, before=states.DRAFT, after=states.PROPOSED)
    if is_new:
        return
    stage.note(row, "list", stage.ago(LISTED_AGO), by=staff, before=states.PROPOSED, after=states.LISTED)
    if row.state == states.SUSPENDED:
        stage.note(row, "suspend", stage.ago(4), by=operator, before=states.LISTED, after=row.state, why=row.state_note)


def operator_of(instrument: Instrument) -> User:
    """The laboratory's operator; every laboratory of the sample programme has one."""
    return User.objects.get(memberships__organisation=instrument.organisation_id, memberships__role=Role.OPERATOR)

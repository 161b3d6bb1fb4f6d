"""Trainings held and to come, and the certificates that the first of them gave."""

from datetime import date, timedelta

from instruments.actions.training.certificates import months_later
from instruments.enums import PlaceState, TrainingResult, TrainingState
from instruments.models import Certificate, Instrument, Training, TrainingPlace
from portal.accounts.models import User
from portal.samples.actions.instruments import PRACTICE, operator_of
from portal.samples.stage import Stage, backdate

ANODE = "rotating-anode-diffractometer"
HELD = -64  # days from today
LASTS = timedelta(hours=7)
PASSED, FAILED = TrainingResult.PASSED, TrainingResult.FAILED


def put_taught(stage: Stage) -> None:
    """One training of last quarter on each instrument of the operator account, and its certificates."""
    taught = {"researcher": PASSED, "njeri": PASSED, "otieno": FAILED}
    _held(stage, stage.instruments[PRACTICE], "Centring and collecting: a first crystal", taught, HELD, months=24)
    taught = {"awa": PASSED, "mamadou": PASSED}
    _held(stage, stage.instruments[ANODE], "Cold crystals on the rotating anode", taught, HELD - 300, months=13)


def _held(
    stage: Stage, instrument: Instrument, title: str, taught: dict[str, TrainingResult], day: int, months: int
) -> None:
    operator, begins = operator_of(instrument), stage.moment(day, 9, instrument.time_zone)
    training = Training.objects.create(
        ref=stage.new_ref(),
        title=title,
        summary="A morning at the screen, an afternoon with crystals of your own. Taught over the network.",
        organisation=instrument.organisation,
        instrument=instrument,
        starts_at=begins,
        ends_at=begins + LASTS,
        time_zone=instrument.time_zone,
        place=instrument.place,
        capacity=6,
        certificate_months=months,
        state=TrainingState.CLOSED,
    )
    closed = begins + 2 * LASTS
    for verb, at, before, after in (
        ("publish", begins - timedelta(days=40), TrainingState.DRAFT, TrainingState.PUBLISHED),
        ("close", closed, TrainingState.HELD, TrainingState.CLOSED),
    ):
        stage.note(training, verb, at, by=operator, before=before, after=after)
    stage.note(training, "hold", begins + LASTS, before=TrainingState.PUBLISHED, after=TrainingState.HELD)
    backdate(training, begins - timedelta(days=45))
    for key, result in taught.items():
        place = TrainingPlace.objects.create(
            training=training, user=stage.people[key], state=PlaceState.GIVEN, result=result
        )
        backdate(place, begins - timedelta(days=30))
        if result == PASSED:
            _certify(stage, training, operator, key, stage.day(day) + timedelta(days=1))


def _certify(stage: Stage, training: Training, operator: User, key: str, issued: date) -> None:
    person = stage.people[key]
    certificate = Certificate.objects.create(
        code=stage.new_ref(),
        person=person,
        name=person.name,
        organisation=training.organisation,
        instrument=training.instrument,
        training=training,
        issued_on=issued,
        issued_by=operator,
        valid_until=months_later(issued, training.certificate_months),
    )
    moment = training.ends_at + LASTS
    backdate(certificate, moment)
    stage.note(certificate, "give", moment, by=operator, after="valid")

"""What the last sessions on the practice instrument measured: its own files, from runs it really makes."""

from collections.abc import Iterable
from datetime import timedelta
from hashlib import sha256

from django.core.files.base import ContentFile

from bookings.models import Dataset, DatasetFile, Session
from instruments.practice.crystals.structures import CALCITE, HALITE, QUARTZ, Crystal
from instruments.practice.files import files_of
from instruments.practice.instrument import Instrument as Practice
from portal.core.files import kept_only_if_saved
from portal.samples.stage import Stage, backdate

CRYSTALS = (HALITE, QUARTZ, CALCITE)
DEGREES, WIDTH = 20, 2.0  # a short run with wide frames: an instant to compute
STEP = 0.5  # seconds of the instrument's clock


def put_measured(stage: Stage, sessions: Iterable[Session]) -> None:
    """A dataset for each of the first three sessions, as the instrument leaves it a while before their end."""
    for session, crystal in zip(sessions, CRYSTALS, strict=False):
        moment = session.ends_at - timedelta(minutes=20)
        kept_until = moment.date() + timedelta(days=session.booking.instrument.policy.days_kept)
        title = f"{crystal.name}, {DEGREES} degrees at room temperature"
        dataset = Dataset.objects.create(booking=session.booking, title=title, kept_until=kept_until)
        backdate(dataset, moment)
        stage.note(dataset, "make", moment)
        for name, content in files_of(_run(crystal, session.booking.ref), moment):
            _put_file(dataset, name, content)
            stage.note(dataset, "add_file", moment)


def _run(crystal: Crystal, seed: str) -> Practice:
    """The instrument after a run of this crystal."""
    instrument = Practice(seed)
    instrument.mount(crystal)
    instrument.centre()
    instrument.choose(degrees=DEGREES, width=WIDTH)
    instrument.start()
    while instrument.is_busy:
        instrument.advance(STEP)
    return instrument


def _put_file(dataset: Dataset, name: str, content: bytes) -> None:
    row = DatasetFile(dataset=dataset, name=name, size=len(content), sha256=sha256(content).hexdigest())
    row.file = ContentFile(content, name=name)
    with kept_only_if_saved(row):
        row.save()

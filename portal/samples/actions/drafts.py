"""Applications being written to the open call, through the same actions as people's."""

from typing import Any

from calls.actions.application import attachments, draft, endorsement, samples, team
from calls.enums import TeamRole
from calls.models import Application, Call
from instruments.models import Instrument
from portal.accounts.models import User
from portal.samples.actions.files import crystal_picture, leaflet
from portal.samples.stage import Stage


def put_drafts(stage: Stage) -> None:
    call, instrument = stage.calls["crystals-2"], stage.instruments["practice-diffractometer"]
    _unfinished(call, instrument, stage.people["researcher"], stage.people["njeri"])
    _to_endorse(call, instrument, stage.people["njeri"])


def _unfinished(call: Call, instrument: Instrument, by: User, colleague: User) -> None:
    """The researcher account's: half written, a colleague invited, two files with it."""
    row = draft.start(call, by=by)
    _write(row, "project", by, title="Copper in the enzyme's pocket", question=QUESTION)
    _write(row, "instrument", by, instrument=instrument, why_instrument=WHY, minutes_requested=36 * 60)
    samples.add_sample(row, {"label": "Cu-9", "composition": "C18H16CuN4O4", "form": "crystal"}, by=by)
    team.invite(row, colleague.email, TeamRole.EDIT, by=by)
    attachments.attach(row, crystal_picture(), by=by)
    attachments.attach(row, leaflet("First frames", [FRAMES]), by=by)


def _to_endorse(call: Call, instrument: Instrument, by: User) -> None:
    """A colleague's: finished, and waiting for the word of the focal point account."""
    row = draft.start(call, by=by)
    _write(row, "project", by, title="What the blood cells' picture hides", question=CELLS)
    _write(row, "instrument", by, instrument=instrument, why_instrument=WHY, minutes_requested=20 * 60)
    _write(row, "samples", by, has_samples=True, safety_words="Fixed and dried: nothing lives in it.")
    samples.add_sample(row, {"label": "H-1", "composition": "haemozoin", "form": "crystal"}, by=by)
    _write(row, "team", by, team_words="One postdoctoral researcher, one nurse.")
    _write(row, "plan", by, plan="A structure in the open, a note for clinics.")
    _write(row, "organisation", by, organisation=row.organisation)
    endorsement.ask(row, by=by)


def _write(row: Application, step: str, by: User, **fields: Any) -> None:
    row.refresh_from_db()
    draft.save_step(row, step, fields, version=row.version_of(step), by=by)


QUESTION = (
    "The first call gave us eight structures of copper complexes. Number nine is the first that enters the enzyme's "
    "pocket in solution. Does it fold there as it does in the crystal?"
)
WHY = "Crystals of 50 to 80 micrometres, stable in air; we have driven this instrument before."
FRAMES = "Three frames of the crystal, 0.2 s each, taken in the last hour of our first award. The spots are single."
CELLS = (
    "Malaria leaves a pigment in blood cells that crystallises. Is it the same crystal in patients who were treated?"
)

"""Stories, and what instruments look like, with pictures that the portal's own practice instrument draws."""

import io
from datetime import timedelta
from typing import Any

from PIL import Image, ImageDraw

from instruments.practice.crystals.structures import CRYSTALS, Crystal
from instruments.practice.screen.detector import microscope_picture
from instruments.practice.screen.pictures import cell_picture
from portal.core.files import CheckedFile
from portal.core.later import later
from portal.samples.actions.instruments import operator_of
from portal.samples.reading import read
from portal.samples.stage import Stage
from portal.stories.enums import StoryState
from portal.stories.models import Consent, Picture, Story

SIDE = 1500  # points of a picture, both ways
LENS = 500  # the microscope's own picture is drawn smaller: enlarged, the crystal fills more of it
WORDING = (
    "I agree that this story shows me or names me, on this portal and where it is passed on, until I say otherwise."
)
LINKS = {"calls": "calls", "instruments": "instruments", "techniques": "techniques", "organisations": "organisations"}


def put_told(stage: Stage) -> None:
    """Uses the people, organisations, calls and instruments that are there; workers prepare the pictures."""
    content = read("stories")
    for row in content["story"]:
        _story(stage, row)
    for position, row in enumerate(content["photograph"], start=1):
        instrument = stage.instruments[row["instrument"]]
        _picture(row, position, instrument=instrument, sent_by=operator_of(instrument))
    later("stories.prepare_pictures")


def _story(stage: Stage, row: dict[str, Any]) -> None:
    state, author = StoryState(row.get("state", StoryState.PUBLISHED)), stage.people[row["by"]]
    at = stage.ago(-row["day"])
    texts = {name: value.strip() for name, value in row.items() if name.endswith(("_en", "_fr"))}
    story = Story.objects.create(
        **texts,
        slug=row["slug"],
        kind=row["kind"],
        byline=row["byline"],
        sent_by=None if author.is_staff else author,
        countries=row["countries"],
        shows_people=row["shows_people"],
        is_featured=row.get("is_featured", False),
        state=state,
        published_at=at if state == StoryState.PUBLISHED else None,
        version=1,
    )
    for field, known in LINKS.items():
        getattr(story, field).set([getattr(stage, known)[key] for key in row.get(field, [])])
    for consent in row.get("consent", []):
        _consent(stage, story, consent, row["day"])
    for position, picture in enumerate(row.get("picture", [])):
        _picture(picture, position, story=story, sent_by=story.sent_by)
    _tell(stage, story, author, at)


def _consent(stage: Stage, story: Story, row: dict[str, Any], day: int) -> None:
    Consent.objects.create(
        story=story,
        name=row["name"],
        form=row["form"],
        wording=WORDING,
        given_on=None if row.get("is_open") else stage.day(day - 10),
        recorded_by=stage.people["staff"],
    )


def _picture(row: dict[str, Any], position: int, **of: Any) -> None:
    """`of`: the story or the instrument that it belongs to, and who sent it in."""
    texts = {name: value for name, value in row.items() if name.endswith(("_en", "_fr"))}
    drawn = _microscope if row["draws"] == "microscope" else _cell
    file = CheckedFile("practice.jpg", "image/jpeg", drawn(CRYSTALS[row["crystal"]], row["seed"]))
    Picture.objects.create(
        **file.fields,
        **texts,
        **of,
        width=SIDE,
        height=SIDE,
        credit="Practice diffractometer",
        position=position,
    )


def _microscope(crystal: Crystal, seed: str) -> bytes:
    picture = Image.new("RGB", (LENS, LENS))
    microscope_picture(crystal, seed, 30, (0.05, 0.02), picture)
    return _jpeg(picture.resize((SIDE, SIDE), Image.Resampling.LANCZOS))


def _cell(crystal: Crystal, seed: str) -> bytes:
    picture = Image.new("RGB", (SIDE, SIDE))
    cell_picture(crystal, ImageDraw.Draw(picture), picture)
    return _jpeg(picture)


def _jpeg(picture: Image.Image) -> bytes:
    written = io.BytesIO()
    picture.save(written, "JPEG", quality=88)
    return written.getvalue()


def _tell(stage: Stage, story: Story, author: Any, at: Any) -> None:
    """What its history says."""
    sent = at - timedelta(days=6)
    stage.note(story, "send", sent, by=author, before=StoryState.DRAFT, after=StoryState.IN_REVIEW)
    if story.state == StoryState.PUBLISHED:
        stage.note(
            story, "publish", at, by=stage.people["staff"], before=StoryState.IN_REVIEW, after=StoryState.PUBLISHED
        )

"""What workers draw of pictures: three widths in three formats, of the part that is to be shown.

A worker *claims* a waiting picture by counting an attempt; nobody else takes it for as long as `LEASE`. It draws
without holding anything, then keeps the drawings if the picture still waits for that very crop. A worker that dies
leaves the row waiting, so another takes it up; what was tried three times in vain is given up and says so.
"""

import hashlib
import logging
import time
from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from portal.audit.actions import record
from portal.core.files import Drawing, drawings, forget_after_commit
from portal.core.later import later
from portal.core.machine import next_state
from portal.stories.cropping import crop_box, widths_of
from portal.stories.models import Picture, Variant
from portal.stories.states import PICTURE_MOVES

logger = logging.getLogger(__name__)
ATTEMPTS = 3
DRAIN_SECONDS = 20.0  # then other tasks get their turn
DIGITS = 16


def prepare_pictures(seconds: float = DRAIN_SECONDS) -> int:
    """Draw what waits until nothing does or `seconds` have passed; return how many pictures became ready."""
    deadline, ready = time.monotonic() + seconds, 0
    while (picture := claim(timezone.now())) is not None:
        ready += prepare(picture)
        if time.monotonic() >= deadline:
            later("stories.prepare_pictures")
            break
    return ready


@transaction.atomic
def claim(moment: datetime) -> Picture | None:
    """Take the picture that waits longest, and give up on the way those whose last attempt ended without a word.

    It is locked alone: who claims in the same moment takes the next one.
    """
    waiting = Picture.objects.to_prepare(moment).select_for_update(of=("self",), skip_locked=True)
    while (row := waiting.first()) is not None and row.attempts >= ATTEMPTS:
        _give_up(row, "its workers died")
    if row is not None:
        row.attempts += 1
        row.save(update_fields=["attempts", "updated_at"])
    return row


def prepare(picture: Picture) -> bool:
    """Draw a claimed picture and keep the drawings; True when it is ready."""
    box = crop_box(picture.width, picture.height, picture.ratio, picture.focus_x, picture.focus_y)
    try:
        with picture.file.open("rb") as opened:
            made = drawings(opened.read(), box, widths_of(box))
    except (ValidationError, OSError) as error:
        logger.warning("picture %s could not be drawn: %s", picture.pk, error)
        _fail(picture)
        return False
    return _keep(picture, made)


def _keep(picture: Picture, made: list[Drawing]) -> bool:
    """Put the new drawings in the place of the old ones, unless the picture went or was cropped otherwise meanwhile."""
    stored: list[Variant] = []
    try:
        with transaction.atomic():
            row = _still(picture)
            if row is None:
                return False
            for old in row.variants.all():
                forget_after_commit(old.file)
            row.variants.all().delete()
            for drawing in made:
                stored.append(_variant(row, drawing))
                stored[-1].save()
            before, row.state = row.state, next_state(PICTURE_MOVES, "prepare", row.state)
            row.save(update_fields=["state", "updated_at"])
            record(row, "prepare", before=before, after=row.state)
    except BaseException:
        for variant in stored:
            if variant.file.name:
                variant.file.storage.delete(variant.file.name)
        raise
    return True


def _variant(row: Picture, drawing: Drawing) -> Variant:
    """The row of a drawing, not yet saved."""
    return Variant(
        picture=row,
        format=drawing.format,
        width=drawing.width,
        height=drawing.height,
        size=len(drawing.content),
        digest=hashlib.sha256(drawing.content).hexdigest()[:DIGITS],
        file=ContentFile(drawing.content, name=f"{drawing.width}.{drawing.format}"),
    )


@transaction.atomic
def _fail(picture: Picture) -> None:
    """Leave it to a later attempt, or give it up after the last."""
    row = _still(picture)
    if row is not None and row.attempts >= ATTEMPTS:
        _give_up(row, "it could not be drawn")


def _give_up(row: Picture, why: str) -> None:
    before, row.state = row.state, next_state(PICTURE_MOVES, "give_up", row.state)
    row.save(update_fields=["state", "updated_at"])
    record(row, "give_up", before=before, after=row.state, why=why)


def _still(picture: Picture) -> Picture | None:
    """The locked row, if it waits for the crop that was claimed."""
    crop = {name: getattr(picture, name) for name in ("ratio", "focus_x", "focus_y")}
    waiting = Picture.objects.waiting().select_for_update(of=("self",), no_key=True)
    return waiting.filter(pk=picture.pk, **crop).first()

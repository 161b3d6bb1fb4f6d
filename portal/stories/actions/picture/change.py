"""Words, crop and place of a picture; taking it out; having it drawn once more."""

from typing import Any

from django.db import transaction

from portal.audit.actions import record
from portal.core.errors import WrongState
from portal.core.files import forget_after_commit
from portal.core.later import later
from portal.core.machine import next_state
from portal.stories.actions.picture.holding import CROP, check_words, fill, is_shown, locked, thing_of
from portal.stories.enums import PictureState
from portal.stories.models import Picture
from portal.stories.states import PICTURE_MOVES


@transaction.atomic
def change_picture(picture: Picture, typed: dict[str, Any], *, by: Any) -> Picture:
    """Change words, crop (drawn anew by workers; until then it is shown as it was) and `position` (the first is 1).

    Raises Forbidden, WrongState where it is out already, Refused `no_words`.
    """
    thing, row = _held(picture, by)
    changed = fill(row, typed)
    check_words(row, in_both=is_shown(thing))
    if set(changed) & set(CROP):
        _draw_again(row)
    row.save()
    if _move(thing, row, typed.get("position")):
        changed.append("position")
    if changed:
        record(thing, "change_picture", by=by, picture=row.pk, changed=changed)
    return row


@transaction.atomic
def try_again(picture: Picture, *, by: Any) -> Picture:
    """Have a picture drawn once more that could not be. Raises Forbidden, WrongState."""
    thing, row = _held(picture, by)
    before = row.state
    row.state, row.attempts = next_state(PICTURE_MOVES, "again", row.state), 0
    row.save(update_fields=["state", "attempts", "updated_at"])
    record(thing, "draw_again", by=by, picture=row.pk, before=before, after=row.state)
    later("stories.prepare_pictures")
    return row


@transaction.atomic
def remove_picture(picture: Picture, *, by: Any) -> None:
    """Take a picture out with all its drawings; the bytes go once that is certain. Twice is once. Raises Forbidden."""
    thing = locked(thing_of(picture), by=by)
    row = thing.pictures.select_for_update(of=("self",)).filter(pk=picture.pk).first()
    if row is None:
        return
    record(thing, "remove_picture", by=by, picture=row.pk, sha256=row.sha256)
    for drawing in row.variants.all():
        forget_after_commit(drawing.file)
    forget_after_commit(row.file)
    row.delete()
    _number(list(thing.pictures.all()))


def _held(picture: Picture, by: Any) -> tuple[Any, Any]:
    """The locked story or event and the locked picture. Raises Forbidden, WrongState where it is out already."""
    thing = locked(thing_of(picture), by=by)
    row = thing.pictures.select_for_update(of=("self",), no_key=True).filter(pk=picture.pk).first()
    if row is None:
        raise WrongState("change", "removed")
    return thing, row


def _draw_again(row: Any) -> None:
    """Whoever draws the old crop just now finds that it is another and keeps nothing."""
    if row.state != PictureState.WAITING:
        row.state = next_state(PICTURE_MOVES, "again", row.state)
    row.attempts = 0
    later("stories.prepare_pictures")


def _move(thing: Any, row: Any, position: int | None) -> bool:
    """Put the row at `position` among the others, if it stands elsewhere."""
    rows = list(thing.pictures.all())
    if position is None or rows.index(row) == position - 1:
        return False
    rows.remove(row)
    rows.insert(position - 1, row)
    _number(rows)
    return True


def _number(rows: list[Any]) -> None:
    for number, row in enumerate(rows, start=1):
        row.position = number
    Picture.objects.bulk_update(rows, ["position"])

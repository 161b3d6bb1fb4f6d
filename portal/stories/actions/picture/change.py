"""Words, crop and place of a picture; taking it out; having it drawn once more."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from portal.audit.actions import record
from portal.core.errors import Conflict, WrongState
from portal.core.files import forget_after_commit
from portal.core.later import later
from portal.core.machine import next_state
from portal.stories.actions.picture.holding import CROP, changed, check_words, fill, is_shown, locked, thing_of
from portal.stories.enums import PictureState
from portal.stories.models import Picture
from portal.stories.states import PICTURE_MOVES


@transaction.atomic
def change_picture(picture: Picture, typed: dict[str, Any], *, by: Any, version: int | None = None) -> Picture:
    """Change words, crop (drawn anew by workers; until then it is shown as it was) and `position` (the first is 1).

    `version` is that of the words which were edited, None where nobody read them before. Raises Forbidden, WrongState
    where it is out already, Refused `archived` or `no_words`, and Conflict where somebody else changed it meanwhile.
    """
    thing, row = _held(picture, by)
    others = fill(row, typed)
    rows = _moved(thing, row, typed.get("position"))
    if not others and not rows:
        return row
    if version is not None and version != row.version:
        sentence = _("Somebody else changed this picture while you were writing. Nothing is lost: choose what to keep.")
        raise Conflict(row.version, sentence)
    check_words(row, in_both=is_shown(thing))
    if set(others) & set(CROP):
        _draw_again(row)
    row.version += 1
    row.save()
    _number(rows)
    record(thing, "change_picture", by=by, picture=row.pk, changed=[*others, *(["position"] if rows else [])])
    changed(thing, by=by, shows_else=bool(others))
    return row


@transaction.atomic
def try_again(picture: Picture, *, by: Any) -> Picture:
    """Have a picture drawn once more that could not be. Raises Forbidden, WrongState, Refused `archived`."""
    thing, row = _held(picture, by)
    before = row.state
    row.state, row.attempts = next_state(PICTURE_MOVES, "again", row.state), 0
    row.save(update_fields=["state", "attempts", "updated_at"])
    record(thing, "draw_again", by=by, picture=row.pk, before=before, after=row.state)
    later("stories.prepare_pictures")
    return row


@transaction.atomic
def remove_picture(picture: Picture, *, by: Any) -> None:
    """Take a picture out with all its drawings; the bytes go once that is certain. Twice is once.

    Those shown in a story agreed to more than remains, so nobody is asked again. Raises Forbidden, Refused `archived`.
    """
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
    changed(thing, by=by, shows_else=False)


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


def _moved(thing: Any, row: Any, position: int | None) -> list[Any]:
    """All pictures in their new order with the row at `position`; none where it stands there already."""
    rows = list(thing.pictures.all())
    if position is None or rows.index(row) == position - 1:
        return []
    rows.remove(row)
    rows.insert(position - 1, row)
    return rows


def _number(rows: list[Any]) -> None:
    for number, row in enumerate(rows, start=1):
        row.position = number
    Picture.objects.bulk_update(rows, ["position"])

"""A picture comes in: checked, drawn anew without what its camera knew, described."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from instruments.models import Instrument
from portal.audit.actions import record
from portal.core.errors import Reason, Refused, Taken
from portal.core.files import CheckedFile, kept_only_if_saved, shrunk
from portal.core.later import later
from portal.stories.actions.picture.holding import Thing, changed, check_words, fill, is_shown, locked
from portal.stories.models import Event, Picture, Story

MOST = {Story: 8, Event: 8, Instrument: 6}
COLUMN = {Story: "story", Event: "event", Instrument: "instrument"}
LARGEST = 3000  # points, in width and height: enough for any crop of 1080


def add_picture(thing: Thing, checked: CheckedFile, typed: dict[str, Any], *, by: Any) -> Picture:
    """Keep a checked picture at the end of the others; workers draw its variants.

    `typed`: alt_en, alt_fr (one at least, both where everybody sees it), caption_en, caption_fr, credit, ratio,
    focus_x, focus_y. Raises Forbidden, Refused `archived`, `no_words`, `too_many` or `costly`, and Taken
    `attached_already`.
    """
    with transaction.atomic():
        _check_room(locked(thing, by=by))  # drawing costs seconds, which what is full anyway does not get
    picture = _drawn(checked, by)
    fill(picture, typed)
    with transaction.atomic():
        row = locked(thing, by=by)
        _check_room(row)
        check_words(picture, in_both=is_shown(row))
        if row.pictures.filter(sha256=checked.sha256).exists():
            raise Taken(Reason("attached_already", _("This very picture is here already.")))
        setattr(picture, COLUMN[type(row)], row)
        picture.position = (row.pictures.aggregate(last=Max("position"))["last"] or 0) + 1
        with kept_only_if_saved(picture):
            picture.save()
        record(row, "add_picture", by=by, picture=picture.pk, sha256=picture.sha256)
        changed(row, by=by)
        later("stories.prepare_pictures")
    return picture


def most_pictures(thing: Thing) -> int:
    """How many it can have."""
    return MOST[type(thing)]


def _check_room(row: Any) -> None:
    if row.pictures.count() >= most_pictures(row):
        sentence = _("At most %(most)d pictures can be kept. Remove one first.")
        raise Refused(Reason("too_many", sentence % {"most": most_pictures(row)}))


def _drawn(checked: CheckedFile, by: Any) -> Picture:
    """The row with its picture, not yet saved. `sha256` is that of what was sent, as checked."""
    try:
        large = shrunk(checked.content, LARGEST)
    except ValidationError as error:
        raise Refused(Reason("costly", " ".join(error.messages))) from error
    name = checked.name.rpartition(".")[0] + ".jpg"
    return Picture(
        name=name,
        content_type="image/jpeg",
        size=len(large.content),
        sha256=checked.sha256,
        width=large.width,
        height=large.height,
        sent_by=by,
        file=ContentFile(large.content, name=name),
    )

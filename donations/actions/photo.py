"""Photographs of equipment: kept small, drawn anew, described in words for those who do not see them."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _

from donations.actions.draft import may_write
from donations.actions.moving import locked
from donations.models import FollowUp, Need, Offer, Photo, Shipment
from donations.models.photo import OWNERS
from donations.rules.shipment import can_remove_photo
from portal.audit.actions import record
from portal.core.errors import Forbidden, Reason, Refused, Taken
from portal.core.files import CheckedFile, forget_after_commit, kept_only_if_saved, shrunk

MOST_PHOTOS = 8
LARGE, SMALL = 1600, 480  # points, in width and height


def add_photo(thing: Need | Offer | Shipment | FollowUp, checked: CheckedFile, alt: str, *, by: Any) -> Photo:
    """Keep a checked picture with what it shows; `by` is None where a link opened the door.

    Into a need or an offer only those may put one who may write in it; of a shipment or a follow-up the caller has
    asked. Raises Forbidden, Refused `no_words`, `too_many` or `costly`, and Taken `attached_already`.
    """
    if not alt.strip():
        raise Refused(Reason("no_words", _("Say in a few words what the picture shows.")))
    _check_room(thing)  # drawing costs seconds, which what is full anyway does not get
    photo = _drawn(checked, alt.strip())
    with transaction.atomic():
        row = _held(thing, by)
        _check_room(row)
        if row.photos.filter(sha256=checked.sha256).exists():
            raise Taken(Reason("attached_already", _("This very picture is here already.")))
        setattr(photo, owner_of(row), row)
        photo.by = by
        _save(photo)
        record(row, "add_photo", by=by, actor="" if by else "person", photo=photo.pk, sha256=photo.sha256)
    return photo


@transaction.atomic
def remove_photo(photo: Photo, *, by: Any) -> None:
    """Take a photograph off a need or an offer that may still be written in, or off a shipment that is not over.

    Its bytes go once that is certain. Raises Forbidden.
    """
    row = _held(photo.need or photo.offer or photo.shipment, by)
    kept = row.photos.filter(pk=photo.pk).first()
    if kept is None:
        return
    if isinstance(row, Shipment) and not can_remove_photo(by, row, kept):
        raise Forbidden(_("Who put a photograph here may remove it, until the shipment is closed."))
    record(row, "remove_photo", by=by, photo=kept.pk, sha256=kept.sha256)
    kept.delete()
    forget_after_commit(kept.file)
    forget_after_commit(kept.small)


def copy_photos(source: Need | Offer, target: Need | Offer, *, by: Any) -> None:
    """Give a copied need or offer photographs of its own: files are never shared. Call it in the transaction."""
    for photo in source.photos.all():
        with photo.file.open("rb") as large, photo.small.open("rb") as small:
            kept = {name: getattr(photo, name) for name in ("name", "content_type", "size", "sha256", "width")}
            made = Photo(height=photo.height, alt=photo.alt, by=by, **kept)
            made.file = ContentFile(large.read(), name=photo.name)
            made.small = ContentFile(small.read(), name=photo.name)
        setattr(made, owner_of(target), target)
        _save(made)


def owner_of(thing: Any) -> str:
    """The column of a photograph that names what it belongs to."""
    name = {"followup": "follow_up"}.get(thing._meta.model_name, thing._meta.model_name)
    if name not in OWNERS:
        raise ValueError(f"no photographs of {name}")
    return str(name)


def _check_room(thing: Any) -> None:
    if thing.photos.count() >= MOST_PHOTOS:
        sentence = _("At most %(most)d photographs can be kept. Remove one first.")
        raise Refused(Reason("too_many", sentence % {"most": MOST_PHOTOS}))


def _drawn(checked: CheckedFile, alt: str) -> Photo:
    """The row with both pictures, not yet saved. `sha256` is that of what was sent, as checked."""
    try:
        large, small = shrunk(checked.content, LARGE), shrunk(checked.content, SMALL)
    except ValidationError as error:
        raise Refused(Reason("costly", " ".join(error.messages))) from error
    name = checked.name.rpartition(".")[0] + ".jpg"
    return Photo(
        name=name,
        content_type="image/jpeg",
        size=len(large.content),
        sha256=checked.sha256,
        width=large.width,
        height=large.height,
        alt=alt,
        file=ContentFile(large.content, name=name),
        small=ContentFile(small.content, name=name),
    )


def _held(thing: Any, by: Any) -> Any:
    """The locked owner, if `by` may put pictures into it."""
    if isinstance(thing, Need | Offer):
        row: Any = locked(thing)
        if not may_write(row, by):
            raise Forbidden
        return row
    return type(thing).objects.select_for_update(of=("self",), no_key=True).get(pk=thing.pk)


def _save(photo: Photo) -> None:
    """Save the row; where that fails both files that storage took are deleted."""
    try:
        with kept_only_if_saved(photo):
            photo.save()
    except BaseException:
        if photo.small.name:
            photo.small.storage.delete(photo.small.name)
        raise

"""Files on their way: announced, sent in pieces, given up. `parts` keeps the bytes, the row says how many count.

The organisation's row is locked before its quota is counted, a dataset's row before its list of files changes.
"""

import hashlib
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from bookings import parts
from bookings.actions.dataset.common import Gone, NameTaken, TooLarge, check_manages, locked
from bookings.actions.dataset.finishing import finish_upload
from bookings.actions.dataset.quota import check_quota, check_size, no_room
from bookings.models import Dataset, DatasetFile, Upload
from portal.accounts.models import User
from portal.audit.actions import record
from portal.core.errors import Reason, Refused
from portal.core.files import LONGEST_NAME, clean_name, private_place
from portal.core.later import later
from portal.core.retry import in_transaction

PATIENCE = timedelta(days=3)  # an upload with which nobody goes on is given up
MOST_FILES = 1000  # of one dataset
LONGEST_ENDING = 16
AT_ONCE = 16 * 2**20  # bytes whose SHA-256 is taken while the sender waits; of larger files a worker takes it
DIGESTS: dict[str, Callable[[], Any]] = {"sha1": lambda: hashlib.sha1(usedforsecurity=False), "sha256": hashlib.sha256}
SHA256 = re.compile(r"[0-9a-f]{64}")


class WrongOffset(Refused):
    """The sender goes on at another byte than the one that is missing."""

    status = 409

    def __init__(self, offset: int) -> None:
        self.offset = offset
        super().__init__(Reason("wrong_offset", _("The next byte wanted is another. Ask where to go on.")))


class Locked(Refused):
    """Another request sends to this upload."""

    status = 423


class Mismatch(Refused):
    """A piece arrived other than it was sent."""

    status = 460


def begin_upload(dataset: Dataset, name: str, size: int, *, by: User, sha256: str = "") -> Upload:
    """Announce a file of `size` bytes; one without bytes is a file at once.

    Raises Forbidden, Gone, TooLarge (`too_large`, `quota`), NameTaken, NoRoom; Refused `name_missing`, `bad_sha256`
    or `too_many`.
    """
    check_manages(by, dataset.booking)
    cleaned = file_name(name)
    sha256 = sha256.strip().lower()
    if sha256 and not SHA256.fullmatch(sha256):
        raise Refused(Reason("bad_sha256", _("A SHA-256 has 64 digits from 0 to f.")))
    check_size(size)

    def deed() -> Upload:
        check_quota(dataset.booking.instrument.organisation_id, size)
        row = locked(dataset)
        _check_name(row, cleaned)
        upload = Upload(dataset=row, name=cleaned, size=size, sha256=sha256, made_by=by)
        upload.place = private_place("datasets")(upload, cleaned)
        upload.expires_at = timezone.now() + PATIENCE
        upload.save()
        return upload

    upload = in_transaction(deed)
    if not size:
        with parts.locked(upload.place):
            pass
        finish_upload(upload.pk)
        upload.refresh_from_db()
    return upload


def send_piece(
    upload: Upload,
    read: Callable[[int], bytes],
    offset: int,
    length: int,
    *,
    by: User,
    checksum: tuple[str, bytes] | None,
) -> int:
    """Take `length` bytes of a file from `offset` on; return up to where it is here now.

    `checksum` is (one of DIGESTS, its bytes): a piece that arrives otherwise is not kept. The line may drop in the
    middle: what came counts, unless it has a checksum. Raises Gone, WrongOffset, TooLarge, Locked, Mismatch, NoRoom.
    """
    check_manages(by, upload.dataset.booking)
    if upload.is_over:
        raise Gone(Reason("expired", _("This upload was given up: nothing came for three days. Send the file anew.")))
    if upload.is_complete:
        if offset != upload.size:
            raise WrongOffset(upload.size)
        return upload.size
    try:
        with parts.locked(upload.place) as file:
            end = _take(upload, file, read, offset, length, checksum)
    except parts.Busy:
        raise Locked(Reason("locked", _("Another window sends this file just now. Try again shortly."))) from None
    if end == upload.size:
        _check_soon(upload)
    return end


def offset_of(upload: Upload) -> int:
    """The next byte wanted: what the row and the disk agree on."""
    return upload.size if upload.is_kept else min(upload.received, parts.size_of(upload.place))


def give_up(upload: Upload, *, by: User) -> None:
    """Forget an upload and what came of it. Raises Forbidden."""
    check_manages(by, upload.dataset.booking)

    def deed() -> str:
        row = Upload.objects.select_for_update().filter(pk=upload.pk).first()
        if row is None:
            return ""
        row.delete()
        return row.place

    place = in_transaction(deed)
    if place:
        parts.drop(place)


def file_name(name: str) -> str:
    """As `clean_name` leaves it, with its own ending. Raises Refused `name_missing`."""
    if not name.strip():
        raise Refused(Reason("name_missing", _("Give the file a name.")))
    stem, dot, ending = name.rpartition(".")
    if not (dot and ending.isalnum() and len(ending) <= LONGEST_ENDING):
        return clean_name(name, "")
    return clean_name(stem, "")[: LONGEST_NAME - len(ending) - 1].rstrip(". ") + f".{ending}"


def _take(
    upload: Upload,
    file: int,
    read: Callable[[int], bytes],
    offset: int,
    length: int,
    checksum: tuple[str, bytes] | None,
) -> int:
    """Write one piece under the file's lock; the row looked at again, since others may have gone on."""
    fresh = Upload.objects.filter(pk=upload.pk).first()
    if fresh is not None and fresh.is_kept:
        raise WrongOffset(fresh.size)
    if fresh is None:
        if not DatasetFile.objects.filter(file=upload.place).exists():
            parts.drop(upload.place)  # opening made it anew
        raise Gone(Reason("given_up", _("This upload was given up. Send the file anew.")))
    wanted = offset_of(fresh)
    if offset != wanted:
        raise WrongOffset(wanted)
    if offset + length > fresh.size:
        raise TooLarge(Reason("too_long", _("This is more than the file was said to have.")))
    digest = DIGESTS[checksum[0]]() if checksum else None
    try:
        came = parts.pour(file, read, offset, length, digest)
    except OSError as error:
        parts.cut(file, offset)
        raise no_room() from error
    if checksum and digest is not None and digest.digest() != checksum[1]:
        parts.cut(file, offset)
        raise Mismatch(Reason("checksum", _("This piece was damaged on its way. Send it again.")))
    now = timezone.now()
    moved = {"received": offset + came, "expires_at": now + PATIENCE, "updated_at": now}
    if not Upload.objects.filter(pk=fresh.pk, received=fresh.received).update(**moved):
        raise Gone(Reason("given_up", _("This upload was given up. Send the file anew.")))
    return offset + came


def _check_soon(upload: Upload) -> None:
    """Take the SHA-256 of a small file now, let a worker take that of a large one; a tick finds what gets lost."""
    if upload.size > AT_ONCE:
        later("bookings.finish_upload", upload.pk)
    elif finish_upload(upload.pk) is False:
        raise Mismatch(Reason("sha256", _("The file arrived other than it was said to be, and is not kept.")))


def _check_name(dataset: Dataset, name: str) -> None:
    dataset.uploads.filter(place="", name__iexact=name).delete()  # a file by now, or one that was deleted again
    if dataset.files.filter(name__iexact=name).exists():
        raise NameTaken(Reason("name_taken", _("The dataset has a file of this name. Rename one of them.")))
    if dataset.uploads.filter(name__iexact=name).exists():
        sentence = _("A file of this name is on its way. Choose that file again to go on, or give the upload up.")
        raise NameTaken(Reason("name_coming", sentence))
    if dataset.files.count() + dataset.uploads.on_their_way().count() >= MOST_FILES:
        sentence = _("A dataset has up to %(most)d files. Pack small ones together, or make another dataset.")
        raise Refused(Reason("too_many", sentence % {"most": MOST_FILES}))


def note_given_up(upload: Upload) -> None:
    """Write in the dataset's history that a file never came whole."""
    record(upload.dataset, "give_up_file", name=upload.name, size=upload.size, received=upload.received)

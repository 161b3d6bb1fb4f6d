"""Files that people upload: checked before they are kept, kept apart from static ones, handed out by views that ask who
reads them."""

import hashlib
import re
import subprocess
import sys
import unicodedata
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any

from django import forms
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import models, transaction
from django.db.models.fields.files import FieldFile
from django.http import FileResponse, Http404
from django.template.defaultfilters import filesizeformat
from django.utils.deconstruct import deconstructible
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core.models import Timestamped, new_token

MOST_BYTES = 10 * 1024 * 1024
LONGEST_NAME = 120
SECONDS = 30  # the inspector's own limit is CPU time; this one is for a machine that is busy
WORKER_SECONDS = 90  # of work that nobody waits for
INSPECTOR = Path(__file__).with_name("inspector.py")
REFUSED = 3

PDF, PICTURE = "pdf", "picture"
SIGNATURES = {
    "application/pdf": (PDF, ".pdf", re.compile(rb"%PDF-\d")),
    "image/jpeg": (PICTURE, ".jpg", re.compile(rb"\xff\xd8\xff")),
    "image/png": (PICTURE, ".png", re.compile(rb"\x89PNG\r\n\x1a\n")),
    "image/webp": (PICTURE, ".webp", re.compile(rb"RIFF.{4}WEBP", re.DOTALL)),
}
ACCEPT = {PDF: "application/pdf", PICTURE: "image/jpeg,image/png,image/webp"}
SPELLINGS = {".jpg": (".jpg", ".jpeg")}


class KeptFile(Timestamped):
    """What is known of an uploaded file, beside the field that holds it."""

    name = models.CharField(gettext_lazy("file name"), max_length=120)
    content_type = models.CharField(gettext_lazy("type"), max_length=80)
    size = models.PositiveIntegerField(gettext_lazy("size"), help_text=gettext_lazy("bytes"))
    sha256 = models.CharField(gettext_lazy("SHA-256"), max_length=64)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name


@deconstructible
class private_place:  # noqa: N801 - used as a function
    """`upload_to` of a folder that no address leads to; the stored name says nothing and cannot be guessed."""

    def __init__(self, folder: str) -> None:
        self.folder = folder

    def __call__(self, row: Any, name: str) -> str:
        token = new_token()
        return f"private/{self.folder}/{token[:2]}/{token}{PurePath(name).suffix.lower()[:10]}"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, private_place) and other.folder == self.folder

    def __hash__(self) -> int:
        return hash(self.folder)


@dataclass(frozen=True)
class CheckedFile:
    """A file that may be kept: `content` is what to store, which of a picture is not what was sent but drawn anew."""

    name: str
    content_type: str
    content: bytes

    @property
    def size(self) -> int:
        return len(self.content)

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()

    @property
    def fields(self) -> dict[str, Any]:
        """The fields of a KeptFile row with a `file`."""
        return {
            "name": self.name,
            "content_type": self.content_type,
            "size": self.size,
            "sha256": self.sha256,
            "file": ContentFile(self.content, name=self.name),
        }


def check_upload(
    upload: UploadedFile, *, kinds: Collection[str] = (PDF, PICTURE), most_bytes: int = MOST_BYTES
) -> CheckedFile:
    """Return what may be kept of `upload`; raise forms.ValidationError with a sentence that says why it may not.

    What a file is, its first bytes say, never its name. A PDF must open without a password, have pages and do nothing
    by itself; pictures (JPEG, PNG, WebP) are drawn anew, so that places, cameras and stowaways stay behind.
    """
    size = upload.size or 0
    if size > most_bytes:
        most = filesizeformat(most_bytes)
        raise _no("too_large", _("The file may have up to %(most)s; this one is larger.") % {"most": most})
    upload.seek(0)
    content = upload.read()
    content_type = next((name for name, (*_kind, begins) in SIGNATURES.items() if begins.match(content)), "")
    if not content_type or SIGNATURES[content_type][0] not in kinds:
        raise _no("unknown_type", _wanted(kinds))
    kind, suffix, _begins = SIGNATURES[content_type]
    redrawn = _inspected(kind, content)
    return CheckedFile(clean_name(upload.name or "", suffix), content_type, redrawn if kind == PICTURE else content)


class CheckedFileField(forms.FileField):
    """A file of one of `kinds`, cleaned to a CheckedFile."""

    def __init__(
        self, *, kinds: Collection[str] = (PDF, PICTURE), most_bytes: int = MOST_BYTES, **options: Any
    ) -> None:
        self.kinds, self.most_bytes = kinds, most_bytes
        super().__init__(**options)
        self.widget.attrs["accept"] = ",".join(ACCEPT[kind] for kind in kinds)

    def clean(self, data: Any, initial: Any = None) -> CheckedFile | None:
        upload = super().clean(data, initial)
        return check_upload(upload, kinds=self.kinds, most_bytes=self.most_bytes) if upload else None


def clean_name(name: str, suffix: str) -> str:
    """`name` without folders, control and direction characters, at most 120 letters, ending as its content does."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    shown = "".join(letter for letter in last if unicodedata.category(letter)[0] != "C" and letter not in '"<>:|?*')
    shown = " ".join(shown.split())
    stem, dot, ending = shown.rpartition(".")
    if dot and f".{ending.lower()}" in SPELLINGS.get(suffix, (suffix,)):
        shown = stem
    return (shown[: LONGEST_NAME - len(suffix)].strip(". ") or "file") + suffix


def handed_out(file: FieldFile, name: str, content_type: str) -> FileResponse:
    """The file to be saved, never shown in our own address's name. Raises Http404 when it is no longer there."""
    try:
        opened = file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    response = FileResponse(opened, as_attachment=True, filename=name, content_type=content_type)
    return no_store(response)


def no_store(response: Any) -> Any:
    """Mark an answer as private: nobody keeps a copy, nothing in it runs."""
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


@contextmanager
def kept_only_if_saved(row: Any) -> Iterator[None]:
    """Around saving a row with a `file`: where that fails, the bytes that storage took already are deleted."""
    try:
        yield
    except BaseException:
        if row.file.name:
            row.file.storage.delete(row.file.name)
        raise


def forget_after_commit(file: FieldFile) -> None:
    """Delete the stored bytes once the transaction that dropped their row has committed."""
    storage, place = file.storage, file.name
    if place:
        transaction.on_commit(lambda: storage.delete(place))


@dataclass(frozen=True)
class Shrunk:
    """A JPEG of `width` by `height` points."""

    content: bytes
    width: int
    height: int


def shrunk(content: bytes, most: int) -> Shrunk:
    """Draw a checked picture again as a JPEG of at most `most` points in width and height. Raises ValidationError."""
    drawn, said = _asked("picture", content, str(most))
    width, height = said.split()[-2:]
    return Shrunk(drawn, int(width), int(height))


@dataclass(frozen=True)
class Drawing:
    """A picture as `avif`, `webp` or `jpg`, of `width` by `height` points."""

    format: str
    width: int
    height: int
    content: bytes


def drawings(content: bytes, box: tuple[int, int, int, int], widths: Collection[int]) -> list[Drawing]:
    """Draw what lies within `box` (left, top, right, bottom) of a checked picture in three formats at each of `widths`.

    This takes seconds and belongs into a worker. Raises ValidationError.
    """
    drawn, said = _asked("variants", content, *map(str, (*box, *widths)), seconds=WORKER_SECONDS)
    made, start = [], 0
    for line in said.splitlines():
        name, width, height, size = line.split()
        made.append(Drawing(name, int(width), int(height), drawn[start : start + int(size)]))
        start += int(size)
    return made


def _inspected(kind: str, content: bytes) -> bytes:
    """What the inspector writes about `content`. Raises ValidationError."""
    return _asked(kind, content)[0]


def _asked(kind: str, content: bytes, *more: str, seconds: int = 0) -> tuple[bytes, str]:
    """What the inspector writes about `content`, in a process of its own, and says beside. Raises ValidationError.

    `seconds` it may take, else as long as somebody waits.
    """
    command = [sys.executable, "-I", "-W", "ignore", str(INSPECTOR), kind, *more]
    try:
        done = subprocess.run(command, input=content, capture_output=True, timeout=seconds or SECONDS, check=False)  # noqa: S603
    except subprocess.TimeoutExpired:
        raise _no("costly", _why("costly")) from None
    if done.returncode:
        word = done.stderr.decode(errors="replace").split()[-1] if done.returncode == REFUSED else "costly"
        raise _no(word, _why(word))
    return done.stdout, done.stderr.decode(errors="replace")


def _no(code: str, sentence: str) -> forms.ValidationError:
    return forms.ValidationError(sentence, code=code)


def _wanted(kinds: Collection[str]) -> str:
    if set(kinds) == {PDF}:
        return _("Send a PDF; this file is something else, whatever its name says.")
    if set(kinds) == {PICTURE}:
        return _("Send a picture as JPEG, PNG or WebP; this file is something else, whatever its name says.")
    return _("Send a PDF, or a picture as JPEG, PNG or WebP; this file is something else, whatever its name says.")


def _why(word: str) -> str:
    sentences = {
        "locked": _("This PDF is locked with a password. Save it without one and send it again."),
        "active": _("This PDF holds scripts, programs or other files. Print it to a new PDF and send that."),
        "pages": _("This PDF has no pages, or more than 200. Send the part that matters."),
        "pixels": _("This picture has more than 30 million points. Make it smaller and send it again."),
        "costly": _("This file takes too long to read. Print it to a new PDF, or make the picture smaller."),
    }
    return sentences.get(word, _("This file is damaged or incomplete. Save it anew and send it again."))

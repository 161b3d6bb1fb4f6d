"""What people upload: looked at by its content, drawn anew where it can be, refused with a sentence."""

import hashlib
import io
import struct
import time
import zipfile
import zlib
from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.test import Client
from PIL import Image

from portal.core import files
from portal.pages.bodies import MOST_BODY
from tests.support import uploads
from tests.support.uploads import picture, upload


def refusal(content: bytes, name: str = "plan.pdf", **options: Any) -> str:
    """The code with which this content is refused, once it came with a sentence."""
    with pytest.raises(forms.ValidationError) as raised:
        files.check_upload(upload(content, name), **options)
    assert len(raised.value.messages[0]) > 20
    return str(raised.value.code)


def png_of(width: int, height: int) -> bytes:
    """A PNG of nothing but zeros: small to send, large to open."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    rows = zlib.compressobj(9)
    packed = b"".join([rows.compress(bytes(width // 8 + 1)) for _row in range(height)] + [rows.flush()])
    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


def pdf_bomb() -> bytes:
    """Object streams that unpack to a thousand times their size, one named by each of many objects."""
    packed = zlib.compress(b"1 0 " + bytes(300_000_000), 9)
    body = b"%%PDF-1.5\n1 0 obj\n<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length %d>>\nstream\n" % len(packed)
    body += packed + b"\nendstream\nendobj\n"
    at = len(body)
    rows = b"\x01" + struct.pack(">I", 9) + b"\x00" + b"".join(b"\x02\x00\x00\x00\x01\x00" for _row in range(50))
    table = zlib.compress(rows)
    head = b"2 0 obj\n<</Type/XRef/W[1 4 1]/Index[1 51]/Size 52/Root 3 0 R/Filter/FlateDecode/Length %d>>\nstream\n"
    return body + head % len(table) + table + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF" % at


def test_a_pdf_is_kept_as_it_is() -> None:
    content = uploads.pdf(3)
    kept = files.check_upload(upload(content, "C:\\work\\Mesure du 3 ao\u00fbt.PDF"))
    assert (kept.content, kept.content_type) == (content, "application/pdf")
    assert kept.name == "Mesure du 3 ao\u00fbt.pdf"
    assert kept.fields["sha256"] == kept.sha256 == hashlib.sha256(content).hexdigest()
    assert kept.fields["size"] == len(content)


@pytest.mark.parametrize(("kind", "content_type", "name"), [
    ("PNG", "image/png", "a.png"), ("JPEG", "image/jpeg", "a.jpg"), ("WEBP", "image/webp", "a.webp"),
])  # fmt: skip
def test_pictures_are_drawn_anew_without_what_they_tell(kind: str, content_type: str, name: str) -> None:
    exif = Image.Exif()
    exif[0x010F] = "Camera of Amina"
    kept = files.check_upload(upload(picture(kind, exif=exif) + b"<?php secret stowaway ?>", "a.pdf.exe"))
    assert kept.content_type == content_type
    assert kept.name == "a.pdf.exe" + Path(name).suffix
    assert b"Amina" not in kept.content
    assert b"stowaway" not in kept.content
    with Image.open(io.BytesIO(kept.content)) as opened:
        assert (opened.format, opened.size, len(opened.getexif())) == (kind, (40, 30), 0)


@pytest.mark.parametrize(("step", "grey"), [(0, 0), (0x0800, 7), (0x8000, 127), (0xFFFF, 255)])
def test_a_picture_with_more_greys_than_a_screen_shows_keeps_its_darkness(step: int, grey: int) -> None:
    written = io.BytesIO()
    Image.new("I;16", (40, 30), step).save(written, "PNG")
    kept = files.check_upload(upload(written.getvalue(), "micrograph.png"))
    with Image.open(io.BytesIO(kept.content)) as opened:
        assert opened.convert("L").getpixel((20, 15)) == grey


def test_of_several_pictures_in_one_jpeg_the_first_is_kept() -> None:
    """Telephones with two lenses and stereo cameras write an MPO: a JPEG with more of them behind it."""
    written = io.BytesIO()
    front, back = Image.new("RGB", (40, 30), "red"), Image.new("RGB", (40, 30), "blue")
    front.save(written, "MPO", save_all=True, append_images=[back])
    kept = files.check_upload(upload(written.getvalue(), "bench.jpg"))
    assert (kept.name, kept.content_type) == ("bench.jpg", "image/jpeg")
    with Image.open(io.BytesIO(kept.content)) as opened:
        red, _green, blue = opened.getpixel((20, 15))
        assert (opened.format, opened.size, red > 200, blue < 50) == ("JPEG", (40, 30), True, True)


def test_a_picture_is_turned_as_its_camera_meant_it() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    kept = files.check_upload(upload(picture("JPEG", exif=exif), "turned.jpeg"))
    with Image.open(io.BytesIO(kept.content)) as opened:
        assert opened.size == (30, 40)
    assert kept.name == "turned.jpg"


@pytest.mark.parametrize(("made", "code"), [
    (uploads.locked_pdf, "locked"),
    (uploads.scripted_pdf, "active"),
    (uploads.launching_pdf, "active"),
    (uploads.carrying_pdf, "active"),
    (lambda: uploads.pdf(0), "pages"),
    (lambda: uploads.pdf(201), "pages"),
    (lambda: uploads.pdf()[:200], "damaged"),
    (lambda: uploads.pdf() + b"<script>alert(1)</script>" * 60, "damaged"),
    (lambda: b"%PDF-1.7\n" + b"lies" * 100 + b"%%EOF", "damaged"),
    (lambda: picture()[:60], "damaged"),
    (lambda: b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "unknown_type"),
    (lambda: b"GIF89a" + bytes(50), "unknown_type"),
    (lambda: b"MZ" + bytes(50), "unknown_type"),
    (lambda: b"<html>" + uploads.pdf(), "unknown_type"),
    (lambda: b"\n\n" + uploads.pdf(), "unknown_type"),
])  # fmt: skip
def test_hostile_and_broken_files_are_refused(made: Any, code: str) -> None:
    assert refusal(made()) == code


def test_a_pdf_that_is_an_archive_too_is_refused() -> None:
    archive = io.BytesIO()
    archive.write(uploads.pdf())
    with zipfile.ZipFile(archive, "a") as packed:
        packed.writestr("run.exe", b"MZ")
        packed.comment = b"%%EOF"
    assert zipfile.is_zipfile(archive)
    assert refusal(archive.getvalue()) == "damaged"


def test_bombs_burn_another_process_and_not_for_long() -> None:
    started = time.monotonic()
    assert refusal(png_of(20_000, 20_000), "bomb.png") == "pixels"
    assert refusal(png_of(12_000, 8_000), "bomb.png") == "pixels"
    assert refusal(pdf_bomb()) in ("costly", "damaged")
    assert time.monotonic() - started < 4 * files.SECONDS  # three files, none of them for longer


def test_a_file_that_takes_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "SECONDS", 0.001)
    assert refusal(uploads.pdf()) == "costly"


def test_kinds_and_size_are_the_callers() -> None:
    assert refusal(picture(), kinds=[files.PDF]) == "unknown_type"
    assert refusal(uploads.pdf(), kinds=[files.PICTURE]) == "unknown_type"
    assert refusal(uploads.pdf(), most_bytes=100) == "too_large"


def test_a_field_cleans_to_what_may_be_kept() -> None:
    field = files.CheckedFileField(kinds=[files.PDF])
    kept = field.clean(upload(uploads.pdf()))
    assert kept is not None
    assert kept.content_type == "application/pdf"
    assert field.widget.attrs["accept"] == "application/pdf"
    with pytest.raises(forms.ValidationError):
        field.clean(None)
    assert files.CheckedFileField(required=False).clean(None) is None


@pytest.mark.parametrize(("typed", "kept"), [
    ("../../etc/passwd", "passwd.pdf"),
    ("..\\..\\evil.pdf", "evil.pdf"),
    ("plan\x00.pdf", "plan.pdf"),
    ("plan\u202efdp.exe", "planfdp.exe.pdf"),
    ("  spaced   out .pdf", "spaced out.pdf"),
    ("", "file.pdf"),
    ("....pdf", "file.pdf"),
    ('a"b<c>.pdf', "abc.pdf"),
    ("\u062e\u0637\u0629.pdf", "\u062e\u0637\u0629.pdf"),
    ("x" * 300 + ".pdf", "x" * 116 + ".pdf"),
])  # fmt: skip
def test_names_are_cleaned(typed: str, kept: str) -> None:
    assert files.clean_name(typed, ".pdf") == kept


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/en/interest/", "/api/v1/interests/"])
def test_a_body_of_two_gigabytes_is_refused_unread(address: str) -> None:
    class Unread(io.BytesIO):
        """A body that cannot be read: whoever tries fails the test."""

        def read(self, *_size: Any) -> bytes:
            raise AssertionError("the body was read")

    client = Client(enforce_csrf_checks=True)
    sent: dict[str, Any] = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": address,
        "CONTENT_TYPE": "multipart/form-data; boundary=x",
        "CONTENT_LENGTH": str(2 * 1024**3),
        "wsgi.input": Unread(),
    }
    response = client.request(**sent)
    assert response.status_code == 413
    assert response["Content-Type"].startswith("application/problem+json" if "api" in address else "text/html")


@pytest.mark.django_db
def test_a_body_of_the_most_is_read() -> None:
    response = Client().post("/en/interest/", data={"note": "x" * 1000})
    assert response.status_code != 413
    assert MOST_BODY > files.MOST_BYTES

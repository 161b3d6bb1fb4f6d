"""Files as people send them, and as nobody should; made here, so that no hostile file lies about."""

import io
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from pypdf import PdfWriter
from pypdf.annotations import Link
from pypdf.generic import DictionaryObject, NameObject, TextStringObject


def writer(pages: int = 1) -> PdfWriter:
    made = PdfWriter()
    for _page in range(pages):
        made.add_blank_page(200, 200)
    return made


def bytes_of(made: PdfWriter) -> bytes:
    out = io.BytesIO()
    made.write(out)
    return out.getvalue()


def pdf(pages: int = 1, title: str = "") -> bytes:
    """A harmless PDF; another `title` is another content."""
    made = writer(pages)
    made.add_metadata({"/Title": title})
    return bytes_of(made)


def locked_pdf() -> bytes:
    made = writer()
    made.encrypt("secret", algorithm="RC4-128")
    return bytes_of(made)


def scripted_pdf() -> bytes:
    made = writer()
    words = TextStringObject("app.alert('hello');")
    deed = DictionaryObject({NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): words})
    made.root_object[NameObject("/OpenAction")] = deed
    return bytes_of(made)


def launching_pdf() -> bytes:
    """Opens a program when a link is pressed; the name of the deed is spelt so that a plain search misses it."""
    made = writer()
    made.add_annotation(0, Link(rect=(0, 0, 100, 100), url="https://example.org"))
    annotation: Any = made.pages[0]["/Annots"][0].get_object()
    deed = DictionaryObject({NameObject("/S"): NameObject("/Launch"), NameObject("/F"): TextStringObject("run.exe")})
    annotation[NameObject("/A")] = deed
    return bytes_of(made).replace(b"/Launch", b"/#4Caunch")


def carrying_pdf() -> bytes:
    made = writer()
    made.add_attachment("run.exe", b"MZ")
    return bytes_of(made)


def picture(kind: str = "PNG", size: tuple[int, int] = (40, 30), **save: Any) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, (11, 93, 87)).save(out, format=kind, **save)
    return out.getvalue()


def upload(content: bytes, name: str = "plan.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)

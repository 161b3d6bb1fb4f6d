"""A program of its own that looks into an uploaded file: hostile ones may burn its time and memory, not ours.

    python -I inspector.py pdf|picture  < file
    python -I inspector.py picture 1600  < file

Exit status 0: fine; of a picture the standard output is what to keep, drawn anew from its pixels alone. With a number
it is a JPEG at most so many points wide and high, and the standard error says its width and height. Status 3: the
standard error says in one word why not. Anything else, a kill for time or memory included, means the same as `costly`.
It imports nothing of ours, so that it starts in a fraction of a second.
"""

import io
import re
import resource
import sys
from collections.abc import Iterator
from typing import Any, NoReturn

CPU_SECONDS = 15
MEMORY = 1 << 30
MOST_PAGES = 200
MOST_OBJECTS = 100_000
MOST_PIXELS = 30_000_000
MOST_DEPTH = 40
REFUSED = 3

# Deeds a reader program would do on its own: scripts, programs, forms sent away, films, files within the file.
DEEDS = {"/JavaScript", "/Launch", "/ImportData", "/SubmitForm", "/Rendition", "/RichMediaExecute", "/GoToE"}
CARRIERS = {"/JS", "/XFA", "/EmbeddedFiles", "/RichMedia"}
NAMED_ANYWHERE = re.compile(rb"/(?:JavaScript|Launch|EmbeddedFile|RichMedia)\b")
ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
ZIP_END = b"PK\x05\x06"
ZIP_REACH = 66_000  # a ZIP reader looks for the end of its table in the last 65,557 bytes

PICTURES: dict[str, dict[str, Any]] = {
    "JPEG": {"quality": 88, "optimize": True},
    "PNG": {},
    "WEBP": {"quality": 88},
}


def refuse(word: str) -> NoReturn:
    print(word, file=sys.stderr)  # noqa: T201 - this is how it answers
    raise SystemExit(REFUSED)


def inspect_pdf(content: bytes) -> None:
    """Refuse what is locked, empty, endless, damaged, two files in one, or does anything by itself."""
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    if not content.startswith(b"%PDF-") or b"%%EOF" not in content[-1024:] or ZIP_END in content[-ZIP_REACH:]:
        refuse("damaged")
    if NAMED_ANYWHERE.search(ESCAPED.sub(lambda found: bytes([int(found[1], 16)]), content)):
        refuse("active")
    try:
        reader = PdfReader(io.BytesIO(content))
        if reader.is_encrypted:
            refuse("locked")
        for found in objects_of(reader):
            check_object(found, 0)
        pages = len(reader.pages)
    except (PyPdfError, ValueError, TypeError, KeyError, AttributeError, IndexError, RecursionError):
        refuse("damaged")
    if not 0 < pages <= MOST_PAGES:
        refuse("pages")


def objects_of(reader: Any) -> Iterator[Any]:
    """Every object that the file's tables name."""
    from pypdf.generic import IndirectObject

    plain = ((number, generation) for generation, table in reader.xref.items() for number in table)
    packed = ((number, 0) for number in reader.xref_objStm)
    for count, (number, generation) in enumerate([*plain, *packed]):
        if count > MOST_OBJECTS:
            refuse("costly")
        if number:
            yield IndirectObject(number, generation, reader).get_object()


def check_object(found: Any, depth: int) -> None:
    """Look through an object and what lies in it; what it points to comes by itself."""
    if depth > MOST_DEPTH:
        refuse("costly")
    if isinstance(found, dict):
        if CARRIERS & set(found) or str(dict.get(found, "/S", "")) in DEEDS:
            refuse("active")
        for inner in dict.values(found):
            check_object(inner, depth + 1)
    elif isinstance(found, list):
        for inner in found:
            check_object(inner, depth + 1)


def redraw(content: bytes) -> bytes:
    """The same picture without anything but its pixels, turned as its camera meant it."""
    plain, kind = pixels_of(content)
    return drawn(plain, kind)


def shrink(content: bytes, most: int) -> bytes:
    """The same as a JPEG of at most `most` points in width and height; what shows through becomes white."""
    from PIL import Image

    plain, _kind = pixels_of(content)
    plain.thumbnail((most, most))
    if plain.mode == "RGBA":
        ground = Image.new("RGB", plain.size, "white")
        ground.paste(plain, mask=plain)
        plain = ground
    print(plain.width, plain.height, file=sys.stderr)  # noqa: T201 - this is how it answers
    return drawn(plain, "JPEG")


def pixels_of(content: bytes) -> tuple[Any, str]:
    """The picture as RGB, or RGBA where something shows through, and what kind of file it came in."""
    from PIL import Image, ImageOps

    try:
        with Image.open(io.BytesIO(content), formats=list(PICTURES)) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                refuse("pixels")
            kind = opened.format or ""
            picture = ImageOps.exif_transpose(opened)
            has_holes = picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info
            plain = picture.convert("RGBA" if has_holes and kind != "JPEG" else "RGB")
    except Image.DecompressionBombError:
        refuse("pixels")
    except (OSError, ValueError, SyntaxError, EOFError, OverflowError):
        refuse("damaged")
    plain.info.clear()
    return plain, kind


def drawn(picture: Any, kind: str) -> bytes:
    written = io.BytesIO()
    picture.save(written, format=kind, **PICTURES[kind])
    return written.getvalue()


def main(what: str, most: str = "") -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    content = sys.stdin.buffer.read()
    if what == "pdf":
        inspect_pdf(content)
    else:
        sys.stdout.buffer.write(shrink(content, int(most)) if most else redraw(content))


if __name__ == "__main__":
    main(*sys.argv[1:])

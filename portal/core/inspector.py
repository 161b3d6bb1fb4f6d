"""A program of its own that looks into an uploaded file: hostile ones may burn its time and memory, not ours.

    python -I inspector.py pdf|picture  < file
    python -I inspector.py picture 1600  < file
    python -I inspector.py variants 0 100 1200 900 360 720  < file

Exit status 0: fine; of a picture the standard output is what to keep, drawn anew from its pixels alone. With a number
it is a JPEG at most so many points wide and high, and the standard error says its width and height. With `variants` it
is the part within a box (left, top, right, bottom) drawn in every format at every width named after it, one behind the
other, and the standard error has a line of each: format, width, height, bytes. Status 3: the standard error says in one
word why not. Anything else, a kill for time or memory included, means the same as `costly`.
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

# Of variants: the name of a format, how many bytes a point of width may cost, the qualities to try until it costs less.
# At 1080 points an AVIF has at most 65 kB, so that a page with one stays below 100 whatever the picture shows.
VARIANTS: dict[str, tuple[str, int, tuple[int, ...], dict[str, Any]]] = {
    "AVIF": ("avif", 60, (52, 32, 12), {"speed": 6, "max_threads": 1}),
    "WEBP": ("webp", 75, (76, 46, 10), {"method": 4}),
    "JPEG": ("jpg", 110, (80, 54, 25), {"optimize": True, "progressive": True}),
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
    plain, _kind = pixels_of(content)
    plain.thumbnail((most, most))
    plain = on_white(plain)
    print(plain.width, plain.height, file=sys.stderr)  # noqa: T201 - this is how it answers
    return drawn(plain, "JPEG")


def variants(content: bytes, box: tuple[int, int, int, int], widths: list[int]) -> Iterator[bytes]:
    """What lies within `box`, in each format at each of `widths`; what shows through becomes white."""
    plain, _kind = pixels_of(content)
    left, top, right, bottom = box
    if not (0 <= left < right <= plain.width and 0 <= top < bottom <= plain.height):
        refuse("damaged")
    part = on_white(plain.crop(box))
    for width in widths:
        small = part.resize((width, max(1, round(width * part.height / part.width))), reducing_gap=3)
        for kind, (name, bytes_a_point, qualities, options) in VARIANTS.items():
            made = light(small, kind, width * bytes_a_point, qualities, options)
            print(name, small.width, small.height, len(made), file=sys.stderr)  # noqa: T201 - this is how it answers
            yield made


def light(picture: Any, kind: str, most: int, qualities: tuple[int, ...], options: dict[str, Any]) -> bytes:
    """The picture in the first of `qualities` that takes at most `most` bytes, else in the last."""
    made = b""
    for quality in qualities:
        written = io.BytesIO()
        picture.save(written, format=kind, quality=quality, **options)
        made = written.getvalue()
        if len(made) <= most:
            break
    return made


def on_white(picture: Any) -> Any:
    """The picture as RGB, white where something showed through."""
    from PIL import Image

    if picture.mode != "RGBA":
        return picture
    ground = Image.new("RGB", picture.size, "white")
    ground.paste(picture, mask=picture)
    return ground


def pixels_of(content: bytes) -> tuple[Any, str]:
    """The picture as RGB, or RGBA where something shows through, and what kind of file it came in."""
    from PIL import Image, ImageOps

    try:
        with Image.open(io.BytesIO(content), formats=list(PICTURES)) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                refuse("pixels")
            kind = "JPEG" if opened.format == "MPO" else opened.format or ""  # a JPEG with others behind it
            picture = ImageOps.exif_transpose(opened)
            if picture.mode.startswith("I"):
                picture = grey_of(picture)
            has_holes = picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info
            plain = picture.convert("RGBA" if has_holes and kind != "JPEG" else "RGB")
    except Image.DecompressionBombError:
        refuse("pixels")
    except (OSError, ValueError, SyntaxError, EOFError, OverflowError):
        refuse("damaged")
    plain.info.clear()
    return plain, kind


def grey_of(picture: Any) -> Any:
    """One with 65,536 steps of grey, as microscopes write, in 256: to convert it would make all but black white."""
    picture.info.pop("transparency", None)
    return picture.convert("I").point(lambda step: step * (1 / 257) + 0).convert("L")


def drawn(picture: Any, kind: str) -> bytes:
    written = io.BytesIO()
    picture.save(written, format=kind, **PICTURES[kind])
    return written.getvalue()


def main(what: str, *numbers: str) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    content = sys.stdin.buffer.read()
    if what == "pdf":
        inspect_pdf(content)
    elif what == "variants":
        left, top, right, bottom, *widths = map(int, numbers)
        for made in variants(content, (left, top, right, bottom), widths):
            sys.stdout.buffer.write(made)
    else:
        sys.stdout.buffer.write(shrink(content, int(numbers[0])) if numbers else redraw(content))


if __name__ == "__main__":
    main(*sys.argv[1:])

"""Small files of the sample programme, made here so that none lies about: a PDF of a page and a picture."""

from collections.abc import Iterable
from io import BytesIO

from PIL import Image, ImageDraw

from portal.core.files import CheckedFile


def leaflet(title: str, paragraphs: Iterable[str]) -> CheckedFile:
    """A PDF of one page in English."""
    from portal.core.pdf import Paper  # a second that a start with the sample data in place does without

    paper = Paper(title, language="en", running=title, author="Sample data")
    paper.heading(title, 17)
    for words in paragraphs:
        paper.paragraph(words)
    return CheckedFile(f"{title.lower().replace(' ', '-')}.pdf", "application/pdf", paper.content())


def crystal_picture() -> CheckedFile:
    """A drawing of a crystal under crossed polarisers, some kilobytes of PNG."""
    picture = Image.new("RGB", (480, 320), "#10202a")
    draw = ImageDraw.Draw(picture)
    face, edge = [(150, 210), (190, 90), (330, 80), (360, 200), (230, 260)], "#ffd9a0"
    draw.polygon(face, fill="#d9822b", outline=edge, width=3)
    for corner in face:
        draw.line([(250, 170), corner], fill=edge, width=2)
    draw.line([(380, 290), (460, 290)], fill="white", width=4)  # the scale bar
    kept = BytesIO()
    picture.save(kept, "PNG", optimize=True)
    return CheckedFile("crystal-under-the-microscope.png", "image/png", kept.getvalue())

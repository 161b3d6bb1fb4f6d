"""A picture as heavy as a photograph, and its drawings, made once a process."""

import hashlib
import io
import random
from functools import cache
from typing import Any

from django.core.files.base import ContentFile
from PIL import Image, ImageDraw, ImageFilter

from portal.core.files import Drawing, drawings
from portal.stories.cropping import crop_box, widths_of
from portal.stories.models import Picture, Variant
from tests.factories.stories import PictureFactory

SIZE = (1800, 1350)
GRAIN = 0.15  # how much of it is noise, as of a camera in a dim laboratory


@cache
def photograph() -> bytes:
    """A JPEG of light falling off, many edges, and grain."""
    dice = random.Random(7)
    picture = Image.linear_gradient("L").resize(SIZE).convert("RGB")
    pen = ImageDraw.Draw(picture)
    for _shape in range(300):
        left, top, size = dice.randrange(SIZE[0]), dice.randrange(SIZE[1]), dice.randrange(5, 160)
        pen.ellipse((left, top, left + size, top + size), fill=tuple(dice.randrange(256) for _ in range(3)))
    soft = picture.filter(ImageFilter.GaussianBlur(2))
    out = io.BytesIO()
    Image.blend(soft, Image.effect_noise(SIZE, 60).convert("RGB"), GRAIN).save(out, format="JPEG", quality=88)
    return out.getvalue()


def pictured(**fields: Any) -> Picture:
    """A picture of a story or an event, ready, with the drawings that a worker makes."""
    picture: Picture = PictureFactory(content=photograph(), width=SIZE[0], height=SIZE[1], state="ready", **fields)
    for drawing in _drawn():
        Variant.objects.create(
            picture=picture,
            format=drawing.format,
            width=drawing.width,
            height=drawing.height,
            size=len(drawing.content),
            digest=hashlib.sha256(drawing.content).hexdigest()[:16],
            file=ContentFile(drawing.content, name=f"{drawing.width}.{drawing.format}"),
        )
    return picture


@cache
def _drawn() -> list[Drawing]:
    box = crop_box(*SIZE, "3:2", 50, 50)
    return drawings(photograph(), box, widths_of(box))

"""Colours, type and sizes: calm, and legible at half size on a phone."""

from functools import cache
from pathlib import Path

from PIL import ImageFont

from portal import core

FONTS = Path(core.__file__).with_name("fonts") / "dejavu-fonts-ttf-2.37.3"

Colour = tuple[int, int, int]

PAPER: Colour = (20, 29, 30)  # dark, as programs beside a detector image are
PANEL: Colour = (31, 43, 44)
RAISED: Colour = (48, 66, 66)
EDGE: Colour = (92, 116, 114)
INK: Colour = (240, 245, 242)
SOFT: Colour = (176, 194, 190)
GREEN: Colour = (15, 118, 110)
BRIGHT: Colour = (94, 214, 196)
OCHRE: Colour = (240, 178, 92)
RED: Colour = (168, 48, 42)
BLACK: Colour = (6, 9, 10)
FOCUS: Colour = (255, 224, 92)

TINY, SMALL, TEXT, HEAD = 17, 20, 22, 27  # pixels of 768

HEADER = (0, 0, 1024, 56)
TABS_TOP, TABS_BOTTOM = 60, 116
PICTURE = (12, 124, 524, 636)
CAPTION = (12, 640, 524, 692)
PANEL_LEFT, PANEL_RIGHT = 540, 1012
PANEL_TOP, PANEL_BOTTOM = 124, 692
LOG = (12, 700, 1012, 764)


@cache
def font(size: int = TEXT, *, is_bold: bool = False) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(FONTS / ("DejaVuSans-Bold.ttf" if is_bold else "DejaVuSans.ttf")), size)

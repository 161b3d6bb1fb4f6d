"""The pointer: an arrow that is seen on dark and on light, as a viewer draws it by itself (RFC 6143, 7.8.1)."""

from PIL import Image, ImageDraw

SIZE = 13, 20
ARROW = ((1, 1), (1, 16), (5, 13), (8, 18), (10, 17), (7, 12), (11, 11))


def _drawn(mode: str, fill: int | str, outline: int | str) -> Image.Image:
    picture = Image.new(mode, SIZE)
    ImageDraw.Draw(picture).polygon(ARROW, fill=fill, outline=outline)
    return picture


PLACE = (1, 1, *SIZE)  # of its point within the picture, and the picture's size
PICTURE = _drawn("RGB", "white", "black")
MASK = _drawn("1", 1, 1).tobytes()  # a bit for each pixel that is seen, rows padded to whole bytes

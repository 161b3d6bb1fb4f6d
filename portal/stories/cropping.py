"""Which part of a picture is shown, and how wide it is drawn; pure arithmetic in points."""

from portal.stories.enums import Ratio

Box = tuple[int, int, int, int]  # left, top, right, bottom
WIDTHS = (360, 720, 1080)
RATIOS = {Ratio.WIDE: (3, 2), Ratio.SQUARE: (1, 1)}


def crop_box(width: int, height: int, ratio: str, focus_x: int, focus_y: int) -> Box:
    """The largest part of that ratio whose middle is as near the focus, in per cent from left and top, as can be."""
    if ratio not in RATIOS:
        return 0, 0, width, height
    across, down = RATIOS[Ratio(ratio)]
    wide, high = min(width, max(1, height * across // down)), min(height, max(1, width * down // across))
    left, top = _start(width, wide, focus_x), _start(height, high, focus_y)
    return left, top, left + wide, top + high


def widths_of(box: Box) -> list[int]:
    """The widths to draw it at: never wider than it is."""
    return sorted({min(width, box[2] - box[0]) for width in WIDTHS})


def _start(whole: int, part: int, focus: int) -> int:
    return min(max(0, whole * focus // 100 - part // 2), whole - part)

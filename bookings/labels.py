"""Labels of samples: the square code that leads to a sample's page, as one path of an SVG."""

from dataclasses import dataclass

from qrcode import QRCode  # type: ignore[import-untyped]
from qrcode.constants import ERROR_CORRECT_M  # type: ignore[import-untyped]

from bookings.models import Sample
from portal.notifications.links import absolute

QUIET = 4  # modules of white around it, as ISO/IEC 18004 asks for


@dataclass(frozen=True)
class Label:
    """A sample with `path`, which draws its code in a square of `side` units."""

    sample: Sample
    url: str
    path: str
    side: int


def label_of(sample: Sample) -> Label:
    url = absolute(sample.get_absolute_url())
    path, side = qr_path(url)
    return Label(sample, url, path, side)


def qr_path(text: str) -> tuple[str, int]:
    """The dark modules of `text` as SVG path data, one unit a module, and the side of the square with its margin.

    It reads with up to 15 % of it soiled. A run of dark modules is one rectangle.
    """
    code = QRCode(error_correction=ERROR_CORRECT_M, border=QUIET)
    code.add_data(text)
    rows = code.get_matrix()
    runs = (f"M{x} {y}h{length}v1h-{length}z" for y, row in enumerate(rows) for x, length in _runs(row))
    return "".join(runs), len(rows)


def _runs(row: list[bool]) -> list[tuple[int, int]]:
    """(start, length) of every run of dark modules."""
    runs: list[tuple[int, int]] = []
    for x, is_dark in enumerate(row):
        if is_dark and runs and sum(runs[-1]) == x:
            runs[-1] = (runs[-1][0], runs[-1][1] + 1)
        elif is_dark:
            runs.append((x, 1))
    return runs

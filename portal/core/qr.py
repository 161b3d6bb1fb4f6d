"""Square codes that lead to an address: as one path of an SVG, or as runs of dark modules for paper.

The library is loaded for the first code: it brings Pillow along, several megabytes of which pages need nothing.
"""

QUIET = 4  # modules of white around it, as ISO/IEC 18004 asks for


def qr_path(text: str) -> tuple[str, int]:
    """The dark modules of `text` as SVG path data, one unit a module, and the side of the square with its margin."""
    runs, side = qr_runs(text)
    return "".join(f"M{x} {y}h{length}v1h-{length}z" for x, y, length in runs), side


def qr_runs(text: str) -> tuple[list[tuple[int, int, int]], int]:
    """The runs of dark modules as (column, row, length), and the side of the square with its margin, in modules.

    It reads with up to 15 % of it soiled.
    """
    from qrcode import QRCode  # type: ignore[import-untyped]
    from qrcode.constants import ERROR_CORRECT_M  # type: ignore[import-untyped]

    code = QRCode(error_correction=ERROR_CORRECT_M, border=QUIET)
    code.add_data(text)
    rows = code.get_matrix()
    return [(x, y, length) for y, row in enumerate(rows) for x, length in _runs(row)], len(rows)


def _runs(row: list[bool]) -> list[tuple[int, int]]:
    """(start, length) of every run of dark modules."""
    runs: list[tuple[int, int]] = []
    for x, is_dark in enumerate(row):
        if is_dark and runs and sum(runs[-1]) == x:
            runs[-1] = (runs[-1][0], runs[-1][1] + 1)
        elif is_dark:
            runs.append((x, 1))
    return runs

"""Paper: a calm A4 document of headings, text and rows, with page numbers, in a font that knows most alphabets.

The font lies beside the code and not among the static files, since nobody fetches it: only the letters used go into
a document. It draws Latin, Greek, Cyrillic, Arabic and Hebrew; what it has no shape for, such as Ethiopic, is printed
as a box.
"""

import logging
import unicodedata
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from fpdf import FPDF
from fpdf.bidi import BidiParagraph, auto_detect_base_direction
from fpdf.enums import MethodReturnValue, TextDirection, XPos, YPos

from portal.core.arabic import joined
from portal.core.qr import qr_runs

FONTS = Path(__file__).with_name("fonts") / "dejavu-fonts-ttf-2.37.3"
INK, MUTED, BRAND, LINE = (23, 33, 31), (76, 90, 87), (11, 93, 87), (200, 208, 205)
MARGIN, LABEL = 20, 45  # millimetres
BODY, SMALL = 10, 8  # points

logging.getLogger("fontTools").setLevel(logging.WARNING)  # it tells every table it drops


class Paper(FPDF):
    """`running` is the line at the foot of every page, beside its number."""

    def __init__(self, title: str, *, language: str, running: str = "", author: str = "") -> None:
        super().__init__(format="A4")
        self.running = running
        self.set_title(title)
        self.set_lang(language)
        self.set_author(author)
        self.set_creation_date(timezone.now())
        self.set_margins(MARGIN, MARGIN, MARGIN)
        self.set_auto_page_break(True, margin=MARGIN)
        self.add_font("Sans", "", FONTS / "DejaVuSans.ttf")
        self.add_font("Sans", "B", FONTS / "DejaVuSans-Bold.ttf")
        self.add_page()

    def footer(self) -> None:
        self.set_y(-MARGIN + 5)
        self._pen(SMALL, MUTED)
        self.cell(self.epw * 0.75, 5, _fitting(self.running, 90))
        words = {"page": self.page_no(), "pages": "{nb}"}
        self.cell(self.epw * 0.25, 5, _("Page %(page)s of %(pages)s") % words, align="R")

    def heading(self, text: str, size: int = 13) -> None:
        """A heading that does not stand alone at the foot of a page."""
        if self.get_y() > self.h - 2 * MARGIN - 15:
            self.add_page()
        self.ln(4 if size < 16 else 0)
        self._pen(size, BRAND, "B")
        self._write(self.epw, size * 0.5, text)
        self.ln(1)

    def paragraph(self, text: str, *, muted: bool = False) -> None:
        self._pen(BODY, MUTED if muted else INK)
        self._write(self.epw, 5.2, text)
        self.ln(1)

    def row(self, label: str, value: str) -> None:
        """A label with its value beside it, under a hair line."""
        if self.get_y() > self.h - MARGIN - 12:
            self.add_page()
        top = self.get_y() + 1
        self.set_draw_color(*LINE)
        self.set_line_width(0.1)
        self.line(self.l_margin, top, self.w - self.r_margin, top)
        page = self.page_no()
        self.set_y(top + 1)
        self._pen(SMALL + 1, MUTED)
        self._write(LABEL, 5.2, label)
        under = self.get_y()
        is_same = self.page_no() == page
        if is_same:
            self.set_y(top + 1)
        self.set_x(self.l_margin + LABEL + 3)
        self._pen(BODY, INK)
        self._write(self.epw - LABEL - 3, 5.2, value)
        if self.page_no() == page:
            self.set_y(max(self.get_y(), under))

    def rows(self, pairs: Iterable[tuple[str, str]]) -> None:
        for label, value in pairs:
            self.row(label, value)
        self.ln(2)

    def lines(self, lines: Sequence[str]) -> None:
        for line in lines:
            self.paragraph(f"\u2022  {line}")

    def square(self, text: str, width: float) -> None:
        """A square code that leads to `text`, `width` millimetres wide with the white around it."""
        runs, side = qr_runs(text)
        if self.get_y() > self.h - MARGIN - width:
            self.add_page()
        left, top, unit = self.l_margin, self.get_y(), width / side
        self.set_fill_color(0, 0, 0)
        for x, y, length in runs:
            self.rect(left + x * unit, top + y * unit, length * unit, unit, style="F")
        self.set_y(top + width)

    def content(self) -> bytes:
        return bytes(self.output())

    def _pen(self, size: int, colour: tuple[int, int, int], style: str = "") -> None:
        self.set_font("Sans", style, size)
        self.set_text_color(*colour)

    def _write(self, width: float, height: float, text: str) -> None:
        """Wrapped text; where it holds letters that run to the left, line by line in the order in which they run."""
        text = _printable(text)
        if not _runs_left(text):
            self.multi_cell(width, height, text, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
            return
        left = self.get_x()
        for paragraph in joined(text).split("\n"):
            base = auto_detect_base_direction(paragraph)
            lines: Any = self.multi_cell(width, height, paragraph or " ", dry_run=True, output=MethodReturnValue.LINES)
            for line in lines:
                self.set_x(left)
                shown = BidiParagraph(line, base_direction=base).get_reordered_string()
                align = "R" if base == TextDirection.RTL else "L"
                self.cell(width, height, shown, align=align, new_x=XPos.LMARGIN, new_y=YPos.NEXT)


def _printable(text: str) -> str:
    """Without control characters, which have no shape."""
    return "".join(letter for letter in text if letter == "\n" or letter.isprintable() or letter.isspace()) or " "


def _runs_left(text: str) -> bool:
    return any(unicodedata.bidirectional(letter) in ("R", "AL") for letter in text)


def _fitting(text: str, letters: int) -> str:
    return text if len(text) <= letters else f"{text[: letters - 1]}\u2026"

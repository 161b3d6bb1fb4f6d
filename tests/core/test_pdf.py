"""Paper: letters of several alphabets, joined and in their order, on as many pages as it takes."""

import io

import pytest
from pypdf import PdfReader

from portal.core.arabic import joined
from portal.core.pdf import Paper


def words_of(paper: Paper) -> tuple[int, str]:
    document = PdfReader(io.BytesIO(paper.content()))
    return len(document.pages), "\n".join(page.extract_text() for page in document.pages)


@pytest.mark.parametrize(("typed", "drawn"), [
    ("Zoé", "Zoé"),
    ("\u0628", "\ufe8f"),  # beh alone
    ("\u0628\u0628\u0628", "\ufe91\ufe92\ufe90"),  # first, middle, last
    ("\u062f\u0628", "\u062f\u0628".translate({0x62F: 0xFEA9, 0x628: 0xFE8F})),  # dal joins nothing after it
    ("\u0644\u0627", "\ufefb"),  # lam and alef are one
    ("\u0628\u0644\u0627", "\ufe91\ufefc"),
    ("\u0628\u064e\u0628", "\ufe91\u064e\ufe90"),  # a vowel sign does not come between
    ("\u067e\u067e", "\ufb58\ufb57"),  # Persian peh
    ("a \u0628 b", "a \ufe8f b"),
])  # fmt: skip
def test_arabic_letters_are_joined(typed: str, drawn: str) -> None:
    assert joined(typed) == drawn


def test_a_long_text_takes_several_numbered_pages() -> None:
    paper = Paper("Long", language="en", running="R-1")
    paper.heading("Long", 17)
    paper.paragraph("Words and more words. " * 800)
    paper.rows([("Label", "Value\nin two lines"), ("Empty", "")])
    pages, text = words_of(paper)
    assert pages >= 3
    assert f"Page {pages} of {pages}" in text
    assert "R-1" in text


def test_what_runs_to_the_left_is_drawn_so() -> None:
    paper = Paper("Right to left", language="ar")
    typed = "\u0647\u0644 \u064a\u062a\u063a\u064a\u0631"
    paper.paragraph(f"{typed} " * 60)
    paper.row("\u0627\u0633\u0645", f"Amina {typed}")
    pages, text = words_of(paper)
    assert pages == 1
    first = joined(typed.split()[0])
    assert first in text or first[::-1] in text, "joined, in whichever order a reader gives back what is drawn"


def test_control_characters_and_unknown_letters_break_nothing() -> None:
    paper = Paper("Odd\x00", language="en")
    paper.paragraph("a\x00b\x07c \u1200\u1208 \U0001f600 " + "x" * 500)
    assert words_of(paper)[0] == 1

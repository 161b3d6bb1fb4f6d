"""Markdown of staff and laboratories: headings below the page's, nothing that could harm it."""

import pytest

from portal.core.markdown import to_html


def test_headings_lists_and_links_come_through_below_the_pages_own_headings():
    html = to_html("# Who\n\n- one\n- [two](https://example.org)")
    assert "<h3>Who</h3>" in html
    assert "<li>one</li>" in html
    assert '<a href="https://example.org" rel="noopener noreferrer">two</a>' in html


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "[click](javascript:alert(1))",
        "<a href='javascript:alert(1)'>x</a>",
        "![x](https://example.org/pixel.png)",
        "<p style='color:red' onclick='x()'>x</p>",
    ],
)
def test_nothing_hostile_survives(hostile):
    html = to_html(hostile)
    for trace in ("<script", "<img", 'href="javascript', "<p style", "<p onclick"):
        assert trace not in html


def test_letters_that_are_forced_round_stand_as_they_were_typed():
    html = to_html("[\u202egnp.exe](https://example.org) \u202dx شكرا")
    assert ">gnp.exe</a> x شكرا" in html


@pytest.mark.parametrize("largest", ["#", "##", "####"])
def test_headings_begin_at_one_level_however_large_their_writer_began(largest):
    html = to_html(f"{largest} Who\n\nWe.\n\n{largest}# Where\n\nHere.", top=2)
    assert "<h2>Who</h2>" in html
    assert "<h3>Where</h3>" in html


def test_a_smaller_heading_before_the_largest_keeps_its_place():
    assert to_html("## Before\n\n# Who").split() == ["<h4>Before</h4>", "<h3>Who</h3>"]


def test_no_heading_is_smaller_than_the_smallest_there_is():
    assert "<h6>Deep</h6>" in to_html("# Who\n\n##### Deep")


def test_nothing_gives_nothing():
    assert to_html("") == ""

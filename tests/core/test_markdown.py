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


def test_nothing_gives_nothing():
    assert to_html("") == ""

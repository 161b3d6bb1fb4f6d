"""What the stylesheet, the script and the drawings promise to slow phones, other scripts and a strict policy."""

import gzip
import re
from pathlib import Path

import pytest
from django.conf import settings

STATIC = Path(settings.BASE_DIR) / "static"
DRAWINGS = sorted((Path(settings.BASE_DIR) / "templates" / "components" / "art").glob("*.svg"))
PHYSICAL = re.compile(
    r"^\s*(?:(?:margin|padding|border)-(?:left|right|top|bottom)|left|right|top|bottom|(?:min-|max-)?(?:width|height)|float)"
    r"\s*:(?!\s*inline-)",
    re.MULTILINE,
)


@pytest.mark.parametrize(("name", "kilobytes"), [("css/portal.css", 10), ("css/admin.css", 2), ("js/app.js", 4)])
def test_each_file_keeps_to_its_budget(name, kilobytes):
    assert len(gzip.compress((STATIC / name).read_bytes())) <= kilobytes * 1000


def test_only_logical_properties_so_that_right_to_left_needs_no_second_file():
    assert PHYSICAL.findall((STATIC / "css/portal.css").read_text()) == []


def test_every_token_that_is_used_is_set():
    css = (STATIC / "css/portal.css").read_text()
    assert set(re.findall(r"var\((--[\w-]+)", css)) <= set(re.findall(r"(--[\w-]+):", css))


def test_night_gives_each_colour_of_the_day_or_leaves_it_on_purpose():
    css = (STATIC / "css/portal.css").read_text()
    day, night = css.split("@media (prefers-color-scheme: dark)", 1)
    same_at_night = {"--on-deep", "--on-deep-muted", "--deep-line", "--glow", "--focus"}
    colours = set(re.findall(r"(--[\w-]+): #", day.split(":root", 1)[1]))
    assert colours - set(re.findall(r"(--[\w-]+): #", night.split("@layer", 1)[0])) == same_at_night


@pytest.mark.parametrize("drawing", DRAWINGS, ids=lambda path: path.stem)
def test_a_drawing_is_light_decorative_and_without_style(drawing):
    svg = drawing.read_text()
    assert len(svg) < 5000
    assert 'aria-hidden="true"' in svg
    assert "style" not in svg
    assert "id=" not in svg


def test_the_columns_of_a_page_may_be_narrower_than_the_longest_line_in_them():
    """Else a line of code in a story or a call makes the whole page wider than a phone."""
    rules = re.findall(r"\.two \{([^}]*)\}", (STATIC / "css/portal.css").read_text())
    columns = [line.strip() for rule in rules for line in rule.splitlines() if "grid-template-columns" in line]
    assert any("display: grid" in rule and "grid-template-columns" in rule for rule in rules)
    assert all(re.match(r"grid-template-columns:( ?minmax\(0, \dfr\))+;", line) for line in columns)

"""Every page in two opposite dresses: nothing that axe finds against WCAG 2.2 AA, no sideways scroll, no complaint."""

import pytest

from tests.journeys.stops import READERS, STOPS

# Language, theme and width; each page is seen in one of these and in its opposite.
DRESSES = [
    (("en", "light", 1280), ("fr", "dark", 320)),
    (("en", "dark", 320), ("fr", "light", 1280)),
    (("en", "light", 320), ("fr", "dark", 1280)),
    (("en", "dark", 1280), ("fr", "light", 320)),
]


def of_dress(dress):
    """The pages seen in this dress, by the side (0 or 1) of their pair."""
    pair = next(number for number, both in enumerate(DRESSES) if dress in both)
    return [stop for number, stop in enumerate(STOPS) if number % len(DRESSES) == pair]


def look_at(visit, path, status):
    """What is wrong with one page."""
    answered = visit.open(path)
    faults = [f"answered {answered}"] if answered != status else []
    faults += visit.violations()
    if wider := visit.sideways():
        faults.append(f"{wider} px wider than the window")
    return [f"{path}: {fault}" for fault in faults]


@pytest.mark.parametrize(
    "dress", [dress for pair in DRESSES for dress in pair], ids=lambda dress: "-".join(map(str, dress))
)
def test_pages_are_accessible_and_fit(window, cast, world, dress):
    language, theme, width = dress
    faults = []
    for reader in READERS:
        visit = window(cast[reader], theme=theme, width=width)
        for stop in of_dress(dress):
            if stop.reader == reader:
                faults += look_at(visit, f"/{language}{stop.path.format(**world)}", stop.status)
    assert faults == []


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_header_takes_one_row_on_a_usual_screen(window, cast, language):
    tops = """() => [...new Set([...document.querySelectorAll(".header a, .header button")]
        .map(part => part.getBoundingClientRect()).map(box => Math.round((box.top + box.bottom) / 2)))]"""
    rows = {}
    for reader in READERS:
        visit = window(cast[reader], width=1280)
        visit.open(f"/{language}/me/" if cast[reader] else f"/{language}/")
        rows[reader] = len(visit.page.evaluate(tops))
    assert rows == dict.fromkeys(READERS, 1)


FORMS = [
    ("visitor", "/interest/", "Keep me informed"),
    ("visitor", "/accounts/signup/", "Create the account"),
    ("visitor", "/accounts/login/", "Sign in"),
    ("researcher", "/organisations/propose/", None),
    ("donor", "/donations/offer/many/", "Read it for trial"),
    ("donor", "/donations/pledges/new/", "Pledge it"),
    ("staff", "/desk/calls/new/", "Save the draft"),
    ("staff", "/desk/instruments/new/", "Save as draft"),
    ("staff", "/desk/awards/new/", "Offer the award"),
]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_forms_with_errors_are_accessible_and_open_on_what_went_wrong(window, cast, world, theme):
    faults = []
    for reader, path, button in FORMS:
        visit = window(cast[reader], theme=theme, width=320 if theme == "dark" else 1280)
        visit.open(f"/en{path}")
        visit.follow(visit.page.locator("main form[method=post] button:not([form])").first)
        faults += [f"{path}: {fault}" for fault in visit.violations()]
        summary = visit.page.locator(".error-summary")
        if not visit.page.title().startswith("Error:") or not summary.count():
            faults.append(f"{path}: {button} on an empty form tells of no error")
        elif visit.focused("className") != "error-summary":
            faults.append(f"{path}: the focus is not on the error summary")
        else:
            summary.get_by_role("link").first.press("Enter")
            if not visit.focused("name"):
                faults.append(f"{path}: the first link of the summary leads to no field")
    assert faults == []

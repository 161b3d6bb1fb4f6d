"""Staff publish a call, list an instrument, grant hours and verify an organisation."""

from datetime import timedelta

import pytest
from django.utils import timezone

from calls.enums import AwardState, CallState
from calls.models import Award, Call
from instruments.enums import InstrumentState
from instruments.models import Instrument
from portal.accounts.enums import OrganisationState
from tests.factories.accounts import OrganisationFactory
from tests.factories.instruments import TechniqueFactory
from tests.support.uploads import pdf

TITLE = "Diffraction time for chemists"
TEXTS = {
    "Title in English": TITLE,
    "Title in French": "Temps de diffraction pour chimistes",
    "Summary in English": "Hours on a single-crystal diffractometer.",
    "Summary in French": "Des heures sur un diffractomètre à monocristal.",
}
ONWARDS = "Save and continue"


def wall(days):
    return (timezone.now() + timedelta(days=days)).strftime("%Y-%m-%dT12:00")


def day(days):
    return (timezone.now() + timedelta(days=days)).strftime("%Y-%m-%d")


def write_sections(visit, instrument):
    """Go through the sections of a new draft and end on its page, with nothing missing."""
    page = visit.page
    for label, words in TEXTS.items():
        page.get_by_label(label).fill(words)
    visit.press(ONWARDS)
    page.get_by_label("Hours offered").fill("120")
    page.get_by_label(instrument.name).check()
    visit.press(ONWARDS)
    page.get_by_label("Use from").fill(day(80))
    page.get_by_label("Use until").fill(day(300))
    visit.press(ONWARDS)
    page.get_by_label("Countries of work").select_option(["KE", "TZ"])
    visit.press(ONWARDS)
    for place, (name, weight) in enumerate((("Question", "60"), ("Plan", "30"))):
        for part, words in (("name_en", name), ("name_fr", name), ("weight", weight)):
            page.locator(f"#id_row-{place}-{part}").fill(words)
    visit.press(ONWARDS)
    page.get_by_label("Title").fill("Rules of the call")
    page.get_by_label("File").set_input_files({"name": "r.pdf", "mimeType": "application/pdf", "buffer": pdf(1)})
    visit.press("Add the document")
    assert "r.pdf" in visit.text()
    visit.press("Continue")
    visit.press("Publish")
    visit.follow(page.get_by_role("link", name="The weights of the criteria come to 90 %; they must come to 100 %."))
    page.locator("#id_row-1-weight").fill("40")
    visit.press("Save and go back to the call")


@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
def test_a_call_from_draft_to_withdrawal(window, staff, instrument, script):
    visit = window(staff, script=script)
    page = visit.page
    visit.open("/en/desk/calls/new/")
    page.get_by_label("Title in English").fill(TITLE)
    page.get_by_label("Remote access").check()
    page.get_by_label("Time zone").select_option("Europe/Paris")
    page.get_by_label("Opens").fill(wall(-1))
    page.get_by_label("Closes").fill(wall(-2))
    visit.press("Save the draft")
    assert page.title().startswith("Error:")
    assert page.get_by_label("Title in English").input_value() == TITLE, "what was typed is kept"
    page.get_by_label("Closes").fill(wall(40))
    visit.press("Save the draft")
    call = Call.objects.get()
    assert call.state == CallState.DRAFT
    write_sections(visit, instrument)
    call.refresh_from_db()
    assert (call.minutes_offered, call.documents.count()) == (7200, 1)

    visitor = window(script=script)
    assert visitor.open(call.get_absolute_url()) == 404
    visit.press("Preview")
    assert "Only staff see this draft." in visit.text()
    visit.press("Back to the desk")
    visit.press("Publish")
    visit.press("Publish and write to them")
    call.refresh_from_db()
    assert call.state == CallState.PUBLISHED
    assert visitor.open(call.get_absolute_url()) == 200

    visit.open(f"/en/desk/calls/{call.slug}/")
    visit.press("Extend")
    page.get_by_label("New closing").fill(wall(50))
    visit.press("Extend")
    before = call.closes_at
    call.refresh_from_db()
    assert call.closes_at > before

    visit.open(f"/en/desk/calls/{call.slug}/")
    visit.press("Withdraw")
    page.get_by_label("Reason").fill("The tube broke.")
    visit.press("Withdraw")
    call.refresh_from_db()
    assert call.state == CallState.WITHDRAWN
    visitor.open(call.get_absolute_url())
    assert "The tube broke." in visitor.text()


def test_an_instrument_is_entered_and_listed(window, staff, laboratory):
    TechniqueFactory(slug="tem")
    visit = window(staff)
    page = visit.page
    visit.open("/en/desk/instruments/")
    visit.press("New instrument")
    visit.press("Save and list")
    assert page.title().startswith("Error:")
    assert Instrument.objects.count() == 0
    page.locator("[name=organisation]").select_option(label=str(laboratory))
    for name, words in {
        "name_en": "Alpine microscope",
        "name_fr": "Microscope alpin",
        "summary_en": "Sees atoms.",
        "summary_fr": "Voit les atomes.",
    }.items():
        page.locator(f"[name={name}]").fill(words)
    fill_what_is_still_asked(visit)
    visit.press("Save and list")
    assert Instrument.objects.get().state == InstrumentState.LISTED, visit.text()
    visitor = window()
    visitor.open("/en/instruments/")
    assert "Alpine microscope" in visitor.text()


def fill_what_is_still_asked(visit):
    page = visit.page
    page.locator("[name=place]").fill("Grenoble")
    page.locator("[name=link]").fill("https://meet.example.org/lab")
    page.locator("[name=time_zone]").select_option("Europe/Paris")
    page.locator("[name=techniques]").first.check()


@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
def test_hours_are_granted_and_accepted(window, staff, researcher, institute, instrument, script):
    visit = window(staff, script=script)
    page = visit.page
    visit.open("/en/desk/awards/new/")
    page.get_by_label("Title").fill("Copper complexes")
    page.get_by_label("Holder's email address").fill("nobody@example.org")
    page.get_by_label("Organisation").select_option(label=institute.name)
    page.get_by_label("Instrument").select_option(label=instrument.name)
    page.get_by_label("Hours").fill("12.5")
    page.get_by_label("First day").fill(wall(0)[:10])
    page.get_by_label("Last day").fill(wall(90)[:10])
    visit.press("Offer the award")
    assert "Nobody has an account under this address." in visit.text()
    page.get_by_label("Holder's email address").fill(researcher.email)
    visit.press("Offer the award")
    award = Award.objects.get()
    assert (award.state, award.granted_minutes) == (AwardState.OFFERED, 750)

    theirs = window(researcher, script=script)
    theirs.open(award.get_absolute_url())
    theirs.press("Accept the award")
    award.refresh_from_db()
    assert award.state == AwardState.ACTIVE


def test_an_organisation_is_verified(window, staff, site):
    proposed = OrganisationFactory(name="Savanna College", state=OrganisationState.PROPOSED)
    visit = window(staff)
    visit.open("/en/desk/")
    visit.open("/en/desk/organisations/")
    visit.press("Verify Savanna College")
    proposed.refresh_from_db()
    assert proposed.state == OrganisationState.VERIFIED

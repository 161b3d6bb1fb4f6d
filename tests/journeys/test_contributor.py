"""A laboratory proposes an instrument, staff ask back and list it, and both sides agree who provides what."""

import pytest

from instruments.models import Agreement, Instrument
from tests.factories.instruments import TechniqueFactory

SEM = "Scanning electron microscope"


@pytest.fixture
def technique(site):
    return TechniqueFactory(slug="sem", name_en="Electron microscopy", name_fr="Microscopie électronique")


@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
def test_from_the_first_page_to_staff(window, operator, technique, script):
    visit = window(operator, script=script)
    page = visit.page
    visit.open("/en/instruments/propose/")
    visit.press("Propose an instrument")
    page.get_by_label("Name of the instrument").fill(SEM)
    visit.press("Begin")
    assert visit.title() == "The instrument"
    visit.press("Save and continue")
    assert page.title().startswith("Error:"), "the technique is still to be said"
    page.get_by_role("checkbox", name="Electron microscopy").check()
    page.get_by_role("radio", name="Observed").check()
    visit.press("Save and continue")
    page.get_by_label("In one sentence").fill("Surfaces down to two nanometres.")
    page.get_by_label("Samples it takes").fill("Dry, flat, two centimetres at most.")
    visit.press("Save and finish later")
    assert "Not started" in visit.text()
    visit.press("What your laboratory offers")
    page.get_by_label("What your laboratory offers").fill("Ten hours a month with an operator.")
    visit.press("Save and continue")
    assert visit.title() == "Check your answers"
    visit.press("Send the proposal")
    assert "is with our staff" in visit.text()
    assert Instrument.objects.get(name_en=SEM).state == "proposed"
    assert visit.complaints == []


def test_an_agreement_from_its_draft_to_a_signature(window, operator, staff, instrument):
    at_desk, at_lab = window(staff), window(operator)
    at_desk.open(f"/en/desk/instruments/{instrument.slug}/")
    at_desk.press("Write an agreement")
    at_desk.page.get_by_label("What the laboratory provides").fill("Twelve hours a month.")
    at_desk.page.get_by_label("Hours a year").fill("144")
    at_desk.press("Save")
    at_desk.press("Put it to the laboratory")
    at_desk.press("Put it to the laboratory")
    agreement = Agreement.objects.get()
    at_lab.open("/en/me/")
    at_lab.press(f"Read the agreement on {instrument.name_en} and answer")
    at_lab.press("Agree")
    at_lab.press("Agree")
    assert at_lab.page.title().startswith("Error:"), "who signs is still to be said"
    at_lab.page.get_by_label("Who signs for the laboratory").fill("Dr Head, head of the laboratory")
    at_lab.page.get_by_label("This person has read").check()
    at_lab.press("Agree")
    assert "Signed for the laboratory by Dr Head" in at_lab.text()
    with at_lab.page.expect_download() as caught:
        at_lab.page.get_by_role("link", name="Download as PDF").click()
    assert caught.value.suggested_filename == f"agreement-{agreement.ref}.pdf"
    at_desk.page.reload()
    at_desk.press("Renew it")
    assert Agreement.objects.filter(renews=agreement, state="draft").exists()
    assert at_desk.complaints == at_lab.complaints == []

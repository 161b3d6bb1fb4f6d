"""A donor offers equipment: one piece section by section, with and without script, and many by file."""

import csv
import io

import pytest

from donations.models import Offer
from donations.offer_csv import template
from tests.factories.donations import CategoryFactory


@pytest.fixture
def centrifuges(site):
    return CategoryFactory()


@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
def test_from_the_first_page_to_the_gate(window, donor, centrifuges, script):
    visit = window(donor, script=script)
    page = visit.page
    visit.open("/en/donations/offers/")
    visit.press("Offer equipment")
    visit.press("Begin an offer")
    visit.press("Save and continue")
    assert page.title().startswith("Error:"), "what it is is still to be said"
    page.get_by_label("Category").select_option("Centrifuges")
    page.get_by_label("Title").fill("Bench centrifuge")
    visit.press("Save and continue")
    page.get_by_role("radio", name="Good, used").check()
    page.get_by_label("Speed (rpm)").fill("4000")
    page.get_by_role("checkbox", name="Cooled").check()
    visit.press("Save and continue")
    page.get_by_label("Functional test on").fill("2026-06-01")
    page.get_by_label("How it was tested").fill("Full speed for two hours")
    page.get_by_role("group", name="Decontaminated").get_by_role("radio", name="Yes").check()
    page.get_by_label("How it was decontaminated").fill("Ethanol")
    page.get_by_role("group", name="Data wiped").get_by_role("radio", name="Does not apply").check()
    visit.press("Save and continue")
    page.get_by_label("Weight").fill("28.5")
    visit.press("Save and continue")
    assert "Say for which voltages it is made" in visit.text()
    page.get_by_label("Lowest voltage").fill("220")
    page.get_by_label("Highest voltage").fill("240")
    page.get_by_role("checkbox", name="50 Hz").check()
    visit.press("Save and continue")
    visit.press("Save and continue")
    visit.press("Continue")
    visit.press("Continue")
    page.get_by_label("Country", exact=True).select_option("France")
    page.get_by_label("Town").fill("Lyon")
    page.get_by_label("Where it is fetched").fill("Loading bay 2")
    visit.press("Save and continue")
    page.get_by_label("I may give it away").check()
    page.get_by_label("Worth today").fill("2500")
    page.get_by_label("Running cost a year").fill("120")
    visit.press("Save and continue")
    assert visit.title() == "Check your answers"
    assert "28.5 kg" in visit.text().replace("\u00a0", " ")
    visit.press("Hand in the offer")
    assert "Our staff are looking at it" in visit.text()
    offer = Offer.objects.get()
    assert (offer.state, offer.features.count()) == ("vetting", 2)


def test_many_by_file(window, donor, centrifuges):
    header, example = template(["centrifuges"], ["en", "fr"])
    odd = ["heavy" if name == "weight_kg" else cell for name, cell in zip(header, example, strict=True)]
    text = io.StringIO()
    csv.writer(text, delimiter=";").writerows([header, example, odd])
    visit = window(donor)
    visit.open("/en/donations/offer/many/")
    file = {"name": "forty.csv", "mimeType": "text/csv", "buffer": text.getvalue().encode()}
    visit.page.get_by_label("CSV file").set_input_files(file)
    visit.press("Read it for trial")
    assert visit.title() == "Trial: nothing is offered yet"
    assert "weight_kg: is a number from 0.01 to 2000" in visit.text()
    assert not Offer.objects.exists()
    visit.press("Take over and hand in the complete one")
    assert visit.title() == "My offers"
    assert Offer.objects.get().state == "vetting"

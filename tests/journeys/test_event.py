"""From a call for places on a training to certificates that a third person checks, and to the figures of its event."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.utils import timezone
from pypdf import PdfReader

from calls.models import Application, Call
from instruments.models import Certificate
from portal.stories.enums import EventState
from portal.stories.models import Event
from tests.factories.calls import CallFactory
from tests.factories.stories import EventFactory
from tests.factories.trainings import TrainingFactory


@pytest.fixture
def training(site, instrument):
    return TrainingFactory(instrument=instrument, organisation=instrument.organisation, title="A first crystal")


@pytest.fixture
def call(training):
    return CallFactory(
        kind="training", minutes_offered=0, places_offered=2, training=training, title_en="Places on a course"
    )


def apply_for_a_place(visit, event, call):
    """From the page of the event to a receipt."""
    visit.open(event.get_absolute_url())
    visit.press(call.title_en)
    visit.press("Apply")
    visit.press("Start the application")
    visit.press("Your question")
    visit.page.get_by_label("Title").fill("My first crystals")
    visit.page.get_by_label("What do you want to find out?").fill("How to mount them.")
    visit.press("Save and continue")
    visit.page.get_by_label("Who does what?").fill("I come alone.")
    visit.press("Save and continue")
    visit.page.get_by_label("What becomes of the results?").fill("I teach it at home.")
    visit.press("Save and continue")
    visit.press("Save and continue")
    application = Application.objects.get()
    visit.open(f"/en/applications/{application.ref}/check/")
    visit.press("Hand in the application")
    assert visit.title() == "Received"


def give_the_places(desk, call):
    """The call closes, and staff release its outcomes."""
    Call.objects.filter(pk=call.pk).update(closes_at=timezone.now() - timedelta(minutes=1))
    desk.open(f"/en/desk/calls/{call.slug}/outcomes/")
    desk.press("Award from the top until all is given")
    desk.press("Check and release")
    desk.press("Release and write to everybody")
    assert "These outcomes are released." in desk.text()


def test_a_training_ends_with_certificates_that_a_third_person_verifies(
    window, post, operator, researcher, staff, training, call
):
    event = EventFactory(call=call, title_en="Hands-on days")
    event.trainings.add(training)
    visit, office = window(researcher), window(staff)
    apply_for_a_place(visit, event, call)
    give_the_places(office, call)
    visit.open(post.link_to(researcher.email, "/awards/"))
    visit.press("Accept the award")
    visit.open(training.get_absolute_url())
    assert "You have a place." in visit.text()
    starts = training.starts_at - timedelta(days=40)
    type(training).objects.update(starts_at=starts, ends_at=starts + timedelta(hours=6), state="held")
    Event.objects.update(starts_at=starts, ends_at=starts + timedelta(days=1), state=EventState.HELD)
    desk = window(operator)
    desk.open(f"{training.get_absolute_url()}results/")
    desk.page.get_by_label(f"Result of {researcher.name}").select_option("passed")
    desk.press("Save")
    desk.open(f"{training.get_absolute_url()}close/")
    desk.follow(desk.page.locator("main form[method=post] button").first)
    certificate = Certificate.objects.get(person=researcher)
    visit.open(certificate.get_absolute_url())
    with visit.page.expect_download() as download:
        visit.page.get_by_role("link", name="Certificate as PDF").click()
    content = download.value.path().read_bytes()
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages)
    address = f"/en/certificates/{certificate.code}/"
    assert address in text.replace("\n", "")
    stranger = window(None)
    assert stranger.open(address) == 200
    assert "genuine and valid today" in stranger.text()
    assert researcher.name in stranger.text()
    office.open(f"/en/desk/events/{event.slug}/")
    office.press("Enter who came")
    assert office.page.get_by_label("People who came").input_value() == "1"
    office.press("Save the figures")
    event.refresh_from_db()
    assert (event.state, event.people) == ("closed", 1)

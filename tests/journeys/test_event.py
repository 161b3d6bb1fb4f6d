"""From a call for places on a training to certificates that a third person checks, and to the figures of its event."""

from datetime import timedelta
from io import BytesIO

from pypdf import PdfReader

from calls.enums import AwardKind
from instruments.models import Certificate
from portal.stories.enums import EventState
from portal.stories.models import Event
from tests.factories.calls import AwardFactory, CallFactory
from tests.factories.stories import EventFactory
from tests.factories.trainings import TrainingFactory


def test_a_training_ends_with_certificates_that_a_third_person_verifies(
    window, operator, researcher, staff, instrument, institute
):
    training = TrainingFactory(instrument=instrument, organisation=instrument.organisation, title="A first crystal")
    call = CallFactory(kind="training", minutes_offered=0, places_offered=2, training=training)
    event = EventFactory(call=call, title_en="Hands-on days")
    event.trainings.add(training)
    award = AwardFactory(
        kind=AwardKind.PLACE, state="offered", holder=researcher, organisation=institute, call=call, instrument=None,
        granted_minutes=0, balance_minutes=0,
    )  # fmt: skip
    visit = window(researcher)
    visit.open(award.get_absolute_url())
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
    office = window(staff)
    office.open(f"/en/desk/events/{event.slug}/")
    office.press("Enter who came")
    assert office.page.get_by_label("People who came").input_value() == "1"
    office.press("Save the figures")
    event.refresh_from_db()
    assert (event.state, event.people) == ("closed", 1)

"""Certificates as PDF for those they concern, with an address that a third person checks; trainings for calendars."""

from datetime import UTC, date, datetime
from io import BytesIO

import pytest
from icalendar import Calendar
from pypdf import PdfReader

from instruments.models import Certificate
from tests.factories.trainings import CertificateFactory, TrainingFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def certificate(instrument, researcher) -> Certificate:
    training = TrainingFactory(
        instrument=instrument, title="A first crystal", starts_at=datetime(2027, 3, 22, 8, tzinfo=UTC)
    )
    return CertificateFactory(
        instrument=instrument,
        person=researcher,
        training=training,
        valid_until=date(2099, 5, 1),
        name="Amina as printed",
    )


def words(content: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages).split())


def test_the_paper_says_in_the_reader_s_language_what_the_check_page_says(client, certificate, researcher):
    client.force_login(researcher)
    answer = client.get(f"{certificate.get_absolute_url()}certificate.pdf")
    text = words(answer.content)
    assert (answer["Content-Type"], "no-store" in answer["Cache-Control"]) == ("application/pdf", True)
    for shown in ("Amina as printed", "A first crystal", "Alpine diffractometer", "1 May 2099", certificate.code):
        assert shown in text
    assert f"/en/certificates/{certificate.code}/" in text.replace(" ", "")
    french = words(client.get(f"/fr/certificates/{certificate.code}/certificate.pdf").content)
    assert "1er mai 2099" in french or "1 mai 2099" in french
    client.logout()
    assert client.get(f"/en/certificates/{certificate.code}/").status_code == 200


def test_only_those_it_concerns_get_the_paper(client, certificate, operator, staff, stranger_researcher, focal_point):
    address = f"{certificate.get_absolute_url()}certificate.pdf"
    assert client.get(address).status_code == 302
    for person, status in ((operator, 200), (staff, 200), (stranger_researcher, 404), (focal_point, 404)):
        client.force_login(person)
        assert client.get(address).status_code == status


def test_there_is_no_paper_of_a_revoked_one(client, certificate, researcher):
    Certificate.objects.update(revoked_at=datetime(2026, 5, 1, tzinfo=UTC), revoked_why="Left it on")
    client.force_login(researcher)
    answer = client.get(f"{certificate.get_absolute_url()}certificate.pdf")
    assert (answer.status_code, "was revoked" in answer.content.decode()) == (422, True)
    assert "certificate.pdf" not in client.get(certificate.get_absolute_url()).content.decode()


def test_a_training_for_the_calendar_keeps_its_meeting_link(client):
    training = TrainingFactory(starts_at=datetime(2027, 3, 22, 8, tzinfo=UTC), title="A first crystal")
    answer = client.get(f"{training.get_absolute_url()}calendar.ics")
    (entry,) = Calendar.from_ical(answer.content).walk("VEVENT")
    assert (str(entry["summary"]), entry.decoded("dtstart")) == ("A first crystal", training.starts_at)
    assert "meet.example.org" not in answer.content.decode()
    assert client.get(f"{TrainingFactory(state='draft').get_absolute_url()}calendar.ics").status_code == 404

"""Work by post has a page of its own: where samples and data are, and nothing to join."""

from datetime import timedelta

import pytest
from django.urls import reverse

from instruments.enums import AccessMode
from tests.factories.bookings import BookingFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(instrument, award, monday):
    instrument.access_mode = AccessMode.MAIL_IN
    instrument.save()
    booking = BookingFactory(award=award, start=monday.start)
    booking.session.delete()
    return reverse("sessions:detail", args=[booking.ref])


def test_its_people_see_where_things_are(client, page, researcher):
    client.force_login(researcher)
    words = client.get(page).content.decode()
    assert "no live session to join" in words
    assert "Declare the samples" in words


def test_samples_are_not_asked_for_once_the_time_is_over(client, instrument, award, researcher, monday):
    instrument.access_mode = AccessMode.MAIL_IN
    instrument.save()
    booking = BookingFactory(award=award, start=monday.start - timedelta(days=28))
    booking.session.delete()
    client.force_login(researcher)
    words = client.get(reverse("sessions:detail", args=[booking.ref])).content.decode()
    assert "The time at the instrument is over" in words
    assert "Declare the samples" not in words


def test_nobody_else_does(client, page, stranger_researcher):
    client.force_login(stranger_researcher)
    assert client.get(page).status_code == 404

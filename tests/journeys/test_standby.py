"""The laboratory says where a screen is; a researcher stands by where it keeps a queue, is called, takes the time."""

import pytest
from django.utils import timezone
from django.utils.crypto import get_random_string

from bookings.actions.standby import call_standby
from bookings.models import Booking, StandbyEntry
from instruments.models import Desktop, OpeningHours


@pytest.fixture
def queue(instrument):
    """The laboratory never closes, so that time is always free soon."""
    OpeningHours.objects.filter(instrument=instrument).delete()
    OpeningHours.objects.bulk_create(
        OpeningHours(instrument=instrument, weekday=day, opens=0, closes=1440) for day in range(7)
    )
    instrument.policy.has_standby = True
    instrument.policy.save()


@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
def test_from_the_queue_to_a_booking(window, post, award, queue, researcher, script):
    visit = window(researcher, script=script)
    visit.open("/en/standby/")
    visit.press("Join a queue")
    visit.page.get_by_label("How long", exact=True).fill("2")
    visit.press("Join the queue")
    assert "Place 1 in the queue" in visit.text()
    assert call_standby() == 1
    visit.open(post.link_to(researcher.email, "/standby/"))
    assert "It is your turn" in visit.text()
    visit.press("Take this time")
    booking = Booking.objects.get(standby_entry=StandbyEntry.objects.get())
    assert booking.state == "confirmed"
    assert booking.start > timezone.now()
    assert booking.ref in visit.text()


@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
def test_the_laboratory_says_where_a_screen_is_and_tries_it(window, instrument, operator, script):
    visit = window(operator, script=script)
    visit.open(f"/en/desk/instruments/{instrument.slug}/")
    visit.press("Their desktops")
    visit.press("Change Unit 1")
    secret = get_random_string(12)
    visit.page.get_by_label("directly, on a network that the portal shares with the laboratory").check()
    visit.page.get_by_label("Name or address of the PC").fill("192.0.2.7")
    visit.page.get_by_label("set the one below").check()
    visit.page.get_by_label("New password").fill(secret)
    visit.press("Save")
    assert Desktop.objects.get().password == secret
    assert "It has not been tried yet." in visit.text()
    visit.press("Try now Unit 1")
    assert "its address lies outside the networks that may be reached" in visit.text()
    assert secret not in visit.page.content()

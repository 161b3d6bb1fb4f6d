"""An operator answers requests, closes the instrument for a while, suspends it and lets it go on."""

from datetime import timedelta

import pytest

from bookings.enums import BookingState
from instruments.enums import InstrumentState
from instruments.models import Closure
from tests.factories.bookings import BookingFactory, next_monday_at


@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
def test_one_request_is_confirmed_another_declined_with_a_reason(window, operator, award, script):
    policy = award.instrument.policy
    policy.needs_confirmation = True
    policy.save()
    moment = next_monday_at(9)
    first, second = (
        BookingFactory(award=award, start=moment + timedelta(days=day), state=BookingState.REQUESTED) for day in (0, 1)
    )
    visit = window(operator, script=script)
    visit.open("/en/lab/")
    visit.follow(visit.page.locator(f"a[href$='/bookings/{first.ref}/']").first)
    visit.press("Confirm")
    first.refresh_from_db()
    assert first.state == BookingState.CONFIRMED

    visit.open("/en/lab/")
    visit.follow(visit.page.locator(f"a[href$='/bookings/{second.ref}/']").first)
    visit.press("Decline")
    visit.press("Decline the request")
    assert visit.page.title().startswith("Error:"), "a request is declined with a reason or not at all"
    visit.page.get_by_label("Reason").fill("The tube is being replaced that day.")
    visit.press("Decline the request")
    second.refresh_from_db()
    assert second.state == BookingState.DECLINED
    assert "The tube is being replaced that day." in visit.text()


@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
def test_a_closure_is_added_and_the_instrument_rests_for_a_while(window, operator, instrument, script):
    visit = window(operator, script=script)
    page = visit.page
    visit.open("/en/lab/")
    visit.press(f"Closures {instrument.name}")
    day = next_monday_at(8)
    page.get_by_label("From").fill(day.strftime("%Y-%m-%dT09:00"))
    page.get_by_label("Until").fill(day.strftime("%Y-%m-%dT12:00"))
    page.get_by_label("Reason").fill("Service of the cooling")
    visit.press("Add the closure")
    assert Closure.objects.get().reason == "Service of the cooling"
    assert "Service of the cooling" in visit.text()

    visit.open(f"/en/desk/instruments/{instrument.slug}/")
    visit.press("Suspend")
    page.get_by_label("Reason").fill("The generator is away for repair.")
    visit.press("Suspend")
    instrument.refresh_from_db()
    assert instrument.state == InstrumentState.SUSPENDED
    visit.press("See its page")
    assert "The generator is away for repair." in visit.text()

    visit.open(f"/en/desk/instruments/{instrument.slug}/")
    visit.press("Resume")
    visit.press("Resume")
    instrument.refresh_from_db()
    assert instrument.state == InstrumentState.LISTED

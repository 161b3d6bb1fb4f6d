"""A researcher joins, says where they work, books on an award and runs a session."""

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher

from bookings.enums import BookingState, SessionState
from bookings.models import Booking
from portal.accounts.enums import MembershipState
from portal.accounts.models import Membership, User
from tests.cast import PASSWORD

ADDRESS = "newcomer@example.org"


@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
def test_from_signing_up_to_asking_to_join(window, post, institute, script):
    visit = window(script=script)
    page = visit.page
    visit.open("/en/accounts/signup/")
    page.get_by_label("Your name").fill("Neema Newcomer")
    page.locator("[name=email]").fill(ADDRESS)
    page.get_by_label("Country where you work").select_option("KE")
    for field in page.locator("input[type=password]").all():
        field.fill(PASSWORD)
    page.get_by_role("checkbox").check()
    visit.press("Create the account")
    assert not page.title().startswith("Error:"), visit.text()

    visit.open(post.link_to(ADDRESS, "/confirm-email/"))
    person = User.objects.get(email=ADDRESS)
    assert not person.emailaddress_set.get().verified, "opening the link of the mail confirms nothing"
    visit.press("Confirm the address")
    assert person.emailaddress_set.get().verified
    if "/login/" in page.url:
        page.locator("input[name=login]").fill(ADDRESS)
        page.locator("input[name=password]").fill(PASSWORD)
        visit.press("Sign in")
    assert visit.title() == "Good to see you, Neema Newcomer"

    visit.press("Profile")
    page.get_by_label("Career stage").select_option("doctoral")
    page.get_by_label("ORCID iD").fill("0000-0002-1825-0098")
    visit.press("Save the profile")
    assert page.title().startswith("Error:"), "the last digit of the iD is a checksum"
    page.get_by_label("ORCID iD").fill("0000-0002-1825-0097")
    visit.press("Save the profile")
    person.refresh_from_db()
    assert (person.career_stage, person.country) == ("doctoral", "KE")

    visit.open("/en/organisations/")
    visit.press(institute.name)
    page.get_by_role("radio", name="Researcher").check()
    visit.press("Ask to join")
    assert Membership.objects.get(user=person).state == MembershipState.REQUESTED


def test_signing_in_leads_on_to_where_one_wanted_to_go(window, researcher, award):
    researcher.password = PBKDF2PasswordHasher().encode(PASSWORD, "salt", iterations=1000)
    researcher.save()
    visit = window()
    visit.open(award.get_absolute_url())
    page = visit.page
    page.locator("input[name=login]").fill(researcher.email)
    page.locator("input[name=password]").fill("not the password")
    visit.press("Sign in")
    assert page.title().startswith("Error:")
    page.locator("input[name=password]").fill(PASSWORD)
    visit.press("Sign in")
    assert visit.title() == award.title
    visit.follow(page.get_by_role("button", name="Sign out"))
    visit.open("/en/me/")
    assert "/accounts/login/" in page.url


@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
def test_from_award_to_a_booking_on_both_clocks(window, researcher, award, script):
    visit = window(researcher, script=script)
    page = visit.page
    visit.open("/en/me/")
    visit.press(award.title)
    visit.press("Book hours")
    page.get_by_label("How long").select_option("120")
    visit.press("Show")
    visit.press("Next week")
    page.get_by_role("radio").first.check()
    visit.press("Continue")
    assert visit.title() == "Check your booking"
    assert "Nairobi" in visit.text()
    assert "Grenoble" in visit.text()
    visit.press("Book this time")
    booking = Booking.objects.get()
    assert booking.state == BookingState.CONFIRMED
    assert visit.title() == "Booked"
    assert booking.ref in visit.text()
    award.refresh_from_db()
    assert award.balance_minutes == 600 - 120


@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
def test_a_session_from_its_beginning_to_its_end(window, researcher, instrument, ready_booking, script):
    visit = window(researcher, script=script)
    visit.open(f"/en/bookings/{ready_booking.ref}/")
    visit.press("Open the session page")
    assert instrument.link not in visit.page.content()
    visit.press("Begin")
    ready_booking.session.refresh_from_db()
    assert ready_booking.session.state == SessionState.LIVE
    door = visit.page.get_by_role("link", name="Go to the instrument")
    assert door.get_attribute("href") == instrument.link
    visit.press("End the session now")
    ready_booking.session.refresh_from_db()
    assert ready_booking.session.state == SessionState.ENDED
    assert instrument.link not in visit.page.content()

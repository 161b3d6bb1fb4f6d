"""A visitor finds an open call, declares interest, confirms by mail, changes their mind."""

import pytest

from calls.enums import InterestState
from calls.models import Interest
from tests.factories.calls import CallFactory
from tests.factories.instruments import TechniqueFactory


@pytest.fixture
def call(site, instrument):
    return CallFactory(
        slug="diffraction-time",
        title_en="Diffraction time for first structures",
        techniques=[TechniqueFactory(slug="single-crystal-x-ray")],
        instruments=[instrument],
    )


@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
def test_from_the_home_page_to_an_interest_and_out_again(window, post, call, script):
    visit = window(script=script)
    page = visit.page
    visit.open("/en/")
    visit.press("See open calls")
    visit.press(call.title_en)
    assert "Open" in visit.text()
    visit.press("Declare interest")

    visit.press("Keep me informed")  # nothing filled in
    assert page.title().startswith("Error:")
    assert Interest.objects.count() == 0

    page.get_by_label("Your email address").fill("ada@example.org")
    page.get_by_role("radio").first.check()
    page.get_by_role("checkbox", name="I agree").check()
    visit.press("Keep me informed")
    assert visit.title() == "Look into your mail"

    visit.open(post.link_to("ada@example.org", "/confirm/"))
    interest = Interest.objects.get()
    assert interest.state == InterestState.UNCONFIRMED, "opening the link of the mail confirms nothing"
    visit.press("Yes, write to me")
    interest.refresh_from_db()
    assert interest.state == InterestState.ACTIVE
    assert visit.title() == "What you hear about"

    visit.press("End this")
    interest.refresh_from_db()
    assert interest.state == InterestState.ENDED


def test_a_french_visitor_stays_in_french(window, call):
    visit = window()
    visit.open("/fr/")
    page = visit.page
    visit.follow(page.get_by_role("navigation").get_by_role("link").first)
    assert "/fr/calls/" in page.url
    visit.follow(page.get_by_role("link", name=call.title_fr))
    assert "/fr/calls/diffraction-time/" in page.url
    assert page.locator("html").get_attribute("lang") == "fr"


def test_the_address_without_a_language_leads_to_the_last_one_chosen(window, site):
    visit = window()
    visit.open("/")
    assert visit.page.url == f"{site}/en/"
    visit.follow(visit.page.get_by_role("link", name="FR").first)
    visit.open("/")
    assert visit.page.url == f"{site}/fr/"

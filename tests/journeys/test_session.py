"""The page of a session follows along by itself: nobody presses anything to see what others did."""

from bookings.enums import SessionState
from tests.journeys.browsing import Visit
from tests.support.waiting import soon


def wait_for_words(visit: Visit, words: str) -> None:
    """Look at the page until it says `words`; the strict policy for scripts forbids Playwright's own waiting."""
    soon(lambda: words in visit.text(), True, 60)


def test_the_page_shows_what_another_person_did(window, researcher, operator, instrument, ready_booking):
    mine = window(researcher)
    mine.open(f"/en/sessions/{ready_booking.ref}/")
    mine.page.evaluate("document.querySelector('[data-refresh]').dataset.mark = 'the same page'")
    assert instrument.link not in mine.page.content()

    theirs = window(operator)
    theirs.open(f"/en/sessions/{ready_booking.ref}/")
    theirs.press("Begin")
    wait_for_words(mine, "Go to the instrument")
    mark = mine.page.evaluate("document.querySelector('[data-refresh]').dataset.mark")
    assert mark == "the same page", "it was filled in, not loaded again"

    theirs.press("End the session now")
    wait_for_words(mine, "The session is over")
    ready_booking.session.refresh_from_db()
    assert ready_booking.session.state == SessionState.ENDED


def test_without_script_the_page_says_how_to_look_again(window, researcher, ready_booking):
    visit = window(researcher, script=False)
    visit.open(f"/en/sessions/{ready_booking.ref}/")
    assert "does not follow along by itself" in visit.page.locator("noscript").inner_text()
    ready_booking.session.state = SessionState.LIVE
    ready_booking.session.opened_at = ready_booking.session.starts_at
    ready_booking.session.save()
    visit.press("Look again")
    assert visit.page.get_by_role("link", name="Go to the instrument").is_visible()

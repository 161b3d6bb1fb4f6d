"""The docs of the API are drawn under our content security policy."""

from tests.journeys.browsing import open_window


def test_the_docs_are_drawn_without_a_complaint(browser, live_server):
    """From Django's own server: the other journeys' leave out the files of these docs."""
    visit = open_window(browser, live_server.url)
    answer = visit.page.goto(f"{live_server.url}/api/v1/docs/")
    assert answer.status == 200, answer.text()
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    visit.page.locator(".opblock-summary").first.click()
    visit.page.locator(".opblock-body").first.wait_for()
    assert visit.complaints == []
    visit.context.close()

"""A researcher applies: section by section, with and without script, over a line that breaks, and with a colleague."""

import pytest
from django.utils import timezone

from calls.actions.application import draft
from calls.models import Application
from tests.factories.applications import ApplicationFactory, TeamMemberFactory
from tests.factories.calls import CallFactory


@pytest.fixture
def call(site, instrument):
    return CallFactory(instruments=[instrument], needs_endorsement=False)


@pytest.fixture
def application(call, researcher) -> Application:
    return draft.start(call, by=researcher)


@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
def test_from_a_call_to_a_receipt(window, researcher, call, script):
    visit = window(researcher, script=script)
    page = visit.page
    visit.open(f"/en/calls/{call.slug}/apply/")
    visit.press("Start the application")
    visit.press("Your question")
    page.get_by_label("Title").fill("Copper complexes")
    page.get_by_label("What do you want to find out?").fill("Which of three polymorphs?")
    visit.press("Save and continue")
    page.get_by_label("Why this instrument?").fill("Crystals of 40 micrometres.")
    page.get_by_label("Hours you ask for").fill("10.5")
    visit.press("Save and continue")
    page.get_by_role("radio", name="No", exact=True).check()
    visit.press("Save and continue")
    visit.press("Save and continue")
    assert page.title().startswith("Error:"), "who does what is still to be said"
    page.get_by_label("Who does what?").fill("Two of us.")
    visit.press("Save and continue")
    page.get_by_label("What becomes of the results?").fill("An open data set.")
    visit.press("Save and continue")
    visit.press("Save and continue")
    application = Application.objects.get()
    visit.open(f"/en/applications/{application.ref}/check/")
    assert "10 h 30 min" in visit.text()
    visit.press("Hand in the application")
    application.refresh_from_db()
    assert (application.state, application.minutes_requested) == ("screening", 630)
    assert visit.title() == "Received"
    assert application.receipt in visit.text()


def test_what_is_typed_is_saved_without_a_click(window, researcher, application):
    visit = window(researcher)
    visit.open(f"/en/applications/{application.ref}/plan/")
    area = visit.page.get_by_label("What becomes of the results?")
    area.fill("A pa")
    visit.page.get_by_role("status").filter(has_text="Saved at").wait_for()
    area.fill("A paper")
    visit.press("Save and continue")
    application.refresh_from_db()
    assert application.plan == "A paper"
    assert application.version_of("plan") in (2, 3)  # whoever is slow to press is saved once more before


def test_a_broken_line_loses_no_word(window, researcher, application):
    visit = window(researcher)
    path = f"/en/applications/{application.ref}/plan/"
    visit.open(path)
    visit.context.route("**/save/", lambda route: route.abort())
    visit.page.get_by_label("What becomes of the results?").fill("Typed in a tunnel")
    visit.page.get_by_text("What you type is kept on this device").wait_for()
    visit.complaints.clear()  # the browser's own line about the broken request
    application.refresh_from_db()
    assert application.plan == ""
    visit.context.unroute("**/save/")
    visit.open(path)
    visit.page.get_by_role("button", name="Put them back").click()
    visit.page.get_by_role("status").filter(has_text="Saved at").wait_for()
    application.refresh_from_db()
    assert application.plan == "Typed in a tunnel"
    visit.open(path)
    assert not visit.page.get_by_role("button", name="Put them back").is_visible()


def test_signing_out_leaves_no_words_on_the_device(window, researcher, application):
    visit = window(researcher)
    visit.open(f"/en/applications/{application.ref}/plan/")
    visit.context.route("**/save/", lambda route: route.abort())
    visit.page.get_by_label("What becomes of the results?").fill("Typed in a tunnel")
    visit.page.get_by_text("What you type is kept on this device").wait_for()
    visit.complaints.clear()
    assert visit.page.evaluate("Object.keys(localStorage).length") == 1
    visit.follow(visit.page.get_by_role("button", name="Sign out"))
    assert visit.page.evaluate("Object.keys(localStorage).length") == 0


@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
def test_two_people_editing_one_draft(window, researcher, focal_point, application, script):
    TeamMemberFactory(application=application, user=focal_point, role="edit", accepted_at=timezone.now())
    path = f"/en/applications/{application.ref}/plan/"
    hers, his = window(researcher, script=script), window(focal_point, script=script)
    for visit in (hers, his):
        visit.open(path)
    label = "What becomes of the results?"
    hers.page.get_by_label(label).fill("Her words")
    hers.press("Save and continue")
    his.page.get_by_label(label).fill("His words")
    if script:
        his.page.get_by_role("button", name="Show both texts").wait_for()
        his.complaints.clear()  # the 409 that this is about
        his.press("Show both texts")
    else:
        his.press("Save and continue")
    application.refresh_from_db()
    assert application.plan == "Her words"
    assert "Two of you wrote at once" in his.text()
    assert "Her words" in his.text()
    area = his.page.get_by_label(label)
    assert area.input_value() == "His words"
    assert not script or his.violations() == []
    area.fill("Her words and his")
    his.press("Save mine")
    application.refresh_from_db()
    assert application.plan == "Her words and his"


def test_a_returned_one_is_read_on_a_phone(window, researcher, call):
    row = ApplicationFactory(call=call, returned=True, applicant=researcher)
    visit = window(researcher, width=320)
    for path in ("", "check/", "plan/", "withdraw/"):
        visit.open(f"/en/applications/{row.ref}/{path}")
        assert visit.sideways() == 0, path
        assert visit.violations() == [], path

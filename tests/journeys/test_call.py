"""A call from its first draft to hours on an instrument, through the hands of five roles and a co-applicant."""

from datetime import timedelta

import pytest
from django.utils import timezone

from calls.enums import ApplicationState, AwardState, CallState
from calls.models import Application, Award, Call
from portal.accounts.models import User

ONWARDS = "Save and continue"
TEXTS = {
    "Title in English": "Diffraction for chemists",
    "Title in French": "La diffraction pour chimistes",
    "Summary in English": "Hours on a diffractometer.",
    "Summary in French": "Des heures sur un diffractomètre.",
}


def day(days):
    return (timezone.now() + timedelta(days=days)).strftime("%Y-%m-%d")


def wall(days):
    return f"{day(days)}T12:00"


@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
def test_from_a_draft_call_to_hours(
    window, post, staff, researcher, stranger_researcher, focal_point, operator, reviewer, instrument, script
):
    desk = window(staff, script=script)
    call = publish_a_call(desk, instrument)
    applicant = window(researcher, script=script)
    application = write_an_application(applicant, call)
    a_colleague_joins(window(stranger_researcher, script=script), applicant, application, post)
    endorse(window(focal_point, script=script), applicant, application, post)
    hand_in(applicant, application)
    assert post.link_to(researcher.email, f"/applications/{application.ref}/")

    Call.objects.update(closes_at=timezone.now() - timedelta(minutes=1))  # the call's weeks are over
    screen(desk, call, application)
    check_at_the_laboratory(window(operator, script=script), application)
    give_to_a_reviewer(desk, call, application, reviewer)
    review(window(reviewer, script=script), application)
    applicant.open(application.get_absolute_url())
    assert "being judged" in applicant.text()
    release(desk, call)
    applicant.open(post.link_to(researcher.email, "/awards/"))
    applicant.press("Accept the award")
    award = Award.objects.get()
    assert (award.state, award.balance_minutes) == (AwardState.ACTIVE, 600)
    assert "10 h" in applicant.text()
    applicant.press("Book hours")
    assert instrument.name in applicant.text()


def publish_a_call(visit, instrument):
    page = visit.page
    visit.open("/en/desk/calls/new/")
    page.get_by_label("Title in English").fill(TEXTS["Title in English"])
    page.get_by_role("radio", name="Remote access").check()
    page.get_by_label("Time zone").select_option("Europe/Paris")
    page.get_by_label("Opens").fill(wall(-10))
    page.get_by_label("Closes").fill(wall(20))
    visit.press("Save the draft")
    for label, words in TEXTS.items():
        page.get_by_label(label).fill(words)
    visit.press(ONWARDS)
    page.get_by_label("Hours offered").fill("100")
    page.get_by_label(instrument.name).check()
    visit.press(ONWARDS)
    page.get_by_label("Use from").fill(day(30))
    page.get_by_label("Use until").fill(day(300))
    visit.press(ONWARDS)
    visit.press(ONWARDS)
    for place, weight in enumerate(("70", "30")):
        for part, words in (("name_en", f"Merit {place}"), ("name_fr", f"Mérite {place}"), ("weight", weight)):
            page.locator(f"#id_row-{place}-{part}").fill(words)
    page.get_by_label("Reviews an application").fill("1")
    visit.press(ONWARDS)
    visit.press("Continue")
    visit.press("Publish")
    visit.press("Publish and write to them")
    call = Call.objects.get()
    assert (call.state, call.needs_endorsement) == (CallState.PUBLISHED, True)
    return call


def write_an_application(visit, call):
    page = visit.page
    visit.open(call.get_absolute_url())
    assert "You can apply" in visit.text()
    visit.press("Apply")
    visit.press("Start the application")
    visit.press("Your question")
    page.get_by_label("Title").fill("Copper complexes")
    page.get_by_label("What do you want to find out?").fill("Which of three polymorphs?")
    visit.press(ONWARDS)
    page.get_by_label("Why this instrument?").fill("Crystals of 40 micrometres.")
    page.get_by_label("Hours you ask for").fill("10")
    visit.press(ONWARDS)
    page.get_by_role("radio", name="No", exact=True).check()
    visit.press(ONWARDS)
    page.get_by_label("Who does what?").fill("Two of us.")
    visit.press("Save and invite a co-applicant")
    page.get_by_label("E-mail address").fill("colleague@example.net")
    page.get_by_role("radio", name="may write").check()
    visit.press("Send the invitation")
    return Application.objects.get()


def a_colleague_joins(visit, applicant, application, post):
    """Writes the last section of texts."""
    visit.open(post.link_to("colleague@example.net", "/join/"))
    visit.press("Take part")
    visit.open(f"/en/applications/{application.ref}/plan/")
    visit.page.get_by_label("What becomes of the results?").fill("An open data set.")
    visit.press(ONWARDS)
    applicant.open(f"/en/applications/{application.ref}/team/")
    applicant.press(ONWARDS)


def endorse(visit, applicant, application, post):
    applicant.open(f"/en/applications/{application.ref}/organisation/")
    applicant.press("Ask for the endorsement")
    applicant.press(ONWARDS)
    visit.open(post.link_to(User.objects.get(name="Farid Focal").email, "/endorse/"))
    visit.page.get_by_role("radio", name="Yes, we endorse it").check()
    visit.press("Send the answer")


def hand_in(visit, application):
    visit.open(f"/en/applications/{application.ref}/check/")
    assert "Before it can be handed in" not in visit.text(), visit.text()
    visit.press("Hand in the application")
    application.refresh_from_db()
    assert visit.title() == "Received"
    assert application.receipt in visit.text()


def screen(visit, call, application):
    visit.open(f"/en/desk/calls/{call.slug}/board/")
    visit.press("Copper complexes")
    visit.page.get_by_role("radio", name="Yes", exact=True).check()
    visit.press("Keep the verdict")
    application.refresh_from_db()
    assert application.state == ApplicationState.FEASIBILITY


def check_at_the_laboratory(visit, application):
    visit.open("/en/me/")
    visit.press("Feasible and safe? Copper complexes")
    for answer in visit.page.get_by_role("radio", name="Yes", exact=True).all():
        answer.check()
    visit.press("Keep the verdict")
    application.refresh_from_db()
    assert application.state == ApplicationState.REVIEW


def give_to_a_reviewer(visit, call, application, reviewer):
    visit.open(f"/en/desk/calls/{call.slug}/panel/")
    visit.page.get_by_label("Email address of the reviewer").fill(reviewer.email)
    visit.press("Add to the panel")
    visit.press("Spread the applications")
    assert application.reviews.get().reviewer == reviewer


def review(visit, application):
    visit.open("/en/reviews/")
    visit.press("Copper complexes")
    visit.press("Hand it in")
    assert visit.page.title().startswith("Error:"), "points are missing"
    for choice in visit.page.get_by_role("radio", name="4, very good").all():
        choice.check()
    visit.page.get_by_label("Words to the applicant").fill("A good question.")
    visit.press("Hand it in")
    assert application.reviews.get().scores.count() == 2


def release(visit, call):
    visit.open(f"/en/desk/calls/{call.slug}/outcomes/")
    visit.press("Rank by score")
    visit.press("Award from the top until the hours are used")
    visit.press("Check and release")
    visit.press("Release and write to everybody")
    assert "These outcomes are released." in visit.text()

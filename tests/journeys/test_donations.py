"""Equipment from hand to hand: a need and an offer, their match, the way, and the word from the bench."""

import csv
import io
from datetime import timedelta

import pytest
from django.utils import timezone

from donations.actions.follow_up import ask_due
from donations.actions.matching import run_matching
from donations.enums import NEED_POINTS, OFFER_POINTS
from donations.models import FollowUp, Match, Need, Offer, Shipment
from tests.donations.test_offer_csv import table
from tests.factories.donations import AcceptedMatchFactory, CategoryFactory, FollowUpFactory, NeedFactory
from tests.journeys.donation_words import IN_PRIVATE, NEED_SECTIONS, OFFER_ENDS, OFFER_SECTIONS
from tests.journeys.filling import fill_in, paper, photograph, table_file
from tests.support.waiting import soon

ONWARDS = "Save and continue"


@pytest.fixture(autouse=True)
def category(site):
    return CategoryFactory()


def fits(visit):
    """What axe and the window's width say of the page; empty: nothing."""
    wider = visit.sideways()
    return visit.violations() + ([f"{visit.page.url} is {wider} px wider than the window"] if wider else [])


def look_through(visit, points):
    """Tick every point at the gate and keep that."""
    for point in points:
        visit.page.locator(f"[name={point}][value=yes]").check()
    visit.press("Save the checks")


@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
def test_a_need_is_stated_and_verified(window, post, focal_point, staff, script):
    visit = window(focal_point, script=script)
    visit.open("/en/donations/need/")
    visit.press("Begin")
    visit.press("What you need")
    visit.press(ONWARDS)
    assert visit.page.title().startswith("Error:"), "the category is still to be chosen"
    for section in NEED_SECTIONS:
        fill_in(visit, section)
        visit.press(ONWARDS)
    fill_in(visit, {"file": photograph(), "alt": "The bench with its socket"})
    visit.press("Add the photograph")
    visit.press("Continue")
    assert visit.title() == "Check your answers"
    visit.press("Hand in the need")
    need = Need.objects.get()
    assert (need.state, need.photos.count(), need.requirements.get().least) == ("submitted", 1, 3000)
    assert "Our staff look at it now" in visit.text()

    desk = window(staff, script=script)
    desk.open("/en/desk/")
    desk.press(f"Verify the need: {need.title}")
    look_through(desk, NEED_POINTS[:-1])
    assert not desk.page.get_by_role("button", name="Verify the need").count(), "a point is still to be looked at"
    look_through(desk, NEED_POINTS[-1:])
    desk.press("Verify the need")
    need.refresh_from_db()
    assert need.state == "open"

    visit.open(post.link_to(focal_point.email, f"/needs/{need.ref}/"))
    assert "1 of 1 are still wanted" in visit.text()
    visitor = window(script=script)
    visitor.open("/en/donations/needs/")
    visitor.press(need.title)
    assert "Every student spins their own sample." in visitor.text()
    assert not [words for words in IN_PRIVATE if words in visitor.page.content()]


def offer(window, donor, staff):
    """A donor on a telephone describes a piece, section by section, and staff vet it."""
    visit = window(donor, width=320)
    visit.open("/en/donations/offer/")
    assert fits(visit) == []
    visit.press("Begin an offer")
    for section in OFFER_SECTIONS:
        fill_in(visit, section)
        assert fits(visit) == []
        visit.press(ONWARDS)
    fill_in(visit, {"file": photograph(), "alt": "The centrifuge, lid open"})
    visit.press("Add the photograph")
    assert fits(visit) == []
    visit.press("Continue")
    fill_in(visit, {"title": "Certificate of the functional test", "file": paper()})
    visit.press("Add the paper")
    assert fits(visit) == []
    visit.press("Continue")
    for section in OFFER_ENDS:
        fill_in(visit, section)
        visit.press(ONWARDS)
    assert fits(visit) == []
    visit.press("Hand in the offer")
    made = Offer.objects.get()
    assert (made.state, made.photos.count(), made.papers.count()) == ("vetting", 1, 1)

    desk = window(staff)
    desk.open("/en/desk/")
    desk.press(f"Vet the offer: {made.title}")
    look_through(desk, OFFER_POINTS)
    desk.press("Vet the offer")
    return made


def propose(desk):
    """Staff put together what the matcher found, and ask both sides."""
    desk.open("/en/desk/donations/matching/")
    desk.press("Propose one piece Bench centrifuge, 24 places")
    desk.press("Approve and ask both sides")
    match = Match.objects.get()
    assert match.state == "approved"
    return match


def prepare(desk, match):
    """Staff make the shipment: a parcel, two quotations of which one is chosen, who pays."""
    desk.open(match.get_absolute_url())
    desk.press("Prepare a shipment")
    desk.press("Prepare it")
    steps = (
        ("Change addresses and terms", {"incoterm": "DAP", "hs_code": "8421.19", "customs_payer": "recipient"}, "Save"),
        ("Pack a parcel", {"weight_kg": 35, "length_cm": 80, "width_cm": 60, "height_cm": 60}, "Save"),
        ("Add a quotation", {"carrier": "Slow Boats", "amount_eur": 210, "days": 60}, "Save"),
        ("Add a quotation", {"carrier": "Quick Wings", "amount_eur": 640, "days": 5}, "Save"),
        ("Choose Slow Boats", {}, ""),
        ("Say who pays", {"payer": "programme"}, "The freight is paid for"),
    )
    for way, fields, button in steps:
        desk.press(way)
        fill_in(desk, fields)
        if button:
            desk.press(button)
    shipment = Shipment.objects.get()
    assert (shipment.state, shipment.cost_eur, shipment.parcels.count()) == ("funded", 210, 1)
    return shipment


def test_a_piece_goes_from_a_donor_to_the_bench(window, post, donor, focal_point, institute, staff):
    need = NeedFactory(organisation=institute, asked_by=focal_point, title="A centrifuge for the second year")
    piece = offer(window, donor, staff)
    desk, giver, receiver = window(staff), window(donor, width=320), window(focal_point, width=320)
    run_matching(by=staff)
    match = propose(desk)
    for visit, person, button in (
        (receiver, focal_point, "Yes, we take it"),
        (giver, donor, "Yes, I give it"),
    ):
        visit.open(post.link_to(person.email, f"/matches/{match.ref}/"))
        assert fits(visit) == []
        visit.press(button)
    match.refresh_from_db()
    assert match.state == "accepted"

    shipment = prepare(desk, match)
    giver.open(post.link_to(donor.email, f"/shipments/{shipment.ref}/"))
    assert fits(giver) == []
    assert "Stores, Building 4" in giver.text()
    with giver.page.expect_download() as coming:
        giver.page.get_by_role("link", name="Pro-forma invoice").click()
    assert coming.value.path().read_bytes().startswith(b"%PDF")
    giver.press("It has been sent")
    fill_in(giver, {"tracking": "SB-1174"})
    giver.press("Tell the laboratory")
    giver.press("Add a line")
    fill_in(giver, {"place": "Marseille", "words": "Loaded"})
    giver.press("Save")

    receiver.open(post.link_to(focal_point.email, f"/shipments/{shipment.ref}/"))
    assert "Loaded" in receiver.text()
    assert fits(receiver) == []
    receiver.press("It has come")
    assert fits(receiver) == []
    fill_in(receiver, {"words": "All of it, and it runs", "file": photograph(), "alt": "On our bench"})
    receiver.press("Sign the receipt")
    picture = receiver.page.get_by_role("img", name="On our bench")
    picture.scroll_into_view_if_needed()
    soon(lambda: picture.evaluate("picture => picture.naturalWidth"), 480)
    receiver.press("It is in use")

    desk.open("/en/desk/")
    desk.press(f"Close shipment {shipment.ref} to {institute}")
    desk.press("Close the shipment")
    for row, state in ((need, "fulfilled"), (piece, "handed_over"), (match, "completed"), (shipment, "closed")):
        row.refresh_from_db()
        assert row.state == state
    assert [row.months for row in FollowUp.objects.order_by("months")] == [3, 6, 12]
    giver.open("/en/donations/given/")
    assert f"Arrived at {institute}" in giver.text()
    assert "All of it, and it runs" in giver.text()
    assert fits(giver) == []


@pytest.fixture
def follow_up(donor, focal_point, institute):
    """A gift that came three months ago, and is asked after today."""
    match = AcceptedMatchFactory(
        need__organisation=institute,
        need__asked_by=focal_point,
        offer__donor=donor,
        state="completed",
        completed_at=timezone.now() - timedelta(days=92),
    )
    row = FollowUpFactory(match=match)
    ask_due(timezone.now())
    return row


@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
def test_the_donor_reads_what_a_gift_does(window, post, donor, focal_point, follow_up, script):
    laboratory = window(script=script, width=320)
    laboratory.open(post.link_to(focal_point.email, "/follow-up/"))
    laboratory.press("Send the answer")
    assert laboratory.page.title().startswith("Error:"), "whether it is in use is still to be said"
    assert not script or fits(laboratory) == []
    words = "Four courses a week spin their own samples."
    fill_in(laboratory, {"in_use": "daily", "people": 84, "women": 40, "words": words})
    laboratory.press("Send the answer")
    assert laboratory.title() == "This is what was said"
    assert laboratory.open(post.link_to(focal_point.email, "/follow-up/")) == 200
    assert not laboratory.page.get_by_role("button", name="Send the answer").count(), "a link takes one answer"

    giver = window(donor, script=script)
    giver.open(post.link_to(donor.email, "/donations/given/"))
    assert words in giver.text()
    assert "In use, most days" in giver.text()
    assert "84" in giver.page.locator(".stats").inner_text()


def test_a_gift_that_stands_idle_reaches_staff(window, post, donor, focal_point, staff, follow_up):
    laboratory = window()
    laboratory.open(post.link_to(focal_point.email, "/follow-up/"))
    fill_in(laboratory, {"in_use": "broken", "words": "The lid does not close.", "help": "repair"})
    laboratory.press("Send the answer")
    assert "Our staff have read it and write to you." in laboratory.text()

    desk = window(staff)
    desk.open("/en/desk/")
    assert f"Not in use at {follow_up.match.need.organisation}" in desk.text()
    desk.open(post.link_to(staff.email, f"/follow-ups/{follow_up.pk}/"))
    assert "The lid does not close." in desk.text()
    fill_in(desk, {"words": "A hinge is on its way to you."})
    desk.press("Tell both sides")
    desk.open("/en/desk/donations/follow-ups/idle/")
    assert desk.page.locator("main table").count() == 0

    for person, path in ((focal_point, "/matches/"), (donor, "/matches/")):
        visit = window(person)
        assert visit.open(post.link_to(person.email, path)) == 200
    laboratory.open(follow_up.get_absolute_url())
    assert "A hinge is on its way to you." in laboratory.text()


def send(visit, name, content):
    visit.open("/en/donations/offer/many/")
    fill_in(visit, {"file": table_file(name, content)})
    visit.press("Read it for trial")


def test_forty_pieces_come_by_file_once(window, donor):
    whole = [{"title": f"Centrifuge {number}"} for number in range(36)]
    short = [{"title": f"Untested {number}", "tested_on": ""} for number in range(2)]
    faulty = [{"title": "Of lead", "weight_kg": "heavy"}, {"title": "Of the future", "year": "soon"}]
    visit, other = window(donor, width=320), window(donor)
    send(visit, "forty.csv", table(*whole, *short, *faulty))
    other.open(visit.page.url)
    assert fits(visit) == []
    assert visit.title() == "Trial: nothing is offered yet"
    assert visit.page.locator(".stats dd").all_inner_texts() == ["40", "36", "2", "2"]
    assert "weight_kg: is a number from" in visit.text()
    assert not Offer.objects.exists()
    with visit.page.expect_download() as coming:
        visit.page.get_by_role("link", name="Download the faulty rows").click()
    back = coming.value.path().read_text("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(back)))
    assert [(row["line"], row["title"]) for row in rows] == [("40", "Of lead"), ("41", "Of the future")]

    visit.press("Take over and hand in the 36 complete ones")
    other.press("Take over as drafts")
    assert "taken over already; nothing was done twice" in other.text()
    states = list(Offer.objects.values_list("state", flat=True))
    assert (states.count("vetting"), states.count("draft")) == (36, 2)

    send(visit, "mended.csv", back.replace("heavy", "28.5").replace("soon", "2019"))
    visit.press("Take over as drafts")
    assert Offer.objects.count() == 40
    assert fits(visit) == []

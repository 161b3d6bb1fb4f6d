"""What people and programs send that makes no sense: a sentence, 4xx, and nothing changed."""

import json
import time
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from donations import offer_csv
from donations.actions import need as need_actions
from donations.actions import offer as offer_actions
from donations.actions import pledge as pledge_actions
from donations.actions.match import fail_match, refuse_match
from donations.actions.offer.draft import start_offer
from donations.actions.photo import add_photo
from donations.enums import Side
from donations.forms.photo import PhotoForm
from donations.models import Batch, Offer
from donations.offer_words import course_of
from donations.words import history_in_words
from portal.accounts.models import Membership
from portal.core.errors import Forbidden, Refused, WrongState
from portal.core.files import CheckedFile
from tests.donations.test_offer_csv import table
from tests.factories.donations import (
    AcceptedMatchFactory,
    ApprovedMatchFactory,
    CategoryFactory,
    NeedDraftFactory,
    NeedFactory,
    OfferDraftFactory,
    OfferFactory,
    PhotoFactory,
    PledgeFactory,
    ShipmentFactory,
)
from tests.support.uploads import picture, upload

pytestmark = pytest.mark.django_db


def as_program(person) -> APIClient:
    client = APIClient()
    client.force_authenticate(person)
    return client


@pytest.mark.parametrize(
    "address", ["/en/donations/offers/%00/", "/en/donations/offer/%00/thing/", "/en/donations/need/?award=%00"]
)
def test_an_address_that_no_row_can_have_leads_nowhere(address, focal_point):
    client = Client()
    client.force_login(focal_point)
    assert client.get(address).status_code == 404


@pytest.mark.parametrize(
    ("section", "values"),
    [
        ("condition", {"last_used_on": 5}),
        ("condition", {"last_used_on": [1]}),
        ("condition", {"last_used_on": {"day": 1}}),
        ("thing", {"title": ["a", "b"]}),
        ("thing", {"title": "a\ud800"}),
        ("thing", {"category": "a\x00"}),
        ("supply", {"frequencies": [["50"]]}),
        ("rights", {"organisation": "\x00"}),
        ("rights", {"is_owner": "perhaps"}),
    ],
)
def test_a_program_sends_what_no_page_could(section, values, donor):
    offer = OfferDraftFactory(donor=donor)
    sent = {"section": section, "version": 1, "values": values}
    address = f"/api/v1/donations/offers/{offer.ref}/"
    answer = as_program(donor).patch(address, json.dumps(sent), content_type="application/json")
    assert answer.status_code == 400
    assert [each["field"] for each in answer.json()["errors"]] == list(values)
    before = offer.steps
    offer.refresh_from_db()
    assert offer.steps == before


def test_numbers_and_yes_go_as_a_program_writes_them(donor):
    offer = OfferDraftFactory(donor=donor, steps={}, is_owner=False)
    values = {"value_eur": 900, "is_owner": True}
    sent = {"section": "rights", "version": 0, "values": values}
    answer = as_program(donor).patch(f"/api/v1/donations/offers/{offer.ref}/", sent, format="json")
    offer.refresh_from_db()
    assert (answer.status_code, offer.value_eur, offer.is_owner) == (200, 900, True)


def test_a_file_of_a_hundred_thousand_columns_is_refused_at_once():
    header = "category,title," + ",".join(f"{number:x}" for number in range(100_000))
    begun = time.process_time()
    with pytest.raises(offer_csv.Unreadable, match="not ours"):
        offer_csv.read(f"{header}\ncentrifuges,x\n", ["centrifuges"], ["en"])
    assert time.process_time() - begun < 5


def test_blank_lines_are_no_rows_and_the_rows_have_an_end():
    text = "category,title\n" + "\n" * 1000 + "centrifuges,x\n" * offer_csv.MOST_ROWS
    lines = offer_csv.read(text, ["centrifuges"], ["en"])
    assert (len(lines), lines[0].number) == (offer_csv.MOST_ROWS, 1002)
    with pytest.raises(offer_csv.Unreadable, match="up to 500 rows"):
        offer_csv.read(text + "centrifuges,x\n", ["centrifuges"], ["en"])


def test_of_many_files_the_newest_stay(donor, monkeypatch):
    monkeypatch.setattr("donations.actions.offer.batch.MOST_FILES", 2)
    CategoryFactory()
    for name in ("a.csv", "b.csv", "c.csv"):
        offer_actions.keep_batch(name, table({}).encode(), organisation=None, by=donor)
    assert set(Batch.objects.values_list("name", flat=True)) == {"b.csv", "c.csv"}


def test_who_no_longer_leads_an_organisation_gives_nothing_in_its_name(focal_point, institute):
    CategoryFactory()
    batch = offer_actions.keep_batch("a.csv", table({}).encode(), organisation=institute, by=focal_point)
    Membership.objects.filter(user=focal_point).delete()
    with pytest.raises(Forbidden):
        offer_actions.take_batch(batch, by=focal_point, hand_in=True)
    assert not Offer.objects.exists()


def test_begun_offers_have_an_end_too(donor, monkeypatch):
    monkeypatch.setattr("donations.actions.offer.draft.MOST_DRAFTS", 1)
    start_offer(by=donor)
    client = Client()
    client.force_login(donor)
    assert client.post("/en/donations/offer/").status_code == 422
    assert Offer.objects.count() == 1


def test_what_was_sent_back_is_not_handed_in_after_its_day(donor):
    offer = OfferDraftFactory(donor=donor, state="returned", answer_by=timezone.now() - timedelta(minutes=1))
    with pytest.raises(Refused) as refusal:
        offer_actions.hand_in_offer(offer, by=donor)
    assert refusal.value.codes == ["too_late"]


def test_what_a_picture_shows_holds_no_address():
    file = {"file": upload(picture(), "bench.jpg")}
    form = PhotoForm({"alt": "Ask amina@lab.example or +228 22 12 34 56"}, file)
    assert form.errors.as_data()["alt"][0].code == "contact"


def test_a_ninth_picture_is_refused_before_it_is_drawn(focal_point):
    need = NeedDraftFactory(asked_by=focal_point)
    PhotoFactory.create_batch(8, need=need)
    with pytest.raises(Refused) as refusal:
        add_photo(need, CheckedFile("x.jpg", "image/jpeg", b"nothing to draw"), "The bench", by=focal_point)
    assert refusal.value.codes == ["too_many"]


def test_a_need_that_waits_for_answers_only_is_taken_back_as_a_whole(focal_point):
    match = ApprovedMatchFactory(need=NeedFactory(asked_by=focal_point))
    need = match.need
    assert need.state == "matched"
    assert need_actions.can_withdraw(need)
    assert need_actions.withdraw(need, by=focal_point).state == "withdrawn"
    match.refresh_from_db()
    match.offer.refresh_from_db()
    assert (match.state, match.refused_side, match.offer.state, match.offer.left) == ("refused", "need", "vetted", 1)


def test_what_both_sides_accepted_is_not_taken_back(focal_point):
    match = AcceptedMatchFactory(need=NeedFactory(asked_by=focal_point))
    assert not need_actions.can_withdraw(match.need)
    with pytest.raises(WrongState):
        need_actions.withdraw(match.need, by=focal_point)
    match.need.refresh_from_db()
    assert (match.need.state, match.need.quantity) == ("matched", 1)


@pytest.mark.parametrize("state", ["received", "damaged", "closed", "lost"])
def test_a_pledge_that_paid_for_what_has_left_is_not_taken_back(state, donor):
    pledge = PledgeFactory(donor=donor, state="allocated", spent_eur=200)
    ShipmentFactory(match=AcceptedMatchFactory(), state=state, payer="pledge", pledge=pledge, cost_eur=200)
    with pytest.raises(Refused) as refusal:
        pledge_actions.withdraw_pledge(pledge, by=donor)
    assert refusal.value.codes == ["under_way"]


def test_what_is_in_a_shipment_is_given_up_with_it_alone(staff):
    match = AcceptedMatchFactory()
    ShipmentFactory(match=match, places=[match], state="in_transit")
    with pytest.raises(WrongState):
        fail_match(match, by=staff, why="We think it is lost.")
    match.offer.refresh_from_db()
    assert (match.offer.state, match.offer.left) == ("matched", 0)


def test_neither_side_reads_in_its_history_who_of_the_other_said_no(focal_point, donor):
    need = NeedFactory(asked_by=focal_point)
    match = ApprovedMatchFactory(need=need, offer=OfferFactory(donor=donor))
    refuse_match(match, side=Side.OFFER, by=donor, why="It is promised elsewhere.")
    (_words, entry) = next(pair for pair in history_in_words(need) if pair[1].verb == "reopen")
    assert (entry.by, entry.actor) == (None, "The donor")
    client = Client()
    client.force_login(focal_point)
    page = client.get(f"/en/donations/needs/{need.ref}/").content.decode()
    assert "It is promised elsewhere." in page
    assert str(donor) not in page
    assert dict(course_of(match.offer))["Open again"].by == donor

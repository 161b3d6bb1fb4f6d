"""The pages of a shipment: for staff, for who sends, for who receives; what is typed wrong changes nothing."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from pypdf import PdfReader

from donations.enums import Paper
from donations.models import Shipment
from donations.waiting_shipments import shipments_waiting_for
from portal.core.waiting import written
from tests.donations.shipments.steps import numbers, pack, packed
from tests.factories.accounts import OrganisationFactory, UserFactory
from tests.factories.donations import AcceptedMatchFactory, ShipmentFactory
from tests.support.uploads import picture, upload

pytestmark = pytest.mark.django_db

HOME = "/en/donations/shipments/"
PARCEL = {"weight_kg": "120", "length_cm": "120", "width_cm": "80", "height_cm": "100", "packing": "Crate"}
DETAILS = {
    "pick_up": "Loading bay 2", "deliver_to": "Stores", "incoterm": "DAP", "incoterm_place": "Lomé",
    "hs_code": "8421.19", "dangerous": "", "customs_payer": "recipient", "carrier": "", "tracking": "",
    "expected_on": "",
}  # fmt: skip


def address(shipment: Shipment, rest: str = "") -> str:
    return f"{HOME}{shipment.ref}/{rest}"


def words_of(response) -> str:
    return response.content.decode()


def test_staff_prepare_it_from_what_is_ready(client, staff, match):
    client.force_login(staff)
    ready = words_of(client.get(f"{HOME}to-make/"))
    assert f"{HOME}make/{match.ref}/" in ready
    assert client.post(f"{HOME}make/{match.ref}/", {}).status_code == 400
    response = client.post(f"{HOME}make/{match.ref}/", {"matches": [match.pk]})
    shipment = Shipment.objects.get()
    assert response["Location"] == address(shipment)
    page = words_of(client.get(address(shipment)))
    for part in ("change/", "quotations/new/", "fund/", "parcels/new/", "papers/offer-letter/"):
        assert address(shipment, part) in page
    assert client.post(address(shipment, "change/"), DETAILS).status_code == 302
    shipment.refresh_from_db()
    assert (shipment.incoterm, shipment.hs_code, shipment.customs_payer) == ("DAP", "8421.19", "recipient")
    asked = {"carrier": "Sealine", "amount_eur": "400", "days": "20", "valid_until": "", "note": ""}
    assert client.post(address(shipment, "quotations/new/"), asked).status_code == 302
    quotation = shipment.quotations.get()
    assert client.post(address(shipment, f"quotations/{quotation.pk}/choose/")).status_code == 302
    assert client.post(address(shipment, "fund/"), {"payer": "donor"}).status_code == 302
    shipment.refresh_from_db()
    assert (shipment.state, shipment.cost_eur) == ("funded", 400)


def test_the_donor_packs_and_sends(client, shipment, match):
    client.force_login(shipment.donor)
    assert "3 are in no parcel yet" in words_of(client.get(address(shipment)))
    response = client.post(address(shipment, "parcels/new/"), PARCEL | {f"line_{match.pk}": "3"})
    assert response.status_code == 302
    page = words_of(client.get(address(shipment)))
    assert "3 × " in page
    assert "quotations/new" not in page
    sent = {"sent_on": f"{timezone.localdate()}", "carrier": "Sealine", "tracking": "SL 9", "expected_on": ""}
    assert client.post(address(shipment, "send/"), sent).status_code == 302
    shipment.refresh_from_db()
    assert (shipment.state, shipment.tracking) == ("in_transit", "SL 9")


@pytest.mark.parametrize(
    "wrong",
    [
        {"weight_kg": "-3"},
        {"weight_kg": "99999999"},
        {"weight_kg": "1e400"},
        {"length_cm": "0"},
        {"height_cm": "5000"},
        {"weight_kg": "2"},
        {"lines": "4"},
        {"lines": "-1"},
    ],
)
def test_impossible_parcels(client, shipment, match, wrong):
    client.force_login(shipment.donor)
    typed = PARCEL | {f"line_{match.pk}": wrong.get("lines", "3")} | wrong
    assert client.post(address(shipment, "parcels/new/"), typed).status_code in (400, 422)
    assert not shipment.parcels.exists()


def test_the_laboratory_counts_and_signs(client, sent, match, receiver):
    client.force_login(receiver)
    today = f"{sent.sent_on}"
    receipt = {"received_on": today, "words": "", f"missing_{match.pk}": "1", f"broken_{match.pk}": "0"}
    response = client.post(address(sent, "receive/"), receipt)
    assert response.status_code == 422
    assert "Say what is missing" in words_of(response)
    photo = {"file": upload(picture("JPEG"), "crate.jpg"), "alt": ""}
    assert client.post(address(sent, "receive/"), receipt | {"words": "One crate."} | photo).status_code == 400
    photo = {"file": upload(picture("JPEG"), "crate.jpg"), "alt": "The open crate"}
    assert client.post(address(sent, "receive/"), receipt | {"words": "One crate."} | photo).status_code == 302
    assert numbers(match) == {"need": ("open", 2), "offer": ("matched", 2, 1)}
    assert sent.photos.get().alt == "The open crate"
    assert "The open crate" in words_of(client.get(address(sent)))
    assert client.post(address(sent, "move/use/")).status_code == 302
    assert client.post(address(sent, "move/close/")).status_code == 403
    more = {"file": upload(picture("PNG", (50, 40)), "bench.png"), "alt": "On the bench"}
    assert client.post(address(sent, "photos/new/"), more).status_code == 302
    assert sent.photos.count() == 2


def test_who_put_a_photograph_there_removes_it_until_the_shipment_is_closed(client, sent, receiver, staff):
    Shipment.objects.update(state="received")
    client.force_login(sent.donor)
    other = {"file": upload(picture("PNG", (60, 40)), "crate.png"), "alt": "The crate as it left"}
    assert client.post(address(sent, "photos/new/"), other).status_code == 302
    client.force_login(receiver)
    mine = {"file": upload(picture("PNG", (50, 40)), "bench.png"), "alt": "A face by mistake"}
    assert client.post(address(sent, "photos/new/"), mine).status_code == 302
    left, wrong = sent.photos.all()
    page = words_of(client.get(address(sent)))
    assert (address(sent, f"photos/{wrong.pk}/remove/") in page, f"photos/{left.pk}/remove/" in page) == (True, False)
    for photo in (left, wrong):
        assert client.get(address(sent, f"photos/{photo.pk}/remove/")).status_code == 405
        assert client.post(address(sent, f"photos/{photo.pk}/remove/")).status_code == 302
    assert list(sent.photos.all()) == [left]
    Shipment.objects.update(state="closed")
    client.force_login(staff)
    assert "/remove/" not in words_of(client.get(address(sent)))
    answer = client.post(address(sent, f"photos/{left.pk}/remove/"), follow=True)
    assert "until the shipment is closed" in words_of(answer)
    assert sent.photos.exists()


def test_moves_without_words(client, sent, staff):
    client.force_login(staff)
    for verb in ("reach_customs", "clear_customs"):
        assert client.post(address(sent, f"move/{verb}/")).status_code == 302
    assert client.post(address(sent, "move/clear_customs/")).status_code == 422
    assert client.post(address(sent, "move/sing/")).status_code == 404
    assert client.get(address(sent, "move/reach_customs/")).status_code == 405


def test_trouble_is_reported_with_its_reason(client, sent, receiver, staff):
    client.force_login(receiver)
    assert client.post(address(sent, "hold/"), {"why": ""}).status_code == 400
    assert client.post(address(sent, "hold/"), {"why": "Customs want a stamp."}).status_code == 302
    assert "Customs want a stamp." in words_of(client.get(address(sent)))
    assert client.post(address(sent, "abandon/"), {"why": "No.", "goes_back": "yes"}).status_code == 403
    client.force_login(staff)
    assert client.post(address(sent, "abandon/"), {"why": "Too dear."}).status_code == 400
    assert client.post(address(sent, "abandon/"), {"why": "Too dear.", "goes_back": "yes"}).status_code == 302
    sent.refresh_from_db()
    assert sent.state == "abandoned"
    assert client.get(address(sent)).status_code == 200


def test_damage_and_repair(client, sent, match, receiver):
    client.force_login(receiver)
    assert client.post(address(sent, "damage/"), {"why": "A crate fell."}).status_code == 302
    assert "broken" in words_of(client.get(address(sent, "repair/")))
    assert client.post(address(sent, "repair/"), {"words": "New lid."}).status_code == 302
    sent.refresh_from_db()
    assert sent.state == "received"


def test_tracking_by_hand(client, sent, receiver):
    client.force_login(receiver)
    at = (timezone.localtime() - timedelta(hours=2)).strftime("%Y-%m-%dT%H:%M")
    line = {"at": at, "place": "Cotonou", "words": "<b>Unloaded</b>"}
    assert client.post(address(sent, "track/"), line).status_code == 302
    assert client.post(address(sent, "track/"), line).status_code == 422
    assert client.post(address(sent, "track/"), line | {"at": "2999-01-01T00:00"}).status_code in (400, 422)
    assert "&lt;b&gt;Unloaded" in words_of(client.get(address(sent)))


def test_a_carriers_file_is_all_or_nothing_unless_lines_are_left_out(client, sent):
    client.force_login(sent.donor)
    day = f"{timezone.localdate() - timedelta(days=1)}"
    content = f"when;place;what\n{day} 10:00;Lyon;Fetched\nsoon;Lyon;Fetched\n".encode()

    def file():
        return SimpleUploadedFile("track.csv", content, content_type="text/csv")

    response = client.post(address(sent, "track/file/"), {"file": file()})
    assert response.status_code == 400
    assert "Line 3" in words_of(response)
    assert not sent.events.exists()
    assert client.post(address(sent, "track/file/"), {"file": file(), "leave_out": "on"}).status_code == 302
    assert client.post(address(sent, "track/file/"), {"file": file(), "leave_out": "on"}).status_code == 302
    assert sent.events.get().words == "Fetched"
    assert client.post(address(sent, "track/file/"), {}).status_code == 400


def test_papers_open_in_the_language_of_the_page(client, sent, receiver):
    client.force_login(receiver)
    for paper in (Paper.OFFER_LETTER, Paper.CERTIFICATE, Paper.PRO_FORMA, Paper.PACKING_LIST):
        response = client.get(address(sent, f"papers/{paper.value}/"))
        assert response["Content-Type"] == "application/pdf"
        assert response["Cache-Control"] == "private, no-store"
        assert sent.ref in PdfReader(BytesIO(response.content)).pages[0].extract_text()
    assert client.get(address(sent, "papers/receipt/")).status_code == 404
    assert client.get(address(sent, "papers/poem/")).status_code == 404
    french = client.get(address(sent, "papers/certificate/").replace("/en/", "/fr/"))
    assert PdfReader(BytesIO(french.content)).root_object["/Lang"] == "fr"


def test_strangers_find_nothing(client, sent, stranger_focal_point):
    client.force_login(stranger_focal_point)
    for rest in ("", "papers/offer-letter/", "send/", "receive/", "track/"):
        assert client.get(address(sent, rest)).status_code == 404
    assert sent.ref not in words_of(client.get(HOME))


def test_what_waits(sent, receiver, staff):
    assert written(shipments_waiting_for(receiver)) == []
    sent.expected_on = timezone.localdate()
    sent.save()
    assert [line.url for line in written(shipments_waiting_for(receiver))] == [address(sent)]
    sent.state = "held"
    sent.save()
    assert [line.is_urgent for line in written(shipments_waiting_for(staff))] == [True]
    AcceptedMatchFactory()
    assert written(shipments_waiting_for(staff))[-1].url == f"{HOME}to-make/"


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_takes_the_same_statements_for_one_and_three(client, staff, count, django_assert_num_queries):
    for _number in range(count):
        match = AcceptedMatchFactory()
        ShipmentFactory(match=match, places=[match])
    client.force_login(staff)
    client.get(HOME)
    with django_assert_num_queries(4):
        page = client.get(HOME)
    assert len(page.context["page"].object_list) == count


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_takes_the_same_statements_for_one_and_three(client, staff, count, django_assert_num_queries):
    home, giver = OrganisationFactory(), UserFactory()
    matches = [
        AcceptedMatchFactory(need__organisation=home, offer__donor=giver, need__asked_by=UserFactory())
        for _match in range(count)
    ]
    shipment = ShipmentFactory(match=matches[0], places=matches)
    for match in matches:
        pack(shipment, packed({match: 1}))
    client.force_login(staff)
    client.get(address(shipment))
    with django_assert_num_queries(10):
        assert len(client.get(address(shipment)).context["lines"]) == count

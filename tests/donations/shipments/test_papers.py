"""The papers, opened and read back."""

from datetime import date
from io import BytesIO

import pytest
from django.utils import translation
from pypdf import PdfReader

from donations import papers
from donations.enums import Paper
from donations.models import Match
from tests.donations.shipments.steps import pack, packed

pytestmark = pytest.mark.django_db


def text_of(content: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages).split())


def test_which_make_sense_when(shipment, match):
    assert papers.available(shipment) == [Paper.OFFER_LETTER, Paper.CERTIFICATE, Paper.PRO_FORMA]
    pack(shipment, packed({match: 3}))
    assert Paper.PACKING_LIST in papers.available(shipment)
    shipment.state = "received"
    assert Paper.RECEIPT in papers.available(shipment)


def test_the_offer_letter_names_both_sides(shipment, match):
    words = text_of(papers.drawn(shipment, Paper.OFFER_LETTER))
    for part in (shipment.ref, match.offer.donor.name, match.need.organisation.name, match.offer.title, "Lyon"):
        assert part in words
    assert "free of charge" in words


def test_the_certificate_tells_gift_from_loan(shipment, match):
    match.offer.serials = "A-1, A-2, A-3"
    match.offer.save()
    words = text_of(papers.drawn(shipment, Paper.CERTIFICATE))
    assert "as a gift" in words
    assert "A-1, A-2, A-3" in words
    match.offer.giving, match.offer.loan_months = "loan", 12
    match.offer.save()
    words = text_of(papers.drawn(shipment, Paper.CERTIFICATE))
    assert "Goes back 12 months after it came" in words
    assert "as a gift" not in words


def test_the_pro_forma_invoice_adds_up(shipment, match):
    words = text_of(papers.drawn(shipment, Paper.PRO_FORMA))
    assert "Not for sale" in words
    assert "2,500 EUR: 7,500 EUR" in words


def test_the_packing_list_says_what_is_where(shipment, match):
    pack(shipment, packed({match: 2}))
    pack(shipment, packed({match: 1}, "50.50"))
    shipment.dangerous = "Lithium batteries"
    words = text_of(papers.drawn(shipment, Paper.PACKING_LIST))
    for part in ("Parcel 1", "Parcel 2", "50.5", "170.5", "120 × 80 × 100 cm", "Lithium batteries"):
        assert part in words


def test_the_receipt_says_what_is_missing(sent, match, receiver):
    sent.state, sent.received_on, sent.received_by = "received", date(2026, 11, 20), receiver
    lost = Match.objects.get(pk=match.pk)
    lost.pk, lost.ref, lost.state, lost.quantity, lost.why = None, "GONE2345", "failed", 1, "The third crate."
    lost._state.adding = True
    lost.save()
    sent.places.create(match=lost, is_open=False)
    words = text_of(papers.drawn(sent, Paper.RECEIPT))
    assert receiver.name in words
    assert "The third crate." in words
    assert words.index("Missing or broken") > words.index("Received on")


def test_in_the_reader_s_language_and_with_its_numbers(shipment, match):
    with translation.override("fr"):
        content = papers.drawn(shipment, Paper.PRO_FORMA)
    assert PdfReader(BytesIO(content)).root_object["/Lang"] == "fr"
    assert "7,500" not in text_of(content)

"""Pages of one's own offers: begin, sections, check, papers, deeds."""

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from donations.enums import Giving
from donations.models import Offer, OfferPaper
from tests.factories.accounts import UserFactory
from tests.factories.donations import (
    ApprovedMatchFactory,
    OfferDraftFactory,
    OfferFactory,
    PhotoFactory,
)

pytestmark = pytest.mark.django_db
TODAY = timezone.now().date()
SECTIONS = ["thing", "condition", "test", "supply", "extras", "photos", "papers", "place", "rights"]


def signed_in(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def url(offer, *parts) -> str:
    return f"/en/donations/offers/{offer.ref}/" + "".join(f"{part}/" for part in parts)


def step_url(offer, *parts) -> str:
    return f"/en/donations/offer/{offer.ref}/" + "".join(f"{part}/" for part in parts)


def shown(client, address) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


class TestOwn:
    def test_an_offer_begins_by_post_alone(self, donor):
        client = signed_in(donor)
        assert "Begin an offer" in shown(client, "/en/donations/offer/")
        assert not Offer.objects.exists()
        answer = client.post("/en/donations/offer/")
        assert answer["Location"] == step_url(Offer.objects.get(), "thing")
        assert Client().post("/en/donations/offer/")["Location"].startswith("/en/accounts/login/")

    @pytest.mark.parametrize("number", [1, 3])
    def test_the_own_list_asks_the_same_number_of_questions(self, number, donor, django_assert_num_queries):
        OfferFactory.create_batch(number, donor=donor)
        OfferFactory(title="Another’s")
        client = signed_in(donor)
        with django_assert_num_queries(4):
            page = shown(client, "/en/donations/offers/mine/")
        assert "Another’s" not in page

    def test_the_own_list_by_state(self, donor):
        OfferFactory(donor=donor, title="Still a draft", state="draft")
        OfferFactory(donor=donor, title="Out there")
        client = signed_in(donor)
        page = shown(client, "/en/donations/offers/mine/?state=draft")
        assert "Still a draft" in page
        assert "Out there" not in page
        assert client.get("/en/donations/offers/mine/?state=odd").status_code == 400

    @pytest.mark.parametrize("number", [1, 3])
    def test_the_own_page_asks_the_same_number_of_questions(self, number, donor, django_assert_num_queries):
        offer = OfferFactory(donor=donor, quantity=5)
        for _each in range(number):
            ApprovedMatchFactory(offer=offer)
            PhotoFactory(offer=offer)
        client = signed_in(donor)
        with django_assert_num_queries(9):
            shown(client, url(offer))

    def test_the_pages_of_sections_lead_from_one_to_the_next(self, donor):
        offer = OfferDraftFactory(donor=donor)
        client = signed_in(donor)
        assert "Check and hand in" in shown(client, url(offer))
        for name in SECTIONS:
            shown(client, step_url(offer, name))
        assert client.get(step_url(offer, "nonsense")).status_code == 404
        answer = client.post(step_url(offer, "extras"), {"version": 1, "spares": "Brushes"})
        assert answer["Location"] == step_url(offer, "photos")
        offer.refresh_from_db()
        assert offer.spares == "Brushes"

    def test_another_s_sections_are_nobody_s(self, stranger_focal_point):
        draft, public = OfferDraftFactory(), OfferFactory()
        client = signed_in(stranger_focal_point)
        assert client.get(step_url(draft, "thing")).status_code == 404
        assert client.post(step_url(draft, "thing"), {"version": 1, "title": "Mine"}).status_code == 404
        assert client.get(step_url(public, "thing")).status_code == 403
        for deed in ("hand-in", "give-back"):
            assert client.post(url(public, deed)).status_code == 403
        for deed in ("withdraw", "extend", "recall"):
            assert client.get(url(public, deed)).status_code == 403

    @pytest.mark.parametrize(
        ("section", "typed", "words"),
        [
            ("thing", {"title": "", "quantity": "1"}, "Say in a few words what it is."),
            ("thing", {"title": "Write to a@example.org", "quantity": "1"}, "Leave out e-mail addresses"),
            ("thing", {"title": "T", "quantity": "5000"}, "less than or equal to 1000"),
            ("thing", {"title": "T", "quantity": "1", "year": "1066"}, "greater than or equal to 1950"),
            ("condition", {"condition": "magic"}, "Select a valid choice"),
            ("condition", {"condition": "good", "feature_speed_rpm": "fast"}, "Enter a number."),
            ("condition", {"condition": "good", "last_used_on": "2999-01-01"}, "This day has not come yet."),
            ("test", {"decontaminated": "yes"}, "Say whether data are wiped from it."),
            ("condition", {"condition": "faulty"}, "Say which faults are known."),
            ("test", {"decontaminated": "no", "data_wiped": "yes"}, "It has to be decontaminated"),
            ("supply", {"weight_kg": "3", "needs_mains": "on"}, "Say for which voltages it is made"),
            ("extras", {"has_manuals": "on"}, "Say in which languages the manuals are."),
            ("rights", {"value_eur": "9", "running_eur": "0"}, "Confirm that you may give it away."),
            ("place", {"country": "FR", "city": "L", "pick_up": "x", "giving": "loan"}, "how many months you lend"),
            ("supply", {"weight_kg": "0"}, "greater than or equal to 0.01"),
            ("supply", {"weight_kg": "1e30"}, "less than or equal to 2000"),
            ("supply", {"weight_kg": "3", "voltage_low": "400", "voltage_high": "200"}, "below the lowest"),
            ("place", {"country": "FR", "city": "L", "pick_up": "x", "available_until": "2001-01-01"}, "has passed"),
            ("rights", {"value_eur": "", "running_eur": "0"}, "Say what it is worth today"),
        ],
    )
    def test_bad_input_is_answered_in_words_and_changes_nothing(self, section, typed, words, donor):
        offer = OfferDraftFactory(donor=donor, title="As it was")
        answer = signed_in(donor).post(step_url(offer, section), {"version": 1, **typed})
        assert answer.status_code == 400
        assert words in answer.content.decode()
        offer.refresh_from_db()
        assert (offer.title, offer.steps[section]["version"]) == ("As it was", 1)

    def test_what_is_to_be_finished_later_may_lack_what_other_answers_ask_for(self, donor):
        offer = OfferDraftFactory(donor=donor)
        typed = {"version": 1, "giving": "loan", "later": "1", "city": "Lyon"}
        assert signed_in(donor).post(step_url(offer, "place"), typed)["Location"] == url(offer)
        offer.refresh_from_db()
        assert (offer.giving, offer.loan_months, offer.is_done("place")) == ("loan", None, False)

    def test_typing_is_saved_without_what_cannot_be_understood(self, donor):
        offer = OfferDraftFactory(donor=donor)
        offer.features.create(feature="speed_rpm", value=4000)
        client = signed_in(donor)
        typed = {"version": 1, "voltage_low": "300", "weight_kg": "31", "needs_mains": "on"}
        answer = client.post(step_url(offer, "supply", "save"), typed | {"voltage_high": "abc"})
        assert (answer.status_code, answer.json()["version"]) == (200, 2)
        typed = {"version": 1, "condition": "good", "description": "Serviced", "feature_speed_rpm": "fast"}
        assert client.post(step_url(offer, "condition", "save"), typed).status_code == 200
        offer.refresh_from_db()
        assert (offer.weight_kg, offer.voltage_low, offer.voltage_high) == (31, 220, 240)
        assert (offer.description, offer.features.get().value) == ("Serviced", 4000)

    def test_what_can_be_compared_is_asked_by_category(self, donor):
        offer = OfferDraftFactory(donor=donor)
        client = signed_in(donor)
        page = shown(client, step_url(offer, "condition"))
        assert 'name="feature_speed_rpm"' in page
        assert 'name="feature_gel_cm"' not in page
        typed = {"version": 1, "condition": "good", "feature_speed_rpm": "4200", "feature_cooled": "on"}
        assert client.post(step_url(offer, "condition"), typed).status_code == 302
        assert dict(offer.features.values_list("feature", "value")) == {"speed_rpm": 4200, "cooled": None}

    def test_nobody_is_overwritten(self, donor):
        offer = OfferDraftFactory(donor=donor, spares="Theirs")
        answer = signed_in(donor).post(step_url(offer, "extras"), {"version": 0, "spares": "Mine"})
        assert answer.status_code == 409
        page = answer.content.decode()
        assert "Two of you wrote at once" in page
        assert "Theirs" in page
        assert "Mine" in page

    def test_it_is_checked_and_handed_in(self, donor):
        offer = OfferDraftFactory(donor=donor, tested_on=None)
        client = signed_in(donor)
        page = shown(client, url(offer, "check"))
        assert "counts as waste" in page
        assert "Hand in the offer" not in page
        assert client.post(url(offer, "hand-in")).status_code == 422
        Offer.objects.update(tested_on=TODAY)
        assert "Hand in the offer" in shown(client, url(offer, "check"))
        assert client.post(url(offer, "hand-in"))["Location"] == url(offer)
        assert client.post(url(offer, "hand-in"))["Location"] == url(offer)
        assert "Our staff are looking at it" in shown(client, url(offer))
        assert client.get(url(offer, "check")).status_code == 404

    def test_a_returned_one_says_what_to_change(self, donor):
        until = timezone.now() + timedelta(days=9)
        offer = OfferDraftFactory(donor=donor, state="returned", note="Which rotor?", answer_by=until)
        client = signed_in(donor)
        assert "Which rotor?" in shown(client, url(offer))
        assert "Hand in again" in shown(client, url(offer, "check"))

    def test_papers_are_the_donor_s_and_staff_s(self, donor, staff, stranger_focal_point):
        offer = OfferDraftFactory(donor=donor)
        client = signed_in(donor)
        odd = SimpleUploadedFile("test.pdf", b"not a pdf", content_type="application/pdf")
        answer = client.post(step_url(offer, "papers"), {"title": "Test", "file": odd})
        assert answer.status_code == 400
        assert "whatever its name says" in answer.content.decode()
        file = ContentFile(b"%PDF-1.4", name="a.pdf")
        paper = OfferPaper.objects.create(
            offer=offer, title="Test", name="a.pdf", size=8, sha256="0", content_type="application/pdf", file=file
        )
        for person, status in ((donor, 200), (staff, 200), (stranger_focal_point, 404), (UserFactory(), 404)):
            answer = signed_in(person).get(url(offer, "papers", paper.pk))
            assert answer.status_code == status
            if status == 200:
                assert b"".join(answer.streaming_content) == b"%PDF-1.4"
        assert signed_in(stranger_focal_point).post(url(offer, "papers", paper.pk, "remove")).status_code == 404
        assert client.post(url(offer, "papers", paper.pk, "remove")).status_code == 302
        assert not offer.papers.exists()

    def test_it_is_withdrawn_prolonged_recalled_and_given_back(self, donor):
        client = signed_in(donor)
        offer = OfferFactory(donor=donor)
        until = TODAY + timedelta(days=99)
        assert client.post(url(offer, "extend"), {"until": "2001-01-01"}).status_code == 422
        assert client.post(url(offer, "extend"), {"until": until.isoformat()}).status_code == 302
        assert "Withdraw this offer?" in shown(client, url(offer, "withdraw"))
        assert client.post(url(offer, "withdraw"), {"why": ""}).status_code == 302
        assert client.post(url(offer, "withdraw"), {"why": ""}).status_code == 422
        offer.refresh_from_db()
        assert (offer.state, offer.expires_on) == ("withdrawn", until)
        lent = OfferFactory(donor=donor, giving=Giving.LOAN, loan_months=6, state="handed_over")
        assert "Recall the loan" in shown(client, url(lent))
        assert client.post(url(lent, "recall"), {"why": ""}).status_code == 400
        assert client.post(url(lent, "recall"), {"why": "We need it."}).status_code == 302
        assert "It is with me again" in shown(client, url(lent))
        assert client.post(url(lent, "give-back")).status_code == 302
        lent.refresh_from_db()
        assert lent.state == "given_back"

    def test_a_get_does_no_deed(self, donor):
        offer = OfferDraftFactory(donor=donor)
        client = signed_in(donor)
        for deed in ("hand-in", "give-back"):
            assert client.get(url(offer, deed)).status_code == 405

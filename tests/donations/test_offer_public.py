"""Offers as everybody sees them: the list, one page, and what is nobody's business."""

import pytest
from django.test import Client

from donations.enums import Giving
from tests.factories.donations import (
    CategoryFactory,
    OfferFactory,
    PhotoFactory,
)

pytestmark = pytest.mark.django_db
SECRETS = ("Loading bay 2", "RN-40117", "EAR99", "dora.donor@example.org", "Dora Donor")


def signed_in(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def url(offer, *parts) -> str:
    return f"/en/donations/offers/{offer.ref}/" + "".join(f"{part}/" for part in parts)


def shown(client, address) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


class TestPublic:
    def test_what_can_be_had_is_listed_and_nothing_else(self):
        OfferFactory(title="To be had")
        for state in ("draft", "vetting", "returned", "refused", "expired", "withdrawn"):
            OfferFactory(title=f"Not shown {state}", state=state)
        page = shown(Client(), "/en/donations/offers/")
        assert "To be had" in page
        assert "Not shown" not in page

    def test_filters_leave_what_fits(self):
        OfferFactory(title="Spinner", country="FR")
        balances = CategoryFactory(slug="balances", name_en="Balances", name_fr="Balances")
        OfferFactory(title="Scales", category=balances, country="DE", giving=Giving.LOAN, loan_months=6)
        for query in ("category=balances", "country=DE", "giving=loan", "q=scal"):
            page = shown(Client(), f"/en/donations/offers/?{query}")
            assert "Scales" in page, query
            assert "Spinner" not in page, query
        assert "No offer fits" in shown(Client(), "/en/donations/offers/?q=zebra")

    @pytest.mark.parametrize("query", ["category=nope", "country=QQ", "giving=maybe", "q=" + "x" * 201])
    def test_nonsense_is_answered_400(self, query):
        OfferFactory()
        answer = Client().get(f"/en/donations/offers/?{query}")
        assert answer.status_code == 400
        assert "There is a problem" in answer.content.decode()

    def test_whoever_has_the_list_already_gets_304(self):
        OfferFactory()
        first = Client().get("/en/donations/offers/")
        again = Client().get("/en/donations/offers/", headers={"if-none-match": first["ETag"]})
        assert again.status_code == 304

    @pytest.mark.parametrize("number", [1, 3])
    def test_the_list_asks_the_same_number_of_questions(self, number, django_assert_num_queries):
        for offer in OfferFactory.create_batch(number):
            PhotoFactory(offer=offer)
        with django_assert_num_queries(5):
            shown(Client(), "/en/donations/offers/")

    def test_everybody_reads_the_offer_and_nobody_the_private_parts(self, donor, stranger_focal_point):
        offer = OfferFactory(donor=donor, serials="RN-40117", export_class="EAR99", title="Bench centrifuge")
        offer.features.create(feature="speed_rpm", value=4000)
        offer.papers.create(title="Secret paper", name="a.pdf", size=1, sha256="0", content_type="application/pdf")
        for client in (Client(), signed_in(stranger_focal_point)):
            page = shown(client, url(offer))
            assert "4000\u00a0rpm" in page
            assert "A private donor" in page
            assert not [secret for secret in (*SECRETS, "Secret paper") if secret in page]
        own = shown(signed_in(donor), url(offer))
        assert "Loading bay 2" in own
        assert "Secret paper" in own

    @pytest.mark.parametrize("state", ["draft", "vetting", "returned", "refused", "expired", "withdrawn"])
    def test_what_is_not_public_is_its_people_s_and_staff_s(self, state, donor, staff, stranger_focal_point):
        offer = OfferFactory(donor=donor, state=state)
        for person, status in ((donor, 200), (staff, 200), (stranger_focal_point, 404)):
            assert signed_in(person).get(url(offer)).status_code == status
        assert Client().get(url(offer)).status_code == 404

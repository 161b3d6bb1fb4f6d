"""What offers do by the clock, on dashboards and in the back office, and what people are written."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from donations.enums import Giving
from donations.tasks import settle_offers
from donations.waiting_offers import offers_waiting_for
from portal.core.waiting import written
from portal.notifications.kinds import KINDS
from portal.notifications.models import Notification
from portal.notifications.rendering import Renderer
from tests.factories.donations import OfferFactory

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def test_the_hourly_task_reminds_and_ends(donor):
    ending = OfferFactory(donor=donor, expires_on=NOW.date() + timedelta(days=20))
    over = OfferFactory(donor=donor, expires_on=NOW.date() - timedelta(days=1))
    settle_offers()
    settle_offers()
    over.refresh_from_db()
    ending.refresh_from_db()
    assert (over.state, ending.state) == ("expired", "vetted")
    assert sorted(Notification.objects.values_list("kind", flat=True)) == [
        "donations.offer_expired",
        "donations.offer_expiring",
    ]


def test_returned_offers_and_recalled_loans_wait_for_their_people(donor, stranger_focal_point):
    soon = NOW + timedelta(days=2)
    OfferFactory(donor=donor, state="returned", answer_by=soon, title="Balance")
    OfferFactory(donor=donor, state="recalled", giving=Giving.LOAN, loan_months=6, title="Microscope")
    OfferFactory(donor=donor)
    lines = written([offers_waiting_for(donor, NOW)])
    assert [(line.title, line.when, line.is_urgent) for line in lines] == [
        ("Offer to complete: Balance", soon, True),
        ("Is the loan back? Microscope", None, False),
    ]
    assert written([offers_waiting_for(stranger_focal_point, NOW)]) == []


@pytest.mark.parametrize("number", [1, 3])
def test_what_waits_is_asked_in_one_statement(number, donor, django_assert_num_queries):
    OfferFactory.create_batch(number, donor=donor, state="returned", answer_by=NOW)
    with django_assert_num_queries(1):
        assert len(written([offers_waiting_for(donor, NOW)])) == number


def test_admins_find_and_withdraw_offers(admin_user):
    offer = OfferFactory(title="Bench centrifuge", serials="RN-1")
    offer.features.create(feature="cooled")
    client = Client()
    client.force_login(admin_user)
    assert "Bench centrifuge" in client.get("/en/admin/donations/offer/?q=Bench").content.decode()
    assert client.get(f"/en/admin/donations/offer/{offer.pk}/change/").status_code == 200
    client.post("/en/admin/donations/offer/", {"action": "withdraw", "_selected_action": [offer.pk]})
    offer.refresh_from_db()
    assert offer.state == "withdrawn"


@pytest.mark.parametrize(
    ("kind", "state", "words"),
    [
        ("offer_received", "vetting", "Our staff look at it"),
        ("offer_expiring", "vetted", "/extend/"),
        ("offer_expired", "expired", "no laboratory had taken it"),
        ("offer_expired", "matched", "What is promised of it stays promised"),
        ("offer_withdrawn", "withdrawn", "The reason given: Sold & gone"),
        ("loan_recalled", "recalled", "The reason given: Sold & gone"),
        ("loan_given_back", "given_back", "with its donor again"),
    ],
)
def test_what_people_are_written(kind, state, words, donor):
    offer = OfferFactory(donor=donor, state=state, title="Bench <centrifuge>", giving="loan", loan_months=6)
    data = {"offer": offer.pk, "why": "Sold & gone"}
    row = Notification(kind=f"donations.{kind}", address=donor.email, language="en", time_zone="UTC", data=data)
    letter = Renderer().letter(KINDS[row.kind], row)
    assert "Bench <centrifuge>" in letter.subject
    assert words in letter.text
    assert "Bench &lt;centrifuge&gt;" in letter.html


@pytest.mark.parametrize(("kind", "state"), [("offer_received", "vetted"), ("offer_expiring", "matched")])
def test_what_has_changed_meanwhile_is_not_written(kind, state, donor):
    offer = OfferFactory(donor=donor, state=state)
    row = Notification(kind=f"donations.{kind}", address=donor.email, time_zone="UTC", data={"offer": offer.pk})
    assert Renderer().letter(KINDS[row.kind], row) is None

"""Many offers by file: trial, taking over once, what becomes of faulty rows."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from donations.actions import offer as actions
from donations.models import Batch, Offer
from portal.audit.actions import history_of
from portal.core.errors import Forbidden, Refused
from portal.notifications.models import Notification
from tests.donations.test_offer_csv import table
from tests.factories.donations import CategoryFactory, OfferFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def categories(db):
    CategoryFactory()
    CategoryFactory(slug="balances", name_en="Balances", name_fr="Balances")


@pytest.fixture
def batch(donor) -> Batch:
    """A complete row, one that lacks something, a faulty one."""
    text = table({}, {"tested_on": "", "title": "Untested"}, {"weight_kg": "heavy", "title": "Odd"})
    return actions.keep_batch("lyon.csv", text.encode(), organisation=None, by=donor)


def signed_in(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def sent(client: Client, content: bytes, **fields):
    file = SimpleUploadedFile("lyon.csv", content, content_type="text/csv")
    return client.post("/en/donations/offer/many/", {"file": file, **fields})


def test_a_trial_offers_nothing(batch):
    assert (batch.rows, batch.faulty, batch.done_at) == (3, 1, None)
    assert not Offer.objects.exists()


def test_the_good_rows_become_drafts(batch, donor):
    whole, part = actions.take_batch(batch, by=donor, hand_in=False)
    assert (whole.state, part.state, Offer.objects.count()) == ("draft", "draft", 2)
    assert (whole.donor, whole.batch, whole.category.slug) == (donor, batch, "centrifuges")
    assert whole.features.count() == 3
    assert whole.is_done("test")
    assert not part.is_done("test")
    assert history_of(whole).get().verb == "start"
    assert actions.hand_in_offer(whole, by=donor).state == "vetting"


def test_what_lacks_nothing_is_handed_in(batch, donor):
    whole, part = actions.take_batch(batch, by=donor, hand_in=True)
    assert (whole.state, part.state) == ("vetting", "draft")
    assert whole.submitted_at is not None
    assert [entry.verb for entry in history_of(whole)] == ["offer", "start"]
    notice = Notification.objects.get(kind="donations.batch_taken")
    assert (notice.address, notice.data["handed_in"]) == (donor.email, 1)


def test_a_file_is_taken_over_once(batch, donor):
    actions.take_batch(batch, by=donor, hand_in=False)
    with pytest.raises(Refused) as refused:
        actions.take_batch(batch, by=donor, hand_in=True)
    assert (refused.value.codes, Offer.objects.count()) == (["taken_already"], 2)


def test_a_file_without_a_good_row_is_not_taken_over(donor):
    batch = actions.keep_batch("x.csv", table({"year": "soon"}).encode(), organisation=None, by=donor)
    with pytest.raises(Refused) as refused:
        actions.take_batch(batch, by=donor, hand_in=False)
    assert refused.value.codes == ["no_good_row"]


def test_drafts_have_an_end(batch, donor, monkeypatch):
    monkeypatch.setattr("donations.actions.offer.draft.MOST_DRAFTS", 2)
    OfferFactory(donor=donor, state="draft")
    with pytest.raises(Refused) as refused:
        actions.take_batch(batch, by=donor, hand_in=False)
    assert refused.value.codes == ["too_many"]


def test_nobody_takes_another_s_file_over(batch, staff):
    with pytest.raises(Forbidden):
        actions.take_batch(batch, by=staff, hand_in=False)


def test_only_its_focal_points_send_a_file_in_an_organisation_s_name(donor, focal_point, institute):
    with pytest.raises(Forbidden):
        actions.keep_batch("x.csv", table({}).encode(), organisation=institute, by=donor)
    batch = actions.keep_batch("x.csv", table({}).encode(), organisation=institute, by=focal_point)
    (offer,) = actions.take_batch(batch, by=focal_point, hand_in=True)
    assert (offer.organisation, offer.state) == (institute, "vetting")


def test_a_deed_that_fails_at_its_end_leaves_nothing(batch, donor, monkeypatch):
    def broken(*args, **kwargs):
        raise IntegrityError("the outbox is full")

    monkeypatch.setattr("donations.actions.offer.batch.notify", broken)
    with pytest.raises(IntegrityError), transaction.atomic():
        actions.take_batch(batch, by=donor, hand_in=True)
    batch.refresh_from_db()
    assert (batch.done_at, Offer.objects.count()) == (None, 0)
    assert {entry.verb for entry in history_of(batch)} == {"keep"}


def test_files_are_forgotten_after_a_month_and_their_offers_stay(batch, donor):
    actions.take_batch(batch, by=donor, hand_in=False)
    assert actions.forget_batches(timezone.now() + timedelta(days=29)) == 0
    assert actions.forget_batches(timezone.now() + timedelta(days=31)) == 1
    assert Offer.objects.filter(batch=None).count() == 2


@pytest.mark.parametrize("rows", [1, 3])
def test_taking_over_asks_the_same_number_of_questions(rows, donor, django_assert_num_queries):
    batch = actions.keep_batch("x.csv", table(*[{}] * rows).encode(), organisation=None, by=donor)
    with django_assert_num_queries(12):
        actions.take_batch(batch, by=donor, hand_in=True)


def test_the_pages_from_template_to_offers(donor):
    client = signed_in(donor)
    template = b"".join(client.get("/en/donations/offer/many/template/").streaming_content)
    assert template.startswith("\ufeffcategory,title,maker".encode())
    answer = sent(client, template + table({"weight_kg": "heavy", "title": "=1+1"}).split("\n", 1)[1].encode())
    batch = Batch.objects.get()
    assert answer["Location"] == f"/en/donations/offer/many/{batch.pk}/"
    page = client.get(answer["Location"]).content.decode()
    assert "weight_kg: is a number from 0.01 to 2000" in page
    assert "Take over and hand in the complete one" in page
    faulty = b"".join(client.get(f"/en/donations/offer/many/{batch.pk}/faulty/").streaming_content).decode()
    assert ",'=1+1," in faulty
    assert client.post(f"/en/donations/offer/many/{batch.pk}/take/", {"hand_in": "1"}).status_code == 302
    assert Offer.objects.get().state == "vetting"
    again = client.post(f"/en/donations/offer/many/{batch.pk}/take/")
    assert (again.status_code, Offer.objects.count()) == (422, 1)
    assert "taken over already" in again.content.decode()


@pytest.mark.parametrize(
    ("content", "status", "words"),
    [
        (b"", 400, "This file is empty."),
        (b"maker\nx", 422, "these are missing: category, title"),
        (b"\xff\xfe\x00", 422, "not in UTF-8"),
        (b"x" * (1024 * 1024 + 1), 400, "up to 1 MB"),
    ],
)
def test_a_file_that_cannot_be_read_is_answered_in_words(content, status, words, donor):
    answer = sent(signed_in(donor), content)
    assert answer.status_code == status
    assert words in answer.content.decode()
    assert not Batch.objects.exists()


def test_another_s_file_is_nobody_s(batch, staff, stranger_focal_point):
    for person in (staff, stranger_focal_point):
        client = signed_in(person)
        assert client.get(f"/en/donations/offer/many/{batch.pk}/").status_code == 404
        assert client.get(f"/en/donations/offer/many/{batch.pk}/faulty/").status_code == 404
        assert client.post(f"/en/donations/offer/many/{batch.pk}/take/").status_code == 404
    assert Client().get(f"/en/donations/offer/many/{batch.pk}/").status_code == 302


def test_a_file_whose_columns_are_no_longer_ours_says_so(batch, donor):
    batch.content = "category,title,price\nbalances,One,3"
    batch.save()
    client = signed_in(donor)
    page = client.get(f"/en/donations/offer/many/{batch.pk}/")
    assert page.status_code == 200
    assert "These columns are not ours: price." in page.content.decode()
    assert client.post(f"/en/donations/offer/many/{batch.pk}/take/").status_code == 422
    assert client.get(f"/en/donations/offer/many/{batch.pk}/faulty/").status_code == 200

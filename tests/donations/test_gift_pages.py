"""Pages of what became of gifts: the link that asks, the donor's page, the organisation's and the desk's."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from donations.actions.follow_up import ask_due
from donations.enums import FollowUpState
from donations.models import FollowUp, Offer
from donations.waiting import waiting_for
from portal.core.waiting import written
from tests.factories.donations import AcceptedMatchFactory, FollowUpFactory, OfferFactory, PledgeFactory
from tests.support.uploads import picture

pytestmark = pytest.mark.django_db
TYPED = {"in_use": "daily", "people": "40", "women": "22", "words": "Every student spins their own sample."}


@pytest.fixture(autouse=True)
def _no_tries_counted():
    cache.clear()


@pytest.fixture
def gift(focal_point, institute, donor):
    return AcceptedMatchFactory(
        state="completed", completed_at=timezone.now(), need__asked_by=focal_point, need__organisation=institute,
        offer__donor=donor, offer__title="Bench centrifuge",
    )  # fmt: skip


@pytest.fixture
def asked(gift):
    row = FollowUpFactory(match=gift)
    ask_due(timezone.now())
    row.refresh_from_db()
    return row


def answered(match, months=3, **fields):
    said = {"state": "answered", "answered_at": timezone.now(), "in_use": "daily", "people": 40, "women": 22}
    return FollowUpFactory(match=match, months=months, **said | fields)


def test_a_look_at_the_link_changes_nothing(client, asked):
    answer = client.get(asked.get_absolute_url())
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Bench centrifuge" in page
    assert "A private donor" in page
    assert asked.match.offer.donor.email not in page
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    assert answer["Referrer-Policy"] == "strict-origin"
    assert "no-store" in answer["Cache-Control"]
    asked.refresh_from_db()
    assert asked.state == FollowUpState.ASKED


def test_a_visitor_with_the_link_answers_once(client, asked):
    answer = client.post(asked.get_absolute_url(), TYPED)
    assert (answer.status_code, answer["Location"]) == (302, asked.get_absolute_url())
    assert "Every student spins" in client.get(asked.get_absolute_url()).content.decode()
    again = client.post(asked.get_absolute_url(), TYPED | {"in_use": "broken"})
    assert again.status_code == 409
    assert "In use, most days" in again.content.decode()
    asked.refresh_from_db()
    assert (asked.in_use, asked.answered_by) == ("daily", None)


def test_who_is_signed_in_answers_by_name(client, asked, focal_point):
    client.force_login(focal_point)
    client.post(asked.get_absolute_url(), TYPED | {"may_become_story": "on"})
    asked.refresh_from_db()
    assert asked.answered_by == focal_point
    assert "may tell" in asked.consent


@pytest.mark.parametrize(
    "wrong",
    [{"in_use": ""}, {"in_use": "often"}, {"people": "-1"}, {"people": "1e9"}, {"women": "41"}, {"words": "x" * 2001}],
)
def test_bad_input_is_said_and_nothing_kept(client, asked, wrong):
    answer = client.post(asked.get_absolute_url(), TYPED | wrong)
    assert answer.status_code == 400
    assert "There is a problem" in answer.content.decode()
    asked.refresh_from_db()
    assert asked.state == FollowUpState.ASKED


@pytest.mark.parametrize("token", ["x", "A" * 43, "%00" * 43, "A" * 44])
def test_another_link_opens_nothing(client, asked, token):
    assert client.get(f"/en/donations/follow-up/{token}/").status_code == 404


def test_guessing_is_slowed_and_looking_is_not(client, asked):
    statuses = {client.get(f"/en/donations/follow-up/{'A' * 43}/").status_code for _time in range(31)}
    assert statuses == {404, 429}
    assert client.get(asked.get_absolute_url()).status_code == 200
    assert client.post(asked.get_absolute_url(), TYPED).status_code == 429


def test_a_gift_nobody_needs_becomes_an_offer_after_signing_in(client, asked, focal_point):
    client.post(asked.get_absolute_url(), {"in_use": "unused", "help": "pass_on"})
    door = reverse("follow_ups:pass_on", args=[asked.token])
    assert "/accounts/" in client.post(door)["Location"]
    client.force_login(focal_point)
    assert client.get(door)["Location"] == asked.get_absolute_url()
    answer = client.post(door)
    made = Offer.objects.get(passed_on_from=asked.match)
    assert answer["Location"] == made.get_absolute_url()
    assert client.get(made.get_absolute_url()).status_code == 200


def test_a_stranger_passes_nothing_on(client, asked, stranger_researcher):
    client.post(asked.get_absolute_url(), {"in_use": "unused"})
    client.force_login(stranger_researcher)
    assert client.post(reverse("follow_ups:pass_on", args=[asked.token])).status_code == 403
    assert not Offer.objects.filter(passed_on_from=asked.match).exists()


def test_the_donor_reads_what_the_gift_does(client, gift, donor):
    answered(gift, words="Two theses so far.")
    FollowUpFactory(match=gift, months=6, due_on=timezone.localdate() + timedelta(days=90))
    OfferFactory(donor=donor, title="Not given yet")
    client.force_login(donor)
    page = client.get(reverse("donations:given")).content.decode()
    for words in ("Bench centrifuge", "Accepted by both sides", "40 people, 22 of them women", "Two theses so far."):
        assert words in page
    assert "will be asked" in page
    assert "Not given yet" not in page
    assert gift.need.deliver_to not in page


def test_gifts_of_others_are_not_mine(client, gift, stranger_researcher, focal_point):
    for person in (stranger_researcher, focal_point):
        client.force_login(person)
        assert "Bench centrifuge" not in client.get(reverse("donations:given")).content.decode()


@pytest.mark.parametrize("number", [1, 3])
def test_the_donor_s_page_asks_the_same_for_one_and_for_three(client, donor, number, django_assert_num_queries):
    for _time in range(number):
        match = AcceptedMatchFactory(state="completed", completed_at=timezone.now(), offer__donor=donor)
        answered(match)
        answered(match, months=6)
    client.force_login(donor)
    client.get(reverse("donations:given"))
    with django_assert_num_queries(9):
        client.get(reverse("donations:given"))


def test_everybody_reads_what_an_organisation_uses(client, gift, institute):
    idle = AcceptedMatchFactory(
        state="completed", completed_at=timezone.now(), need__organisation=institute, offer__title="Old oven",
    )  # fmt: skip
    coming = AcceptedMatchFactory(need__organisation=institute, offer__title="A scale on its way")
    answered(gift)
    answered(idle, in_use="broken", people=None, women=None, words="It smokes.")
    page = client.get(reverse("gifts:organisation", args=[institute.slug])).content.decode()
    assert "In use, most days" in page
    assert "A private donor" in page
    for hidden in ("does not work", "It smokes.", gift.offer.donor.name, coming.offer.title, gift.get_absolute_url()):
        assert hidden not in page


def test_its_people_read_everything(client, gift, asked, institute, focal_point):
    coming = AcceptedMatchFactory(need__organisation=institute, offer__title="A scale on its way")
    client.force_login(focal_point)
    page = client.get(reverse("gifts:organisation", args=[institute.slug])).content.decode()
    assert asked.get_absolute_url() in page
    assert coming.offer.title in page


@pytest.mark.parametrize("number", [1, 3])
def test_the_organisation_s_page_asks_the_same(client, institute, number, django_assert_num_queries):
    for _time in range(number):
        match = AcceptedMatchFactory(state="completed", completed_at=timezone.now(), need__organisation=institute)
        answered(match)
    url = reverse("gifts:organisation", args=[institute.slug])
    client.get(url)
    with django_assert_num_queries(8):
        client.get(url)


def test_staff_see_to_what_stands_idle(client, asked, staff):
    client.post(asked.get_absolute_url(), {"in_use": "broken", "help": "repair", "words": "The lid."})
    client.force_login(staff)
    url = reverse("desk_donations:follow_up", args=[asked.pk])
    assert url in client.get(reverse("desk_donations:follow_ups")).content.decode()
    assert "The lid." in client.get(url).content.decode()
    assert client.post(url, {"words": " "}).status_code == 400
    assert client.post(url, {"words": "A technician comes."})["Location"] == url
    assert client.post(url, {"words": "Again."}).status_code == 422
    assert url not in client.get(reverse("desk_donations:follow_ups")).content.decode()


@pytest.mark.parametrize("number", [1, 3])
def test_the_desk_s_list_asks_the_same(client, staff, number, django_assert_num_queries):
    for _time in range(number):
        FollowUpFactory(match=AcceptedMatchFactory(), state="silent")
    client.force_login(staff)
    client.get(reverse("desk_donations:follow_ups"))
    with django_assert_num_queries(4):
        client.get(reverse("desk_donations:follow_ups"))


def test_what_waits_for_whom(asked, focal_point, donor, staff):
    PledgeFactory()
    assert [line.url for line in written(waiting_for(focal_point))] == [asked.get_absolute_url()]
    assert written(waiting_for(donor)) == []
    FollowUp.objects.filter(pk=asked.pk).update(state="silent")
    lines = [line.url for line in written(waiting_for(staff))]
    assert reverse("desk_donations:follow_up", args=[asked.pk]) in lines
    assert f"{reverse('desk_donations:board', args=['pledges'])}?state=declared" in lines


def test_a_picture_comes_after_the_answer_and_only_both_sides_see_it(client, asked, donor, stranger_researcher):
    door = reverse("follow_ups:photo", args=[asked.token])
    assert client.get(door)["Location"] == asked.get_absolute_url()
    client.post(asked.get_absolute_url(), TYPED)
    assert client.get(door).status_code == 200
    sent = SimpleUploadedFile("bench.png", picture(), "image/png")
    assert client.post(door, {"file": sent, "alt": ""}).status_code == 400
    sent.seek(0)
    assert client.post(door, {"file": sent, "alt": "The bench with six rotors"}).status_code == 302
    kept = asked.photos.get()
    assert (kept.by, kept.alt) == (None, "The bench with six rotors")
    shown = reverse("donations:photo", args=[kept.pk, "small"])
    assert shown not in client.get(asked.get_absolute_url()).content.decode()
    client.force_login(stranger_researcher)
    assert client.get(shown).status_code == 404
    client.force_login(donor)
    assert shown in client.get(reverse("donations:given")).content.decode()
    answer = client.get(shown)
    assert answer.status_code == 200
    answer.close()

"""Matches on pages and in the API: who sees them, and what they press."""

import pytest
from django.urls import reverse

from donations.actions.matching import run_matching
from donations.enums import MatchState
from donations.models import Match
from tests.factories.accounts import MembershipFactory
from tests.factories.donations import ApprovedMatchFactory, MatchFactory, NeedFactory, OfferFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def sign_in(client):
    def sign(user):
        client.force_login(user)
        return client

    return sign


def page_of(match: Match) -> str:
    return f"/en/donations/matches/{match.ref}/"


def test_each_side_is_asked_on_its_own_page(sign_in, staff):
    match = ApprovedMatchFactory()
    seen = sign_in(match.need.asked_by).get(page_of(match)).content.decode()
    assert "Yes, we take it" in seen
    assert "Yes, I give it" not in seen
    seen = sign_in(match.offer.donor).get(page_of(match)).content.decode()
    assert "Yes, I give it" in seen
    assert match.offer.pick_up not in seen
    seen = sign_in(staff).get(page_of(match)).content.decode()
    assert "Yes, " not in seen
    assert "Give the match up" in seen


def test_yes_by_both_on_the_page(sign_in):
    match = ApprovedMatchFactory()
    for side, person in (("need", match.need.asked_by), ("offer", match.offer.donor)):
        answer = sign_in(person).post(page_of(match) + f"{side}/accept/")
        assert answer.status_code == 302
    match.refresh_from_db()
    assert match.state == MatchState.ACCEPTED


def test_a_no_needs_a_reason(sign_in):
    match = ApprovedMatchFactory()
    client = sign_in(match.offer.donor)
    assert client.post(page_of(match) + "offer/refuse/", {"why": " "}).status_code == 400
    assert client.post(page_of(match) + "offer/refuse/", {"why": "It broke."}).status_code == 302
    match.refresh_from_db()
    assert (match.state, match.why) == (MatchState.REFUSED, "It broke.")
    assert client.post(page_of(match) + "offer/accept/").status_code == 422


def test_a_get_accepts_nothing(sign_in):
    match = ApprovedMatchFactory()
    assert sign_in(match.need.asked_by).get(page_of(match) + "need/accept/").status_code == 405


def test_strangers_find_nothing(client, stranger_focal_point):
    match = ApprovedMatchFactory()
    assert client.get(page_of(match)).status_code == 302
    client.force_login(stranger_focal_point)
    for part in ("", "need/accept/", "offer/refuse/"):
        assert client.post(page_of(match) + part).status_code in (404, 405)


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_takes_the_same_statements_however_long(sign_in, focal_point, django_assert_num_queries, number):
    for _ in range(number):
        ApprovedMatchFactory(need__asked_by=focal_point)
    client = sign_in(focal_point)
    with django_assert_num_queries(4):
        assert client.get("/en/donations/matches/").status_code == 200


def test_staff_find_a_pair_in_the_newest_run_and_propose_it(sign_in, staff):
    need, offer = NeedFactory(), OfferFactory()
    run_matching(by=staff)
    client = sign_in(staff)
    seen = client.get(reverse("desk_donations:matching")).content.decode()
    assert need.title in seen
    assert offer.title in seen
    answer = client.post(reverse("desk_donations:propose", args=[need.ref]), {"offer": offer.ref, "quantity": 1})
    match = Match.objects.get()
    assert answer["Location"] == match.get_absolute_url()
    assert client.post(page_of(match) + "approve/").status_code == 302
    seen = client.get(reverse("desk_donations:matching")).content.decode()
    assert "no longer open" in seen


def test_what_is_in_the_way_is_said_and_a_reason_goes_around_it(sign_in, staff):
    need, offer = NeedFactory(accepts_loan=False), OfferFactory(giving="loan", loan_months=12)
    client, address = sign_in(staff), reverse("desk_donations:propose", args=[need.ref])
    answer = client.post(address, {"offer": offer.ref, "quantity": 1})
    assert answer.status_code == 422
    assert "loan" in answer.content.decode()
    typed = {"offer": offer.ref, "quantity": 1, "override_why": "They agreed on the phone."}
    assert client.post(address, typed).status_code == 302
    assert client.post(address, typed | {"quantity": "many"}).status_code == 400


def test_asking_for_a_run_leaves_a_row_for_the_worker(sign_in, staff, donor):
    address = reverse("desk_donations:run")
    assert sign_in(donor).post(address).status_code == 403
    client = sign_in(staff)
    assert client.post(address).status_code == 302
    assert "A worker is looking" in client.get(reverse("desk_donations:matching")).content.decode()


def test_a_program_answers_for_the_side_it_speaks_for(sign_in):
    match = ApprovedMatchFactory()
    client, address = sign_in(match.offer.donor), f"/api/v1/donations/matches/{match.ref}/"
    assert client.get(address).json()["state"] == "approved"
    other = client.post(f"{address}accept/", {"side": "need"}, content_type="application/json")
    assert other.status_code == 403
    said = client.post(f"{address}accept/", {}, content_type="application/json").json()
    assert said["offer_accepted_at"]
    assert said["need_accepted_at"] is None


def test_a_program_tells_the_score_to_staff_alone_as_the_page_does(sign_in, staff):
    match = ApprovedMatchFactory(score=731, parts={"fit": 250})
    told = {}
    for person in (match.offer.donor, match.need.asked_by, staff):
        client = sign_in(person)
        told[person] = client.get(f"/api/v1/donations/matches/{match.ref}/").json()["score"]
        assert ("731" in client.get(page_of(match)).content.decode()) == (person == staff)
    assert list(told.values()) == [None, None, 731]


def test_who_speaks_for_both_sides_says_for_which(sign_in):
    match = ApprovedMatchFactory()
    MembershipFactory(user=match.offer.donor, organisation=match.need.organisation, role="focal_point")
    client, address = sign_in(match.offer.donor), f"/api/v1/donations/matches/{match.ref}/refuse/"
    answer = client.post(address, {"why": "No."}, content_type="application/json")
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["code"] == "which_side"
    answer = client.post(address, {"why": "No.", "side": "offer"}, content_type="application/json")
    assert answer.json()["state"] == "refused"


def test_a_proposal_is_nobody_s_business_but_staff_s(sign_in, staff):
    match = MatchFactory()
    assert sign_in(match.offer.donor).get(page_of(match)).status_code == 404
    assert sign_in(staff).get(page_of(match)).status_code == 200

"""Pages of needs: begun, written section by section, checked, handed in, read by all without anybody's address."""

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from donations.models import Need
from donations.need_steps import STEPS
from tests.factories.calls import AwardFactory
from tests.factories.donations import (
    ApprovedMatchFactory,
    CategoryFactory,
    NeedDraftFactory,
    NeedFactory,
    OfferFactory,
    PhotoFactory,
)

pytestmark = pytest.mark.django_db
SECRETS = ["Stores, Building 4", "The purchasing office", "Teaching of biochemistry", "Faculty of Science"]


def signed_in(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def page(focal_point) -> Client:
    return signed_in(focal_point)


@pytest.fixture
def need(focal_point, institute) -> Need:
    """A finished draft."""
    return NeedDraftFactory(asked_by=focal_point, organisation=institute)


def url(need, *parts) -> str:
    return f"/en/donations/need/{need.ref}/" + "".join(f"{part}/" for part in parts)


def seen(answer) -> str:
    return answer.content.decode()


class TestBeginning:
    def test_a_get_begins_nothing_and_a_post_one(self, page, institute):
        assert "Begin" in seen(page.get("/en/donations/need/"))
        assert not Need.objects.exists()
        answer = page.post("/en/donations/need/", {"organisation": institute.pk})
        assert (answer.status_code, answer["Location"]) == (302, Need.objects.get().get_absolute_url())

    def test_the_task_list_says_how_far_each_section_is(self, page, need):
        need.steps = {"what": {"version": 1, "done": True}, "place": {"version": 1}}
        need.end_use = need.end_user = need.customs_contact = need.deliver_to = need.title = ""
        need.save()
        lines = seen(page.get(need.get_absolute_url())).split('<ol class="tasks">')[1].split("<li>")[1:8]
        words = ["In progress", "Filled in for you", "Optional", "In progress", "Filled in", "Not started", "Optional"]
        for line, word in zip(lines, words, strict=True):
            assert word in line

    def test_who_leads_nothing_is_told_who_does(self, researcher, institute):
        client = signed_in(researcher)
        assert "You are not a focal point yet" in seen(client.get("/en/donations/need/"))
        assert client.post("/en/donations/need/", {"organisation": institute.pk}).status_code == 400
        assert not Need.objects.exists()

    def test_the_holder_of_an_award_begins_its_need(self, researcher, institute):
        award = AwardFactory(kind="need", holder=researcher, organisation=institute, title="A centrifuge")
        client = signed_in(researcher)
        address = f"/en/donations/need/?award={award.ref}"
        assert "From your award “A centrifuge”." in seen(client.get(address))
        assert client.post(address, {"organisation": institute.pk}).status_code == 302
        assert Need.objects.get().award == award

    def test_somebody_else_s_award_is_not_there(self, page):
        assert page.get(f"/en/donations/need/?award={AwardFactory(kind='need').ref}").status_code == 404

    def test_visitors_are_asked_to_sign_in(self):
        assert Client().get("/en/donations/need/").status_code == 302


class TestSections:
    @pytest.mark.parametrize("step", [step.name for step in STEPS])
    def test_each_opens(self, step, page, need):
        assert page.get(url(need, step)).status_code == 200

    def test_one_leads_to_the_next(self, page, institute, focal_point):
        need = NeedDraftFactory(asked_by=focal_point, organisation=institute, steps={})
        typed = {"version": 0, "category": CategoryFactory().pk, "title": "Two centrifuges", "quantity": 2}
        answer = page.post(url(need, "what"), typed)
        assert answer["Location"] == url(need, "why")
        need.refresh_from_db()
        assert (need.title, need.quantity, need.is_done("what"), need.accepts_used) == (
            "Two centrifuges",
            2,
            True,
            False,
        )

    @pytest.mark.parametrize(
        ("step", "typed", "sentence"),
        [
            ("what", {"quantity": 1001}, "less than or equal to 1000"),
            ("what", {"quantity": 0}, "greater than or equal to 1"),
            ("what", {"title": "Call me: amina@example.org"}, "Leave out e-mail addresses"),
            ("why", {"people": 5, "women": 6}, "There cannot be more women than people."),
            ("why", {"people": ""}, "how many people would use it"),
            ("place", {"voltage": 12}, "greater than or equal to 90"),
            ("place", {"plugs": ["Z"]}, "Select a valid choice"),
            ("must", {"least_speed_rpm": 5, "most_speed_rpm": 4}, "less than the number before it"),
            ("must", {"least_speed_rpm": "10000000000000"}, "digit"),
            ("keeping", {"budget_eur": -1}, "greater than or equal to 0"),
            ("delivery", {"customs": "none"}, "Select a valid choice"),
        ],
    )
    def test_what_makes_no_sense_is_said_and_nothing_is_saved(self, step, typed, sentence, page, need):
        before = Need.objects.filter(pk=need.pk).values().get()
        answer = page.post(url(need, step), {"version": 1} | typed)
        assert answer.status_code == 400
        assert sentence in seen(answer)
        assert Need.objects.filter(pk=need.pk).values().get() == before

    def test_what_it_must_do_is_compared_feature_by_feature(self, page, need):
        typed = {"version": 1, "least_speed_rpm": "4000.5", "must_cooled": "nice", "must_words": "Be quiet"}
        assert page.post(url(need, "must"), typed).status_code == 302
        rows = {row.feature: (row.least, row.is_must) for row in need.requirements.all()}
        assert rows == {"speed_rpm": (pytest.approx(4000.5), True), "cooled": (None, False)}
        assert 'value="4000.5"' in seen(page.get(url(need, "must")))
        shown = seen(page.get(url(need, "check")))
        assert "Speed: at least 4000.5 rpm" in shown
        assert "Cooled" in shown

    def test_it_is_saved_as_one_types(self, page, need):
        answer = page.post(url(need, "why", "save"), {"version": 1, "why": "Blood", "people": "many", "women": "3"})
        assert json.loads(answer.content)["version"] == 2
        assert "Enter a whole number." in json.loads(answer.content)["message"]
        need.refresh_from_db()
        assert (need.why, need.people, need.women, need.is_done("why")) == ("Blood", 120, 60, True)

    def test_women_alone_are_not_saved(self, page, need):
        Need.objects.filter(pk=need.pk).update(people=None, women=None)
        assert page.post(url(need, "why", "save"), {"version": 1, "women": "3"}).status_code == 200
        need.refresh_from_db()
        assert (need.people, need.women) == (None, None)

    def test_two_who_write_at_once_see_both_texts(self, page, need, staff):
        signed_in(staff).post(
            url(need, "keeping"), {"version": 1, "run_by": "Theirs", "maintained_by": "W", "budget_eur": 3}
        )
        typed = {"version": 1, "run_by": "Mine", "maintained_by": "W", "budget_eur": 3}
        answer = page.post(url(need, "keeping"), typed)
        assert answer.status_code == 409
        assert "Sam Staff saved this section" in seen(answer)
        assert "Stored: Who will run it" in seen(answer)
        assert "Theirs" in seen(answer)
        assert "Stored: Budget" not in seen(answer)
        assert page.post(url(need, "keeping"), typed | {"version": 2}).status_code == 302
        need.refresh_from_db()
        assert need.run_by == "Mine"

    def test_a_section_that_does_not_exist_is_not_found(self, page, need):
        assert page.get(url(need, "secrets")).status_code == 404

    def test_strangers_and_visitors_find_nothing(self, need, stranger_focal_point):
        assert signed_in(stranger_focal_point).get(url(need, "what")).status_code == 404
        assert Client().get(url(need, "what")).status_code == 302


class TestHandingIn:
    def test_a_finished_one_is_handed_in(self, page, need):
        assert "Hand in the need" in seen(page.get(url(need, "check")))
        answer = page.post(url(need, "hand-in"))
        assert answer["Location"] == need.get_absolute_url()
        assert "Our staff look at it now" in seen(page.get(need.get_absolute_url()))

    def test_what_is_missing_leads_to_its_section(self, page, need):
        Need.objects.filter(pk=need.pk).update(title="")
        answer = page.post(url(need, "hand-in"))
        assert answer.status_code == 422
        assert "What you need: still to say: title." in seen(answer)
        assert f'href="{url(need, "what")}?check=1"' in seen(answer)

    def test_what_has_no_plug_needs_no_mains(self, page, need):
        Need.objects.filter(pk=need.pk).update(voltage=None, frequency=None, plugs=[])
        assert "the plugs of your mains" in seen(page.post(url(need, "hand-in")))
        assert page.post(url(need, "place"), {"version": 1, "room_words": "Bench"}).status_code == 400
        Need.objects.filter(pk=need.pk).update(category=CategoryFactory(slug="pipettes", name_en="Pipettes"))
        assert page.post(url(need, "place"), {"version": 1, "room_words": "Bench"}).status_code == 302
        assert page.post(url(need, "hand-in")).status_code == 302

    def test_nothing_can_be_written_afterwards(self, page, need):
        page.post(url(need, "hand-in"))
        assert page.get(url(need, "what")).status_code == 403

    def test_what_staff_asked_is_read_on_every_page(self, page, need):
        day = timezone.now() + timedelta(days=3)
        Need.objects.filter(pk=need.pk).update(state="returned", note="Which rotor?", answer_by=day)
        for address in (need.get_absolute_url(), url(need, "what"), url(need, "photos")):
            assert "Which rotor?" in seen(page.get(address))
        page.post(url(need, "hand-in"))
        need.refresh_from_db()
        assert need.state == "submitted"

    def test_strangers_hand_nothing_in(self, need, stranger_focal_point):
        assert signed_in(stranger_focal_point).post(url(need, "hand-in")).status_code == 404


class TestAfterwards:
    def test_withdraw_renew_and_copy(self, page, focal_point, institute):
        near = timezone.now().date() + timedelta(days=9)
        need = NeedFactory(asked_by=focal_point, organisation=institute, expires_on=near)
        at = need.get_absolute_url()
        assert page.post(f"{at}renew/").status_code == 302
        need.refresh_from_db()
        assert need.expires_on > near
        made = page.post(f"{at}copy/")["Location"]
        assert "Filled in for you, to be checked" in seen(page.get(made))
        assert "Withdraw this need?" in seen(page.get(f"{at}withdraw/"))
        assert page.post(f"{at}withdraw/", {"why": "We bought one."}).status_code == 302
        need.refresh_from_db()
        assert need.state == "withdrawn"
        assert page.post(f"{at}withdraw/", {}).status_code == 422

    def test_strangers_do_none_of_it(self, stranger_focal_point):
        need = NeedFactory()
        client = signed_in(stranger_focal_point)
        for deed in ("withdraw", "renew", "copy"):
            assert client.post(f"{need.get_absolute_url()}{deed}/").status_code == 403
        need.refresh_from_db()
        assert need.state == "open"

    def test_a_refusal_is_read_by_its_people_alone(self, page, focal_point, stranger_focal_point):
        need = NeedFactory(asked_by=focal_point, state="refused", note="A laser is beyond us.")
        assert "A laser is beyond us." in seen(page.get(need.get_absolute_url()))
        assert signed_in(stranger_focal_point).get(need.get_absolute_url()).status_code == 404
        assert Client().get(need.get_absolute_url()).status_code == 404

    def test_matches_are_on_the_own_page(self, page, focal_point):
        match = ApprovedMatchFactory(need__asked_by=focal_point)
        assert match.get_absolute_url() in seen(page.get(match.need.get_absolute_url()))


class TestInPublic:
    def test_everybody_reads_what_a_donor_has_to_know(self, stranger_focal_point):
        need = NeedFactory(end_use=SECRETS[2], end_user=SECRETS[3])
        need.requirements.create(feature="cooled")
        for client in (Client(), signed_in(stranger_focal_point)):
            shown = seen(client.get(need.get_absolute_url()))
            for words in ("Every second-year student", "230\xa0V", "Two technicians", "Cooled", "1 of 1 still wanted"):
                assert words in shown
            for secret in [*SECRETS, need.asked_by.name, need.asked_by.email]:
                assert secret not in shown

    @pytest.mark.parametrize("state", ["draft", "submitted", "returned", "refused", "expired", "withdrawn"])
    def test_what_is_not_open_is_not_there(self, state):
        need = NeedFactory(state=state)
        assert Client().get(need.get_absolute_url()).status_code == 404
        assert need.title not in seen(Client().get("/en/donations/needs/"))

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("", {"Spinner", "Balance"}),
            ("category=balances", {"Balance"}),
            ("country=SN", {"Spinner"}),
            ("purpose=research", {"Spinner"}),
            ("q=balanc", {"Balance"}),
            ("q=coastal", {"Spinner"}),
            ("q=nothing", set()),
            ("country=IS", set()),
        ],
    )
    def test_it_is_filtered(self, query, found, elsewhere):
        NeedFactory(title="Spinner", organisation=elsewhere, purpose="both")
        NeedFactory(
            title="Balance", category=CategoryFactory(slug="balances", name_en="Balances"), must_words="Be fine"
        )
        shown = seen(Client().get(f"/en/donations/needs/?{query}"))
        assert {title for title in ("Spinner", "Balance") if f">{title}<" in shown} == found

    @pytest.mark.parametrize("query", ["category=rockets", "purpose=fun", "country=QQ", "q=" + "x" * 201])
    def test_nonsense_is_answered_400(self, query):
        answer = Client().get(f"/en/donations/needs/?{query}")
        assert (answer.status_code, "There is a problem" in seen(answer)) == (400, True)

    @pytest.mark.parametrize("number", [1, 3])
    def test_the_list_asks_the_same_number_of_questions(self, number, django_assert_num_queries):
        for need in NeedFactory.create_batch(number):
            PhotoFactory(need=need)
        with django_assert_num_queries(5):
            assert Client().get("/en/donations/needs/").status_code == 200

    @pytest.mark.parametrize("number", [1, 3])
    def test_the_own_list_asks_the_same_number_of_questions(self, number, page, focal_point, django_assert_num_queries):
        NeedFactory.create_batch(number, asked_by=focal_point)
        page.get("/en/donations/needs/own/")
        with django_assert_num_queries(4):
            assert page.get("/en/donations/needs/own/").status_code == 200

    @pytest.mark.parametrize("number", [1, 3])
    def test_the_first_page_asks_the_same_number_of_questions(self, number, django_assert_num_queries):
        NeedFactory.create_batch(number)
        OfferFactory.create_batch(number)
        with django_assert_num_queries(5):
            shown = seen(Client().get("/en/donations/"))
        assert "Idle here, needed there" in shown

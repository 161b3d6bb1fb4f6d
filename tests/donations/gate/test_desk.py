"""The desk's pages of equipment: boards, one need or offer at the gate, tables to keep, the work list."""

import csv
import io
import re
import zipfile
from datetime import timedelta

import pytest
from django.utils import timezone

from donations.enums import NeedState, OfferState
from donations.waiting_gate import gate_waiting_for
from portal.core.waiting import written
from tests.donations.gate.passing import NEW, in_days, passed, submitted, told, vetting
from tests.factories.accounts import OrganisationFactory
from tests.factories.donations import (
    AcceptedMatchFactory,
    CategoryFactory,
    FollowUpFactory,
    MatchFactory,
    NeedFactory,
    OfferFactory,
    PledgeFactory,
    ShipmentFactory,
)

pytestmark = pytest.mark.django_db
DESK = "/en/desk/donations/"


@pytest.fixture
def desk(client, staff):
    client.force_login(staff)
    return client


def page(client, path, status=200):
    response = client.get(path)
    assert response.status_code == status
    return response.content.decode()


def table(response):
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


class TestBoards:
    def test_the_longest_in_a_state_comes_first(self, desk):
        for title, days in (("Third", 2), ("First", 30), ("Second", 9)):
            submitted(title=title, submitted_at=in_days(-days))
        response = desk.get(f"{DESK}needs/")
        state, number, lines = response.context["columns"][0]
        assert (state, number) == (NeedState.SUBMITTED, 3)
        assert [(line["what"], line["days"]) for line in lines] == [
            ("First", "30\N{NO-BREAK SPACE}days"),
            ("Second", "9\N{NO-BREAK SPACE}days"),
            ("Third", "2\N{NO-BREAK SPACE}days"),
        ]

    def test_a_column_shows_six_and_leads_to_all(self, desk):
        for _ in range(8):
            submitted()
        response = desk.get(f"{DESK}needs/")
        assert [len(lines) for _state, _number, lines in response.context["columns"]] == [6, 0, 0, 0]
        assert 'href="?state=submitted"' in response.content.decode()
        assert len(desk.get(f"{DESK}needs/?state=submitted").context["lines"]) == 8

    def test_a_state_is_paged(self, desk):
        NeedFactory.create_batch(21)
        response = desk.get(f"{DESK}needs/?state=open&page=2")
        assert len(response.context["lines"]) == 1

    def test_by_category_and_country(self, desk):
        balances = CategoryFactory(slug="balances", name_en="Balances", name_fr="Balances")
        NeedFactory(title="Here", category=balances, organisation=OrganisationFactory(country="SN"))
        NeedFactory(title="Other thing", organisation=OrganisationFactory(country="SN"))
        NeedFactory(title="Other place", category=balances, organisation=OrganisationFactory(country="KE"))
        lines = desk.get(f"{DESK}needs/?state=open&category=balances&country=SN").context["lines"]
        assert [line["what"] for line in lines] == ["Here"]

    def test_nonsense_finds_nothing_and_is_said(self, desk):
        assert "Select a valid choice" in page(desk, f"{DESK}needs/?state=lost", 400)
        assert "Select a valid choice" in page(desk, f"{DESK}offers/?country=XX", 400)
        assert page(desk, f"{DESK}shoes/", 404)

    def test_every_board_shows_its_rows(self, desk):
        match = AcceptedMatchFactory()
        ShipmentFactory(match=match, places=[match])
        PledgeFactory(countries=["KE"])
        FollowUpFactory(match=match, due_on=timezone.now().date() + timedelta(days=40))
        rows = {"needs": "matched", "offers": "matched", "matches": "accepted", "shipments": "draft"}
        rows |= {"pledges": "declared", "follow-ups": "due"}
        for name, state in rows.items():
            assert len(desk.get(f"{DESK}{name}/?state={state}").context["lines"]) == 1, name
            columns = desk.get(f"{DESK}{name}/").context["columns"]
            assert {shown.value: number for shown, number, _lines in columns}[state] == 1, name
        code = match.need.organisation.country.code
        for name in ("needs", "matches", "shipments", "follow-ups"):
            path = f"{DESK}{name}/?state={rows[name]}&country={code}&category=centrifuges"
            assert len(desk.get(path).context["lines"]) == 1, name
        assert len(desk.get(f"{DESK}pledges/?state=declared&country=KE").context["lines"]) == 1
        assert "in\N{NO-BREAK SPACE}40\N{NO-BREAK SPACE}days" in page(desk, f"{DESK}follow-ups/")

    def test_a_follow_up_s_key_stays_its_own(self, desk):
        follow_up = FollowUpFactory()
        for path in ("follow-ups/", "follow-ups/?state=due"):
            assert follow_up.token not in page(desk, f"{DESK}{path}")

    @pytest.mark.parametrize("number", [1, 3])
    @pytest.mark.parametrize(
        ("path", "statements"),
        [
            ("", 8),  # session, person, six boards
            ("needs/", 6),  # session, person, categories, countries, numbers, columns
            ("needs/?state=open", 6),
            ("matches/", 6),
            ("pledges/", 5),  # has no categories
        ],
    )
    def test_a_fixed_number_of_statements(self, desk, django_assert_num_queries, number, path, statements):
        for _ in range(number):
            MatchFactory(need__quantity=2, offer__quantity=2)
            PledgeFactory()
        with django_assert_num_queries(statements):
            page(desk, f"{DESK}{path}")

    def test_staff_alone_see_them(self, client, donor, focal_point):
        assert client.get(DESK).status_code == 302
        for person in (donor, focal_point):
            client.force_login(person)
            for path in ("", "needs/", "needs/?format=csv"):
                assert client.get(f"{DESK}{path}").status_code == 403

    def test_a_table_to_keep_has_what_the_filters_leave(self, desk):
        need = NeedFactory(title="=SUM(A1)", public_at=in_days(-12))
        submitted()
        rows = table(desk.get(f"{DESK}needs/?format=csv&state=open"))
        assert rows[0][:3] == ["Reference", "What", "Number"]
        assert [row[0] for row in rows[1:]] == [need.ref]
        assert (rows[1][1], rows[1][5], rows[1][7]) == ("'=SUM(A1)", "open", "12")
        book = zipfile.ZipFile(io.BytesIO(b"".join(desk.get(f"{DESK}needs/?format=xlsx").streaming_content)))
        assert book.read("xl/worksheets/sheet1.xml").count(b"<row ") == 3


class TestOneAtTheGate:
    def test_staff_check_and_let_through(self, desk, staff):
        need = submitted()
        address = f"{DESK}needs/{need.ref}/"
        assert "7 points are not checked yet." in page(desk, address)
        sent = {item.point.value: "yes" for item in desk.get(address).context["items"]}
        sent |= {"mains": "no", "mains_note": "No plug named"}
        assert desk.post(f"{address}check/", sent).status_code == 302
        assert need.checks.count() == 7
        assert desk.post(f"{address}go-on/").status_code == 422
        assert desk.post(f"{address}check/", {"mains": "yes"}).status_code == 302
        assert "Verify the need" in page(desk, address)
        assert desk.post(f"{address}go-on/").status_code == 302
        need.refresh_from_db()
        assert need.state == NeedState.OPEN
        assert "Verified and open" in page(desk, address)

    def test_a_no_without_a_reason_is_shown_where_it_is_missing(self, desk):
        need = submitted()
        response = desk.post(f"{DESK}needs/{need.ref}/check/", {"mains": "no", "room": "yes"})
        assert response.status_code == 400
        assert "Say what is missing." in response.content.decode()
        assert not need.checks.exists()

    def test_staff_send_back_by_a_day_on_the_clock_of_its_people(self, desk, donor):
        donor.time_zone = "Africa/Nairobi"
        donor.save()
        offer = vetting(donor=donor)
        day = timezone.now().date() + timedelta(days=20)
        sent = {"ask-why": "Which voltage?", "ask-answer_on": day.isoformat()}
        assert desk.post(f"{DESK}offers/{offer.ref}/ask/", sent).status_code == 302
        offer.refresh_from_db()
        assert offer.state == OfferState.RETURNED
        assert offer.answer_by.isoformat() == f"{day.isoformat()}T21:00:00+00:00"

    @pytest.mark.parametrize(
        ("deed", "sent", "status"),
        [
            ("ask", {"ask-why": "", "ask-answer_on": "2027-01-31"}, 400),
            ("ask", {"ask-why": "Why", "ask-answer_on": "2020-01-31"}, 422),
            ("ask", {"ask-why": "Why", "ask-answer_on": "31 of never"}, 400),
            ("refuse", {"refuse-why": ""}, 400),
            ("refuse", {"refuse-why": "x" * 1001}, 400),
        ],
    )
    def test_bad_input_changes_nothing(self, desk, deed, sent, status):
        offer = vetting()
        assert desk.post(f"{DESK}offers/{offer.ref}/{deed}/", sent).status_code == status
        offer.refresh_from_db()
        assert offer.state == OfferState.VETTING

    def test_a_refusal_is_prepared_in_the_language_of_its_reader(self, desk, donor):
        offer = vetting(donor=donor)
        address = f"{DESK}offers/{offer.ref}/"
        prepared = r'<textarea name="refuse-where"[^>]* lang="en"[^>]*>\s*Please do not put it in the dustbin'
        assert re.search(prepared, page(desk, address.replace("/en/", "/fr/")))
        sent = {"refuse-why": "It is untested.", "refuse-where": "The maker takes it back."}
        assert desk.post(f"{address}refuse/", sent).status_code == 302
        assert told("refused") == {donor.email}
        assert "The maker takes it back." in page(desk, address)

    def test_export_is_cleared_before_it_goes_on(self, desk, staff):
        offer = passed(vetting(), staff)
        address = f"{DESK}offers/{offer.ref}/"
        desk.post(f"{address}clearance/", {"asked": "1"})
        assert "nothing goes on without it" in page(desk, address)
        assert desk.post(f"{address}go-on/").status_code == 422
        assert desk.post(f"{address}clear/", {"clear-export_class": "", "clear-end_use": ""}).status_code == 400
        sent = {"clear-export_class": "not listed", "clear-end_use": "Teaching"}
        assert desk.post(f"{address}clear/", sent).status_code == 302
        assert desk.post(f"{address}go-on/").status_code == 302
        offer.refresh_from_db()
        assert offer.state == OfferState.VETTED

    def test_a_deed_that_somebody_else_has_done_is_refused(self, desk, staff):
        need = NeedFactory()
        assert desk.post(f"{DESK}needs/{need.ref}/go-on/").status_code == 422
        assert desk.post(f"{DESK}needs/{need.ref}/ask/", {"ask-why": "x", "ask-answer_on": "2027-01-31"}).status_code

    def test_what_is_not_there_is_not_found(self, desk):
        for path in ("needs/nothere/", "offers/nothere/"):
            assert desk.get(f"{DESK}{path}").status_code == 404
        assert desk.post(f"{DESK}shoes/{submitted().ref}/check/").status_code == 404

    @pytest.mark.parametrize("number", [1, 3])
    def test_a_fixed_number_of_statements(self, desk, staff, django_assert_num_queries, number):
        offer = vetting()
        for point in ("owner", "mains", "papers")[:number]:
            passed_point(offer, point, staff)
        with django_assert_num_queries(8):
            page(desk, f"{DESK}offers/{offer.ref}/")

    def test_strangers_do_nothing(self, client, donor):
        offer = vetting(donor=donor)
        client.force_login(donor)
        for deed in ("check", "go-on", "ask", "refuse", "clearance", "clear"):
            assert client.post(f"{DESK}offers/{offer.ref}/{deed}/").status_code == 403


def passed_point(offer, point, staff):
    offer.checks.create(point=point, verdict="yes", by=staff, at=timezone.now())


class TestWorkList:
    def test_what_waits_longest_comes_first(self, staff):
        need = submitted(title="Spinner", submitted_at=in_days(-16))
        OfferFactory(state="vetting", title="Balance", submitted_at=in_days(-3), **NEW)
        NeedFactory()
        lines = written(gate_waiting_for(timezone.now()))
        assert [line.title for line in lines] == ["Verify the need: Spinner", "Vet the offer: Balance"]
        assert [line.is_urgent for line in lines] == [True, False]
        assert lines[0].detail == f"{need.organisation}, waits for 16 days"
        assert lines[0].url == f"{DESK}needs/{need.ref}/"

    def test_it_is_staff_s(self, desk, client, donor):
        vetting(title="Balance", donor=donor)
        assert "Vet the offer: Balance" in page(desk, "/en/desk/")
        client.force_login(donor)
        assert "Vet the offer" not in page(client, "/en/me/")

"""The desk: who gets in, what the forms take and refuse, the moves."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from instruments.actions import edit
from instruments.models import Closure, Instrument
from portal.accounts.models import Organisation, User
from portal.audit.models import Record
from tests.factories.instruments import InstrumentFactory, TechniqueFactory

DESK = "/en/desk/instruments/"
PAGES = ["", "edit/", "hours/", "policy/", "units/", "closures/", "suspend/"]


@pytest.fixture
def at_desk(client: Client, staff: User) -> Client:
    client.force_login(staff)
    return client


@pytest.fixture
def at_lab(client: Client, operator: User) -> Client:
    client.force_login(operator)
    return client


def typed(laboratory: Organisation, **changes: Any) -> dict[str, Any]:
    technique = TechniqueFactory(slug="sem")
    return {
        "name_en": "Surface scope", "name_fr": "Microscope de surface", "summary_en": "Looks.",
        "summary_fr": "Regarde.", "organisation": laboratory.pk, "place": "Grenoble", "time_zone": "Europe/Paris",
        "access_mode": "observed", "techniques": [technique.pk],
    } | changes  # fmt: skip


ROLES = {
    "visitor": 302,
    "researcher": 404,
    "focal_point": 404,
    "reviewer": 404,
    "donor": 404,
    "stranger_operator": 404,
    "operator": 200,
    "staff": 200,
    "admin_user": 200,
}


@pytest.mark.parametrize("who", ROLES)
@pytest.mark.parametrize("part", PAGES)
def test_who_gets_in(
    part: str, who: str, client: Client, instrument: Instrument, request: pytest.FixtureRequest
) -> None:
    person = request.getfixturevalue(who)
    if person.is_authenticated:
        client.force_login(person)
    url = f"{DESK}{instrument.slug}/{part}"
    assert client.get(url).status_code == ROLES[who]
    if ROLES[who] != 200:
        assert client.post(url, {"why": "x"}).status_code == ROLES[who]
        assert not Record.objects.exists()


@pytest.mark.parametrize("who", ROLES)
def test_who_sees_the_work_list(
    who: str, client: Client, instrument: Instrument, request: pytest.FixtureRequest
) -> None:
    foreign = InstrumentFactory(name_en="Foreign scope")
    person = request.getfixturevalue(who)
    if person.is_authenticated:
        client.force_login(person)
    response = client.get(DESK)
    expected = {"visitor": 302, "operator": 200, "staff": 200, "admin_user": 200, "stranger_operator": 200}
    assert response.status_code == expected.get(who, 403)
    if response.status_code == 200:
        seen = set(response.context["page"])
        everything = {instrument, foreign}
        assert seen == {"operator": {instrument}, "stranger_operator": set()}.get(who, everything)
    assert client.get(f"{DESK}new/").status_code == {"visitor": 302, "staff": 200, "admin_user": 200}.get(who, 403)


@pytest.mark.parametrize("number", [1, 3])
def test_the_work_list_takes_the_same_queries(
    number: int, at_desk: Client, laboratory: Organisation, django_assert_num_queries: Any
) -> None:
    for _ in range(number):
        InstrumentFactory(organisation=laboratory)
    with django_assert_num_queries(4):  # session, person, count, rows
        assert len(at_desk.get(DESK).context["page"]) == number


def test_the_work_list_is_filtered(at_desk: Client, instrument: Instrument) -> None:
    InstrumentFactory(name_en="Other", state="proposed")
    assert [str(row) for row in at_desk.get(DESK).context["page"]] == ["Other", "Alpine diffractometer"]
    assert len(at_desk.get(DESK, {"state": "proposed"}).context["page"]) == 1
    assert len(at_desk.get(DESK, {"q": "alpine"}).context["page"]) == 1
    assert len(at_desk.get(DESK, {"state": "gone"}).context["page"]) == 0


def test_staff_create_a_draft(at_desk: Client, laboratory: Organisation) -> None:
    response = at_desk.post(f"{DESK}new/", typed(laboratory, summary_fr=""))
    assert response["Location"] == f"{DESK}surface-scope/"
    assert Instrument.objects.get().state == "draft"
    assert "in English and in French" in at_desk.get(response["Location"]).content.decode()


def test_staff_create_and_list_in_one_go(at_desk: Client, laboratory: Organisation) -> None:
    response = at_desk.post(f"{DESK}new/", typed(laboratory, list="1"))
    assert response.status_code == 302
    assert Instrument.objects.get().state == "listed"
    assert list(Record.objects.order_by("pk").values_list("verb", flat=True)) == ["create", "propose", "list"]


def test_create_and_list_with_a_gap_leaves_nothing(at_desk: Client, laboratory: Organisation) -> None:
    response = at_desk.post(f"{DESK}new/", typed(laboratory, list="1", name_fr=""))
    assert response.status_code == 422
    page = response.content.decode()
    assert "in English and in French" in page
    assert 'value="Surface scope"' in page
    assert not Instrument.objects.exists()
    assert not Record.objects.exists()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name_en": ""}, "name_en"),
        ({"name_en": "x" * 161}, "name_en"),
        ({"summary_fr": "x" * 301}, "summary_fr"),
        ({"description_en": "x" * 20_001}, "description_en"),
        ({"time_zone": "CET/Grenoble"}, "time_zone"),
        ({"organisation": "999999"}, "organisation"),
        ({"organisation": "nonsense"}, "organisation"),
        ({"techniques": []}, "techniques"),
        ({"techniques": ["999999"]}, "techniques"),
        ({"access_mode": "telepathy"}, "access_mode"),
        ({"link": "javascript:alert(1)"}, "link"),
        ({"place": "a\x00b"}, "place"),
    ],
)
def test_wrong_texts(changes: dict[str, Any], field: str, at_desk: Client, laboratory: Organisation) -> None:
    response = at_desk.post(f"{DESK}new/", typed(laboratory, **changes))
    assert response.status_code == 422
    assert field in response.context["form"].errors
    assert not Instrument.objects.exists()


def test_an_operator_edits_but_moves_it_to_no_other_laboratory(
    at_lab: Client, instrument: Instrument, elsewhere: Organisation
) -> None:
    response = at_lab.post(f"{DESK}{instrument.slug}/edit/", typed(elsewhere, place="Lyon"))
    assert response.status_code == 302
    instrument.refresh_from_db()
    assert (instrument.place, instrument.organisation.slug) == ("Lyon", "alpine-crystallography")


def test_two_who_describe_it_at_once_see_both_texts(at_lab: Client, instrument: Instrument, staff: User) -> None:
    url = f"{DESK}{instrument.slug}/edit/"
    opened = at_lab.get(url).context["version"]
    values = typed(instrument.organisation, place="Lyon", version=opened)
    edit.update_instrument(instrument, by=staff, summary_fr="Relu par une collègue.")
    answer = at_lab.post(url, values)
    page = answer.content.decode()
    assert answer.status_code == 409
    for shown in ("Two of you wrote at once", "Stored: Summary in French", "Relu par une collègue.", 'value="Lyon"'):
        assert shown in page
    instrument.refresh_from_db()
    assert (instrument.summary_fr, instrument.place != "Lyon") == ("Relu par une collègue.", True)
    for _click in range(2):
        assert at_lab.post(url, values | {"version": answer.context["version"]}).status_code == 302
    instrument.refresh_from_db()
    assert (instrument.summary_fr, instrument.place) == ("Regarde.", "Lyon")


def test_a_listed_one_keeps_its_french(at_desk: Client, instrument: Instrument) -> None:
    url = f"{DESK}{instrument.slug}/edit/"
    response = at_desk.post(url, typed(instrument.organisation, summary_fr=""))
    assert response.status_code == 422
    instrument.refresh_from_db()
    assert instrument.summary_fr


def hours(**changes: str) -> dict[str, str]:
    return {"opens_0_0": "08:30", "closes_0_0": "12:00", "opens_0_1": "13:00", "closes_0_1": "00:00"} | changes


def test_hours_are_written(at_lab: Client, instrument: Instrument) -> None:
    url = f"{DESK}{instrument.slug}/hours/"
    assert 'value="09:00"' in at_lab.get(url).content.decode()
    assert at_lab.post(url, hours()).status_code == 302
    assert list(instrument.opening_hours.values_list("weekday", "opens", "closes")) == [(0, 510, 720), (0, 780, 1440)]
    assert 'value="00:00"' in at_lab.get(url).content.decode()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"closes_0_0": "08:00"}, "closes after it opens"),
        ({"closes_0_0": ""}, "Give both times"),
        ({"opens_0_1": "11:00"}, "overlaps"),
        ({"opens_0_0": "25:00"}, "valid time"),
        (dict.fromkeys(["opens_0_0", "closes_0_0", "opens_0_1", "closes_0_1"], ""), "Give the opening hours"),
    ],
)
def test_wrong_hours(changes: dict[str, str], message: str, at_lab: Client, instrument: Instrument) -> None:
    response = at_lab.post(f"{DESK}{instrument.slug}/hours/", hours(**changes))
    assert response.status_code == 422
    assert message in response.content.decode()
    assert instrument.opening_hours.count() == 5


def policy(**changes: Any) -> dict[str, Any]:
    return {
        "day_starts": "10:00", "step": "30", "shortest": "1.5", "longest": "8", "notice": "2", "horizon_days": "60",
        "before": "0", "after": "15", "weekly_limit": "", "open_bookings_limit": "3", "needs_confirmation": "on",
        "confirm_by": "12", "cancel_notice": "24", "late_cancel_percent": "50", "offer_minutes": "12",
        "standby_minutes": "10", "days_kept": "180",
    } | changes  # fmt: skip


def test_policy_is_written_in_minutes(at_lab: Client, instrument: Instrument) -> None:
    url = f"{DESK}{instrument.slug}/policy/"
    assert at_lab.post(url, policy()).status_code == 302
    row = type(instrument.policy).objects.get(instrument=instrument)
    assert (row.shortest, row.longest, row.notice, row.confirm_by, row.weekly_limit) == (90, 480, 120, 720, None)
    assert row.day_starts == 600
    assert 'value="1.5"' in at_lab.get(url).content.decode()
    assert at_lab.post(url, policy(whole_days="on", shortest="24", longest="72")).status_code == 302
    row.refresh_from_db()
    assert (row.whole_days, row.step, row.longest) == (True, 1440, 4320)


@pytest.mark.parametrize(
    "changes",
    [
        {"longest": "1"}, {"shortest": "0"}, {"shortest": "0.25"}, {"step": "1"}, {"late_cancel_percent": "101"},
        {"whole_days": "on"}, {"shortest": "soon"}, {"longest": "1e9"}, {"horizon_days": "-1"}, {"day_starts": "x"},
        {"step": "99999999"}, {"open_bookings_limit": "99999999"}, {"horizon_days": ""}, {"shortest": "NaN"},
    ],
)  # fmt: skip
def test_wrong_policy(changes: dict[str, str], at_lab: Client, instrument: Instrument) -> None:
    response = at_lab.post(f"{DESK}{instrument.slug}/policy/", policy(**changes))
    assert response.status_code == 422
    assert "There is a problem" in response.content.decode()
    assert type(instrument.policy).objects.get().step == 60


def test_units_are_written(at_lab: Client, instrument: Instrument) -> None:
    one = instrument.units.get()
    url = f"{DESK}{instrument.slug}/units/"
    sent = {f"unit-{one.pk}-name": "East", f"unit-{one.pk}-is_active": "on", "new-1-name": "West"}
    assert at_lab.post(url, sent).status_code == 302
    assert list(instrument.units.values_list("name", "is_active")) == [("East", True), ("West", False)]


@pytest.mark.parametrize(
    ("name", "new", "message"),
    [
        ("East", " east ", "same name"),
        ("", "West", "Give this unit a name"),
        ("x" * 61, "", "at most 60"),
    ],
)
def test_wrong_units(name: str, new: str, message: str, at_lab: Client, instrument: Instrument) -> None:
    one = instrument.units.get()
    sent = {f"unit-{one.pk}-name": name, f"unit-{one.pk}-is_active": "on", "new-1-name": new}
    response = at_lab.post(f"{DESK}{instrument.slug}/units/", sent)
    assert response.status_code == 422
    assert message in response.content.decode()
    assert instrument.units.get().name == "Unit 1"


def test_two_who_write_the_hours_at_once_see_both_weeks(at_lab: Client, instrument: Instrument, staff: User) -> None:
    url = f"{DESK}{instrument.slug}/hours/"
    opened = at_lab.get(url).context["version"]
    edit.set_opening_hours(instrument, [(0, 600, 660), (0, 700, 720), (0, 800, 900), (2, 480, 540)], by=staff)
    for button in ({}, {"preview": "1"}):
        answer = at_lab.post(url, hours(version=opened, **button))
        page = answer.content.decode()
        assert answer.status_code == 409
        for shown in ("Two of you wrote at once", "08:00–09:00", "13:20–15:00", 'value="08:30"', "the same"):
            assert shown in page
    assert instrument.opening_hours.count() == 4
    assert at_lab.post(url, hours(version=answer.context["version"])).status_code == 302
    assert list(instrument.opening_hours.values_list("weekday", "opens")) == [(0, 510), (0, 780)]
    assert at_lab.post(url, hours(version=opened)).status_code == 302  # the same again is in nobody's way


def test_a_third_stretch_that_a_colleague_took_away_is_not_lost(
    at_lab: Client, instrument: Instrument, staff: User
) -> None:
    url = f"{DESK}{instrument.slug}/hours/"
    edit.set_opening_hours(instrument, [(0, 540, 600), (0, 660, 720), (0, 780, 840)], by=staff)
    opened = at_lab.get(url).context["version"]
    edit.set_opening_hours(instrument, [(0, 540, 600)], by=staff)
    typed = hours(closes_0_1="14:00", opens_0_2="15:00", closes_0_2="16:00", version=opened)
    assert 'value="15:00"' in at_lab.post(url, typed).content.decode()


def test_two_who_write_the_policy_at_once_see_both(at_lab: Client, instrument: Instrument, staff: User) -> None:
    url = f"{DESK}{instrument.slug}/policy/"
    opened = at_lab.get(url).context["version"]
    edit.set_policy(instrument, by=staff, longest=600, has_standby=True, day_starts=480)
    answer = at_lab.post(url, policy(version=opened))
    page = answer.content.decode()
    assert answer.status_code == 409
    for shown in ("Stored: Longest booking", ">10<", ">Yes<", ">08:00<", "Yours: Longest booking", 'value="8"'):
        assert shown in page
    assert "Stored: Days that data are kept" not in page
    row = type(instrument.policy).objects
    assert row.get().longest == 600
    for _click in range(2):
        assert at_lab.post(url, policy(version=answer.context["version"])).status_code == 302
    assert row.get().longest == 480


def test_two_who_write_the_units_at_once_see_both(at_lab: Client, instrument: Instrument, staff: User) -> None:
    one = instrument.units.get()
    url = f"{DESK}{instrument.slug}/units/"
    opened = at_lab.get(url).context["version"]
    lines = [edit.UnitLine(one.pk, "North", is_active=False), edit.UnitLine(None, "Annex")]
    edit.set_units(instrument, lines, by=staff)
    sent = {f"unit-{one.pk}-name": "East", f"unit-{one.pk}-is_active": "on", "new-1-name": "West", "version": opened}
    answer = at_lab.post(url, sent)
    page = answer.content.decode()
    assert answer.status_code == 409
    for shown in ("Stored: Name", ">North<", "Stored: In service", ">No<", 'value="East"', 'value="West"', "Annex"):
        assert shown in page
    assert set(instrument.units.values_list("name", flat=True)) == {"Annex", "North"}
    assert at_lab.post(url, sent | {"version": answer.context["version"]}).status_code == 302
    assert set(instrument.units.values_list("name", flat=True)) == {"Annex", "East", "West"}


def test_a_unit_that_a_colleague_took_away_comes_back_only_if_asked(
    at_lab: Client, instrument: Instrument, staff: User
) -> None:
    one = instrument.units.get()
    url = f"{DESK}{instrument.slug}/units/"
    opened = at_lab.get(url).context["version"]
    edit.set_units(instrument, [edit.UnitLine(one.pk, "", remove=True), edit.UnitLine(None, "Annex")], by=staff)
    sent = {f"unit-{one.pk}-name": "East", f"unit-{one.pk}-is_active": "on", "version": opened}
    answer = at_lab.post(url, sent)
    assert answer.status_code == 409
    assert "Nothing" in answer.content.decode()
    assert [unit.name for unit in instrument.units.all()] == ["Annex"]
    assert at_lab.post(url, sent | {"version": answer.context["version"]}).status_code == 302
    assert {unit.name for unit in instrument.units.all()} == {"Annex", "East"}


@time_machine.travel(datetime(2027, 3, 1, 12, tzinfo=UTC))
def test_closures_are_typed_on_the_laboratorys_clock(client: Client, instrument: Instrument, operator: User) -> None:
    client.force_login(operator)
    url = f"{DESK}{instrument.slug}/closures/"
    sent = {"starts": "2027-03-22T09:00", "ends": "2027-03-29T09:00", "reason": "Service"}
    assert client.post(url, sent).status_code == 302
    period = Closure.objects.get().period
    assert period.lower == datetime(2027, 3, 22, 8, tzinfo=UTC)
    assert period.upper == datetime(2027, 3, 29, 7, tzinfo=UTC)
    assert "Service" in client.get(url).content.decode()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"ends": "2027-03-21T09:00"}, "end after it begins"),
        ({"starts": "2027-03-28T02:30", "ends": "2027-03-29T09:00"}, "There is no 02:30"),
        ({"ends": "2027-10-31T02:30"}, "comes twice"),
        ({"starts": "2027-02-30T09:00"}, "Give a day and a time"),
        ({"starts": "2027-03-22T09:00Z"}, "Give a day and a time"),
        ({"starts": "9999-12-31T23:59", "ends": "0001-01-01T00:00"}, "There is a problem"),
        ({"starts": "2027-02-01T09:00", "ends": "2027-02-02T09:00"}, "must end in the future"),
        ({"ends": "2029-03-22T09:00"}, "a year at most"),
        ({"reason": ""}, "required"),
        ({"reason": "x" * 201}, "at most 200"),
        ({"unit": "999999"}, "valid choice"),
    ],
)
@time_machine.travel(datetime(2027, 3, 1, 12, tzinfo=UTC))
def test_wrong_closures(
    changes: dict[str, str], message: str, client: Client, instrument: Instrument, operator: User
) -> None:
    client.force_login(operator)
    sent = {"starts": "2027-03-22T09:00", "ends": "2027-03-23T09:00", "reason": "Service"} | changes
    response = client.post(f"{DESK}{instrument.slug}/closures/", sent)
    assert response.status_code == 422
    assert message in response.content.decode()
    assert not Closure.objects.exists()


def test_a_closure_is_removed_by_post(at_lab: Client, instrument: Instrument) -> None:
    start = timezone.now() + timedelta(days=1)
    closure = Closure.objects.create(instrument=instrument, period=(start, start + timedelta(1)), reason="x")
    foreign = InstrumentFactory()
    url = f"{DESK}{instrument.slug}/closures/{closure.pk}/remove/"
    assert at_lab.get(url).status_code == 405
    assert at_lab.post(url.replace(instrument.slug, foreign.slug)).status_code == 404
    assert Closure.objects.exists()
    assert at_lab.post(url).status_code == 302
    assert not Closure.objects.exists()
    assert at_lab.post(url).status_code == 404


def test_a_move_is_shown_then_done(at_lab: Client, instrument: Instrument) -> None:
    url = f"{DESK}{instrument.slug}/suspend/"
    assert "Everybody who looks at the instrument reads this." in at_lab.get(url).content.decode()
    instrument.refresh_from_db()
    assert instrument.state == "listed"
    assert at_lab.post(url, {"why": ""}).status_code == 422
    assert at_lab.post(url, {"why": "x" * 1001}).status_code == 422
    assert at_lab.post(url, {"why": "Leak."}).status_code == 302
    instrument.refresh_from_db()
    assert (instrument.state, instrument.state_note) == ("suspended", "Leak.")
    response = at_lab.post(url, {"why": "Again."})
    assert response.status_code == 422
    assert "changed in the meantime" in response.content.decode()
    assert at_lab.post(f"{DESK}{instrument.slug}/resume/").status_code == 302


def test_moves_that_are_not_theirs_or_do_not_exist(at_lab: Client, instrument: Instrument) -> None:
    for verb, status in (("retire", 403), ("list", 403), ("ask", 403), ("explode", 404)):
        assert at_lab.post(f"{DESK}{instrument.slug}/{verb}/", {"why": "x"}).status_code == status
    assert not Record.objects.exists()


@pytest.mark.parametrize(
    ("state", "verbs"),
    [
        ("draft", {"propose", "list", "withdraw"}),
        ("proposed", {"ask", "list", "refuse", "withdraw"}),
        ("returned", {"resubmit", "withdraw"}),
        ("listed", {"suspend", "retire"}),
        ("suspended", {"resume", "retire"}),
        ("refused", set()),
        ("withdrawn", set()),
        ("retired", set()),
    ],
)
def test_buttons_are_the_possible_moves(state: str, verbs: set[str], at_desk: Client, instrument: Instrument) -> None:
    Instrument.objects.update(state=state)
    response = at_desk.get(f"{DESK}{instrument.slug}/")
    assert {move["verb"] for move in response.context["moves"]} == verbs


def test_what_a_laboratory_proposed_is_refused_and_not_thrown_away_by_staff(
    at_desk: Client, instrument: Instrument, researcher: User
) -> None:
    Instrument.objects.update(state="proposed", proposed_by=researcher)
    response = at_desk.get(f"{DESK}{instrument.slug}/")
    assert {move["verb"] for move in response.context["moves"]} == {"ask", "list", "refuse"}
    assert at_desk.post(f"{DESK}{instrument.slug}/withdraw/").status_code == 403


def test_the_page_of_an_instrument_tells_its_history(at_desk: Client, instrument: Instrument) -> None:
    at_desk.post(f"{DESK}{instrument.slug}/suspend/", {"why": "Leak in the cooling."})
    at_desk.post(f"{DESK}{instrument.slug}/hours/", hours())
    page = at_desk.get(f"{DESK}{instrument.slug}/").content.decode()
    for text in ("Suspended", "Leak in the cooling.", "Opening hours changed", "Sam Staff"):
        assert text in page

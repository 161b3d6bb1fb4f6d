"""The desk's awards: filters, tables, reminders; the hours of every instrument; what waits for whom."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from calls import notices
from calls.actions import award as awards
from calls.enums import AwardKind, AwardState
from calls.models import Award
from calls.waiting import waiting_for
from portal.core.waiting import written
from portal.notifications.models import Notification
from tests.factories.applications import ApplicationFactory
from tests.factories.calls import AwardFactory, CallFactory
from tests.factories.instruments import InstrumentFactory

pytestmark = pytest.mark.django_db
LIST = "desk_calls:awards"


def day(days: int):
    return timezone.now().date() + timedelta(days=days)


def place(**fields) -> Award:
    return AwardFactory(
        **({"kind": AwardKind.PLACE, "instrument": None, "granted_minutes": 0, "title": "Summer school"} | fields)
    )


@pytest.fixture
def some():
    """Three awards: hours, a place, and ended hours whose report is overdue."""
    call = CallFactory()
    return {
        "hours": AwardFactory(title="Zinc", call=call),
        "place": place(),
        "late": AwardFactory(title="Iron", state=AwardState.ENDED, report_due_on=day(-1)),
    }


def titles(response) -> set[str]:
    return {award.title for award in response.context["page_obj"]}


def text_of(response) -> str:
    return b"".join(response).decode() if response.streaming else response.content.decode()


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, {"Zinc", "Summer school", "Iron"}),
        ({"state": "ended"}, {"Iron"}),
        ({"kind": "place"}, {"Summer school"}),
        ({"overdue": "on"}, {"Iron"}),
        ({"state": "nonsense", "kind": "\0", "call": "x", "instrument": "0"}, {"Zinc", "Summer school", "Iron"}),
        ({"state": "active", "kind": "hours"}, {"Zinc"}),
    ],
)
def test_the_list_is_narrowed(client, staff, some, asked, found):
    client.force_login(staff)
    assert titles(client.get(reverse(LIST), asked)) == found


def test_the_list_of_one_call_and_of_one_instrument(client, staff, some):
    client.force_login(staff)
    assert titles(client.get(reverse(LIST), {"call": some["hours"].call_id})) == {"Zinc"}
    assert titles(client.get(reverse(LIST), {"instrument": some["late"].instrument_id})) == {"Iron"}


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_takes_the_same_statements_whatever_its_length(client, staff, rows, django_assert_num_queries):
    for _ in range(rows):
        AwardFactory(call=CallFactory())
    client.force_login(staff)
    client.get(reverse(LIST))
    with django_assert_num_queries(6):  # session, person, count, page, instruments, calls to choose from
        client.get(reverse(LIST))


@pytest.mark.parametrize("format_name", ["csv", "xlsx"])
def test_the_list_as_a_table_without_formulas(client, staff, some, format_name):
    Award.objects.filter(title="Zinc").update(title="=HYPERLINK(1)")
    client.force_login(staff)
    response = client.get(reverse(LIST), {"as": format_name, "kind": "hours"})
    assert response.headers["Content-Disposition"].startswith('attachment; filename="awards-')
    if format_name == "csv":
        lines = text_of(response).splitlines()
        assert len(lines) == 3
        assert "'=HYPERLINK(1)" in lines[1] + lines[2]
    else:
        assert b"".join(response)[:2] == b"PK"


def test_staff_remind_those_ticked_whose_report_is_overdue(client, staff, some):
    client.force_login(staff)
    data = {"row": [award.ref for award in some.values()] + ["\0", "NOSUCH22"]}
    response = client.post(reverse(LIST), data, follow=True)
    assert "1 holder is reminded" in text_of(response)
    assert Notification.objects.get().kind == notices.AWARD_REPORT_OVERDUE.name
    assert "None of those ticked" in text_of(client.post(reverse(LIST), {}, follow=True))


def test_hours_of_an_instrument_come_to_what_was_granted(staff, client):
    diffractometer = InstrumentFactory(name="Apsara")
    one, other = AwardFactory(instrument=diffractometer), AwardFactory(instrument=diffractometer, granted_minutes=300)
    AwardFactory(instrument=diffractometer, state=AwardState.REFUSED)
    place()
    awards.spend(one, 120, booking="AB23CD45", by=None)
    awards.use(one, 90, booking="AB23CD45", booked=120)
    awards.spend(one, 60, booking="AB23CD46", by=None)
    awards.adjust(one, 30, why="A power cut", by=staff)
    awards.spend(other, 100, booking="AB23CD47", by=None)
    awards.give_back(other, 100, booking="AB23CD47", by=None, why="Cancelled")
    Award.objects.filter(pk=other.pk).update(state=AwardState.ENDED)
    (row,) = Award.objects.hours_by_instrument()
    figures = {name: row[name] for name in ("granted", "booked", "used", "left", "lost")}
    assert figures == {"granted": 930, "booked": 60, "used": 90, "left": 480, "lost": 300}
    assert row["granted"] == row["booked"] + row["used"] + row["left"] + row["lost"]
    client.force_login(staff)
    page = text_of(client.get(reverse("desk_calls:instrument_hours")))
    for words in ("Apsara", "15 h 30 min", "1 h 30 min", "8 h", "5 h"):
        assert words in page
    table = text_of(client.get(reverse("desk_calls:instrument_hours"), {"as": "csv"}))
    assert "Apsara,15.5,1.0,1.5,8.0,5.0" in table


@pytest.mark.parametrize("instruments", [1, 3])
def test_hours_of_all_instruments_are_one_statement(instruments, django_assert_num_queries):
    for _ in range(instruments):
        AwardFactory(instrument=InstrumentFactory())
    with django_assert_num_queries(1):
        assert len(list(Award.objects.hours_by_instrument())) == instruments


# --- Places and needs -----------------------------------------------------------------------------


def test_a_place_is_shown_for_what_it_is_and_cannot_be_booked(client, researcher, institute):
    award = place(holder=researcher, organisation=institute)
    assert not Award.objects.bookable_by(researcher).exists()
    client.force_login(researcher)
    for page in (award.get_absolute_url(), reverse("awards:list"), reverse("pages:me")):
        text = text_of(client.get(page))
        assert "Place on a training" in text
        assert "Book hours" not in text
    seen = client.get(reverse("api:award-detail", args=[award.ref])).json()
    assert (seen["kind"], seen["instrument"], seen["application"]) == ("place", None, None)


def test_staff_grant_a_place_by_hand(client, staff, researcher, institute):
    client.force_login(staff)
    data = {
        "kind": "place",
        "title": "Summer school",
        "holder": researcher.email,
        "organisation": institute.pk,
        "valid_from": day(1).isoformat(),
        "valid_until": day(20).isoformat(),
    }
    response = client.post(reverse("desk_calls:award_new"), data)
    award = Award.objects.get()
    assert response.url == award.get_absolute_url()
    assert (award.kind, award.instrument, award.granted_minutes, award.entries.count()) == ("place", None, 0, 0)
    refused = client.post(reverse("desk_calls:award_new"), data | {"kind": "hours"})
    assert refused.status_code == 422
    assert "Choose the instrument" in text_of(refused)


# --- Waiting --------------------------------------------------------------------------------------


def test_a_report_waits_for_its_holder_and_presses_once_it_is_overdue(researcher, focal_point, institute):
    award = AwardFactory(
        holder=researcher, organisation=institute, title="Zinc", state=AwardState.ENDED, report_due_on=day(5)
    )
    (line,) = written(waiting_for(researcher))
    assert (line.title, line.is_urgent, line.url) == ("Report to write: Zinc", False, award.get_absolute_url())
    Award.objects.update(report_due_on=day(-1))
    (line,) = written(waiting_for(researcher))
    assert (line.title, line.is_urgent) == ("Report overdue: Zinc", True)
    assert written(waiting_for(focal_point)) == []


def test_a_call_waits_to_be_released_once_every_outcome_is_prepared(staff):
    call = CallFactory(closed=True, title_en="Zinc call")
    ApplicationFactory(call=call, prepared=True)
    unprepared = ApplicationFactory(call=call, review=True)
    assert "Closed, to be decided: Zinc call" in [line.title for line in written(waiting_for(staff))]
    unprepared.delete()
    (line,) = (line for line in written(waiting_for(staff)) if "Zinc call" in line.title)
    assert line.title == "Outcomes ready to release: Zinc call"
    assert line.url == reverse("desk_calls:call_outcomes", args=[call.slug])

"""The desk's page of outcomes: list, simulation, bulk deeds, release."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from calls.actions import outcome as deeds
from calls.enums import CallState, Decision
from calls.models import Application, Award, Call
from calls.simulation import Line, simulate
from portal.audit.models import Record
from tests.factories.accounts import MembershipFactory
from tests.factories.applications import (
    ApplicationFactory,
    CheckFactory,
    CriterionFactory,
    ReviewFactory,
    TeamMemberFactory,
)
from tests.factories.calls import CallFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def call(instrument) -> Call:
    return CallFactory(closed=True, minutes_offered=1200, instruments=[instrument], title_en="Zinc call")


@pytest.fixture
def applied(call, institute, instrument):
    def make(state: str = "review", **fields) -> Application:
        member = MembershipFactory(organisation=institute)
        values = {"call": call, "applicant": member.user, "organisation": institute, "instrument": instrument}
        return ApplicationFactory(**{state: True}, **(values | fields))

    return make


def page(call: Call) -> str:
    return reverse("desk_calls:call_outcomes", args=[call.slug])


def release_page(call: Call) -> str:
    return reverse("desk_calls:call_release", args=[call.slug])


def text_of(response) -> str:
    return response.content.decode()


def typed(*rows: Application, **changes) -> dict[str, str]:
    """What the page's form sends back for these rows; `changes` are of the first."""
    data = {"do": "save"}
    for row in rows:
        row.refresh_from_db()
        is_prepared = row.state == "prepared"
        minutes = row.minutes_decided if is_prepared else row.minutes_requested
        fields = {
            "rank": row.rank or "",
            "decision": row.decision if is_prepared else "",
            "hours": f"{minutes / 60:g}" if minutes is not None else "",
            "note": row.decision_note,
            "seen": row.updated_at.isoformat(),
        }
        if row is rows[0]:
            fields |= changes
        data |= {f"{row.ref}-{name}": str(value) for name, value in fields.items()}
    return data


def test_the_page_shows_scores_checks_and_what_it_would_come_to(client, staff, call, applied):
    first, second = applied("prepared", title="Iron", rank=1), applied(title="Cobalt", rank=2)
    ReviewFactory(application=first, scores={CriterionFactory(call=call): 4})
    CheckFactory(application=second, kind="safe", is_passed=False)
    client.force_login(staff)
    text = text_of(client.get(page(call)))
    assert text.index("Iron") < text.index("Cobalt")
    for words in ("Score 4.00 of 5, reviews: 1", "Safe: no", "No score", "10 h", "20 h", "1 application of this call"):
        assert words in text


def test_staff_choose_outcome_hours_and_place(client, staff, call, applied):
    one, other = applied(rank=1), applied(rank=2)
    client.force_login(staff)
    data = typed(other, one, decision="award", hours="7.5", rank="1", note="Well argued")
    response = client.post(page(call), data)
    assert response.status_code == 302
    one.refresh_from_db()
    other.refresh_from_db()
    assert (other.state, other.decision, other.minutes_decided, other.rank) == ("prepared", "award", 450, 1)
    assert other.decision_note == "Well argued"
    assert (one.state, one.decision, one.rank) == ("review", "", 2)


def test_what_was_not_touched_is_left_alone(client, staff, call, applied):
    rows = [applied("prepared", rank=1), applied(rank=2)]
    client.force_login(staff)
    assert client.post(page(call), typed(*rows)).status_code == 302
    assert not Record.objects.exists()


@pytest.mark.parametrize(
    ("changes", "status", "sentence"),
    [
        ({"decision": "award", "hours": "x"}, 400, "Enter hours as a number"),
        ({"decision": "award", "hours": "0"}, 422, "more than zero"),
        ({"decision": "prize"}, 400, "Select a valid choice"),
        ({"hours": "3"}, 400, "Choose an outcome"),
        ({"rank": "-1"}, 400, "greater than or equal to 1"),
        ({"decision": "decline", "note": "x" * 2001}, 400, "at most 2000"),
        ({"decision": "decline", "seen": "2020-01-01T00:00:00+00:00"}, 422, "Somebody changed it"),
    ],
)
def test_what_does_not_do_is_explained_and_nothing_is_saved(client, staff, call, applied, changes, status, sentence):
    row, other = applied(), applied()
    client.force_login(staff)
    data = typed(row, other, **changes) | {f"{other.ref}-decision": "decline"}
    response = client.post(page(call), data)
    assert response.status_code == status
    assert sentence in text_of(response)
    assert "<title>Error:" in " ".join(text_of(response).split())
    assert {fresh.state for fresh in Application.objects.all()} == {"review"}


def test_the_bulk_buttons(client, staff, call, applied):
    rows = [applied(rank=place, minutes_requested=600) for place in (1, 2, 3)]
    client.force_login(staff)
    for deed in ("by_score", "top", "rest"):
        assert client.post(page(call), {"do": deed}).url == page(call)
    decisions = Application.objects.order_by("rank").values_list("decision", flat=True)
    assert list(decisions) == ["award", "award", "decline"]
    assert client.post(page(call), {}).status_code == 302
    assert client.post(page(call), {"do": "nonsense"}).status_code == 302
    assert len(rows) == 3


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_takes_the_same_statements_whatever_its_length(
    client, staff, call, applied, rows, django_assert_num_queries
):
    for _ in range(rows):
        CheckFactory(application=applied("prepared"))
    client.force_login(staff)
    client.get(page(call))
    with django_assert_num_queries(8):  # session, person, call, count, page, checks, simulation, unfinished
        client.get(page(call))


@pytest.mark.parametrize("name", ["call_outcomes", "call_release"])
@pytest.mark.parametrize(("who", "status"), [(None, 302), ("researcher", 403), ("reviewer", 403), ("operator", 403)])
def test_outcomes_are_the_desks(client, call, applied, name, who, status, request):
    applied("prepared", title="Hidden outcome")
    if who:
        client.force_login(request.getfixturevalue(who))
    address = reverse(f"desk_calls:{name}", args=[call.slug])
    for response in (client.get(address), client.post(address, {"do": "rest"})):
        assert response.status_code == status
        assert "Hidden outcome" not in text_of(response)
    assert not Award.objects.exists()


def test_an_applicant_sees_nothing_before_the_release(client, call, applied, staff):
    row = applied("prepared", decision=Decision.DECLINE, decision_note="Not this time", rank=7)
    client.force_login(row.applicant)
    before = text_of(client.get(row.get_absolute_url()))
    assert "Not this time" not in before
    assert "outcome prepared" not in before
    deeds.release(call, by=staff)
    assert client.get(row.get_absolute_url()).status_code == 200


# --- Release --------------------------------------------------------------------------------------


def test_the_release_page_says_what_stands_in_the_way_and_releases(client, staff, call, applied):
    row, open_one = applied("prepared"), applied()
    client.force_login(staff)
    assert "has no outcome yet" in text_of(client.get(release_page(call)))
    refused = client.post(release_page(call), {})
    assert refused.status_code == 422
    assert open_one.ref in text_of(refused)
    deeds.prepare(open_one, Decision.DECLINE, by=staff)
    assert client.post(release_page(call), {"shows_reviews": "on"}).url == page(call)
    call.refresh_from_db()
    assert (call.state, call.shows_reviews) == (CallState.DECIDED, True)
    assert Award.objects.get().ref in text_of(client.get(page(call)))
    again = client.post(release_page(call), {})
    assert again.status_code == 422
    assert Award.objects.get().application == row


@pytest.mark.parametrize(
    ("data", "status", "awards"),
    [
        ({}, 422, 0),
        ({"over_why": "Because"}, 422, 0),
        ({"is_over": "on"}, 400, 0),
        ({"is_over": "on", "over_why": "The laboratory gives more"}, 302, 3),
    ],
)
def test_giving_more_than_offered_takes_a_tick_and_a_reason(client, staff, call, applied, data, status, awards):
    for place in (1, 2, 3):
        applied("prepared", rank=place)
    client.force_login(staff)
    assert "Give more than the call offers" in text_of(client.get(release_page(call)))
    assert client.post(release_page(call), data).status_code == status
    assert Award.objects.count() == awards


def test_an_open_call_cannot_be_released_by_the_page(client, staff, call, applied):
    applied("prepared")
    Call.objects.filter(pk=call.pk).update(closes_at=timezone.now() + timedelta(days=1))
    client.force_login(staff)
    assert "has not closed yet" in text_of(client.get(release_page(call)))
    assert client.post(release_page(call), {}).status_code == 422


# --- Simulation -----------------------------------------------------------------------------------

LINES = st.lists(
    st.builds(
        Line,
        decision=st.sampled_from(["", *Decision.values]),
        minutes=st.integers(0, 10_000),
        instrument=st.sampled_from(["one", "two"]),
        is_woman=st.booleans(),
        country=st.sampled_from(["Kenya", "Togo"]),
        has_priority=st.booleans(),
    ),
    max_size=30,
)


@given(lines=LINES, offered=st.integers(0, 100_000), wanted=st.integers(0, 100))
def test_the_parts_of_a_simulation_come_to_its_whole(lines, offered, wanted):
    result = simulate(lines, offered=offered, gives_hours=True, women_wanted=wanted)
    awards = [line for line in lines if line.decision == "award"]
    assert result.given == sum(use.minutes for use in result.uses) == sum(line.minutes for line in awards)
    assert result.awards == sum(use.awards for use in result.uses) == sum(n for _country, n in result.countries)
    assert sum(result.counts.values()) == len(lines)
    assert result.given + result.left - result.over == offered
    assert result.left == 0 or result.over == 0
    assert 0 <= result.women_percent <= 100
    assert result.has_women_enough == (not awards or result.women / len(awards) * 100 >= wanted)


@pytest.mark.parametrize(
    ("decisions", "priority", "passed_over"),
    [
        (["award", "award"], [True, False], 0),
        (["reserve", "award"], [True, False], 1),
        (["", "award"], [True, False], 1),
        (["decline", "award"], [True, False], 0),
        (["award", "reserve"], [False, True], 0),
        (["reserve", "award"], [True, True], 0),
    ],
)
def test_priority_is_kept_unless_somebody_below_is_awarded(decisions, priority, passed_over):
    lines = [Line(decision, 60, has_priority=has_it) for decision, has_it in zip(decisions, priority, strict=True)]
    assert simulate(lines, offered=0, gives_hours=True, women_wanted=0).passed_over == passed_over


def test_an_unreadable_name_in_the_list_changes_nothing(client, staff, call, applied):
    kept = applied(rank=1)
    client.force_login(staff)
    client.post(page(call), {"do": "save", f"{kept.ref}\0-seen": "x", f"{kept.ref}\0-decision": Decision.AWARD})
    kept.refresh_from_db()
    assert (kept.state, kept.decision) == ("review", "")


def test_staff_see_nothing_of_what_is_prepared_for_themselves(client, staff, call, applied):
    """Neither as applicant nor as somebody who was invited to take part."""
    own, shared, other = applied("prepared", applicant=staff), applied("prepared"), applied("prepared")
    TeamMemberFactory(application=shared, address=staff.email)
    client.force_login(staff)
    text = text_of(client.get(page(call)))
    assert [row.ref in text for row in (own, shared, other)] == [False, False, True]
    before = (own.decision, own.rank)
    client.post(page(call), typed(own, decision=Decision.DECLINE, rank=3))
    own.refresh_from_db()
    assert (own.decision, own.rank) == before != (Decision.DECLINE, 3)

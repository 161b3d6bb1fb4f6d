"""Creating an instrument and changing how it is described, made up, open, booked and closed."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction
from django.utils import timezone

from instruments import actions, signals
from instruments.actions.edit import UnitLine
from instruments.enums import InstrumentState
from instruments.models import Closure, Instrument, OpeningHours, Policy, Unit
from portal.accounts.models import Organisation, User
from portal.audit.models import Record
from portal.core.errors import Forbidden, Refused
from tests.factories.instruments import InstrumentFactory, TechniqueFactory

TOMORROW = timedelta(days=1)


def fields(**changes: Any) -> dict[str, Any]:
    return {
        "name_en": "Scope",
        "name_fr": "Microscope",
        "summary_en": "Looks.",
        "summary_fr": "Regarde.",
        "place": "Grenoble",
        "time_zone": "Europe/Paris",
    } | changes


def create(staff: User, laboratory: Organisation, **changes: Any) -> Instrument:
    techniques = [TechniqueFactory(slug="sem")]
    return actions.create_instrument(by=staff, organisation=laboratory, techniques=techniques, **fields(**changes))


def test_a_new_one_is_a_whole_draft(staff: User, laboratory: Organisation) -> None:
    instrument = create(staff, laboratory)
    assert (instrument.state, instrument.slug) == (InstrumentState.DRAFT, "scope")
    assert instrument.units.count() == 1
    assert instrument.opening_hours.count() == 5
    assert instrument.policy.longest == 480
    assert actions.gaps_before_listing(instrument) == []
    assert Record.objects.get().verb == "create"


def test_addresses_do_not_collide(staff: User, laboratory: Organisation) -> None:
    assert [create(staff, laboratory).slug for _ in range(3)] == ["scope", "scope-2", "scope-3"]
    assert create(staff, laboratory, name_en="New").slug == "new-2"
    assert create(staff, laboratory, name_en="电镜").slug == "instrument"


@pytest.mark.parametrize("who", ["operator", "researcher", "stranger_operator"])
def test_only_staff_create(who: str, laboratory: Organisation, request: pytest.FixtureRequest) -> None:
    with pytest.raises(Forbidden):
        create(request.getfixturevalue(who), laboratory)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"time_zone": "Europe/Grenoble"}, "invalid_time_zone"),
        ({"time_zone": "../etc/passwd"}, "invalid_time_zone"),
        ({"place": ""}, "invalid_place"),
        ({"summary_en": "x" * 301}, "invalid_summary_en"),
        ({"access_mode": "telepathy"}, "invalid_access_mode"),
        ({"link": "javascript:alert(1)"}, "invalid_link"),
    ],
)
def test_wrong_values_are_refused(changes: dict[str, Any], code: str, staff: User, laboratory: Organisation) -> None:
    with pytest.raises(Refused) as refusal:
        create(staff, laboratory, **changes)
    assert code in refusal.value.codes
    assert not Instrument.objects.exists()


def test_a_draft_may_lack_french(staff: User, laboratory: Organisation) -> None:
    instrument = create(staff, laboratory, name_fr="", summary_fr="")
    assert [gap.code for gap in actions.gaps_before_listing(instrument)] == ["texts"]


def test_an_operator_edits_and_a_listed_one_stays_listable(instrument: Instrument, operator: User) -> None:
    actions.update_instrument(instrument, by=operator, place="Lyon")
    instrument.refresh_from_db()
    assert instrument.place == "Lyon"
    with pytest.raises(Refused, match="English and in French"):
        actions.update_instrument(instrument, by=operator, summary_fr="")
    instrument.refresh_from_db()
    assert instrument.summary_fr
    assert Record.objects.count() == 1


@pytest.mark.parametrize("state", ["refused", "retired"])
def test_what_is_over_is_not_changed(state: str, instrument: Instrument, staff: User) -> None:
    Instrument.objects.update(state=state)
    with pytest.raises(Refused, match="no longer offered"):
        actions.update_instrument(instrument, by=staff, place="Lyon")


CHANGES = {
    "update": lambda row, by: actions.update_instrument(row, by=by, place="Lyon"),
    "hours": lambda row, by: actions.set_opening_hours(row, [(0, 0, 1440)], by=by),
    "policy": lambda row, by: actions.set_policy(row, by=by, longest=600),
    "units": lambda row, by: actions.set_units(row, [UnitLine(None, "A")], by=by),
    "closure": lambda row, by: actions.add_closure(row, timezone.now(), timezone.now() + TOMORROW, "x", by=by),
}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("who", ["researcher", "focal_point", "stranger_operator", "visitor", "donor"])
def test_others_change_nothing(change: str, who: str, instrument: Instrument, request: pytest.FixtureRequest) -> None:
    with pytest.raises(Forbidden):
        CHANGES[change](instrument, request.getfixturevalue(who))
    assert not Record.objects.exists()


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("who", ["operator", "staff"])
def test_the_row_is_locked_for_update(
    change: str, who: str, instrument: Instrument, request: pytest.FixtureRequest, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(100, exact=False) as captured:
        CHANGES[change](instrument, request.getfixturevalue(who))
    locks = [query["sql"] for query in captured.captured_queries if "FOR UPDATE" in query["sql"]]
    assert 'FOR UPDATE OF "instruments_instrument"' in locks[0]


def test_hours_are_replaced(instrument: Instrument, operator: User) -> None:
    actions.set_opening_hours(instrument, [(5, 600, 720), (5, 780, 1440), (0, 0, 1440)], by=operator)
    rows = list(instrument.opening_hours.values_list("weekday", "opens", "closes"))
    assert rows == [(0, 0, 1440), (5, 600, 720), (5, 780, 1440)]
    assert len(Record.objects.get().details["hours_before"]) == 5


@pytest.mark.parametrize(
    ("stretches", "code"),
    [
        ([(0, 600, 540)], "hours_backwards"),
        ([(0, 600, 600)], "hours_backwards"),
        ([(0, 600, 1441)], "hours_backwards"),
        ([(7, 600, 700)], "hours_backwards"),
        ([(0, -5, 700)], "hours_backwards"),
        ([(1, 540, 700), (1, 690, 800)], "hours_overlap"),
        ([(1, 540, 700), (1, 540, 700)], "hours_overlap"),
        ([], "hours"),
    ],
)
def test_hours_that_cannot_be(stretches: list, code: str, instrument: Instrument, operator: User) -> None:
    with pytest.raises(Refused) as refusal:
        actions.set_opening_hours(instrument, stretches, by=operator)
    assert refusal.value.codes == [code]
    assert instrument.opening_hours.count() == 5
    assert not Record.objects.exists()


def test_policy_is_changed_and_recorded(instrument: Instrument, operator: User) -> None:
    actions.set_policy(instrument, by=operator, longest=1440, step=30, needs_confirmation=True)
    policy = Policy.objects.get(instrument=instrument)
    assert (policy.longest, policy.step, policy.needs_confirmation, policy.shortest) == (1440, 30, True, 60)
    assert Record.objects.get().details["policy_before"] == {"longest": 480, "step": 60, "needs_confirmation": False}


@pytest.mark.parametrize(
    "changes", [{"longest": 30}, {"step": 0}, {"step": 90}, {"late_cancel_percent": 101}, {"day_starts": 1440}]
)
def test_policy_that_cannot_be(changes: dict[str, int], instrument: Instrument, operator: User) -> None:
    with pytest.raises(Refused):
        actions.set_policy(instrument, by=operator, **changes)
    assert Policy.objects.get(instrument=instrument).step == 60


def test_units_are_renamed_added_and_taken_away(instrument: Instrument, operator: User) -> None:
    one = instrument.units.get()
    two = Unit.objects.create(instrument=instrument, name="Two")
    lines = [UnitLine(one.pk, "Two"), UnitLine(two.pk, one.name, is_active=False), UnitLine(None, "Three")]
    actions.set_units(instrument, lines, by=operator)
    assert list(instrument.units.values_list("name", "is_active")) == [
        ("Two", True), ("Unit 1", False), ("Three", True)
    ]  # fmt: skip
    actions.set_units(instrument, [UnitLine(one.pk, "Two"), UnitLine(two.pk, "", remove=True)], by=operator)
    assert not Unit.objects.filter(pk=two.pk).exists()


def test_units_that_cannot_be(instrument: Instrument, operator: User) -> None:
    one, foreign = instrument.units.get(), InstrumentFactory().units.get()
    wrong = {
        "units_doubled": [UnitLine(one.pk, "A"), UnitLine(None, "a")],
        "unit_unknown": [UnitLine(foreign.pk, "B")],
        "units": [UnitLine(one.pk, "A", is_active=False)],
    }
    for code, lines in wrong.items():
        with pytest.raises(Refused) as refusal:
            actions.set_units(instrument, lines, by=operator)
        assert refusal.value.codes == [code]
    assert instrument.units.get().name == "Unit 1"


def test_a_closure_is_announced_and_shows_what_is_in_the_way(instrument: Instrument, operator: User) -> None:
    def answer(closure: Closure, by: User, **kwargs: Any) -> list[str]:
        return [f"booking in {closure.period.upper - closure.period.lower}"]

    start = timezone.now() + TOMORROW
    signals.closure_added.connect(answer, weak=False)
    try:
        closure, in_the_way = actions.add_closure(instrument, start, start + TOMORROW, "Service", by=operator)
    finally:
        signals.closure_added.disconnect(answer)
    assert "booking in 1 day, 0:00:00" in in_the_way
    assert list(instrument.closures.ending_after(start)) == [closure]
    assert not instrument.closures.ending_after(start + TOMORROW).exists()


def test_closures_that_cannot_be(instrument: Instrument, operator: User) -> None:
    now = timezone.now()
    foreign = InstrumentFactory().units.get()
    wrong = {
        "period_backwards": (now + TOMORROW, now, None),
        "period_past": (now - 2 * TOMORROW, now - TOMORROW, None),
        "period_long": (now, now + 400 * TOMORROW, None),
        "unit_unknown": (now, now + TOMORROW, foreign),
    }
    for code, (start, end, unit) in wrong.items():
        with pytest.raises(Refused) as refusal:
            actions.add_closure(instrument, start, end, "x", by=operator, unit=unit)
        assert refusal.value.codes == [code]
    assert not Closure.objects.exists()
    assert not Record.objects.exists()


def test_a_closure_is_removed_once(instrument: Instrument, operator: User) -> None:
    closure, _ = actions.add_closure(instrument, timezone.now(), timezone.now() + TOMORROW, "x", by=operator)
    actions.remove_closure(closure, by=operator)
    assert not Closure.objects.exists()
    closure.pk = closure.pk or 1
    with pytest.raises(Refused) as refusal:
        actions.remove_closure(closure, by=operator)
    assert refusal.value.codes == ["closure_gone"]


@pytest.mark.parametrize(
    ("name", "spoil"),
    [
        ("opening_before_closing", lambda row: OpeningHours.objects.update(closes=1)),
        ("opening_on_a_weekday", lambda row: OpeningHours.objects.update(weekday=9)),
        (
            "opening_never_overlaps",
            lambda row: OpeningHours.objects.create(instrument=row, weekday=0, opens=1000, closes=1100),
        ),
        ("unit_name_once_an_instrument", lambda row: Unit.objects.create(instrument=row, name="Unit 1")),
        ("policy_lengths_fit", lambda row: Policy.objects.update(longest=1)),
        ("policy_in_range", lambda row: Policy.objects.update(late_cancel_percent=101)),
        (
            "closure_is_finite",
            lambda row: Closure.objects.create(
                instrument=row, reason="x", period=(datetime(2027, 1, 1, tzinfo=UTC), None)
            ),
        ),
    ],
)
def test_constraints(name: str, spoil: Any, instrument: Instrument) -> None:
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        spoil(instrument)


def test_the_end_of_one_stretch_may_be_the_beginning_of_the_next(instrument: Instrument) -> None:
    OpeningHours.objects.create(instrument=instrument, weekday=0, opens=1020, closes=1440)
    OpeningHours.objects.create(instrument=instrument, weekday=1, opens=0, closes=540)
    assert instrument.opening_hours.count() == 7


@pytest.mark.django_db(transaction=True)
def test_a_booking_in_progress_and_a_closure_wait_for_each_other(instrument: Instrument, operator: User) -> None:
    """While somebody holds the row FOR SHARE, as bookings do, a closure must wait; it does not slip past."""
    other = connection.copy()
    try:
        other.set_autocommit(False)
        with other.cursor() as cursor:
            cursor.execute("SELECT 1 FROM instruments_instrument WHERE id = %s FOR SHARE", [instrument.pk])
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '200ms'")
        start = timezone.now()
        with pytest.raises(OperationalError, match="lock timeout"):
            actions.add_closure(instrument, start, start + TOMORROW, "x", by=operator)
        other.rollback()
        actions.add_closure(instrument, start, start + TOMORROW, "x", by=operator)
    finally:
        other.close()
        with connection.cursor() as cursor:
            cursor.execute("RESET lock_timeout")
    assert Closure.objects.count() == 1

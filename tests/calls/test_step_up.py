"""The reserve list: who steps up when an award comes to nothing, and what lapses with the call; crowds at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connections
from django.utils import timezone

from calls import notices
from calls.actions import award as awards
from calls.actions import outcome as deeds
from calls.enums import AwardState, CallState, Decision
from calls.models import Application, Award, Call
from portal.audit.models import Record
from portal.core.errors import WrongState
from portal.notifications.models import Notification
from tests.factories.accounts import MembershipFactory, OrganisationFactory
from tests.factories.applications import ApplicationFactory
from tests.factories.calls import AwardFactory, CallFactory
from tests.factories.instruments import InstrumentFactory

pytestmark = pytest.mark.django_db


def make_call(**fields) -> Call:
    return CallFactory(closed=True, **fields)


def apply(call, decision, minutes=600, rank=1, **fields) -> Application:
    """A prepared application of a confirmed member of its organisation."""
    organisation = fields.pop("organisation", None) or OrganisationFactory()
    member = MembershipFactory(organisation=organisation)
    return ApplicationFactory(
        prepared=True,
        call=call,
        applicant=member.user,
        organisation=organisation,
        minutes_requested=minutes,
        decision=decision,
        rank=rank,
        **fields,
    )


@pytest.fixture
def call(instrument) -> Call:
    return make_call(instruments=[instrument])


@pytest.fixture
def released(call, instrument, staff):
    """Release a call with one award of ten hours and a reserve list of these minutes; return (award, reserves)."""

    def make(*reserve_minutes, **fields):
        apply(call, Decision.AWARD, instrument=instrument, **fields)
        reserves = [
            apply(call, Decision.RESERVE, minutes, rank=place, instrument=instrument)
            for place, minutes in enumerate(reserve_minutes, start=2)
        ]
        deeds.release(call, by=staff)
        return Award.objects.get(), reserves

    return make


def fresh(row):
    return type(row).objects.get(pk=row.pk)


def states(rows) -> list[str]:
    return [fresh(row).state for row in rows]


def give_up(award: Award, how: str, staff) -> None:
    if how == "refuse":
        awards.refuse(award, by=award.holder)
    elif how == "lapse":
        awards.lapse_unanswered(award.answer_by)
    else:
        awards.accept(award, by=award.holder)
        awards.revoke(award, by=staff, why="The project ended")


@pytest.mark.parametrize("how", ["refuse", "lapse", "revoke"])
def test_the_first_whom_the_hours_suffice_step_up(released, staff, how):
    award, reserves = released(660, 300, 360, 300)
    give_up(award, how, staff)
    assert states(reserves) == ["reserved", "awarded", "reserved", "awarded"]
    given = Award.objects.exclude(pk=award.pk).order_by("application__rank")
    assert [(row.application, row.granted_minutes, row.state) for row in given] == [
        (reserves[1], 300, "offered"),
        (reserves[3], 300, "offered"),
    ]
    assert all(row.entries.get().minutes == 300 for row in given)
    told = Notification.objects.filter(kind=notices.OUTCOME_STEPPED_UP.name).values_list("address", flat=True)
    assert set(told) == {reserves[1].applicant.email, reserves[3].applicant.email}
    assert Record.objects.filter(verb="step_up", actor="clock", before="reserved", after="awarded").count() == 2


def test_only_what_a_revoked_award_has_left_returns(released, staff):
    award, reserves = released(300, 120)
    awards.accept(award, by=award.holder)
    awards.spend(award, 420, booking="AB23CD45", by=award.holder)
    awards.revoke(award, by=staff, why="The project ended")
    assert states(reserves) == ["reserved", "awarded"]


def test_hours_corrected_upwards_do_not_become_hours_of_the_call(released, staff):
    award, reserves = released(660, 600)
    awards.accept(award, by=award.holder)
    awards.adjust(award, 120, why="A power cut", by=staff)
    awards.revoke(award, by=staff, why="The project ended")
    assert states(reserves) == ["reserved", "awarded"]


def test_small_returns_add_up_and_nobody_steps_up_twice_for_them(call, instrument, staff):
    for _ in range(2):
        apply(call, Decision.AWARD, 300, instrument=instrument)
    reserve = apply(call, Decision.RESERVE, 600, rank=3, instrument=instrument)
    other = apply(call, Decision.RESERVE, 60, rank=4, organisation=OrganisationFactory(state="proposed"))
    deeds.release(call, by=staff)
    first, second = Award.objects.order_by("pk")
    awards.refuse(first, by=first.holder)
    assert states([reserve]) == ["reserved"]
    awards.refuse(second, by=second.holder)
    assert states([reserve, other]) == ["awarded", "reserved"]
    stepped = Award.objects.get(application=reserve)
    awards.refuse(stepped, by=stepped.holder)
    assert Award.objects.count() == 3


def test_hours_of_another_instrument_or_call_serve_nobody_here(call, released, staff):
    elsewhere = apply(call, Decision.RESERVE, 60, rank=1, instrument=InstrumentFactory())
    other_call = apply(make_call(), Decision.RESERVE, 60)
    award, _reserves = released()
    Application.objects.filter(pk=other_call.pk).update(state="reserved")
    awards.refuse(award, by=award.holder)
    assert states([elsewhere, other_call]) == ["reserved", "reserved"]


def test_who_can_no_longer_hold_an_award_is_passed_over_with_the_reason(released, staff):
    award, reserves = released(300, 300)
    reserves[0].applicant.memberships.update(state="ended")
    awards.refuse(award, by=award.holder)
    assert states(reserves) == ["reserved", "awarded"]
    assert "not a confirmed member" in Record.objects.get(verb="pass_over", row_id=reserves[0].pk).why


def test_nobody_steps_up_once_the_call_is_archived_or_over(released, call, staff):
    award, reserves = released(300)
    Call.objects.filter(pk=call.pk).update(state=CallState.ARCHIVED)
    awards.refuse(award, by=award.holder)
    assert states(reserves) == ["reserved"]
    assert deeds.lapse_reserved(timezone.now()) == 1
    assert deeds.lapse_reserved(timezone.now()) == 0
    assert states(reserves) == ["lapsed"]
    told = Notification.objects.get(kind=notices.OUTCOME_LAPSED.name)
    assert told.address == reserves[0].applicant.email


def test_the_reserve_list_lapses_with_the_last_day_on_the_clock_of_the_call(released, call):
    _award, reserves = released(300)
    last = timezone.now().date() + timedelta(days=10)
    Call.objects.filter(pk=call.pk).update(use_from=None, use_until=last, time_zone="Pacific/Pago_Pago")
    midnight = fresh(call).closes_at.astimezone(fresh(call).zone).replace(
        year=last.year, month=last.month, day=last.day, hour=0, minute=0, second=0, microsecond=0
    ) + timedelta(days=1)
    assert deeds.lapse_reserved(midnight - timedelta(seconds=1)) == 0
    assert deeds.lapse_reserved(midnight) == 1
    assert states(reserves) == ["lapsed"]


def test_a_place_that_is_refused_goes_to_the_next(call, staff):
    Call.objects.filter(pk=call.pk).update(kind="training", places_offered=1)
    apply(call, Decision.AWARD, instrument=None)
    reserves = [apply(call, Decision.RESERVE, rank=place, instrument=None) for place in (2, 3)]
    deeds.release(fresh(call), by=staff)
    award = Award.objects.get()
    awards.refuse(award, by=award.holder)
    assert states(reserves) == ["awarded", "reserved"]


def test_an_award_by_hand_that_is_refused_moves_nobody(released, call, instrument):
    _award, reserves = released(300)
    by_hand = AwardFactory(call=call, instrument=instrument, state=AwardState.OFFERED)
    awards.refuse(by_hand, by=by_hand.holder)
    assert states(reserves) == ["reserved"]


# --- Crowds ---------------------------------------------------------------------------------------


def at_once(deeds_to_do) -> list[object]:
    """Run the deeds at the same moment, each on a connection of its own; return what each came to."""
    ready = Barrier(len(deeds_to_do))

    def run(deed):
        try:
            ready.wait(timeout=30)
            return deed()
        except Exception as error:  # noqa: BLE001 the outcome is what the test looks at
            return error
        finally:
            connections["default"].close()

    with ThreadPoolExecutor(len(deeds_to_do)) as pool:
        return list(pool.map(run, deeds_to_do))


@pytest.mark.django_db(transaction=True)
def test_two_releases_at_once_are_one(call, instrument, staff):
    for rank in range(1, 6):
        apply(call, Decision.AWARD, rank=rank, instrument=instrument)
    outcomes = at_once([lambda: deeds.release(call, by=staff)] * 4)
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Released", *["WrongState"] * 3]
    assert any(isinstance(outcome, WrongState) for outcome in outcomes)
    assert Award.objects.count() == Notification.objects.count() == 5


@pytest.mark.django_db(transaction=True)
def test_hours_returned_at_once_are_given_once(call, instrument, staff):
    for rank in range(1, 5):
        apply(call, Decision.AWARD, 300, rank=rank, instrument=instrument)
    for rank in range(5, 15):
        apply(call, Decision.RESERVE, 400, rank=rank, instrument=instrument)
    deeds.release(call, by=staff)
    given = list(Award.objects.order_by("pk"))
    outcomes = at_once([lambda award=award: awards.refuse(award, by=award.holder) for award in given])
    assert [type(outcome) for outcome in outcomes] == [Award] * 4
    stepped = Award.objects.filter(application__decision=Decision.RESERVE).values_list("application__rank", flat=True)
    assert sorted(stepped) == [5, 6, 7]

"""Whatever people and laboratories do, in whatever order and at once: what must always hold, holds after every step.

Hypothesis writes the story. Each step is up to three deeds, each on a connection of its own, at the same time; a step
may also let hours pass and run what the clock does. A deed may be refused, never fail in any other way.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connections
from django.test import TransactionTestCase
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from bookings.actions import changes, clock, standby, waitlist
from bookings.actions.booking import book_time
from bookings.actions.session import advance_session
from bookings.enums import BookingState
from bookings.models import Booking, Session, StandbyEntry, WaitlistEntry
from bookings.slots import Span
from instruments import actions as laboratory
from instruments.models import Closure, Instrument
from portal.accounts.enums import Role
from portal.accounts.models import Organisation, User
from portal.core.errors import Refused
from tests.factories.accounts import MembershipFactory, OrganisationFactory, UserFactory
from tests.factories.calls import AwardFactory
from tests.factories.instruments import InstrumentFactory
from tests.support.isolation import delete_rows
from tests.support.promises import broken_promises

pytestmark = pytest.mark.django_db(transaction=True)

PARIS = ZoneInfo("Europe/Paris")
NOW = datetime(2027, 3, 22, 7, 0, tzinfo=PARIS)  # a Monday; the clocks change at the end of the week
some = st.integers(0, 50)  # which of the rows there are: counted round
# (days ahead, hour in Paris, hours long): few, so that people meet
slots = st.tuples(st.sampled_from([0, 1, 2, 7]), st.integers(9, 13), st.integers(1, 3))
deeds = st.one_of(
    st.tuples(st.just("book"), some, slots),
    st.tuples(st.just("book"), some, slots),
    st.tuples(st.just("move"), some, slots),
    st.tuples(st.just("wait"), some, slots),
    st.tuples(st.sampled_from(["cancel", "confirm", "decline", "fail"]), some),
    st.tuples(st.sampled_from(["accept", "turn_down", "leave"]), some),
    st.tuples(st.sampled_from(["stand_by", "take_call", "quit"]), some),
    st.tuples(st.just("close"), some, slots),
    st.tuples(st.just("reopen"), some),
)


class Programme(RuleBasedStateMachine):
    """Two instruments (one of two units, one whose operator confirms), four awards, and everybody's deeds."""

    @initialize()
    def begin(self) -> None:
        delete_rows(TransactionTestCase())
        self.traveller = time_machine.travel(NOW, tick=False)
        self.clock = self.traveller.start()
        self.pool = ThreadPoolExecutor(3)
        institute, host = OrganisationFactory(), OrganisationFactory(country="FR", time_zone="Europe/Paris")
        self.operator = UserFactory()
        MembershipFactory(user=self.operator, organisation=host, role=Role.OPERATOR)
        someone, another, third = (_member(institute) for _ in range(3))
        policy = {"after": 30, "cancel_notice": 1440, "late_cancel_percent": 50, "open_bookings_limit": 4}
        policy |= {"has_standby": True, "standby_minutes": 90}
        self.instruments = [
            InstrumentFactory(organisation=host, units=2, policy=policy),
            InstrumentFactory(organisation=host, policy={"needs_confirmation": True, "confirm_by": 120}),
        ]
        self.awards = [
            AwardFactory(holder=holder, organisation=institute, instrument=instrument)
            for instrument, holders in zip(self.instruments, [(someone, another), (someone, third)], strict=True)
            for holder in holders
        ]

    @rule(story=st.lists(deeds, min_size=1, max_size=3))
    def at_once(self, story: list[tuple[Any, ...]]) -> None:
        for done in [self.pool.submit(self.do, *deed) for deed in story]:
            done.result(timeout=60)

    @rule(hours=st.sampled_from([1, 3, 20]))
    def hours_pass(self, hours: int) -> None:
        self.clock.shift(timedelta(hours=hours))
        clock.lapse_requests()
        standby.expire_calls()
        waitlist.expire_offers()
        waitlist.expire_places()
        waitlist.serve_waitlist()
        standby.end_waits()
        standby.call_standby()
        for booking in Booking.objects.filter(session__in=Session.objects.due_at(timezone.now())):
            advance_session(booking)

    @invariant()
    def promises_are_kept(self) -> None:
        assert list(broken_promises()) == []

    def teardown(self) -> None:
        if hasattr(self, "pool"):
            self.pool.shutdown()
            self.traveller.stop()

    def do(self, verb: str, *choice: Any) -> None:
        """One deed, on this thread's own connection."""
        deed: Callable[..., Any] = getattr(self, verb)
        try:
            deed(*choice)
        except Refused:
            return
        finally:
            connections["default"].close()

    def book(self, which: int, slot: tuple[int, int, int]) -> None:
        award = self.awards[which % len(self.awards)]
        book_time(self._instrument(award.instrument_id), self._period(slot), award, by=award.holder)

    def move(self, which: int, slot: tuple[int, int, int]) -> None:
        if booking := _one_of(Booking.objects.for_page(), which):
            changes.move_booking(booking, self._period(slot), by=booking.award.holder)

    def cancel(self, which: int) -> None:
        if booking := _one_of(Booking.objects.for_page(), which):
            changes.cancel_booking(booking, by=booking.award.holder)

    def confirm(self, which: int) -> None:
        if booking := _one_of(Booking.objects.for_page(), which):
            changes.confirm_booking(booking, by=self.operator)

    def decline(self, which: int) -> None:
        if booking := _one_of(Booking.objects.for_page(), which):
            changes.decline_booking(booking, by=self.operator, why="The tube is being changed.")

    def fail(self, which: int) -> None:
        if booking := _one_of(Booking.objects.for_page(), which):
            changes.fail_booking(booking, by=self.operator, why="The power went.")

    def wait(self, which: int, slot: tuple[int, int, int]) -> None:
        """With one award, or with one on each instrument, for a length that fits into the day of the slot."""
        award, period = self.awards[which % len(self.awards)], self._period(slot)
        both = [award] if which % 3 else [self.awards[0], self.awards[2]]
        window = Span(period.start.replace(hour=8), period.start.replace(hour=18))
        waitlist.join_waitlist(both, window, period.minutes, by=both[0].holder, least_notice=30)

    def accept(self, which: int) -> None:
        if offer := _offer(which):
            waitlist.accept_offer(offer, by=offer.award.holder)

    def turn_down(self, which: int) -> None:
        if offer := _offer(which):
            waitlist.decline_offer(offer, by=offer.award.holder)

    def leave(self, which: int) -> None:
        if entry := _one_of(WaitlistEntry.objects.select_related("asked_by"), which):
            waitlist.leave_waitlist(entry, by=entry.asked_by)

    def stand_by(self, which: int) -> None:
        award = self.awards[which % 2]
        until = timezone.now() + timedelta(hours=5 + which % 20)
        standby.join_standby(award, 60 * (1 + which % 3), until, by=award.holder)

    def take_call(self, which: int) -> None:
        if place := _one_of(StandbyEntry.objects.for_list(), which):
            standby.accept_call(place, by=place.asked_by)

    def quit(self, which: int) -> None:
        if place := _one_of(StandbyEntry.objects.for_list(), which):
            standby.leave_standby(place, by=place.asked_by)

    def close(self, which: int, slot: tuple[int, int, int]) -> None:
        instrument, period = self.instruments[which % 2], self._period(slot)
        laboratory.add_closure(instrument, period.start, period.end, "Maintenance", by=self.operator)

    def reopen(self, which: int) -> None:
        if closure := _one_of(Closure.objects.select_related("instrument"), which):
            laboratory.remove_closure(closure, by=self.operator)

    def _instrument(self, pk: int | None) -> Instrument:
        return next(instrument for instrument in self.instruments if instrument.pk == pk)

    def _period(self, slot: tuple[int, int, int]) -> Span:
        days, hour, length = slot
        today = timezone.now().astimezone(PARIS).date()
        start = datetime(today.year, today.month, today.day, hour, tzinfo=PARIS) + timedelta(days=days)
        return Span(start, start + timedelta(hours=length))


def _offer(which: int) -> Any:
    """One that waits for its answer, or now and then any that ever was."""
    offers = Booking.objects.exclude(entry=None).for_page()
    return _one_of(offers.filter(state=BookingState.HELD) if which % 4 else offers, which)


def _member(institute: Organisation) -> User:
    return MembershipFactory(user=UserFactory(), organisation=institute, role=Role.RESEARCHER).user


def _one_of(rows: Any, which: int) -> Any:
    """The row that this number falls on, counting round; None where there is none."""
    count = rows.count()
    return rows.order_by("pk")[which % count] if count else None


def test_what_must_always_hold_does() -> None:
    run_state_machine_as_test(
        Programme,
        settings=settings(
            max_examples=12,
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
            print_blob=True,
        ),
    )

"""The waiting list: join, be offered what falls free in the stated order, answer, and what passes on."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bookings.actions.booking import book_time
from bookings.actions.changes import cancel_booking
from bookings.actions.waitlist import (
    accept_offer,
    decline_offer,
    expire_offer,
    expire_offers,
    expire_places,
    join_waitlist,
    lapse_expired_holds,
    leave_waitlist,
    offer_freed_time,
    offers,
    serve_waitlist,
)
from bookings.enums import BookingState, SampleState, WaitlistState
from bookings.locks import lock_instrument
from bookings.models import Booking
from bookings.slots import Span
from bookings.wishes import places_of
from instruments.actions import retire_instrument
from portal.audit.actions import history_of
from portal.core.errors import Forbidden, Refused
from portal.notifications.kinds import KINDS
from portal.notifications.models import Notification
from portal.notifications.rendering import Renderer
from tests.factories.bookings import BookingFactory
from tests.factories.calls import AwardFactory
from tests.factories.samples import SampleFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def award_of(researcher, institute, instrument):
    def make(**fields):
        return AwardFactory(holder=researcher, organisation=institute, instrument=instrument, **fields)

    return make


@pytest.fixture
def wait(researcher, monday):
    """Wait for these minutes on the Monday, with an award."""

    def join(award, minutes=120, window=None, by=researcher, **fields):
        window = window or Span(monday.start - timedelta(hours=1), monday.start + timedelta(hours=7))
        return join_waitlist([award], window, minutes, by=by, **fields)

    return join


def free_only(award, span):
    """Take all of the Monday but `span`, and give it to the waiting list."""
    opens = span.start.replace(hour=0)
    if opens < span.start:
        BookingFactory(award=award, start=opens, minutes=Span(opens, span.start).minutes)
    end = opens + timedelta(days=1)
    BookingFactory(award=award, start=span.end, minutes=Span(span.end, end).minutes)
    return offer_freed_time(award.instrument, span)


def test_an_offer_holds_the_time_and_debits_nothing(award_of, wait, monday, researcher):
    mine = award_of()
    entry = wait(mine)
    [offer] = free_only(award_of(), monday)

    mine.refresh_from_db()
    entry.refresh_from_db()
    assert (offer.state, offer.span, offer.entry, offer.minutes) == (BookingState.HELD, monday, entry, 120)
    assert (entry.state, mine.balance_minutes) == (WaitlistState.OFFERED, 600)
    assert [(entry.verb, entry.after, entry.actor) for entry in history_of(offer)] == [("hold", "held", "clock")]
    assert next((row.verb, row.before, row.after) for row in history_of(entry)) == ("offer", "waiting", "offered")
    assert list(Notification.objects.values_list("kind", "address")) == [("bookings.offered", researcher.email)]


def test_accepting_pays_and_serves(award_of, wait, monday, focal_point):
    mine = award_of()
    entry = wait(mine)
    [offer] = free_only(award_of(), monday)
    booking = accept_offer(offer, by=focal_point)

    mine.refresh_from_db()
    entry.refresh_from_db()
    assert (booking.state, booking.session.state, entry.state) == ("confirmed", "scheduled", "served")
    assert mine.balance_minutes == 480
    assert [row.minutes for row in mine.entries.filter(booking=booking.ref)] == [-120]
    assert list(booking.participants.all()) == [mine.holder]


def test_accepting_asks_an_operator_where_the_policy_does(award_of, wait, monday, instrument, researcher):
    instrument.policy.needs_confirmation = True
    instrument.policy.save()
    wait(award_of())
    [offer] = free_only(award_of(), monday)
    assert offer.held_until <= monday.start - timedelta(minutes=instrument.policy.confirm_by)
    assert accept_offer(offer, by=researcher).state == BookingState.REQUESTED
    assert not hasattr(offer, "session")


@pytest.mark.parametrize(
    ("first", "second"),
    [({"priority": 1}, {}), ({}, {"balance_minutes": 300}), ({}, {})],
    ids=["priority", "least used", "first come"],
)
def test_the_stated_order(award_of, wait, monday, first, second):
    if not first and not second:
        one, other = wait(award_of()), wait(award_of())
    else:
        other, one = wait(award_of(**second)), wait(award_of(**first))
    [offer] = free_only(award_of(), monday)
    assert offer.entry == one != other


def test_a_long_time_goes_to_several(award_of, wait, monday):
    entries = [wait(award_of(), 120), wait(award_of(), 60)]
    freed = Span(monday.start, monday.end + timedelta(hours=1))
    offers = free_only(award_of(), freed)
    assert [offer.entry for offer in offers] == entries
    assert not offers[0].span.overlaps(offers[1].span)


def test_two_wishes_of_one_award_do_not_promise_more_than_its_hours(award_of, wait, monday):
    mine = award_of(granted_minutes=150, balance_minutes=150)
    wait(mine, 120)
    wait(mine, 60)
    assert len(free_only(award_of(), Span(monday.start, monday.end + timedelta(hours=1)))) == 1


def test_who_declined_is_not_asked_again_and_the_next_is(award_of, wait, monday, researcher):
    one, other = wait(award_of()), wait(award_of())
    [offer] = free_only(award_of(), monday)
    declined = decline_offer(offer, by=researcher, why="Away")
    one.refresh_from_db()
    other.refresh_from_db()
    assert (declined.state, one.state, other.state) == ("cancelled", "waiting", "offered")
    last = decline_offer(Booking.objects.get(state="held"), by=researcher)
    assert last.entry == other
    assert not Booking.objects.filter(state="held").exists()


def test_an_offer_that_nobody_answers_goes_on(award_of, wait, monday, researcher, time_machine):
    one, other = wait(award_of()), wait(award_of())
    [offer] = free_only(award_of(), monday)
    with pytest.raises(Refused) as early:
        expire_offer(offer)
    assert early.value.codes == ["not_due"]

    time_machine.move_to(offer.held_until)
    with pytest.raises(Refused) as late:
        accept_offer(offer, by=researcher)
    assert late.value.codes == ["offer_expired"]
    assert expire_offer(offer).state == BookingState.RELEASED
    one.refresh_from_db()
    other.refresh_from_db()
    assert (one.state, other.state) == ("waiting", "offered")
    told = Notification.objects.filter(key__contains=f"booking:{offer.pk}").values_list("kind", flat=True)
    assert sorted(told) == ["bookings.offer_expired", "bookings.offered"]


def test_an_offer_is_answered_once_and_by_its_people(award_of, wait, monday, researcher, stranger_focal_point):
    wait(award_of())
    [offer] = free_only(award_of(), monday)
    with pytest.raises(Forbidden):
        accept_offer(offer, by=stranger_focal_point)
    accept_offer(offer, by=researcher)
    for deed in (accept_offer, decline_offer):
        with pytest.raises(Refused) as twice:
            deed(offer, by=researcher)
        assert twice.value.codes == ["offer_accepted"]
    booked = book_time(
        offer.instrument,
        Span(monday.start + timedelta(days=1), monday.end + timedelta(days=1)),
        award_of(),
        by=researcher,
    )
    with pytest.raises(Refused) as none:
        accept_offer(booked, by=researcher)
    assert none.value.codes == ["no_offer"]


def test_an_offer_is_not_kept_against_a_closure(award_of, wait, monday, researcher, instrument):
    mine = award_of()
    wait(mine)
    [offer] = free_only(award_of(), monday)
    instrument.closures.create(period=offer.period, reason="Leak")
    with pytest.raises(Refused) as refusal:
        accept_offer(offer, by=researcher)
    mine.refresh_from_db()
    assert (refusal.value.codes, mine.balance_minutes) == (["closed"], 600)


def test_hours_spent_meanwhile_cannot_be_spent_again(award_of, wait, monday, researcher, instrument):
    mine = award_of(granted_minutes=120, balance_minutes=120)
    wait(mine)
    [offer] = free_only(award_of(), monday)
    book_time(instrument, Span(monday.start + timedelta(days=1), monday.end + timedelta(days=1)), mine, by=researcher)
    with pytest.raises(Refused) as refusal:
        accept_offer(offer, by=researcher)
    assert "not_enough_hours" in refusal.value.codes
    offer.refresh_from_db()
    assert offer.state == BookingState.HELD


def test_leaving_passes_the_offer_on(award_of, wait, monday, researcher, stranger_researcher):
    one, other = wait(award_of()), wait(award_of())
    [offer] = free_only(award_of(), monday)
    with pytest.raises(Forbidden):
        leave_waitlist(one, by=stranger_researcher)
    assert leave_waitlist(one, by=researcher).state == WaitlistState.LEFT
    offer.refresh_from_db()
    other.refresh_from_db()
    assert (offer.state, other.state) == ("cancelled", "offered")


def test_expired_offers_do_not_stand_in_the_way(award_of, wait, monday, time_machine):
    entry = wait(award_of())
    [offer] = free_only(award_of(), monday)
    assert lapse_expired_holds([offer.unit_id], monday) == []
    time_machine.move_to(offer.held_until)
    assert lapse_expired_holds([offer.unit_id], monday) == [offer]
    entry.refresh_from_db()
    assert entry.state == WaitlistState.WAITING


@pytest.mark.parametrize(
    ("policy", "hours_ahead", "held"),
    [(720, 72, 720), (720, 4, 120), (60, 4, 60), (10, 4, 15), (720, 0.5, 15), (720, 0.4, None)],
)
def test_how_long_an_offer_is_held(award_of, wait, instrument, monday, time_machine, policy, hours_ahead, held):
    instrument.policy.offer_minutes = policy
    instrument.policy.save()
    wait(award_of(), least_notice=0)
    other = award_of()
    time_machine.move_to(monday.start - timedelta(hours=hours_ahead), tick=False)
    offers = free_only(other, monday)
    assert [offer.held_until - timezone.now() for offer in offers] == ([timedelta(minutes=held)] if held else [])


def test_nothing_is_offered_where_nobody_is_left_to_accept(award_of, wait, monday, researcher):
    wait(award_of())
    researcher.memberships.update(state="ended")
    assert free_only(award_of(), monday) == []


def test_nothing_is_offered_where_nobody_can_be_told(award_of, wait, monday, researcher):
    wait(award_of())
    researcher.is_active = False
    researcher.save()
    assert free_only(award_of(), monday) == []


def test_a_wish_that_waits_for_its_sample_is_served_when_it_has_arrived(award_of, wait, monday, instrument):
    mine = award_of()
    wait(mine)
    instrument.policy.needs_sample = True
    instrument.policy.save()
    assert free_only(award_of(), monday) == []
    SampleFactory(award=mine, state=SampleState.RECEIVED)
    assert serve_waitlist() == 1


def test_notice_needed_is_kept(award_of, wait, monday, time_machine):
    wait(award_of(), least_notice=1440)
    other = award_of()
    time_machine.move_to(monday.start - timedelta(hours=20))
    assert free_only(other, monday) == []


@pytest.mark.parametrize(
    ("minutes", "hours", "fields", "code"),
    [
        (30, 8, {}, "too_short"),
        (90, 8, {}, "off_step"),
        (1000, 24, {}, "too_long"),
        (120, 1, {}, "window_too_short"),
        (120, 24 * 400, {}, "window_too_far"),
        (120, -1, {}, "empty"),
        (120, 0, {}, "empty"),
        (120, 8, {"least_notice": -1}, "notice_out_of_range"),
        (120, 8, {"least_notice": 28 * 1440}, "no_notice_left"),
    ],
)
def test_wishes_that_nothing_can_come_of(award_of, wait, monday, minutes, hours, fields, code):
    with pytest.raises(Refused) as refusal:
        wait(award_of(), minutes, Span(monday.start, monday.start + timedelta(hours=hours)), **fields)
    assert code in refusal.value.codes


def test_days_that_are_over_bring_nothing(award_of, wait, monday, time_machine):
    mine = award_of()
    time_machine.move_to(monday.end)
    with pytest.raises(Refused) as refusal:
        wait(mine, 120, Span(monday.start, monday.end))
    assert refusal.value.codes == ["in_the_past"]


def test_a_wish_needs_an_award_that_can_pay(award_of, wait, monday, stranger_focal_point):
    with pytest.raises(Refused) as poor:
        wait(award_of(granted_minutes=60, balance_minutes=60))
    assert poor.value.codes == ["not_enough_hours"]
    with pytest.raises(Refused) as ended:
        wait(award_of(state="ended"))
    assert ended.value.codes == ["award_not_active"]
    with pytest.raises(Forbidden):
        wait(award_of(), by=stranger_focal_point)


def test_the_same_wish_twice_is_one_place_and_places_are_counted(award_of, wait, monday):
    mine = award_of()
    assert wait(mine) == wait(mine)
    for hour in range(1, 5):
        wait(mine, window=Span(monday.start, monday.end + timedelta(hours=hour)))
    with pytest.raises(Refused) as refusal:
        wait(mine, window=Span(monday.start, monday.end + timedelta(hours=5)))
    assert refusal.value.codes == ["too_many_places"]


def test_the_sweep_finds_what_nothing_announced(award_of, wait, monday, instrument):
    entry = wait(award_of())
    closure = instrument.closures.create(
        period=(monday.start - timedelta(days=1), monday.end + timedelta(days=1)), reason="Service"
    )
    assert serve_waitlist() == 0
    closure.delete()
    assert serve_waitlist() == 1
    assert serve_waitlist() == 0
    entry.refresh_from_db()
    assert entry.state == WaitlistState.OFFERED


def test_the_clock_passes_offers_on_and_ends_places(award_of, wait, monday, time_machine, researcher):
    one, other = wait(award_of()), wait(award_of())
    [offer] = free_only(award_of(), monday)
    assert (expire_offers(), expire_places()) == (0, 0)
    time_machine.move_to(offer.held_until)
    assert (expire_offers(), expire_places()) == (1, 0)
    time_machine.move_to(monday.start + timedelta(days=1))
    assert (expire_offers(), expire_places()) == (1, 2)
    assert {row.state for row in (one, other) if row.refresh_from_db() is None} == {"expired"}
    told = Notification.objects.filter(kind="bookings.wait_over").values_list("address", flat=True)
    assert list(told) == [researcher.email] * 2


def test_places_end_with_the_instrument_or_the_last_award(award_of, wait, monday, instrument, staff, researcher):
    lost, kept = wait(award_of()), wait(award_of())
    elsewhere = AwardFactory(holder=researcher, organisation=lost.organisation)
    both = join_waitlist(
        [award_of(), elsewhere], Span(monday.start, monday.start + timedelta(hours=4)), 120, by=researcher
    )
    lost.awards.update(state="ended")
    assert expire_places() == 1
    lost.refresh_from_db()
    assert lost.state == WaitlistState.EXPIRED
    retire_instrument(instrument, by=staff, why="Sold")
    assert expire_places() == 1
    assert {row.state for row in (kept, both) if row.refresh_from_db() is None} == {"expired", "waiting"}
    told = Notification.objects.filter(kind="bookings.wait_over").first()
    letter = Renderer().letter(KINDS[told.kind], told)
    assert "can be used for this any more" in letter.text
    assert "The days for which you waited are over" not in letter.text


def test_places_follow_the_stated_order(award_of, wait, instrument):
    first, second, third = wait(award_of()), wait(award_of(balance_minutes=300)), wait(award_of(priority=3))
    assert places_of([first.pk, second.pk, third.pk]) == {
        first.pk: {instrument.pk: 2},
        second.pk: {instrument.pk: 3},
        third.pk: {instrument.pk: 1},
    }
    third.awards.update(state="ended")
    assert places_of([first.pk, third.pk]) == {first.pk: {instrument.pk: 1}}


def test_a_release_makes_its_offers_in_at_most_eight_statements(award_of, wait, monday):
    for _ in range(3):
        wait(award_of())
    other = award_of()
    BookingFactory(award=other, start=monday.start - timedelta(hours=9), minutes=540)
    BookingFactory(award=other, start=monday.end, minutes=600)
    with transaction.atomic(), CaptureQueriesContext(connection) as seen:
        lock_instrument(other.instrument)
        assert len(offer_freed_time(other.instrument, monday)) == 1
    marks = [query for query in seen if "SAVEPOINT" in query["sql"]]
    assert (len(seen) - len(marks), len(marks)) == (8, 2)


def test_a_release_that_nobody_waits_for_asks_little(award_of, monday):
    with CaptureQueriesContext(connection) as seen:
        assert offer_freed_time(award_of().instrument, monday) == []
    assert len([query for query in seen if query["sql"].startswith(("SELECT", "\nSELECT"))]) == 2


def test_a_failure_leaves_what_freed_the_time(award_of, wait, monday, monkeypatch, researcher, caplog):
    wait(award_of())
    other = award_of()
    booking = book_time(other.instrument, monday, other, by=researcher)
    for start, hours in ((monday.start - timedelta(hours=9), 9), (monday.end, 10)):
        BookingFactory(award=other, start=start, minutes=60 * hours)

    def breaks(rows):
        raise DatabaseError("disk full")

    with monkeypatch.context() as patch:
        patch.setattr(offers, "record_all", breaks)
        cancel_booking(booking, by=researcher)
    booking.refresh_from_db()
    assert booking.state == BookingState.CANCELLED
    assert not Booking.objects.filter(state="held").exists()
    assert "the sweep tries again" in caplog.text
    assert serve_waitlist() == 1


def test_the_mail_leads_to_the_page_with_both_buttons(award_of, wait, monday, time_machine):
    entry = wait(award_of())
    [offer] = free_only(award_of(), monday)
    row = Notification.objects.get(kind="bookings.offered")
    letter = Renderer().letter(KINDS[row.kind], row)
    assert entry.get_absolute_url() in letter.text
    assert entry.get_absolute_url() in letter.html
    assert "Answer by" in letter.text
    time_machine.move_to(offer.held_until)
    assert Renderer().letter(KINDS[row.kind], row) is None

"""Take a place on the waiting list, and leave it."""

from collections.abc import Collection, Iterator
from datetime import timedelta

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone
from django.utils.translation import gettext as _

from bookings.actions.holds import move_entry, release_hold
from bookings.actions.waitlist.offers import offer_freed_time
from bookings.enums import BookingState
from bookings.locks import lock_to_free
from bookings.models import Booking, WaitlistEntry
from bookings.policy import in_words
from bookings.slots import MINUTE, Span
from calls.enums import AwardState
from calls.models import Award
from portal.accounts.models import User
from portal.audit.actions import record
from portal.core.errors import Forbidden, Reason, Refused, WrongState
from portal.core.later import later
from portal.core.retry import in_transaction

FURTHEST = timedelta(days=366)
MOST_NOTICE = 30 * 24 * 60
MOST_OPEN = 5  # places that an award may hold at a time


def join_waitlist(
    awards: Collection[Award],
    window: Span,
    minutes: int,
    *,
    by: User,
    least_notice: int = 1440,
    purpose: str = "",
) -> WaitlistEntry:
    """Wait for `minutes` of time within `window` on the instrument of any of `awards` (one award an instrument).

    The same wish sent twice gives the same place again. Raises Forbidden, or Refused with every reason.
    """
    if window.start >= window.end:
        raise Refused(Reason("empty", _("The end must come after the start.")))
    rows = sorted(awards, key=lambda award: award.pk)
    for award in rows:
        if not by.has_perm("bookings.book_with", award):
            raise Forbidden(_("Only the award's holder and the focal points of its organisation wait with its hours."))

    def deed() -> WaitlistEntry:
        locked = list(
            Award.objects.select_for_update(of=("self",), no_key=True)
            .filter(pk__in=[award.pk for award in rows])
            .select_related("instrument__policy")
            .order_by("pk")
        )
        asked = Span(max(window.start, timezone.now()), window.end)
        if same := _the_same(locked, window, minutes, by):
            return same
        if reasons := [*_against_wish(locked, asked, minutes, least_notice)]:
            raise Refused(*reasons)
        return _join(locked, window, minutes, by=by, least_notice=least_notice, purpose=purpose)

    return in_transaction(deed)


def leave_waitlist(entry: WaitlistEntry, *, by: User) -> WaitlistEntry:
    """Give the place up; an offer that waits for an answer goes on to the next."""
    if not by.has_perm("bookings.leave_waitlist", entry):
        raise Forbidden

    def deed() -> WaitlistEntry:
        held = Booking.objects.filter(entry=entry, state=BookingState.HELD).select_related("instrument").first()
        row = None
        if held:
            row = lock_to_free(held)
        place = WaitlistEntry.objects.select_for_update(no_key=True).get(pk=entry.pk)
        if Booking.objects.filter(entry=entry, state=BookingState.HELD).exclude(pk=held.pk if held else 0).exists():
            raise WrongState("leave", place.state)
        move_entry(place, "leave", by=by)
        if row and row.state == BookingState.HELD:
            release_hold(row, "cancel", by=by)
            offer_freed_time(row.instrument, row.occupied_span)
        return place

    return in_transaction(deed)


def _join(
    awards: list[Award], window: Span, minutes: int, *, by: User, least_notice: int, purpose: str
) -> WaitlistEntry:
    entry = WaitlistEntry(
        organisation_id=awards[0].organisation_id,
        asked_by=by,
        window=DateTimeTZRange(window.start, window.end),
        minutes=minutes,
        least_notice=least_notice,
        purpose=purpose,
    )
    entry.save(force_insert=True)
    entry.awards.set(awards)
    record(entry, "join", by=by, after=entry.state)
    later("bookings.serve_waitlist")
    return entry


def _the_same(awards: list[Award], window: Span, minutes: int, by: User) -> WaitlistEntry | None:
    """The place that this person already has with just this wish."""
    wanted = [award.pk for award in awards]
    rows = WaitlistEntry.objects.open().filter(asked_by=by, minutes=minutes, awards__in=wanted).distinct()
    rows = rows.filter(window=DateTimeTZRange(window.start, window.end)).prefetch_related("awards")
    return next((row for row in rows if sorted(award.pk for award in row.awards.all()) == wanted), None)


def _against_wish(awards: list[Award], window: Span, minutes: int, least_notice: int) -> Iterator[Reason]:
    if not awards:
        yield Reason("no_award", _("Choose at least one award to wait with."))
        return
    if len({award.organisation_id for award in awards}) > 1:
        yield Reason("other_organisation", _("Choose awards of one organisation."))
    if len({award.instrument_id for award in awards}) < len(awards):
        yield Reason("same_instrument", _("Choose one award for each instrument."))
    yield from _against_window(window, minutes, least_notice)
    for award in awards:
        yield from _against_award(award, window, minutes)


def _against_window(window: Span, minutes: int, least_notice: int) -> Iterator[Reason]:
    now = timezone.now()
    if window.end <= now:
        yield Reason("in_the_past", _("This time is over. Choose days to come."))
    elif window.end - window.start < minutes * MINUTE:
        yield Reason("window_too_short", _("The days you can take it are shorter than the time you wait for."))
    if window.end > now + FURTHEST:
        yield Reason("window_too_far", _("Wait for time within a year from now."))
    if not 0 <= least_notice <= MOST_NOTICE:
        yield Reason("notice_out_of_range", _("Ask for at most 30 days of notice."))
    elif window.end > now and window.end - minutes * MINUTE < now + least_notice * MINUTE:
        yield Reason(
            "no_notice_left", _("With this much notice no time can come before the last day. Ask for less notice.")
        )


def _against_award(award: Award, window: Span, minutes: int) -> Iterator[Reason]:
    if not award.is_bookable or award.state != AwardState.ACTIVE:
        yield Reason("award_not_active", _("The award %(ref)s is not active.") % {"ref": award.ref})
        return
    if not window.overlaps(Span(award.starts_at, award.ends_at)):
        yield Reason("outside_award", _("The award %(ref)s cannot be used on these days.") % {"ref": award.ref})
    if award.balance_minutes < minutes:
        yield Reason("not_enough_hours", _("The award %(ref)s has fewer hours left than this.") % {"ref": award.ref})
    if award.waitlist_entries.open().count() >= MOST_OPEN:
        text = _("The award %(ref)s holds %(count)d places on the waiting list already. Leave one of them first.")
        yield Reason("too_many_places", text % {"ref": award.ref, "count": MOST_OPEN})
    yield from _against_length(award, minutes)


def _against_length(award: Award, minutes: int) -> Iterator[Reason]:
    policy, name = award.hours_on.policy, award.hours_on.name
    step = 1440 if policy.whole_days else policy.step
    if minutes < policy.shortest:
        values = {"name": name, "length": in_words(policy.shortest)}
        yield Reason("too_short", _("%(name)s is booked for at least %(length)s.") % values)
    elif minutes > policy.longest:
        values = {"name": name, "length": in_words(policy.longest)}
        yield Reason("too_long", _("%(name)s is booked for at most %(length)s at a time.") % values)
    elif minutes % step:
        values = {"name": name, "length": in_words(step)}
        yield Reason("off_step", _("%(name)s is booked in steps of %(length)s.") % values)

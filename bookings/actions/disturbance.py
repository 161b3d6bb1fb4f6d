"""What comes in the way of bookings that stand: their people hear of it once, and hear when it is gone again.

All of it runs inside the deed that brought it about, the instrument's row locked FOR UPDATE by that deed.
"""

from collections.abc import Callable, Iterable
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_noop

from bookings import notices
from bookings.actions.holds import release_hold
from bookings.actions.telling import people_of, tell_people
from bookings.enums import BookingState, Disturbance
from bookings.facts import Facts
from bookings.models import Booking
from bookings.obstacles import obstacles_to
from bookings.slots import MINUTE, Span
from instruments.models import Instrument
from portal.accounts.models import User
from portal.audit.actions import entry, record_all
from portal.notifications.actions import Recipient, notify_apart
from portal.notifications.enums import State
from portal.notifications.kinds import Kind
from portal.notifications.models import Notification

STANDING = (BookingState.REQUESTED, BookingState.CONFIRMED)
Causes = Callable[[Booking], set[Disturbance]]


def nothing_new(facts: Facts) -> Causes:
    return lambda row: set()


def reconsider(instrument: Instrument, new: Callable[[Facts], Causes], *, by: User | None) -> list[Booking]:
    """Look again at each coming booking of the instrument after something about it changed.

    `new` says, from the facts as they are now, what the change brought in a booking's way. A booking that had nothing
    in its way is told of it, one that has been told is not told again, one from whose way the last thing is gone is
    told that it stands. Offers from the waiting list that cannot be kept are taken back. Returns the bookings that
    `new` names something for, in order.
    """
    rows = list(coming_of(instrument))
    if not rows:
        return []
    facts = facts_around(instrument, rows)
    causes_of = new(facts)
    found = {row.pk: causes_of(row) for row in rows}
    kept = [row for row in rows if row.state in STANDING]
    _withdraw_offers([row for row in rows if row not in kept and obstacles_to(facts, row)], by=by)
    _write({row: _causes(facts, row, found[row.pk]) for row in kept}, by=by)
    return [row for row in kept if found[row.pk]]


def coming_of(instrument: Instrument) -> Any:
    """The active bookings that have not begun, locked in the order of all locks."""
    rows = Booking.objects.active().filter(instrument=instrument, period__startswith__gt=timezone.now())
    rows = rows.select_for_update(of=("self",), no_key=True).order_by("unit", "period")
    return rows.select_related("instrument__policy", "award__holder", "booked_by").prefetch_related("participants")


def facts_around(instrument: Instrument, rows: Iterable[Booking]) -> Facts:
    """The instrument as it is now, for as long as these bookings reach."""
    spans = [row.span for row in rows]
    now = timezone.now()
    return Facts.read(instrument, Span(now, max([now + MINUTE, *(span.end for span in spans)])))


def _causes(facts: Facts, row: Booking, new: set[Disturbance]) -> list[str]:
    """What is in its way from now on: what was and still is, and what came."""
    lasting = {Disturbance(cause) for cause in row.disturbances} & obstacles_to(facts, row)
    return sorted(lasting | new)


def _write(causes: dict[Booking, list[str]], *, by: User | None) -> None:
    """Store what changed, and tell those for whom it began or ended."""
    now = timezone.now()
    changed = [row for row, after in causes.items() if after != sorted(row.disturbances)]
    began = [row for row in changed if not row.disturbances]
    ended = [row for row in changed if not causes[row]]
    told_at = {row.pk: row.disturbed_at for row in ended}
    for row in changed:
        row.disturbances, row.updated_at = causes[row], now
        row.disturbed_at = (row.disturbed_at or now) if row.disturbances else None
    Booking.objects.bulk_update(changed, ["disturbances", "disturbed_at", "updated_at"])
    record_all(
        [entry(row, "disturb", by=by, causes=row.disturbances) for row in began]
        + [entry(row, "settle", by=by) for row in ended]
    )
    notify_apart(message for row in began for message in _messages(notices.DISTURBED, row, row.disturbed_at))
    unread = _not_written_yet(ended)
    notify_apart(
        message
        for row in ended
        for message in _messages(notices.STANDS_AGAIN, row, told_at[row.pk])
        if (row.pk, message[2].address) not in unread
    )


def _messages(kind: Kind, row: Booking, since: Any) -> Iterable[tuple[Kind, str, Recipient, dict[str, Any]]]:
    """One to each of its people; a booking disturbed anew after a while is a new event."""
    data = {"booking": row.pk, "version": row.version, "since": since.isoformat()}
    return [(kind, f"booking:{row.pk}:{since.isoformat()}", person, data) for person in people_of(row)]


def _not_written_yet(rows: list[Booking]) -> set[tuple[int, str]]:
    """Whose message about the disturbance still waits: it will not be sent, so nothing has to be taken back."""
    if not rows:
        return set()
    waiting = Notification.objects.filter(kind=notices.DISTURBED.name, state=State.PENDING)
    pks = [row.pk for row in rows]
    return set(waiting.filter(data__booking__in=pks).values_list("data__booking", "address"))


def _withdraw_offers(rows: Iterable[Booking], *, by: User | None) -> None:
    for row in rows:
        release_hold(row, "cancel", by=by, standby="wait_on")
        tell_people(row, notices.CANCELLED, why=gettext_noop("The laboratory cannot hold this time any more."))

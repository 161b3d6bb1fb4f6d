"""What a check of somebody's line came to, kept for them and, with a booking, for the laboratory."""

from typing import TypedDict

from bookings.models import Booking, ConnectionCheck
from bookings.rules import may_watch
from portal.accounts.models import User
from portal.core.errors import Forbidden
from portal.core.retry import in_transaction

KEPT = 20  # checks of one person


class Figures(TypedDict, total=False):
    """Milliseconds and kbit/s; None where there was no result."""

    latency: int | None
    jitter: int | None
    down: int | None
    up: int | None
    picture: int | None


def note_check(figures: Figures, *, by: User, booking: Booking | None = None, browser: str = "") -> ConnectionCheck:
    """Keep a check; the oldest ones of the same person go. Raises Forbidden for somebody else's booking."""
    if booking is not None and not may_watch(by, booking):
        raise Forbidden

    def deed() -> ConnectionCheck:
        check: ConnectionCheck = ConnectionCheck.objects.create(
            user=by, booking=booking, browser=browser[:300], **figures
        )
        kept = list(ConnectionCheck.objects.of(by).values_list("pk", flat=True)[:KEPT])
        ConnectionCheck.objects.of(by).exclude(pk__in=kept).delete()
        return check

    return in_transaction(deed)

"""What tests of the time after a session do over and over."""

import pytest
from django.urls import reverse
from django.utils import timezone

from bookings.enums import BookingState, Part, SessionState
from bookings.models import Attendance, Session
from portal.core.errors import Refused


def end(booking):
    Session.objects.filter(booking=booking).update(state=SessionState.ENDED, closed_at=timezone.now())
    booking.state = BookingState.COMPLETED
    booking.save()
    booking.session.refresh_from_db()
    return booking


def come(booking, person, **fields):
    now = timezone.now()
    return Attendance.objects.create(
        session=booking.session,
        user=person,
        **{"part": Part.RESEARCHER, "relay": "r1", "joined_at": now, "seen_at": now} | fields,
    )


def address(name, booking):
    return reverse(f"sessions:{name}", args=[booking.ref])


def refused(deed, *args, **kwargs):
    with pytest.raises(Refused) as refusal:
        deed(*args, **kwargs)
    return refusal.value.codes[0]

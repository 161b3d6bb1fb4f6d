"""Shells: an id in, an action called."""

from celery import shared_task

from bookings.actions import clock, waitlist
from bookings.actions.session import advance_session
from bookings.models import Booking


@shared_task(name="bookings.tick_sessions")
def tick_sessions() -> int:
    return clock.wake_due_sessions()


@shared_task(name="bookings.advance_session")
def advance(booking: int) -> None:
    advance_session(Booking.objects.get(pk=booking))


@shared_task(name="bookings.lapse_requests")
def lapse_requests() -> int:
    return clock.lapse_requests()


@shared_task(name="bookings.remind")
def remind() -> int:
    return clock.send_reminders()


@shared_task(name="bookings.tell_absences")
def tell_absences() -> int:
    return clock.tell_of_absent_operators()


@shared_task(name="bookings.expire_offers")
def expire_offers() -> int:
    return waitlist.expire_offers() + waitlist.expire_places()


@shared_task(name="bookings.serve_waitlist")
def serve_waitlist() -> int:
    return waitlist.serve_waitlist()

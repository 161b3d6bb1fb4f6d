"""What tests of sessions with a desktop do over and over."""

from django.utils import timezone

from bookings.models import Session
from instruments.actions.desktop import note_answer
from portal.notifications.models import Notification


def answer(desktop, trouble=""):
    desktop.refresh_from_db()
    return note_answer(desktop, trouble)


def session_of(booking):
    return Session.objects.get(booking=booking)


def joined(booking):
    Session.objects.filter(booking=booking).update(joined_at=timezone.now())


def calls_to(operator):
    return Notification.objects.filter(kind="bookings.not_answering", address=operator.email).count()

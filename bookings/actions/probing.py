"""Ask the desktops behind the sessions that come whether they answer; workers do the asking, under no lock."""

from datetime import timedelta

from django.utils import timezone

from bookings.models import Session
from instruments.actions.desktop import ask, note_answer
from instruments.enums import InstrumentState
from instruments.models import Desktop
from portal.core.later import later

EVERY = timedelta(seconds=20)
TRIED_AGAIN = timedelta(seconds=2)  # by hand
BATCH = 200


def wake_probes() -> int:
    """Wake a worker for each desktop that a session waits for and that nobody asked just now; return how many."""
    now = timezone.now()
    waiting = Session.objects.before_the_door_at(now).order_by().values("booking__unit")
    rows = Desktop.objects.filter(unit__in=waiting, unit__instrument__state=InstrumentState.LISTED)
    rows = rows.exclude(asked_at__gt=now - EVERY).order_by("pk")
    woken = [desktop for desktop in rows[:BATCH] if ask(desktop, now, every=EVERY)]
    for desktop in woken:
        later("bookings.probe_desktop", desktop.pk)
    return len(woken)


def take_answer(desktop: Desktop, trouble: str) -> None:
    """Write how the attempt went, and let the sessions that wait for it go on at once."""
    if not note_answer(desktop, trouble):
        return
    waiting = Session.objects.before_the_door_at(timezone.now()).filter(booking__unit=desktop.unit_id)
    for booking in waiting.values_list("booking", flat=True)[:BATCH]:
        later("bookings.advance_session", booking)

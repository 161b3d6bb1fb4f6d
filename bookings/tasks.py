"""Shells: an id in, an action called."""

from celery import shared_task

from bookings.actions import attendance, clock, dataset, probing, standby, waitlist
from bookings.actions.room import control, reports
from bookings.actions.session import advance_session
from bookings.desktop.probe import BRIEF, probe
from bookings.models import Booking
from instruments.models import Desktop


@shared_task(name="bookings.tick_sessions")
def tick_sessions() -> int:
    return clock.wake_due_sessions()


@shared_task(name="bookings.advance_session")
def advance(booking: int) -> None:
    advance_session(Booking.objects.get(pk=booking))


@shared_task(name="bookings.tick_desktops")
def tick_desktops() -> int:
    return probing.wake_probes()


@shared_task(name="bookings.probe_desktop")
def probe_desktop(desktop: int) -> None:
    row = Desktop.objects.select_related("unit").filter(pk=desktop).first()
    if row is not None:  # taken away meanwhile
        probing.take_answer(row, probe(row, patience=BRIEF))


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


@shared_task(name="bookings.call_standby")
def call_standby() -> int:
    return standby.expire_calls() + standby.remind_called() + standby.end_waits() + standby.call_standby()


@shared_task(name="bookings.serve_waitlist")
def serve_waitlist() -> int:
    return waitlist.serve_waitlist()


@shared_task(name="bookings.finish_upload")
def finish_upload(upload: int) -> None:
    dataset.finish_upload(upload)


@shared_task(name="bookings.tend_uploads")
def tend_uploads() -> int:
    return dataset.tend_uploads()


@shared_task(name="bookings.tend_datasets")
def tend_datasets() -> int:
    return dataset.warn_of_ending() + dataset.forget_datasets()


@shared_task(name="bookings.free_lost_control")
def free_lost_control() -> int:
    return control.free_lost_control()


@shared_task(name="bookings.remind_of_reports")
def remind_of_reports() -> int:
    return reports.remind_of_reports()


@shared_task(name="bookings.forget_lines")
def forget_lines() -> int:
    return attendance.forget_orphans()

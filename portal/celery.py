"""The Celery application: the alarm clock beside PostgreSQL, which holds the truth, and the hours it strikes."""

import os
from signal import SIGKILL
from typing import Any

from celery import Celery
from celery.signals import worker_process_init

from portal.embedded.process import die_with_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

app = Celery("portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.set_default()  # threads of a pages worker find it too, not only the one that imported this

# Every tick finds its rows by query: a missed or doubled one changes nothing.
app.conf.beat_schedule = {
    "deliver due notifications": {"task": "notifications.deliver", "schedule": 10},
    "free notifications stuck in sending": {"task": "notifications.sweep", "schedule": 60},
    "build digests": {"task": "notifications.build_digests", "schedule": 60},
    "move sessions along": {"task": "bookings.tick_sessions", "schedule": 5},
    "ask desktops whether they answer": {"task": "bookings.tick_desktops", "schedule": 5},
    "close lines to desktops whose relay is gone": {"task": "bookings.forget_lines", "schedule": 10},
    "free control whose holder's line dropped": {"task": "bookings.free_lost_control", "schedule": 5},
    "remind of reports on sessions": {"task": "bookings.remind_of_reports", "schedule": 600},
    "lapse unanswered bookings": {"task": "bookings.lapse_requests", "schedule": 60},
    "pass on offers that nobody answered": {"task": "bookings.expire_offers", "schedule": 30},
    "offer free time to those who wait": {"task": "bookings.serve_waitlist", "schedule": 60},
    "call those who stand by": {"task": "bookings.call_standby", "schedule": 10},
    "remind of bookings": {"task": "bookings.remind", "schedule": 60},
    "tell of sessions without an operator": {"task": "bookings.tell_absences", "schedule": 60},
    "check uploads and give up idle ones": {"task": "bookings.tend_uploads", "schedule": 600},
    "warn of the end of data and forget them": {"task": "bookings.tend_datasets", "schedule": 3600},
    "announce opened calls": {"task": "calls.announce_due", "schedule": 60},
    "remind of calls that close soon": {"task": "calls.remind_closing", "schedule": 600},
    "lapse applications": {"task": "calls.settle_applications", "schedule": 60},
    "end and lapse awards": {"task": "calls.settle_awards", "schedule": 3600},
    "match needs and offers": {"task": "donations.match", "schedule": 600},
    "note events that are over": {"task": "stories.settle_events", "schedule": 600},
    "gather rows of merged organisations": {"task": "accounts.settle_organisations", "schedule": 600},
    "settle trainings and certificates": {"task": "instruments.settle_trainings", "schedule": 600},
    "warn of agreements that end and end them": {"task": "instruments.settle_agreements", "schedule": 3600},
    "settle what waits at the gate": {"task": "donations.settle_gate", "schedule": 600},
    "remind of needs and let them expire": {"task": "donations.settle_needs", "schedule": 3600},
    "remind of offers and loans and end old ones": {"task": "donations.settle_offers", "schedule": 3600},
    "ask whether gifts are in use": {"task": "donations.settle_follow_ups", "schedule": 3600},
    "remind of pledges and let them lapse": {"task": "donations.settle_pledges", "schedule": 3600},
    "remind of matches and let them lapse": {"task": "donations.settle_matches", "schedule": 600},
    "draw pictures that wait": {"task": "stories.prepare_pictures", "schedule": 60},
    "forget unconfirmed interests": {"task": "calls.forget_unconfirmed", "schedule": 3600},
    "compare balances with the ledger": {"task": "calls.check_balances", "schedule": 86400},
    "forget old reports of mail providers": {"task": "notifications.forget_reports", "schedule": 86400},
    "count the figures of impact": {"task": "pages.count_figures", "schedule": 3600},
    "gather the words of the search": {"task": "pages.gather_words", "schedule": 86400},
    "look for interests that nothing matches": {"task": "calls.check_interests", "schedule": 86400},
    "forget answers kept under idempotency keys": {"task": "api.forget_old_answers", "schedule": 3600},
}


@worker_process_init.connect
def die_with_the_worker(**kwargs: Any) -> None:
    """A killed worker's task goes to another one at once: its own process must not be at it still."""
    die_with_parent(SIGKILL)

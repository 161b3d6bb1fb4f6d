"""What the clock does: trainings that are over are held, ends of certificates are told, requests are gathered."""

import logging
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction

from instruments import notices
from instruments.actions.telling import operators_at
from instruments.actions.training.courses import hold_training
from instruments.enums import TrainingState
from instruments.models import Certificate, Training, TrainingPlace, TrainingWish
from portal.audit.actions import record_each
from portal.core.errors import WrongState
from portal.notifications.actions import notify_apart, reader

logger = logging.getLogger(__name__)
WARN_BEFORE = timedelta(days=30)
DAY = timedelta(days=1)
EIGHT = 8
BATCH = 200


def hold_over(now: datetime) -> int:
    """Hold the published trainings that are over, each in its own transaction; return how many."""
    over = Training.objects.filter(state=TrainingState.PUBLISHED, ends_at__lte=now).order_by("ends_at", "pk")
    done = 0
    for training in over[:BATCH]:
        try:
            hold_training(training)
            done += 1
        except WrongState as refusal:  # an operator was faster
            logger.info("training %s: %s", training.ref, refusal)
        except Exception:
            logger.exception("training %s was not held; the next tick tries again", training.ref)
    return done


@transaction.atomic
def warn_ending(now: datetime) -> int:
    """Tell holders, once, that a certificate ends within 30 days and no other takes its place; return how many."""
    today = now.date()
    ending = Certificate.objects.ending_between(today, (now + WARN_BEFORE).date()).filter(warned_at=None)
    rows = ending.not_outlived().filter(person__is_active=True).select_related("person")
    found = list(rows.select_for_update(of=("self",), skip_locked=True)[:BATCH])
    Certificate.objects.filter(pk__in=[row.pk for row in found]).update(warned_at=now)
    record_each(found, "warn")
    notify_apart(
        (
            notices.CERTIFICATE_ENDING,
            f"certificate:{row.pk}:{row.valid_until}",
            reader(row.person),
            {"certificate": row.pk},
        )
        for row in found
    )
    return len(found)


def gather_requests(now: datetime) -> int:
    """Tell operators once a day, from eight on their clock, that people newly ask to be trained.

    A day's mail speaks of what was asked from eight to eight, so that each request is in one mail. Returns how many
    laboratories had any.
    """
    since = now - 3 * DAY
    wished = TrainingWish.objects.waiting().filter(created_at__gt=since)
    asked = TrainingPlace.objects.requested().filter(updated_at__gt=since, training__state=TrainingState.PUBLISHED)
    moments = [
        *wished.values_list("instrument__organisation", "instrument__organisation__time_zone", "created_at"),
        *asked.values_list("training__organisation", "training__organisation__time_zone", "updated_at"),
    ]
    mornings = {pk: _morning(now, ZoneInfo(zone)) for pk, zone, _at in moments}
    due = {pk for pk, _zone, at in moments if mornings[pk] - DAY <= at < mornings[pk]}
    notify_apart(
        (notices.REQUESTS_GATHERED, f"laboratory:{pk}:{mornings[pk].date()}", operator, {"organisation": pk})
        for pk in sorted(due)
        for operator in operators_at(pk)
    )
    return len(due)


def _morning(now: datetime, zone: ZoneInfo) -> datetime:
    """The last eight o'clock in the morning there."""
    here = now.astimezone(zone)
    eight = here.replace(hour=EIGHT, minute=0, second=0, microsecond=0)
    return eight if eight <= here else eight - DAY

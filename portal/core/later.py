"""`later(name, ...)`: wake a task once the transaction has committed.

PostgreSQL holds the work; the broker is only the alarm clock. So a broker that does not answer is logged and
forgotten: the ticks find the rows by query. Nobody waits for it twice, either: finding out that it is away takes the
client seconds, so for half a minute this process does not ask again.
"""

import logging
import time
from typing import Any

from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)
QUIET_SECONDS = 30.0


class Broker:
    """Until when this process leaves the broker alone, on the monotonic clock."""

    quiet_until = 0.0


def later(task: str, *args: Any, countdown: float | None = None) -> None:
    """Send `task` with JSON-able `args` after commit, `countdown` seconds from then if given."""
    transaction.on_commit(lambda: _send(task, args, countdown))


def _send(task: str, args: tuple[Any, ...], countdown: float | None) -> None:
    if time.monotonic() < Broker.quiet_until:
        return
    try:
        current_app.send_task(task, args=args, countdown=countdown, retry=False)
    except (OperationalError, RedisError, OSError) as error:
        Broker.quiet_until = time.monotonic() + QUIET_SECONDS
        logger.warning("broker did not take %s%r: %s; the next tick will find its rows", task, args, error)

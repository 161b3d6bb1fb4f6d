"""The Celery worker that tests borrow is real: it takes tasks from Valkey and answers the broker's calls."""

import time

import pytest

from portal.celery import app
from tests.support.waiting import PATIENCE

pytestmark = pytest.mark.fault


def answers(within: float) -> bool:
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        if app.control.broadcast("ping", reply=True, timeout=0.5, limit=1):
            return True
    return False


def test_a_killed_worker_comes_back_with_the_next_start(celery_worker_process):
    first = celery_worker_process.pid
    assert answers(within=PATIENCE)
    celery_worker_process.kill()
    assert not answers(within=1)
    celery_worker_process.start()
    assert celery_worker_process.pid != first
    assert answers(within=PATIENCE)

"""Waking a task once the transaction has committed."""

import time

import pytest
from django.db import transaction

from portal.core.later import Broker, later

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_task_is_woken_after_the_commit_and_not_before(broker):
    with transaction.atomic():
        later("notifications.sweep")
        assert broker.llen("portal") == 0
    assert broker.llen("portal") == 1


def test_a_rolled_back_event_wakes_nobody(broker):
    with transaction.atomic():
        later("notifications.sweep")
        transaction.set_rollback(True)
    assert broker.llen("portal") == 0


def test_a_broker_that_was_away_is_left_alone_for_a_while(broker):
    Broker.quiet_until = time.monotonic() + 60
    later("notifications.sweep")
    assert broker.llen("portal") == 0
    Broker.quiet_until = 0.0
    later("notifications.sweep")
    assert broker.llen("portal") == 1

"""Relays hear at once of what changes in a session."""

import json

import pytest
from django.conf import settings
from django.contrib.auth.signals import user_logged_out
from redis import Redis

from bookings.actions.changes import cancel_booking, fail_booking
from bookings.actions.extension import extend_session
from instruments import actions as laboratory
from portal.accounts.actions import end_membership, set_standing
from tests.bookings.desktop_sessions.steps import session_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def relay():
    """What a relay hears."""
    line = Redis.from_url(settings.REDIS_URL).pubsub()
    line.subscribe("relay")
    line.get_message(timeout=2)

    def heard():
        found = []
        while message := line.get_message(timeout=0.3):
            found.append(json.loads(message["data"]))
        return found

    yield heard
    line.close()


def told(capture, deed):
    with capture(execute=True):
        deed()


def test_relays_hear_of_every_change_of_a_session(
    live, relay, researcher, operator, institute, django_capture_on_commit_callbacks, at
):
    capture, word = django_capture_on_commit_callbacks, {"session": session_of(live).pk}
    at(10)
    told(capture, lambda: extend_session(live, by=researcher))
    assert word in relay()
    told(capture, lambda: laboratory.suspend_instrument(live.instrument, by=operator, why="A leak."))
    assert word in relay()
    told(capture, lambda: fail_booking(live, by=operator, why="The power went."))
    assert word in relay()


def test_relays_hear_of_a_cancelled_booking(booking, researcher, relay, django_capture_on_commit_callbacks):
    told(django_capture_on_commit_callbacks, lambda: cancel_booking(booking, by=researcher))
    assert {"session": session_of(booking).pk} in relay()


def test_relays_hear_of_people_who_may_do_less(
    booking, relay, researcher, operator, staff, admin_user, rf, django_capture_on_commit_callbacks
):
    capture = django_capture_on_commit_callbacks
    told(capture, lambda: end_membership(operator.memberships.get(), by=staff))
    assert {"user": operator.pk} in relay()
    told(capture, lambda: set_standing(researcher, "is_active", False, by=admin_user))
    assert {"user": researcher.pk} in relay()
    told(capture, lambda: user_logged_out.send(type(researcher), request=rf.get("/"), user=researcher))
    assert {"user": researcher.pk} in relay()

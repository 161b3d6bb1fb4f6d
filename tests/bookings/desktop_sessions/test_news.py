"""Relays hear at once of what changes in a session."""

import json

import pytest
from django.conf import settings
from django.contrib.auth.signals import user_logged_out
from redis import Redis

from bookings.actions.changes import cancel_booking, fail_booking
from bookings.actions.extension import extend_session
from bookings.news import channel_of
from instruments import actions as laboratory
from portal.accounts.actions import end_membership, set_standing
from tests.bookings.desktop_sessions.steps import session_of
from tests.support.waiting import PATIENCE

pytestmark = pytest.mark.django_db
SO_FAR = {"test": "so far"}


@pytest.fixture
def relay():
    """What a relay hears."""
    with Redis.from_url(settings.REDIS_URL) as client, client.pubsub() as line:
        line.subscribe(channel_of(client))
        assert line.get_message(timeout=PATIENCE)["type"] == "subscribe"

        def heard():
            """What was said since it was asked last: up to a word of our own, which comes after all others."""
            client.publish(channel_of(client), json.dumps(SO_FAR))
            return list(iter(lambda: json.loads(line.get_message(timeout=PATIENCE)["data"]), SO_FAR))

        yield heard


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

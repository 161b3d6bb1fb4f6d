"""Two at once: real transactions on real connections."""

import pytest
from django.test import Client

from calls.models import Interest
from portal.audit.actions import history_of
from tests.calls.test_application_races import all_at_once
from tests.factories.interests import InterestFactory

pytestmark = pytest.mark.django_db(transaction=True)
CROWD = 6


def test_one_click_sent_again_at_once_is_answered_like_the_first():
    first = InterestFactory(address="amina@example.org")
    InterestFactory(address="amina@example.org")
    address = f"/interest/unsubscribe/{first.token}/"
    answers = all_at_once(*[lambda: Client().post(address, {"List-Unsubscribe": "One-Click"}).status_code] * CROWD)
    assert answers == [200] * CROWD
    assert not Interest.objects.active().exists()
    assert [history_of(interest).filter(verb="end").count() for interest in Interest.objects.all()] == [1, 1]

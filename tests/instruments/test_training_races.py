"""From several connections at once: the last place goes to one, a wish is one, a training is held once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from instruments.actions import training as actions
from instruments.models import TrainingPlace, TrainingWish
from portal.core.errors import Refused
from portal.notifications.models import Notification
from tests.factories.accounts import UserFactory
from tests.factories.instruments import InstrumentFactory
from tests.factories.trainings import TrainingFactory, TrainingPlaceFactory

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*deeds: Callable[[], object]) -> list[str]:
    """Do all of them in their own threads; return the codes of what was refused."""

    def do(deed: Callable[[], object]) -> str:
        try:
            deed()
        except Refused as refusal:
            return refusal.codes[0]
        finally:
            connection.close()
        return ""

    with ThreadPoolExecutor(len(deeds)) as pool:
        return sorted(pool.map(do, deeds))


def test_the_last_place_is_given_once() -> None:
    training = TrainingFactory(capacity=1)
    staff = UserFactory(is_staff=True)
    places = [TrainingPlaceFactory(training=training) for _ in range(4)]
    refusals = at_once(*[lambda place=place: actions.give_place(place, by=staff) for place in places])  # type: ignore[misc]
    assert refusals == ["", "full", "full", "full"]
    assert TrainingPlace.objects.given().count() == Notification.objects.count() == 1


def test_two_clicks_make_one_wish_and_one_request() -> None:
    instrument, person, training = InstrumentFactory(), UserFactory(), TrainingFactory()
    wishing: list[Callable[[], object]] = [lambda: actions.wish_for_training(instrument, by=person)] * 4
    asking: list[Callable[[], object]] = [lambda: actions.ask_for_place(training, by=person)] * 4
    assert set(at_once(*wishing)) == set(at_once(*asking)) == {""}
    assert (TrainingWish.objects.count(), TrainingPlace.objects.count()) == (1, 1)


def test_two_workers_hold_it_once() -> None:
    over = TrainingFactory(starts_at=timezone.now() - timedelta(days=1))
    TrainingPlaceFactory(training=over)
    at_once(*[lambda: actions.hold_over(timezone.now())] * 3)
    assert Notification.objects.filter(kind="instruments.place_refused").count() == 1

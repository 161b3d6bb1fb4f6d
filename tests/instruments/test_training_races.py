"""From several connections at once: the last place goes to one, a wish is one, a training is held once.

However the two are moved, a training begins after the end of the call that gives its places.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from calls.actions.call import extend_call
from calls.models import Call
from instruments.actions import training as actions
from instruments.models import Training, TrainingPlace, TrainingWish
from portal.core.errors import Refused
from portal.notifications.models import Notification
from tests.factories.accounts import UserFactory
from tests.factories.calls import CallFactory
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


def test_a_call_closes_before_its_training_even_where_both_are_moved() -> None:
    training, staff, now = TrainingFactory(), UserFactory(is_staff=True), timezone.now()
    call = CallFactory(kind="training", minutes_offered=0, places_offered=1, training=training)
    earlier = {"starts_at": now + timedelta(days=25), "ends_at": now + timedelta(days=26)}
    refusals = at_once(
        lambda: extend_call(call, now + timedelta(days=28), by=staff),
        lambda: actions.update_training(training, by=staff, **earlier),
    )
    assert refusals in (["", "starts"], ["", "training_too_early"])
    assert Call.objects.get().closes_at < Training.objects.get().starts_at

"""From several connections at once: nobody's text is lost, an event is held once, each worker draws its own picture."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from calls.actions import award as awards
from calls.enums import AwardKind
from calls.models import Award
from instruments.models import TrainingPlace
from portal.audit.models import Record
from portal.stories.actions import event as deeds
from portal.stories.actions.picture.prepare import claim
from portal.stories.models import Event
from tests.factories.accounts import UserFactory
from tests.factories.calls import AwardFactory, CallFactory
from tests.factories.stories import EventFactory, PictureFactory
from tests.factories.trainings import TrainingFactory
from tests.instruments.test_training_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def test_of_several_who_save_at_once_one_is_kept_and_the_others_are_told():
    event, staff = EventFactory(), UserFactory(is_staff=True)
    titles = ["One", "Two", "Three"]
    saving = [lambda title=title: deeds.edit_event(event, version=0, by=staff, title_en=title) for title in titles]
    assert at_once(*saving) == ["", "conflict", "conflict"]
    assert (Event.objects.get().title_en in titles, Event.objects.get().version) == (True, 1)


def test_two_clocks_hold_an_event_once():
    EventFactory(starts_at=timezone.now() - timedelta(days=9))
    now = timezone.now()
    at_once(*[lambda: deeds.hold_over(now)] * 3)
    assert Record.objects.filter(verb="hold").count() == 1


def test_the_last_place_goes_to_one_award_and_the_others_stay_offered():
    call = CallFactory(kind="training", minutes_offered=0, training=TrainingFactory(capacity=1))
    nothing = {"instrument": None, "granted_minutes": 0, "balance_minutes": 0}
    rows = [AwardFactory(kind=AwardKind.PLACE, state="offered", call=call, **nothing) for _ in range(3)]
    accepting = [lambda award=award: awards.accept(award, by=award.holder) for award in rows]
    assert at_once(*accepting) == ["", "full", "full"]
    assert TrainingPlace.objects.given().count() == Award.objects.filter(state="active").count() == 1


def test_a_worker_that_takes_a_picture_leaves_the_others_to_the_next():
    drawn_by_first, drawn_by_second, _third = [PictureFactory() for _ in range(3)]
    now, taken = timezone.now(), []
    with transaction.atomic():
        assert claim(now) == drawn_by_first
        at_once(lambda: taken.append(claim(now)))  # before the first has committed
    assert taken == [drawn_by_second]

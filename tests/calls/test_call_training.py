"""What becomes of a call when the training whose places it gives is moved, made smaller or cancelled."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from calls.enums import AwardKind
from calls.models import Award, Call
from instruments.actions import training as actions
from instruments.models import Instrument, Training
from portal.accounts.models import User
from portal.core.errors import Refused
from portal.notifications.models import Notification
from tests.factories.accounts import UserFactory
from tests.factories.calls import AwardFactory, CallFactory
from tests.factories.trainings import TrainingFactory, TrainingPlaceFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def training(instrument: Instrument) -> Training:
    return TrainingFactory(instrument=instrument, capacity=4)


@pytest.fixture
def call(training: Training) -> Call:
    """Closes in 21 days and is decided in 25; the training is in 30."""
    decided = timezone.now().date() + timedelta(days=25)
    return CallFactory(
        kind="training", minutes_offered=0, places_offered=3, training=training, decision_on=decided, use_from=None
    )


def offered(call: Call, holder: User, **fields: Any) -> Award:
    usual = {"kind": AwardKind.PLACE, "state": "offered", "instrument": None, "granted_minutes": 0}
    return AwardFactory(call=call, holder=holder, balance_minutes=0, **usual | fields)


def moved(training: Training, days: int) -> dict[str, Any]:
    """New times, so many days from now."""
    begins = timezone.now() + timedelta(days=days)
    return {"starts_at": begins, "ends_at": begins + timedelta(hours=6)}


@pytest.mark.parametrize(
    ("change", "code"), [({"days": 20}, "starts"), ({"days": 25}, "starts"), ({"capacity": 2}, "capacity")]
)
def test_what_a_call_promised_stays(
    training: Training, call: Call, operator: User, change: dict[str, int], code: str
) -> None:
    fields = moved(training, change["days"]) if "days" in change else change
    with pytest.raises(Refused) as refusal:
        actions.update_training(training, by=operator, **fields)
    assert refusal.value.codes == [code]
    assert call.title in str(refusal.value)
    assert Training.objects.get() == training
    assert Training.objects.get().starts_at == training.starts_at
    assert not Notification.objects.exists()


@pytest.mark.parametrize("state", ["draft", "withdrawn", "decided", "archived"])
def test_only_calls_that_are_out_and_undecided_hold_it(
    training: Training, call: Call, operator: User, state: str
) -> None:
    Call.objects.update(state=state)
    after = actions.update_training(training, by=operator, **moved(training, 20))
    assert after.starts_at < training.starts_at


def test_later_and_other_words_are_free(training: Training, call: Call, operator: User) -> None:
    actions.update_training(training, by=operator, **moved(training, 26))
    Call.objects.update(decision_on=timezone.now().date() + timedelta(days=60))
    assert actions.update_training(training, by=operator, title="Another title").title == "Another title"


def test_who_has_a_place_and_who_was_offered_one_hear_of_new_times(
    training: Training, call: Call, operator: User, researcher: User
) -> None:
    there = TrainingPlaceFactory(training=training, state="given").user
    offered(call, researcher)
    offered(call, UserFactory(), state="refused")
    actions.update_training(training, by=operator, **moved(training, 40))
    told = Notification.objects.filter(kind="instruments.training_changed")
    assert set(told.values_list("address", flat=True)) == {there.email, researcher.email}


def test_cancelling_is_told_to_them_and_to_staff(
    training: Training, call: Call, operator: User, researcher: User, staff: User
) -> None:
    offered(call, researcher)
    TrainingPlaceFactory(training=training, user=researcher, state="requested")
    actions.cancel_training(training, by=operator, why="The tube is broken.")
    rows = sorted(Notification.objects.values_list("kind", "address"))
    assert rows == [
        ("calls.call_training_cancelled", staff.email),
        ("instruments.training_cancelled", researcher.email),
    ]


def test_no_draft_of_a_call_is_told_of(training: Training, call: Call, operator: User, staff: User) -> None:
    Call.objects.update(state="draft")
    actions.cancel_training(training, by=operator, why="The tube is broken.")
    assert not Notification.objects.exists()


def test_the_form_says_it_at_the_field_and_the_page_of_cancelling_names_the_call(
    client: Client, training: Training, call: Call, operator: User
) -> None:
    client.force_login(operator)
    address = f"/en/trainings/{training.ref}/"
    typed = {
        "title": training.title, "place": "Online", "capacity": "4", "certificate_months": "24",
        "starts": f"{timezone.now() + timedelta(days=10):%Y-%m-%d}T09:00",
        "ends": f"{timezone.now() + timedelta(days=10):%Y-%m-%d}T17:00",
    }  # fmt: skip
    answer = client.post(f"{address}edit/", typed)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["starts"]
    page = client.get(f"{address}cancel/").content.decode()
    assert call.title in page
    assert "gives places on it" in page
    Call.objects.update(state="draft")
    assert call.title not in client.get(f"{address}cancel/").content.decode()

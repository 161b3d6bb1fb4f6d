"""Calls of kind training: staff name a training, and who accepts an award of a place has it in the same moment."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from calls.actions import award as deeds
from calls.actions.call import extend_call
from calls.completeness import missing_to_publish
from calls.enums import AwardKind
from calls.models import Award, Call
from instruments.actions.training import give_place, refuse_place
from instruments.models import Training, TrainingPlace
from portal.core.errors import Refused
from tests.factories.accounts import UserFactory
from tests.factories.calls import AwardFactory, CallFactory
from tests.factories.trainings import TrainingFactory, TrainingPlaceFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def training() -> Training:
    return TrainingFactory(capacity=1)


@pytest.fixture
def award(researcher, institute, training) -> Award:
    call = CallFactory(kind="training", minutes_offered=0, places_offered=1, training=training)
    return AwardFactory(
        kind=AwardKind.PLACE, state="offered", holder=researcher, organisation=institute, call=call, instrument=None,
        granted_minutes=0, balance_minutes=0,
    )  # fmt: skip


def place_of(person) -> str:
    return TrainingPlace.objects.get(user=person).state


def test_accepting_gives_the_place_and_a_full_training_refuses_both(award, researcher, training):
    deeds.accept(award, by=researcher)
    assert place_of(researcher) == "given"
    late = AwardFactory(
        kind=AwardKind.PLACE, state="offered", call=award.call, instrument=None, granted_minutes=0, balance_minutes=0
    )
    with pytest.raises(Refused) as refused:
        deeds.accept(late, by=late.holder)
    late.refresh_from_db()
    assert (refused.value.codes, late.state, training.places.count()) == (["full"], "offered", 1)


def test_the_page_speaks_of_the_place_and_of_no_hours(award, client):
    client.force_login(award.holder)
    page = client.post(reverse("awards:accept", args=[award.ref]), follow=True).content.decode()
    assert "The place is yours." in page
    assert "hours can be booked" not in page


@pytest.mark.parametrize("state", ["requested", "withdrawn", "refused", "given"])
def test_who_asked_before_gets_the_same_place(award, researcher, training, state):
    TrainingPlaceFactory(training=training, user=researcher, state=state)
    deeds.accept(award, by=researcher)
    assert (place_of(researcher), training.places.count()) == ("given", 1)


@pytest.mark.parametrize(
    ("fields", "code"),
    [({"state": "draft"}, "not_open"), ({"state": "cancelled"}, "not_open"), ({"starts_at": 0}, "begun")],
)
def test_a_training_that_takes_nobody_leaves_the_award_offered(award, researcher, fields, code):
    if "starts_at" in fields:
        fields = {"starts_at": timezone.now() - timedelta(hours=1)}
    Training.objects.update(**fields)
    award = Award.objects.get()
    with pytest.raises(Refused) as refused:
        deeds.accept(award, by=researcher)
    award.refresh_from_db()
    assert (refused.value.codes, award.state, TrainingPlace.objects.count()) == ([code], "offered", 0)


def test_revoking_frees_the_place_as_long_as_it_is_to_come(award, researcher, staff):
    deeds.accept(award, by=researcher)
    deeds.revoke(award, by=staff, why="Left the institute")
    assert place_of(researcher) == "refused"


@pytest.mark.parametrize(("state", "after"), [("given", "given"), ("requested", "refused"), ("withdrawn", "refused")])
def test_revoking_takes_back_only_the_place_that_the_award_gave(award, researcher, staff, training, state, after):
    TrainingPlaceFactory(training=training, user=researcher, state=state)
    deeds.accept(award, by=researcher)
    deeds.revoke(award, by=staff, why="Left the institute")
    assert place_of(researcher) == after


def test_a_place_that_two_awards_give_goes_with_the_last_of_them(award, researcher, institute, staff, training):
    other = CallFactory(kind="training", minutes_offered=0, places_offered=1, training=training)
    second = AwardFactory(
        kind=AwardKind.PLACE, state="offered", holder=researcher, organisation=institute, call=other, instrument=None,
        granted_minutes=0, balance_minutes=0,
    )  # fmt: skip
    deeds.accept(award, by=researcher)
    deeds.accept(second, by=researcher)
    deeds.revoke(award, by=staff, why="Named twice")
    assert (place_of(researcher), TrainingPlace.objects.get().award) == ("given", second.ref)
    deeds.revoke(second, by=staff, why="Left the institute")
    assert place_of(researcher) == "refused"


def test_a_place_that_the_laboratory_gave_again_is_no_longer_the_awards(award, researcher, staff):
    deeds.accept(award, by=researcher)
    place = refuse_place(TrainingPlace.objects.get(), by=staff)
    give_place(place, by=staff)
    deeds.revoke(award, by=staff, why="Left the institute")
    assert place_of(researcher) == "given"


def test_revoking_after_the_training_leaves_who_took_part(award, researcher, staff):
    deeds.accept(award, by=researcher)
    Training.objects.update(starts_at=timezone.now() - timedelta(days=1), state="held")
    deeds.revoke(award, by=staff, why="Left the institute")
    assert place_of(researcher) == "given"


def test_the_pages_of_call_and_award_name_the_training(client, award, researcher, training):
    assert training.get_absolute_url() in client.get(award.call.get_absolute_url()).content.decode()
    client.force_login(researcher)
    page = client.get(award.get_absolute_url()).content.decode()
    assert training.get_absolute_url() in page
    assert "gives you a place on it at once" in page
    assert client.post(f"{award.get_absolute_url()}accept/").status_code == 302
    assert place_of(researcher) == "given"


def test_a_full_training_is_said_on_the_page(client, award, researcher, training):
    TrainingPlaceFactory(training=training, user=UserFactory(), state="given")
    client.force_login(researcher)
    answer = client.post(f"{award.get_absolute_url()}accept/")
    assert (answer.status_code, "All places on this training are given" in answer.content.decode()) == (422, True)


def test_staff_choose_among_trainings_to_come(client, staff):
    call = CallFactory(draft=True, kind="training", minutes_offered=0)
    coming, over = TrainingFactory(), TrainingFactory(over=True)
    hidden = TrainingFactory()
    type(hidden.organisation).objects.filter(pk=hidden.organisation_id).update(state="proposed")
    client.force_login(staff)
    address = f"/en/desk/calls/{call.slug}/edit/offer/"
    page = client.get(address).content.decode()
    assert coming.title in page
    assert over.title not in page
    assert hidden.title not in page
    typed = {"kind": "training", "places_offered": "2", "training": coming.pk}
    assert client.post(address, typed | {"kind": "equipment"}).status_code == 400
    assert client.post(address, typed | {"training": over.pk}).status_code == 400
    assert client.post(address, typed).status_code == 302
    assert Call.objects.get().training == coming


def test_what_a_call_lacks_of_its_training():
    def codes(**fields) -> set[str]:
        call = CallFactory(draft=True, kind="training", minutes_offered=0, places_offered=2, **fields)
        return {lack.code for lack in missing_to_publish(call, timezone.now())}

    assert codes(training=TrainingFactory()) == set()
    assert codes(training=TrainingFactory(capacity=1)) == {"more_places"}
    assert codes(training=TrainingFactory(starts_at=timezone.now() + timedelta(days=2))) == {"training_too_early"}
    assert codes(training=TrainingFactory(state="cancelled")) == {"training_over"}
    decided = {"decision_on": timezone.now().date() + timedelta(days=31), "use_from": None}
    assert codes(training=TrainingFactory(), **decided) == {"training_before_decision"}


def test_a_call_is_not_extended_past_the_beginning_of_its_training(staff):
    training = TrainingFactory()
    call = CallFactory(kind="training", minutes_offered=0, places_offered=1, training=training)
    closed = call.closes_at
    with pytest.raises(Refused) as refusal:
        extend_call(call, training.starts_at, by=staff)
    assert refusal.value.reasons[0].code == "training_too_early"
    assert Call.objects.get().closes_at == closed
    before = training.starts_at - timedelta(hours=1)
    assert extend_call(call, before, by=staff).closes_at == before


def test_the_page_of_a_training_leads_to_the_calls_that_give_its_places(client, training):
    about = {"kind": "training", "minutes_offered": 0, "places_offered": 1, "training": training}
    CallFactory(title_en="A week of crystals", closed=True, **about)
    CallFactory(title_en="Not out yet", draft=True, **about)
    text = client.get(training.get_absolute_url()).content.decode()
    assert "Places are given through a call:" in text
    assert "A week of crystals</a>" in text
    assert "Not out yet" not in text
    assert "through a call" not in client.get(TrainingFactory().get_absolute_url()).content.decode()

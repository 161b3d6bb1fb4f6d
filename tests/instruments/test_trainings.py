"""Trainings from draft to closed: what is checked, who is told, who gets a certificate."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from instruments.actions import training as actions
from instruments.actions.training.certificates import months_later
from instruments.enums import PlaceState, TrainingState, WishState
from instruments.models import Certificate, Instrument, Training, TrainingPlace
from portal.accounts.models import User
from portal.audit.models import Record
from portal.core.errors import Forbidden, Refused, WrongState
from portal.notifications.models import Notification
from tests.factories.accounts import UserFactory
from tests.factories.instruments import InstrumentFactory, TechniqueFactory
from tests.factories.trainings import TrainingFactory, TrainingPlaceFactory, TrainingWishFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def course(instrument: Instrument) -> Training:
    return TrainingFactory(instrument=instrument)


def draft(own: Instrument, by: User, **fields: Any) -> Training:
    begins = timezone.now() + timedelta(days=10)
    usual = {
        "title": "Course",
        "instrument": own,
        "technique": None,
        "starts_at": begins,
        "ends_at": begins + timedelta(hours=5),
        "capacity": 3,
        "certificate_months": 12,
    }
    return actions.create_training(by=by, organisation=own.organisation, **(usual | fields))


def kinds() -> list[tuple[str, str]]:
    return sorted(Notification.objects.values_list("kind", "address"))


def test_a_draft_goes_by_the_clock_of_its_instrument(instrument: Instrument, operator: User) -> None:
    training = draft(instrument, operator)
    assert (training.state, training.time_zone) == (TrainingState.DRAFT, instrument.time_zone)
    assert Record.objects.get(model="instruments.training").verb == "create"


LATE, LONG = timedelta(days=-1), timedelta(days=200)


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"instrument": None}, "subject"),
        ({"capacity": 0}, "capacity"),
        ({"capacity": 501}, "capacity"),
        ({"certificate_months": 0}, "certificate_months"),
        ({"certificate_months": 121}, "certificate_months"),
        ({"starts_at": datetime(2020, 1, 1, tzinfo=UTC), "ends_at": datetime(2020, 1, 2, tzinfo=UTC)}, "starts"),
        ({"ends_at": datetime(2020, 1, 1, tzinfo=UTC)}, "ends"),
        ({"ends_at": datetime(2127, 1, 1, tzinfo=UTC)}, "ends"),
        ({"title": ""}, "title"),
        ({"link": "javascript:alert(1)"}, "link"),
    ],
)
def test_what_makes_no_sense_is_refused(
    instrument: Instrument, operator: User, fields: dict[str, Any], code: str
) -> None:
    with pytest.raises(Refused) as refusal:
        draft(instrument, operator, **fields)
    assert code in refusal.value.codes
    assert not Training.objects.exists()


def test_one_subject_not_two(instrument: Instrument, operator: User) -> None:
    with pytest.raises(Refused) as refusal:
        draft(instrument, operator, technique=instrument.techniques.get())
    assert refusal.value.codes == ["subject"]


def test_operators_teach_only_what_their_instruments_do(instrument: Instrument, operator: User, staff: User) -> None:
    foreign = TechniqueFactory(slug="confocal")
    with pytest.raises(Refused) as refusal:
        draft(instrument, operator, instrument=None, technique=foreign)
    assert refusal.value.codes == ["technique"]
    with pytest.raises(Refused) as refusal:
        draft(instrument, operator, instrument=InstrumentFactory())
    assert refusal.value.codes == ["instrument"]
    assert draft(instrument, staff, instrument=None, technique=foreign).teaches == foreign
    own = draft(instrument, operator, instrument=None, technique=instrument.techniques.get())
    assert own.time_zone == instrument.organisation.time_zone


def test_strangers_run_nothing(course: Training, stranger_operator: User, researcher: User) -> None:
    place = TrainingPlaceFactory(training=course)
    for person in (stranger_operator, researcher):
        for deed in (actions.publish_training, actions.hold_training, actions.close_training):
            with pytest.raises(Forbidden):
                deed(course, by=person)
        with pytest.raises(Forbidden):
            actions.cancel_training(course, by=person, why="No")
        with pytest.raises(Forbidden):
            actions.update_training(course, by=person, title="Mine")
        with pytest.raises(Forbidden):
            actions.give_place(place, by=person)
        with pytest.raises(Forbidden):
            actions.record_results(course, {place.pk: ("passed", "")}, by=person)
        with pytest.raises(Forbidden):
            draft(course.instrument, person)
    assert not Record.objects.exists()


def test_publishing_answers_those_who_wished_for_it(instrument: Instrument, operator: User, researcher: User) -> None:
    training = draft(instrument, operator)
    wish = TrainingWishFactory(instrument=instrument, user=researcher)
    gone = TrainingWishFactory(instrument=instrument, user__is_active=False)
    other = TrainingWishFactory()
    actions.publish_training(training, by=operator)
    for row, state in ((wish, WishState.ANSWERED), (gone, WishState.ANSWERED), (other, WishState.WAITING)):
        row.refresh_from_db()
        assert row.state == state
    assert kinds() == [("instruments.training_opened", researcher.email)]


def test_a_training_in_a_technique_answers_for_the_laboratorys_instruments_alone(
    instrument: Instrument, operator: User, researcher: User
) -> None:
    technique = instrument.techniques.get()
    twin = InstrumentFactory(organisation=instrument.organisation, techniques=[technique])
    for wished in (instrument, twin):
        TrainingWishFactory(instrument=wished, user=researcher)
    elsewhere = TrainingWishFactory(instrument=InstrumentFactory(techniques=[technique]))
    training = draft(instrument, operator, instrument=None, technique=technique)
    actions.publish_training(training, by=operator)
    elsewhere.refresh_from_db()
    assert elsewhere.state == WishState.WAITING
    assert kinds() == [("instruments.training_opened", researcher.email)]


def test_a_new_time_is_told_to_those_who_count_on_it(course: Training, operator: User) -> None:
    given, asked, refused = (
        TrainingPlaceFactory(training=course, state=state) for state in ("given", "requested", "refused")
    )
    actions.update_training(course, by=operator, summary="More")
    assert not Notification.objects.exists()
    later = course.starts_at + timedelta(days=1)
    actions.update_training(course, by=operator, starts_at=later, ends_at=later + timedelta(hours=2))
    told = [("instruments.training_changed", place.user.email) for place in (given, asked)]
    assert kinds() == sorted(told)
    assert refused.user.email not in str(kinds())


def test_what_is_taught_and_the_places_given_stay(course: Training, operator: User) -> None:
    for _ in range(2):
        TrainingPlaceFactory(training=course, state="given")
    for fields, code in (({"capacity": 1}, "capacity"), ({"instrument": InstrumentFactory()}, "subject")):
        with pytest.raises(Refused) as refusal:
            actions.update_training(course, by=operator, **fields)
        assert refusal.value.codes == [code]


def test_a_cancelled_one_tells_why(course: Training, operator: User) -> None:
    place = TrainingPlaceFactory(training=course, state="given")
    with pytest.raises(Refused):
        actions.cancel_training(course, by=operator, why="  ")
    actions.cancel_training(course, by=operator, why="The tube broke.")
    assert kinds() == [("instruments.training_cancelled", place.user.email)]
    with pytest.raises(Refused) as refusal:
        actions.ask_for_place(course, by=UserFactory())
    assert refusal.value.codes == ["not_open"]


def test_places_are_given_up_to_the_last(course: Training, operator: User) -> None:
    asked = [actions.ask_for_place(course, by=UserFactory()) for _ in range(3)]
    for place in asked[:2]:
        assert actions.give_place(place, by=operator).state == PlaceState.GIVEN
    for deed in (
        lambda: actions.give_place(asked[2], by=operator),
        lambda: actions.add_participant(course, UserFactory().email, by=operator),
    ):
        with pytest.raises(Refused) as refusal:
            deed()
        assert refusal.value.codes == ["full"]
    actions.withdraw_place(course, by=asked[0].user)
    assert actions.give_place(asked[2], by=operator).state == PlaceState.GIVEN
    told = [("instruments.place_given", place.user.email) for place in asked]
    assert kinds() == sorted(told)


def test_asking_twice_is_asking_once_and_a_no_is_a_no(course: Training, operator: User, researcher: User) -> None:
    place = actions.ask_for_place(course, by=researcher)
    assert actions.ask_for_place(course, by=researcher).pk == place.pk
    actions.withdraw_place(course, by=researcher)
    assert actions.ask_for_place(course, by=researcher).state == PlaceState.REQUESTED
    actions.refuse_place(place, by=operator, why="Chemists first.")
    with pytest.raises(Refused) as refusal:
        actions.ask_for_place(course, by=researcher)
    assert refusal.value.codes == ["place_refused"]
    with pytest.raises(WrongState):
        actions.withdraw_place(course, by=researcher)
    assert TrainingPlace.objects.get().note == "Chemists first."


def test_a_person_without_a_name_gets_no_place(course: Training, operator: User) -> None:
    nameless = UserFactory(name=" ")
    for deed in (
        lambda: actions.ask_for_place(course, by=nameless),
        lambda: actions.add_participant(course, nameless.email, by=operator),
    ):
        with pytest.raises(Refused) as refusal:
            deed()
        assert refusal.value.codes == ["name"]


def test_adding_by_address(course: Training, operator: User, researcher: User) -> None:
    with pytest.raises(Refused) as refusal:
        actions.add_participant(course, "nobody@example.org", by=operator)
    assert refusal.value.codes == ["nobody"]
    place = actions.add_participant(course, researcher.email.upper(), by=operator)
    assert actions.add_participant(course, researcher.email, by=operator).pk == place.pk
    assert kinds() == [("instruments.place_given", researcher.email)]
    actions.withdraw_place(course, by=researcher)
    with pytest.raises(Refused) as refusal:
        actions.add_participant(course, researcher.email, by=operator)
    assert refusal.value.codes == ["withdrawn"]


def test_the_list_closes_when_it_begins(instrument: Instrument, operator: User, researcher: User) -> None:
    begun = TrainingFactory(instrument=instrument, starts_at=timezone.now() - timedelta(minutes=1))
    place = TrainingPlaceFactory(training=begun, user=researcher)
    for deed in (
        lambda: actions.ask_for_place(begun, by=UserFactory()),
        lambda: actions.withdraw_place(begun, by=researcher),
        lambda: actions.give_place(place, by=operator),
        lambda: actions.refuse_place(place, by=operator),
    ):
        with pytest.raises(Refused) as refusal:
            deed()
        assert refusal.value.codes == ["begun"]


def test_nobody_holds_it_before_it_begins(course: Training, operator: User) -> None:
    with pytest.raises(Refused) as refusal:
        actions.hold_training(course, by=operator)
    assert refusal.value.codes == ["not_begun"]


def test_holding_it_refuses_those_who_still_wait(instrument: Instrument, operator: User) -> None:
    begun = TrainingFactory(instrument=instrument, starts_at=timezone.now() - timedelta(minutes=1))
    given, asked = (TrainingPlaceFactory(training=begun, state=state) for state in ("given", "requested"))
    actions.hold_training(begun, by=operator)
    asked.refresh_from_db()
    given.refresh_from_db()
    assert (asked.state, given.state) == (PlaceState.REFUSED, PlaceState.GIVEN)
    assert kinds() == [("instruments.place_refused", asked.user.email)]


def test_those_who_pass_hold_a_certificate(instrument: Instrument, operator: User) -> None:
    training = TrainingFactory(instrument=instrument, over=True, capacity=3)
    passed, failed, absent = (TrainingPlaceFactory(training=training, state="given") for _ in range(3))
    with pytest.raises(Refused) as refusal:
        actions.close_training(training, by=operator)
    assert refusal.value.codes == ["results_missing"]
    results = {passed.pk: ("passed", "Very good"), failed.pk: ("failed", ""), absent.pk: ("absent", "")}
    actions.record_results(training, results, by=operator)
    actions.close_training(training, by=operator)
    certificate = Certificate.objects.get()
    assert (certificate.person, certificate.name, certificate.opens) == (passed.user, passed.user.name, instrument)
    assert certificate.organisation == instrument.organisation
    assert certificate.valid_until.year == certificate.issued_on.year + 2
    told = [("instruments.training_result", row.user.email) for row in (failed, absent)]
    assert kinds() == sorted([("instruments.certificate_given", passed.user.email), *told])
    with pytest.raises(WrongState):
        actions.record_results(training, {passed.pk: ("failed", "")}, by=operator)
    with pytest.raises(WrongState):
        actions.close_training(training, by=operator)


def test_nobody_certifies_themselves(instrument: Instrument, operator: User, staff: User) -> None:
    training = TrainingFactory(instrument=instrument, over=True)
    place = TrainingPlaceFactory(training=training, user=operator, state="given")
    with pytest.raises(Refused) as refusal:
        actions.record_results(training, {place.pk: ("passed", "")}, by=operator)
    assert refusal.value.codes == ["own_result"]
    actions.record_results(training, {place.pk: ("passed", "")}, by=staff)
    with pytest.raises(Refused) as refusal:
        actions.close_training(training, by=operator)
    assert refusal.value.codes == ["own_result"]
    training.refresh_from_db()
    assert (training.state, Certificate.objects.count()) == (TrainingState.HELD, 0)
    actions.close_training(training, by=staff)
    assert Certificate.objects.get().person == operator


def test_results_are_for_those_with_a_place(instrument: Instrument, operator: User) -> None:
    training = TrainingFactory(instrument=instrument, over=True)
    refused = TrainingPlaceFactory(training=training, state="refused")
    elsewhere = TrainingPlaceFactory(state="given")
    for place in (refused, elsewhere):
        with pytest.raises(Refused) as refusal:
            actions.record_results(training, {place.pk: ("passed", "")}, by=operator)
        assert refusal.value.codes == ["no_place"]
    given = TrainingPlaceFactory(training=training, state="given")
    with pytest.raises(Refused) as refusal:
        actions.record_results(training, {given.pk: ("brilliant", "")}, by=operator)
    assert refusal.value.codes == ["result"]


@pytest.mark.parametrize(
    ("day", "months", "until"),
    [
        (date(2027, 1, 31), 1, date(2027, 2, 28)),
        (date(2027, 12, 15), 12, date(2028, 12, 15)),
        (date(2024, 2, 29), 24, date(2026, 2, 28)),
        (date(2027, 11, 30), 3, date(2028, 2, 29)),
        (date(2027, 5, 5), None, None),
    ],
)
def test_months_are_those_of_the_calendar(day: date, months: int | None, until: date | None) -> None:
    assert months_later(day, months) == until

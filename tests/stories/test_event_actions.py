"""Deeds of events: every state with every verb, writing, announcing, closing with figures, cancelling, the clock."""

import itertools
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from instruments.enums import PlaceState
from portal.audit.models import Record
from portal.core.errors import Forbidden, Refused, WrongState
from portal.core.waiting import written
from portal.notifications.models import Notification
from portal.stories import signals
from portal.stories.actions import event as deeds
from portal.stories.enums import EventState
from portal.stories.event_figures import Attendance, PublicFigures, attendance_of, public_figures
from portal.stories.models import Event
from portal.stories.states import EVENT_MOVES
from portal.stories.waiting import waiting_for
from tests.factories.accounts import UserFactory
from tests.factories.stories import EventCountryFactory, EventFactory
from tests.factories.trainings import TrainingFactory, TrainingPlaceFactory
from tests.support.moves import check_move

pytestmark = pytest.mark.django_db
MOVES = {
    ("publish", "draft"): "published",
    ("hold", "published"): "held",
    ("close", "held"): "closed",
    ("cancel", "draft"): "cancelled",
    ("cancel", "published"): "cancelled",
}
FIGURES = {"people": 12, "women": 7, "source": "The list of participants", "countries": {"KE": (7, 4), "UG": (5, 3)}}


def draft(**fields) -> Event:
    return EventFactory(state=EventState.DRAFT, published_at=None, **fields)


@pytest.mark.parametrize(("verb", "state"), list(itertools.product(EVENT_MOVES, EventState.values)))
def test_every_state_with_every_verb(verb, state):
    check_move(EVENT_MOVES, MOVES, verb, state)


def test_staff_write_announce_and_change(staff):
    start = timezone.now() + timedelta(days=10)
    event = deeds.create_event(
        by=staff, title_en="A day of light", kind="seminar", starts_at=start, ends_at=start + timedelta(hours=2)
    )
    assert (event.slug, event.state, event.version) == ("a-day-of-light", "draft", 1)
    with pytest.raises(Refused) as refused:
        deeds.publish_event(event, by=staff)
    assert set(refused.value.codes) == {"title_fr", "summary_en", "summary_fr", "place"}
    texts = {"title_fr": "Un jour de lumière", "summary_en": "Light.", "summary_fr": "La lumière.", "country": "KE"}
    deeds.edit_event(event, version=1, by=staff, time_zone="Africa/Nairobi", **texts)
    heard = []
    signals.event_published.connect(receiver := lambda event, **kwargs: heard.append(event.slug))
    published = deeds.publish_event(event, by=staff)
    signals.event_published.disconnect(receiver)
    assert (published.state, heard) == ("published", ["a-day-of-light"])
    assert published.published_at is not None
    verbs = Record.objects.filter(model="stories.event").order_by("pk").values_list("verb", "by")
    assert list(verbs) == [("create", staff.pk), ("edit", staff.pk), ("publish", staff.pk)]


def test_who_saved_meanwhile_is_not_overwritten(staff, admin_user):
    event = draft(version=3)
    deeds.edit_event(event, version=3, by=staff, title_en="First")
    with pytest.raises(deeds.Conflict) as conflict:
        deeds.edit_event(event, version=3, by=admin_user, title_en="Second")
    event.refresh_from_db()
    assert (conflict.value.version, conflict.value.status, event.title_en) == (4, 409, "First")


def test_nobody_but_staff_writes(researcher, operator):
    event = EventFactory(over=True, state=EventState.HELD)
    for person in (researcher, operator):
        for deed in (
            lambda by: deeds.create_event(by=by, title_en="Mine"),
            lambda by: deeds.edit_event(event, version=0, by=by, title_en="Mine"),
            lambda by: deeds.publish_event(event, by=by),
            lambda by: deeds.cancel_event(event, by=by, why="No"),
            lambda by: deeds.close_event(event, by=by, **FIGURES),
            lambda by: deeds.correct_figures(event, by=by, **FIGURES),
        ):
            with pytest.raises(Forbidden):
                deed(person)
    assert Record.objects.filter(model="stories.event").count() == 0


def test_what_is_public_keeps_its_texts_and_what_is_over_its_days(staff):
    event = EventFactory()
    with pytest.raises(Refused) as refused:
        deeds.edit_event(event, version=0, by=staff, summary_fr="")
    assert refused.value.codes == ["summary_fr"]
    over = EventFactory(over=True)
    with pytest.raises(Refused) as refused:
        deeds.edit_event(over, version=0, by=staff, ends_at=over.ends_at + timedelta(days=1))
    assert refused.value.codes == ["over"]
    assert deeds.edit_event(over, version=0, by=staff, ends_at=over.ends_at, place="Giza").place == "Giza"
    off = EventFactory(state=EventState.CANCELLED)
    with pytest.raises(Refused, match="stays as it is"):
        deeds.edit_event(off, version=0, by=staff, place="Giza")


def test_the_clock_holds_what_is_over_once():
    over, coming = EventFactory(starts_at=timezone.now() - timedelta(days=5)), EventFactory()
    assert deeds.hold_over(timezone.now()) == 1
    assert deeds.hold_over(timezone.now()) == 0
    over.refresh_from_db()
    coming.refresh_from_db()
    assert (over.state, coming.state) == ("held", "published")
    assert Record.objects.get(row_id=over.pk, verb="hold").actor == "clock"


def test_figures_are_entered_once_it_was_held_and_corrected_later(staff):
    event = EventFactory(over=True, state=EventState.HELD, people=None, women=None)
    assert [line.url for line in written(waiting_for(staff))] == [f"/en/desk/events/{event.slug}/close/"]
    deeds.close_event(event, by=staff, **FIGURES)
    assert written(waiting_for(staff)) == []
    event.refresh_from_db()
    assert (event.state, event.people, event.women, event.source) == ("closed", 12, 7, "The list of participants")
    assert list(event.countries.values_list("country", "people", "women")) == [("KE", 7, 4), ("UG", 5, 3)]
    with pytest.raises(WrongState):
        deeds.close_event(event, by=staff, **FIGURES)
    deeds.correct_figures(event, by=staff, people=13, women=None, countries={"KE": (None, None)})
    event.refresh_from_db()
    assert (event.people, event.women, event.countries.count()) == (13, None, 1)
    assert Record.objects.get(row_id=event.pk, verb="correct").details["people_before"] == 12
    with pytest.raises(Refused, match="no figures yet"):
        deeds.correct_figures(EventFactory(), by=staff, **FIGURES)


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"women": 13}, "women"),
        ({"people": None}, "women"),
        ({"people": -1, "women": None}, "negative"),
        ({"countries": {"KE": (3, 4)}}, "women"),
        ({"countries": {"KE": (7, 4), "UG": (6, 3)}}, "people"),
    ],
)
def test_figures_that_disagree_change_nothing(staff, wrong, code):
    event = EventFactory(over=True, state=EventState.HELD)
    EventCountryFactory(event=event)
    with pytest.raises(Refused) as refused:
        deeds.close_event(event, by=staff, **(FIGURES | wrong))
    event.refresh_from_db()
    assert (refused.value.codes, event.state, event.countries.count()) == ([code], "held", 1)


def test_cancelling_tells_those_with_a_place_and_says_why(staff, researcher):
    event, training = EventFactory(), TrainingFactory()
    event.trainings.add(training)
    TrainingPlaceFactory(training=training, user=researcher, state=PlaceState.GIVEN)
    TrainingPlaceFactory(training=training)
    with pytest.raises(Refused, match="Say why"):
        deeds.cancel_event(event, by=staff, why="  ")
    deeds.cancel_event(event, by=staff, why="The hall is flooded.")
    event.refresh_from_db()
    assert (event.state, event.state_note) == ("cancelled", "The hall is flooded.")
    assert [row.address for row in Notification.objects.filter(kind="stories.event_cancelled")] == [researcher.email]


def test_a_draft_is_cancelled_in_silence(staff, researcher):
    event, training = draft(), TrainingFactory()
    event.trainings.add(training)
    TrainingPlaceFactory(training=training, user=researcher, state=PlaceState.GIVEN)
    deeds.cancel_event(event, by=staff, why="Never meant")
    assert not Notification.objects.exists()


def test_a_notice_that_fails_leaves_nothing(staff, monkeypatch):
    event = EventFactory()

    def broken(*args, **kwargs):
        raise RuntimeError("no room")

    monkeypatch.setattr("portal.stories.actions.event.moves.notify", broken)
    with pytest.raises(RuntimeError):
        deeds.cancel_event(event, by=staff, why="The hall is flooded.")
    event.refresh_from_db()
    assert (event.state, Record.objects.count()) == ("published", 0)


def test_attendance_counts_each_once_and_nobody_who_stayed_away(django_assert_num_queries):
    event = EventFactory(over=True)
    first, second = TrainingFactory(over=True), TrainingFactory(over=True)
    event.trainings.set([first, second])
    woman, man = UserFactory(gender="woman", country="KE"), UserFactory(gender="man", country="KE")
    silent = UserFactory(gender="", country="")
    TrainingPlaceFactory(training=first, user=woman, state="given", result="passed")
    TrainingPlaceFactory(training=second, user=woman, state="given", result="failed")
    TrainingPlaceFactory(training=first, user=man, state="given", result="failed")
    TrainingPlaceFactory(training=first, user=silent, state="given", result="passed")
    TrainingPlaceFactory(training=second, user=man, state="given", result="absent")
    TrainingPlaceFactory(training=first, user=UserFactory(gender="woman", country="UG"), state="given", result="absent")
    TrainingPlaceFactory(training=second, user=UserFactory(country="UG"), state="given", result="")
    with django_assert_num_queries(1):
        assert attendance_of(event) == Attendance(people=3, women=1, countries={"KE": (2, 1)})


@pytest.mark.parametrize(
    ("people", "women", "told"), [(71, 37, 37), (8, 3, None), (8, 5, None), (30, None, None), (10, 5, 5)]
)
def test_few_women_or_few_others_are_not_told(people, women, told):
    assert public_figures(EventFactory(over=True, people=people, women=women)).women == told


def test_numbers_by_country_are_told_only_where_none_is_small():
    event = EventFactory(over=True, people=20, women=None)
    EventCountryFactory(event=event, country="UG", people=9)
    EventCountryFactory(event=event, country="KE", people=11)
    assert [(row.code, people) for row, people in public_figures(event).countries] == [("KE", 11), ("UG", 9)]
    EventCountryFactory(event=event, country="TZ", people=2)
    told = public_figures(Event.objects.get(pk=event.pk))
    assert [(row.code, people) for row, people in told.countries] == [("KE", None), ("UG", None)]
    assert (told.unnamed, told.all_countries) == (1, 3)
    Event.objects.update(people=4, women=4)
    assert public_figures(Event.objects.get(pk=event.pk)) == PublicFigures(None, None, [], 0)


def test_countries_of_which_nobody_counted_are_named():
    event = EventFactory(over=True, people=71, women=37)
    EventCountryFactory(event=event, country="EG", people=None)
    told = public_figures(event)
    assert ([row.code for row, _people in told.countries], told.unnamed) == (["EG"], 0)


def test_the_past_bootcamps_are_loaded_once_with_their_figures_and_stay_as_staff_leave_them():
    call_command("reference_data", verbosity=0)
    cairo = Event.objects.get(slug="bootcamp-cairo-2023")
    assert (cairo.people, cairo.women, cairo.countries.count(), cairo.state) == (71, 37, 10, "closed")
    assert (str(cairo.first_day), str(cairo.last_day)) == ("2023-01-29", "2023-02-02")
    assert cairo.starts_at == datetime(2023, 1, 28, 22, tzinfo=UTC)
    panama, mongolia = Event.objects.get(slug="bootcamp-panama-2023"), Event.objects.get(slug="bootcamp-mongolia-2024")
    assert (panama.people, panama.women, panama.partner_names) == (
        35,
        None,
        ["ET Cube International", "IEEE", "SENACYT"],
    )
    assert (mongolia.people, str(mongolia.first_day), str(mongolia.last_day)) == (30, "2024-04-01", "2024-04-05")
    assert all(event.source for event in (cairo, panama, mongolia))
    Event.objects.filter(pk=cairo.pk).update(place="Zewail City")
    call_command("reference_data", verbosity=0)
    cairo.refresh_from_db()
    assert (Event.objects.count(), cairo.place) == (3, "Zewail City")

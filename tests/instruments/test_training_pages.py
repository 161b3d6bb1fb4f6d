"""The pages of trainings and wishes: who sees what, forms with and without sense, lists of one and of three."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from instruments.actions import training as actions
from instruments.enums import PlaceState, TrainingState
from instruments.models import Certificate, Instrument, Training, TrainingPlace, TrainingWish
from portal.accounts.models import User
from tests.factories.instruments import InstrumentFactory
from tests.factories.trainings import TrainingFactory, TrainingPlaceFactory, TrainingWishFactory

pytestmark = pytest.mark.django_db
LINK = "https://meet.example.org/course"


@pytest.fixture
def course(instrument: Instrument) -> Training:
    return TrainingFactory(instrument=instrument, title="First crystals")


def typed(own: Instrument, **fields: Any) -> dict[str, Any]:
    day = (timezone.now() + timedelta(days=40)).date()
    usual = {
        "title": "Cold crystals",
        "instrument": own.pk,
        "starts": f"{day}T09:00",
        "ends": f"{day}T16:00",
        "capacity": 5,
        "certificate_months": 12,
    }
    return usual | fields


def test_from_a_wish_to_a_certificate(
    client: Client, instrument: Instrument, operator: User, researcher: User, django_user_model: Any
) -> None:
    client.force_login(researcher)
    client.post(f"/en/trainings/wish/{instrument.slug}/", {"note": "For my thesis"})
    client.force_login(operator)
    assert b"For my thesis" in client.get("/en/trainings/wishes/").content
    page = client.get(f"/en/trainings/new/?instrument={instrument.slug}")
    assert page.context["form"].initial["instrument"] == instrument
    answer = client.post("/en/trainings/new/", typed(instrument))
    training = Training.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/en/trainings/{training.ref}/")
    assert training.starts_at.astimezone(training.zone).hour == 9
    client.post(f"/en/trainings/{training.ref}/publish/")
    client.force_login(researcher)
    assert "Cold crystals" in client.get(f"/en/instruments/{instrument.slug}/").content.decode()
    client.post(f"/en/trainings/{training.ref}/ask/")
    place = TrainingPlace.objects.get()
    client.force_login(operator)
    client.post(f"/en/trainings/{training.ref}/participants/{place.pk}/give/")
    Training.objects.update(starts_at=timezone.now() - timedelta(hours=2), ends_at=timezone.now())
    client.post(f"/en/trainings/{training.ref}/hold/")
    client.post(f"/en/trainings/{training.ref}/results/", {f"result_{place.pk}": "passed", f"note_{place.pk}": ""})
    client.post(f"/en/trainings/{training.ref}/close/")
    certificate = Certificate.objects.get(person=researcher, training=training)
    client.logout()
    assert researcher.name in client.get(f"/en/certificates/{certificate.code}/").content.decode()


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"title": ""}, "title"),
        ({"instrument": ""}, "instrument"),
        ({"instrument": "77777"}, "instrument"),
        ({"starts": "2027-03-28T02:30", "ends": "2027-03-28T05:00"}, "starts"),  # left out as clocks go forward
        ({"starts": "2027-10-31T02:30", "ends": "2027-10-31T05:00"}, "starts"),  # comes twice
        ({"starts": "tomorrow"}, "starts"),
        ({"starts": "2020-01-01T09:00", "ends": "2020-01-01T10:00"}, "starts"),
        ({"ends": "2027-01-01T09:00"}, "ends"),
        ({"ends": "9999-12-31T23:59"}, "ends"),
        ({"capacity": "0"}, "capacity"),
        ({"capacity": "-3"}, "capacity"),
        ({"certificate_months": "999"}, "certificate_months"),
        ({"link": "not a link"}, "link"),
    ],
)
def test_what_makes_no_sense_is_said_at_its_field(
    client: Client, instrument: Instrument, operator: User, fields: dict[str, Any], field: str
) -> None:
    client.force_login(operator)
    answer = client.post("/en/trainings/new/", typed(instrument, **fields))
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert not Training.objects.exists()


def test_a_draft_is_the_laboratorys(client: Client, course: Training, operator: User, researcher: User) -> None:
    Training.objects.update(state=TrainingState.DRAFT)
    for person, status in ((operator, 200), (researcher, 404)):
        client.force_login(person)
        assert client.get(course.get_absolute_url()).status_code == status


def test_the_meeting_link_is_for_those_with_a_place(
    client: Client, course: Training, operator: User, researcher: User, donor: User
) -> None:
    TrainingPlaceFactory(training=course, user=researcher, state="given")
    TrainingPlaceFactory(training=course, user=donor)
    for person, is_shown in ((operator, True), (researcher, True), (donor, False), (None, False)):
        client.logout()
        if person:
            client.force_login(person)
        page = client.get(course.get_absolute_url()).content.decode()
        assert (LINK in page) is is_shown
        assert (researcher.name in page) is (person == operator)


def test_edited_it_keeps_what_it_teaches(client: Client, course: Training, operator: User) -> None:
    client.force_login(operator)
    url = f"/en/trainings/{course.ref}/edit/"
    assert "instrument" not in client.get(url).context["form"].fields
    answer = client.post(url, typed(InstrumentFactory(), title="Second crystals"))
    assert answer.status_code == 302
    fresh = Training.objects.get()
    assert (fresh.title, fresh.instrument) == ("Second crystals", course.instrument)
    Training.objects.update(state=TrainingState.CLOSED)
    assert client.get(url).status_code == 302


def test_buttons_that_come_too_late_say_so(client: Client, course: Training, operator: User, researcher: User) -> None:
    Training.objects.update(state=TrainingState.CANCELLED)
    client.force_login(researcher)
    answer = client.post(f"/en/trainings/{course.ref}/ask/")
    assert answer.status_code == 422
    assert "not open for registration" in answer.content.decode()
    client.force_login(operator)
    assert client.post(f"/en/trainings/{course.ref}/publish/").status_code == 422
    assert client.get(f"/en/trainings/{course.ref}/explode/").status_code == 404


def test_adding_and_refusing(client: Client, course: Training, operator: User, researcher: User) -> None:
    client.force_login(operator)
    url = f"/en/trainings/{course.ref}/participants/"
    answer = client.post(url, {"email": "nobody@example.org"})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["email"])
    client.post(url, {"email": researcher.email})
    place = TrainingPlace.objects.get(state=PlaceState.GIVEN)
    assert client.post(f"{url}{place.pk}/refuse/", {"why": "x" * 301}).status_code == 422
    client.post(f"{url}{place.pk}/refuse/", {"why": "Another day"})
    place.refresh_from_db()
    assert (place.state, place.note) == (PlaceState.REFUSED, "Another day")
    other = TrainingPlaceFactory()
    assert client.post(f"{url}{other.pk}/give/").status_code == 404


def test_who_refuses_a_request_takes_no_place_back_that_a_colleague_gave_meanwhile(
    client: Client, course: Training, operator: User
) -> None:
    place = TrainingPlaceFactory(training=course)
    client.force_login(operator)
    url = f"/en/trainings/{course.ref}/participants/{place.pk}/refuse/"
    assert '<input type="hidden" name="state" value="requested">' in client.get(url).content.decode()
    TrainingPlace.objects.update(state=PlaceState.GIVEN)
    answer = client.post(url, {"why": "Full", "state": "requested"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "changed in the meantime" in page
    assert "Take the place back" in page
    assert '<input type="hidden" name="state" value="given">' in page
    assert TrainingPlace.objects.get().state == PlaceState.GIVEN
    assert client.post(url, {"why": "Full", "state": "given"}).status_code == 302


def test_colleagues_who_each_enter_some_results_undo_nothing(
    client: Client, instrument: Instrument, operator: User
) -> None:
    course = TrainingFactory(instrument=instrument, over=True)
    first, second = (TrainingPlaceFactory(training=course, state="given") for _ in range(2))
    client.force_login(operator)
    url = f"/en/trainings/{course.ref}/results/"
    opened = [{name: bound.value() for name, bound in fields(client.get(url))} for _ in range(3)]
    one, other, third = opened
    assert client.post(url, one | {f"result_{first.pk}": "passed", f"note_{first.pk}": "well"}).status_code == 302
    assert client.post(url, other | {f"result_{second.pk}": "failed"}).status_code == 302
    assert results_of(course) == {first.pk: ("passed", "well"), second.pk: ("failed", "")}
    typed = third | {f"result_{first.pk}": "absent", f"note_{second.pk}": ""}
    answer = client.post(url, typed)
    assert answer.status_code == 409
    assert list(answer.context["form"].errors) == [f"result_{first.pk}"]
    assert "A colleague entered this meanwhile: passed, well." in answer.content.decode()
    assert results_of(course) == {first.pk: ("passed", "well"), second.pk: ("failed", "")}
    again = {name: bound.value() for name, bound in fields(answer)}
    assert (again[f"result_{first.pk}"], again[f"result_{second.pk}"]) == ("absent", "failed")
    assert client.post(url, again).status_code == 302
    assert results_of(course) == {first.pk: ("absent", ""), second.pk: ("failed", "")}


def fields(answer: Any) -> list[tuple[str, Any]]:
    return [(bound.html_name, bound) for bound in answer.context["form"]]


def results_of(course: Training) -> dict[int, tuple[str, str]]:
    return {place.pk: (place.result, place.note) for place in course.places.all()}


def test_who_changes_what_a_colleague_changed_meanwhile_sees_both(
    client: Client, course: Training, operator: User
) -> None:
    noon = timezone.now().replace(hour=12, minute=0, second=0, microsecond=0) + timedelta(days=30)
    Training.objects.update(starts_at=noon, ends_at=noon + timedelta(hours=3))
    course.refresh_from_db()
    client.force_login(operator)
    url = f"/en/trainings/{course.ref}/edit/"
    opened = {name: bound.field.widget.format_value(bound.value()) for name, bound in fields(client.get(url))}
    later = course.starts_at.astimezone(course.zone) + timedelta(days=1)
    ends = course.ends_at.astimezone(course.zone) + timedelta(days=2)
    typed = {name: "" if value is None else value for name, value in opened.items()}
    wall = "%Y-%m-%dT%H:%M"
    moved = typed | {"starts": later.strftime(wall), "ends": ends.strftime(wall), "place": "Room 7"}
    assert client.post(url, moved).status_code == 302
    answer = client.post(url, typed | {"title": "Second crystals"})
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "Two of you wrote at once" in page
    assert "Room 7" in page
    assert f"{later:%H:%M}</p>" in page, "a moment is said in words, on the laboratory's clock"
    fresh = Training.objects.get()
    assert (fresh.title, fresh.place) == ("First crystals", "Room 7")
    stored = answer.context["form"].data["version"]
    mine = typed | {"title": "Second crystals", "version": stored}
    assert client.post(url, mine).status_code == 302
    fresh = Training.objects.get()
    assert (fresh.title, fresh.place) == ("Second crystals", course.place)


def test_what_a_colleague_changed_is_looked_at_before_it_is_published(
    client: Client, course: Training, operator: User, staff: User
) -> None:
    Training.objects.update(state=TrainingState.DRAFT)
    client.force_login(operator)
    url = f"/en/trainings/{course.ref}/publish/"
    looked_at = client.get(url).context["version"]
    course.refresh_from_db()
    actions.update_training(course, by=staff, place="Room 7")
    answer = client.post(url, {"version": looked_at})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "changed after you opened it" in page
    assert "Room 7" in page
    assert Training.objects.get().state == "draft"
    assert client.post(url, {"version": answer.context["version"]}).status_code == 302
    assert Training.objects.get().state == "published"


def test_own_results_cannot_be_typed(client: Client, instrument: Instrument, operator: User) -> None:
    training = TrainingFactory(instrument=instrument, over=True)
    place = TrainingPlaceFactory(training=training, user=operator, state="given")
    client.force_login(operator)
    url = f"/en/trainings/{training.ref}/results/"
    assert client.post(url, {f"result_{place.pk}": "passed"}).status_code == 302
    place.refresh_from_db()
    assert place.result == ""


def test_a_wish_on_the_instruments_page(client: Client, instrument: Instrument, researcher: User) -> None:
    client.force_login(researcher)
    url = f"/en/trainings/wish/{instrument.slug}/"
    assert client.post(url, {"note": "x" * 301}).status_code == 422
    client.post(url, {"note": ""})
    assert TrainingWish.objects.waiting().count() == 1
    assert "Take my wish back" in client.get(instrument.get_absolute_url()).content.decode()
    client.post(f"{url}leave/")
    assert not TrainingWish.objects.waiting().exists()
    assert client.post(f"{url}leave/").status_code == 404


def test_a_wish_answered_by_a_sentence(client: Client, instrument: Instrument, operator: User) -> None:
    wish = TrainingWishFactory(instrument=instrument)
    client.force_login(operator)
    url = f"/en/trainings/wishes/{wish.pk}/answer/"
    assert client.post(url, {"why": ""}).status_code == 422
    assert client.post(url, {"why": "Not this year"}).status_code == 302
    assert client.get(url).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_lists_ask_the_same_whatever_their_length(
    client: Client,
    instrument: Instrument,
    operator: User,
    researcher: User,
    count: int,
    django_assert_num_queries: Any,
) -> None:
    for _ in range(count):
        training = TrainingFactory(instrument=instrument)
        TrainingPlaceFactory(training=training, user=researcher)
        for _ in range(count):
            TrainingPlaceFactory(training=training)
            TrainingWishFactory(instrument=instrument)
    TrainingWishFactory(instrument=InstrumentFactory(), user=researcher)
    client.force_login(researcher)
    with django_assert_num_queries(LIST):
        client.get("/en/trainings/")
    client.force_login(operator)
    for url, expected in (
        ("/en/trainings/laboratory/", MANAGED),
        ("/en/trainings/wishes/", WISHES),
        (training.get_absolute_url(), DETAIL),
    ):
        with django_assert_num_queries(expected):
            client.get(url)


LIST, MANAGED, WISHES, DETAIL = 7, 5, 6, 10


def test_who_was_signed_out_before_pressing_a_button_comes_back_to_its_page(client: Client) -> None:
    training = TrainingFactory()
    page = training.get_absolute_url()
    button = f"{page}ask/"
    sent = client.post(button, headers={"referer": f"http://testserver{page}?from=mail"})
    assert sent["Location"] == f"/en/accounts/login/?next={page}%3Ffrom%3Dmail"
    foreign = client.post(button, headers={"referer": "https://elsewhere.example/"})
    assert foreign["Location"] == "/en/accounts/login/?next=/"
    assert client.post(button)["Location"] == f"/en/accounts/login/?next={button}"

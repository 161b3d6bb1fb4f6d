"""Every rule of booking gives the same verdict by page and by API, to who asks, to who books and to who moves."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from html import unescape

import pytest
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone
from rest_framework.test import APIClient

from bookings.actions.booking import book_time
from bookings.enums import SampleState
from bookings.models import Booking
from bookings.policy import NEVER_OVERRIDDEN
from bookings.slots import DAY, MINUTE, Span
from calls.models import Award
from instruments.enums import InstrumentState
from instruments.models import Closure, Instrument, OpeningHours
from portal.accounts.enums import MembershipState
from portal.accounts.models import User
from portal.audit.actions import history_of
from tests.factories.accounts import UserFactory
from tests.factories.bookings import BookingFactory
from tests.factories.calls import AwardFactory
from tests.factories.instruments import InstrumentFactory, TechniqueFactory
from tests.factories.samples import SampleFactory
from tests.factories.trainings import CertificateFactory

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


@dataclass
class World:
    """An award with ten hours, its instrument, and the two hours on a Monday that somebody wants."""

    instrument: Instrument
    award: Award
    period: Span

    def policy(self, **fields: object) -> None:
        for name, value in fields.items():
            setattr(self.instrument.policy, name, value)
        self.instrument.policy.save()

    def shift(self, start: timedelta, end: timedelta | None = None) -> None:
        self.period = Span(self.period.start + start, self.period.end + (start if end is None else end))

    def certify(self, **fields: object) -> None:
        fields = {"instrument": self.instrument, "person": self.award.holder} | fields
        CertificateFactory(**fields)


@pytest.fixture
def world(instrument: Instrument, award: Award, monday: Span) -> World:
    return World(instrument, award, monday)


def suspend(world: World) -> None:
    Instrument.objects.filter(pk=world.instrument.pk).update(state=InstrumentState.SUSPENDED)


def retire_units(world: World) -> None:
    world.instrument.units.update(is_active=False)


def close(world: World) -> None:
    during = DateTimeTZRange(world.period.start + HOUR, world.period.end)
    Closure.objects.create(instrument=world.instrument, period=during, reason="Service")


def end_award(world: World) -> None:
    Award.objects.filter(pk=world.award.pk).update(state="ended")


def award_elsewhere(world: World) -> None:
    Award.objects.filter(pk=world.award.pk).update(instrument=InstrumentFactory())


def spend_all(world: World) -> None:
    Award.objects.filter(pk=world.award.pk).update(balance_minutes=0)


def one_open(world: World) -> None:
    world.policy(open_bookings_limit=1)
    BookingFactory(award=world.award, start=world.period.start + DAY)


def an_hour_left_of_the_week(world: World) -> None:
    world.policy(weekly_limit=180)
    BookingFactory(award=world.award, start=world.period.start + DAY)


def award_from_tomorrow(world: World) -> None:
    later = world.period.start.date() + DAY
    Award.objects.filter(pk=world.award.pk).update(valid_from=later, valid_until=later + 90 * DAY)


def always_open(world: World) -> None:
    OpeningHours.objects.filter(instrument=world.instrument).delete()
    for day in range(7):
        OpeningHours.objects.create(instrument=world.instrument, weekday=day, opens=0, closes=1440)


def award_runs_out_that_night(world: World) -> None:
    always_open(world)
    world.shift(12 * HOUR, 16 * HOUR)
    Award.objects.filter(pk=world.award.pk).update(valid_until=world.period.start.date())


def sample_not_there(world: World) -> None:
    world.policy(needs_sample=True)
    SampleFactory(award=world.award, state=SampleState.SHIPPED)
    SampleFactory(award=AwardFactory(instrument=world.instrument), state=SampleState.RECEIVED)


def no_certificate(world: World) -> None:
    world.policy(needs_certificate=True)
    world.certify(person=UserFactory())
    world.certify(instrument=InstrumentFactory())


def certificate_revoked(world: World) -> None:
    world.policy(needs_certificate=True)
    world.certify(revoked_at=timezone.now(), revoked_why="Broken goniometer")


def certificate_ends_that_night(world: World) -> None:
    always_open(world)
    world.shift(12 * HOUR, 16 * HOUR)
    world.policy(needs_certificate=True)
    world.certify(valid_until=world.period.start.date())


def certificate_not_yet(world: World) -> None:
    world.policy(needs_certificate=True)
    world.certify(issued_on=world.period.start.date() + DAY)


def membership_ended(world: World) -> None:
    world.award.holder.memberships.update(state=MembershipState.ENDED)


def wants(start: timedelta, end: timedelta | None = None) -> Callable[[World], None]:
    return lambda world: world.shift(start, end)


def ask(**fields: object) -> Callable[[World], None]:
    return lambda world: world.policy(**fields)


RULES: list[tuple[str, Callable[[World], None]]] = [
    ("not_listed", suspend),
    ("no_unit", retire_units),
    ("in_the_past", wants(-28 * DAY)),
    ("too_soon", ask(notice=60 * 24 * 30)),
    ("too_far", ask(horizon_days=2)),
    ("too_short", ask(shortest=180)),
    ("too_long", ask(longest=60)),
    ("outside_hours", wants(6 * HOUR)),
    ("off_step", wants(30 * MINUTE)),
    ("closed", close),
    ("award_not_active", end_award),
    ("other_instrument", award_elsewhere),
    ("outside_award", award_from_tomorrow),
    ("outside_award", award_runs_out_that_night),
    ("open_limit", one_open),
    ("weekly_limit", an_hour_left_of_the_week),
    ("not_enough_hours", spend_all),
    ("sample_missing", sample_not_there),
    ("certificate_missing", no_certificate),
    ("certificate_missing", certificate_revoked),
    ("certificate_missing", certificate_ends_that_night),
    ("certificate_missing", certificate_not_yet),
    ("not_a_member", membership_ended),
    ("not_whole_minutes", wants(timedelta(seconds=30))),
    ("longer_than_a_year", wants(timedelta(), 367 * DAY)),
]
NAMED = [f"{code}-{getattr(arrange, '__name__', '')}" for code, arrange in RULES]


@dataclass
class Doors:
    """One person at the pages and at the API."""

    page: object
    api: APIClient
    world: World

    def slot(self) -> dict[str, object]:
        start = self.world.period.start
        return {
            "slot": start.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "length": self.world.period.minutes,
            "award": self.world.award.ref,
        }

    def times(self) -> dict[str, object]:
        return {"start": self.world.period.start.isoformat(), "end": self.world.period.end.isoformat()}

    def wish(self) -> dict[str, object]:
        return self.times() | {"instrument": self.world.instrument.slug, "award": self.world.award.ref}

    def address(self, step: str) -> str:
        return f"/en/instruments/{self.world.instrument.slug}/book/{step}/"

    def asked(self):
        answer = self.api.get("/api/v1/bookings/check/", self.wish())
        assert answer.status_code == 200, answer.content
        return answer.json()


@pytest.fixture
def doors(client, world: World) -> Callable[[User], Doors]:
    def enter(user: User) -> Doors:
        api = APIClient()
        api.force_login(user)
        client.force_login(user)
        return Doors(client, api, world)

    return enter


def says(response, reasons) -> None:
    page = unescape(response.content.decode())
    for reason in reasons:
        assert reason["message"] in page


def errors(response) -> list[dict[str, str]]:
    assert response["Content-Type"].startswith("application/problem+json")
    return [{"code": error["code"], "message": error["message"]} for error in response.json()["errors"]]


@pytest.mark.parametrize(("code", "arrange"), RULES, ids=NAMED)
def test_a_rule_says_the_same_by_page_and_api(world, doors, researcher, code, arrange) -> None:
    arrange(world)
    at = doors(researcher)
    before = Booking.objects.count()
    verdict = at.asked()
    assert not verdict["allowed"]
    assert code in [reason["code"] for reason in verdict["reasons"]]

    booked = at.api.post("/api/v1/bookings/", at.wish(), format="json")
    assert (booked.status_code, errors(booked)) == (422, verdict["reasons"])
    if code == "longer_than_a_year":  # no form carries such a length
        assert at.page.get(at.address("check"), at.slot()).status_code == 400
        assert at.page.post(at.address("confirm"), at.slot()).status_code == 400
    else:
        for page in (at.page.get(at.address("check"), at.slot()), at.page.post(at.address("confirm"), at.slot())):
            assert page.status_code == 422
            says(page, verdict["reasons"])
    assert Booking.objects.count() == before


# Its award does not change, and it is no new open booking.
OF_A_MOVE = [rule for rule in RULES if rule[0] not in ("other_instrument", "longer_than_a_year", "open_limit")]


@pytest.mark.parametrize(
    ("code", "arrange"), OF_A_MOVE, ids=[f"{code}-{getattr(rule, '__name__', '')}" for code, rule in OF_A_MOVE]
)
def test_a_move_is_asked_the_same(world, doors, researcher, code, arrange) -> None:
    booking = BookingFactory(award=world.award, start=world.period.start + 3 * DAY, minutes=60)
    arrange(world)
    at = doors(researcher)
    moved = at.api.post(f"/api/v1/bookings/{booking.ref}/move/", at.times(), format="json")
    assert moved.status_code == 422
    assert code in [error["code"] for error in errors(moved)]
    for page in (
        at.page.get(f"/en/bookings/{booking.ref}/move/check/", at.slot()),
        at.page.post(f"/en/bookings/{booking.ref}/move/confirm/", at.slot()),
    ):
        assert page.status_code == 422
        says(page, errors(moved))
    booking.refresh_from_db()
    assert booking.version == 0


def test_the_open_bookings_of_an_award_do_not_count_the_one_that_moves(world, researcher, doors) -> None:
    booking = book_time(world.instrument, world.period, world.award, by=researcher)
    world.policy(open_bookings_limit=1, weekly_limit=120)
    Award.objects.filter(pk=world.award.pk).update(balance_minutes=0)
    world.shift(DAY)
    at = doors(researcher)
    assert at.page.get(f"/en/bookings/{booking.ref}/move/check/", at.slot()).status_code == 200
    assert at.api.post(f"/api/v1/bookings/{booking.ref}/move/", at.times(), format="json").status_code == 200


def allow_sample(world: World) -> None:
    world.policy(needs_sample=True)
    SampleFactory(award=world.award, state=SampleState.MOUNTED)


def allow_certificate(world: World) -> None:
    world.policy(needs_certificate=True)
    world.certify(valid_until=world.period.start.date())


def allow_by_technique(world: World) -> None:
    """A certificate for a technique above one of the instrument's."""
    above = TechniqueFactory(slug="diffraction")
    world.instrument.techniques.set([TechniqueFactory(slug="powder", parent=above)])
    world.policy(needs_certificate=True)
    world.certify(instrument=None, technique=above, organisation=world.instrument.organisation)


def allow_by_a_member(world: World) -> None:
    other = UserFactory()
    world.award.members.add(other)
    world.policy(needs_certificate=True)
    world.certify(person=other)


@pytest.mark.parametrize("arrange", [allow_sample, allow_certificate, allow_by_technique, allow_by_a_member])
def test_what_the_rules_ask_for_lets_book(world, doors, researcher, arrange) -> None:
    arrange(world)
    at = doors(researcher)
    assert at.asked() == {"allowed": True, "reasons": []}
    assert at.page.get(at.address("check"), at.slot()).status_code == 200
    everybody = [world.award.holder_id, *world.award.members.values_list("pk", flat=True)]
    booked = at.page.post(at.address("confirm"), at.slot() | {"participants": everybody})
    assert booked.status_code == 302


def test_a_certificate_counts_only_of_those_who_take_part(world, doors, researcher) -> None:
    allow_by_a_member(world)
    at = doors(researcher)
    alone = at.page.post(at.address("confirm"), at.slot() | {"participants": [researcher.pk]})
    booked = at.api.post("/api/v1/bookings/", at.wish() | {"participants": [researcher.email]}, format="json")
    assert (alone.status_code, booked.status_code) == (422, 422)
    assert [error["code"] for error in errors(booked)] == ["certificate_missing"]
    says(alone, errors(booked))


def test_a_certificate_for_a_technique_beside_or_below_does_not_count(world, doors, researcher) -> None:
    allow_by_technique(world)
    beside = TechniqueFactory(slug="diff")  # begins like the one above, and is another
    world.award.holder.certificates.update(technique=beside)
    assert [reason["code"] for reason in doors(researcher).asked()["reasons"]] == ["certificate_missing"]


def test_a_focal_point_books_for_one_who_has_left(world, doors, focal_point) -> None:
    membership_ended(world)
    assert doors(focal_point).asked()["allowed"]


SET_ASIDE = [rule for rule in RULES if rule[0] not in NEVER_OVERRIDDEN]
FINAL = [rule for rule in RULES if rule[0] in NEVER_OVERRIDDEN and rule[0] != "longer_than_a_year"]


@pytest.mark.parametrize("code", sorted({code for code, _ in SET_ASIDE} - {"not_a_member"}))
@pytest.mark.parametrize("by_api", [True, False], ids=["api", "page"])
def test_staff_set_a_rule_aside_and_say_why(world, doors, staff, code, by_api) -> None:
    dict(reversed(SET_ASIDE))[code](world)
    at, why = doors(staff), "Agreed with the laboratory."
    if by_api:
        without = at.api.post("/api/v1/bookings/", at.wish(), format="json")
        done = at.api.post("/api/v1/bookings/", at.wish() | {"override": why}, format="json")
        assert (without.status_code, done.status_code) == (422, 201), done.content
    else:
        without = at.page.get(at.address("check"), at.slot())
        done = at.page.post(at.address("confirm"), at.slot() | {"override": why})
        assert (without.status_code, done.status_code) == (422, 302)
        assert 'name="override"' in without.content.decode()
    booking = Booking.objects.filter(booked_by=staff).get()
    (entry,) = history_of(booking)
    assert (entry.why, entry.by) == (why, staff)
    assert code in entry.details["overridden"]


@pytest.mark.parametrize(("code", "arrange"), FINAL, ids=[code for code, _ in FINAL])
def test_some_rules_not_even_staff_set_aside(world, doors, staff, code, arrange) -> None:
    arrange(world)
    at = doors(staff)
    done = at.api.post("/api/v1/bookings/", at.wish() | {"override": "Please"}, format="json")
    assert done.status_code == 422
    assert code in [error["code"] for error in errors(done)]
    page = at.page.get(at.address("check"), at.slot())
    assert page.status_code == 422
    assert 'name="override"' not in page.content.decode()
    assert at.page.post(at.address("confirm"), at.slot() | {"override": "Please"}).status_code == 422
    assert not Booking.objects.exists()


def test_nobody_else_sets_rules_aside(world, doors, researcher) -> None:
    one_open(world)
    at = doors(researcher)
    assert 'name="override"' not in at.page.get(at.address("check"), at.slot()).content.decode()
    assert at.page.post(at.address("confirm"), at.slot() | {"override": "Please"}).status_code == 403
    refused = at.api.post("/api/v1/bookings/", at.wish() | {"override": "Please"}, format="json")
    assert (refused.status_code, [error["code"] for error in errors(refused)]) == (403, ["forbidden"])


def test_staff_move_past_a_rule_and_say_why(world, doors, staff, researcher) -> None:
    booking = book_time(world.instrument, world.period, world.award, by=researcher)
    world.shift(6 * HOUR)
    at = doors(staff)
    assert at.page.post(f"/en/bookings/{booking.ref}/move/confirm/", at.slot()).status_code == 422
    moved = at.page.post(f"/en/bookings/{booking.ref}/move/confirm/", at.slot() | {"override": "Night shift"})
    assert moved.status_code == 302
    entry = history_of(booking)[0]
    assert (entry.verb, entry.why, entry.details["overridden"]) == ("move", "Night shift", ["outside_hours"])


def test_a_reason_without_need_is_not_kept(world, doors, staff) -> None:
    at = doors(staff)
    assert at.api.post("/api/v1/bookings/", at.wish() | {"override": "Just so"}, format="json").status_code == 201
    (entry,) = history_of(Booking.objects.get())
    assert (entry.why, entry.details) == ("", {})


def test_a_time_that_is_taken_is_said_before_the_button(world, doors, researcher) -> None:
    BookingFactory(award=AwardFactory(instrument=world.instrument), start=world.period.start)
    at = doors(researcher)
    page = at.page.get(at.address("check"), at.slot())
    assert page.status_code == 409
    assert page.content.decode().count("/book/check/?award=") == 3


@pytest.mark.parametrize(
    "change", [{"length": 0}, {"length": -60}, {"length": 60 * 24 * 36600}, {"slot": "2027-03-28T02:30"}]
)
def test_what_is_no_period_is_malformed_on_the_page(world, doors, researcher, change) -> None:
    at = doors(researcher)
    assert at.page.get(at.address("check"), at.slot() | change).status_code == 400
    assert at.page.post(at.address("confirm"), at.slot() | change).status_code == 400
    assert not Booking.objects.exists()


@pytest.mark.parametrize("minutes", [0, -60])
def test_what_is_no_period_is_malformed_for_the_api(world, doors, researcher, minutes) -> None:
    at = doors(researcher)
    world.period = Span(world.period.start, world.period.start + minutes * MINUTE)
    booked = at.api.post("/api/v1/bookings/", at.wish(), format="json")
    assert (booked.status_code, booked.json()["errors"][0]["code"]) == (400, "empty")
    assert at.api.get("/api/v1/bookings/check/", at.wish()).status_code == 400


def test_a_stranger_is_told_nothing_of_the_rules(world, doors, stranger_researcher) -> None:
    at = doors(stranger_researcher)
    assert at.api.get("/api/v1/bookings/check/", at.wish()).status_code == 400

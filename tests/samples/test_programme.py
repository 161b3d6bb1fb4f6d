"""What `sample_data` brings: accounts with something to do, calls in each phase, bookings that keep every rule."""

from collections import Counter
from datetime import timedelta
from hashlib import sha256

import pytest
from django.db.models import Sum
from django.test import Client
from django.utils import timezone

from bookings.enums import BookingState, SessionState
from bookings.facts import Facts
from bookings.models import Booking, Dataset, Sample, Session, WaitlistEntry
from bookings.policy import reasons_against
from calls.enums import AwardState, CallPhase, CallState, InterestState, Standing
from calls.models import Award, Call, Interest, LedgerEntry
from instruments.enums import AccessMode, DesktopRoute, InstrumentState
from instruments.models import Agreement, Certificate, Closure, Instrument, Training, TrainingWish
from portal.accounts.models import Organisation, User
from portal.audit.models import Record
from portal.notifications.enums import State
from portal.notifications.models import Notification
from portal.pages.waiting import waiting_for
from portal.samples.actions.people import DOMAIN, PASSWORD
from portal.stories.event_figures import attendance_of
from portal.stories.models import Event
from tests.samples.conftest import account
from tests.support.promises import broken_promises

pytestmark = pytest.mark.usefixtures("programme")

BUSY = ("researcher", "focalpoint", "operator", "reviewer", "donor", "staff", "admin")
OPENS_DESK = {"staff": (200, 302), "admin": (200, 200), "researcher": (403, 302), "operator": (403, 302)}
BROKEN = {"outside_hours", "off_step", "too_short", "too_long", "outside_award", "other_instrument", "empty"}


# --- Accounts ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [*BUSY, "stranger"])
def test_every_account_signs_in_with_a_complete_profile(client: Client, name: str) -> None:
    typed = {"login": f"{name}{DOMAIN}", "password": PASSWORD}
    response = client.post("/en/accounts/login/", typed)
    assert (response.status_code, response["Location"]) == (302, "/en/me/")
    assert client.get("/en/me/").status_code == 200
    user = account(name)
    assert user.is_complete
    assert user.time_zone != "UTC"


@pytest.mark.parametrize("name", BUSY)
def test_something_waits_on_the_dashboard(name: str) -> None:
    assert waiting_for(account(name))


@pytest.mark.parametrize("name", OPENS_DESK)
def test_desk_and_back_office_open_for_whom_they_should(client: Client, name: str) -> None:
    client.force_login(account(name))
    answers = tuple(client.get(path).status_code for path in ("/en/desk/", "/en/admin/"))
    assert answers == OPENS_DESK[name]


def test_people_who_are_no_accounts_cannot_sign_in() -> None:
    assert not any(user.has_usable_password() for user in User.objects.exclude(email__endswith=DOMAIN))


def test_focal_point_has_hours_left_on_the_practice_instrument_and_a_request_to_answer() -> None:
    user = account("focalpoint")
    awards = Award.objects.bookable_by(user).filter(instrument__slug="practice-diffractometer", holder=user)
    assert awards.get().balance_minutes > 50 * 60
    assert any(line.url == "/en/organisations/acacia-materials/members/" for line in waiting_for(user))


def test_operator_runs_the_practice_instrument_and_has_a_request_to_confirm() -> None:
    user = account("operator")
    assert Instrument.objects.run_by(user).filter(slug="practice-diffractometer").exists()
    assert Booking.objects.at_laboratories_of(user).requested().count() == 1


def test_what_must_always_hold_holds_of_the_samples() -> None:
    assert list(broken_promises()) == []


def test_operator_expects_a_sample_and_is_asked_for_places_and_a_training() -> None:
    user = account("operator")
    assert Sample.objects.filter(award__instrument__organisation__memberships__user=user, state="shipped").exists()
    training = Training.objects.managed_by(user).get(state="published", calls=None)
    assert training.places.filter(state="requested").count() == 2
    assert TrainingWish.objects.to_laboratories_of(user).waiting().exists()


def test_events_were_and_come_and_a_call_gives_the_places_of_a_training() -> None:
    now = timezone.now()
    assert set(Event.objects.past(now).filter(source__gt="").values_list("people", flat=True)) == {71, 35, 30}
    assert Event.objects.coming(now).count() == 2
    held = Event.objects.get(state="held")
    assert attendance_of(held).people == 3  # whom staff find in the form of its figures
    assert Call.objects.get(slug="school-of-diffraction").training.state == "published"


def test_researcher_holds_a_certificate_and_waits_for_time() -> None:
    user = account("researcher")
    assert Certificate.objects.valid_through(timezone.now().date(), timezone.now().date()).filter(person=user).exists()
    assert WaitlistEntry.objects.open().filter(asked_by=user).count() == 2


def test_a_course_is_booked_four_weeks_in_a_row() -> None:
    series = Booking.objects.exclude(series=None)
    assert series.count() == 4
    hours = {booking.start.astimezone(booking.instrument.zone).time() for booking in series}
    assert len(hours) == 1


def test_researcher_has_hours_a_session_and_an_offer() -> None:
    user = account("researcher")
    assert Award.objects.running_on(timezone.now().date()).filter(holder=user, balance_minutes__gt=0).exists()
    assert Award.objects.to_answer(user, timezone.now()).count() == 1
    assert Session.objects.coming_at(timezone.now()).filter(booking__participants=user).exists()


def test_stranger_belongs_elsewhere_and_holds_nothing() -> None:
    user = account("stranger")
    assert list(Organisation.objects.where(user)) == [Organisation.objects.get(slug="kente-coast")]
    assert not Award.objects.visible_to(user).exists()
    assert not Booking.objects.visible_to(user).exists()
    assert waiting_for(user) == []


def test_staff_find_an_organisation_an_instrument_and_a_draft() -> None:
    assert Organisation.objects.proposed().count() == 1
    assert Instrument.objects.filter(state=InstrumentState.PROPOSED).count() == 1
    titles = " ".join(line.title for line in waiting_for(account("staff")))
    assert all(words in titles for words in ("organisation to verify", "Vet the instrument", "Draft to finish"))


# --- Instruments and calls ------------------------------------------------------------------------------------


def test_instruments_differ_in_access_policy_and_state() -> None:
    public = Instrument.objects.public().select_related("policy")
    assert public.listed().count() == 8
    assert public.filter(state=InstrumentState.SUSPENDED).count() == 1
    assert {row.access_mode for row in public} == set(AccessMode.values)
    assert len({technique for row in public for technique in row.techniques.values_list("slug", flat=True)}) >= 8
    assert [row.slug for row in public if row.units.count() > 1] == ["image-analysis-workstations"]
    policies = [row.policy for row in public]
    assert any(policy.whole_days and policy.day_starts == 600 for policy in policies)
    assert any(policy.needs_confirmation for policy in policies)
    assert any(policy.before or policy.after for policy in policies)
    assert Closure.objects.ending_after(timezone.now()).count() == 2


def test_the_practice_instrument_can_be_booked_at_any_hour() -> None:
    row = Instrument.objects.get(slug="practice-diffractometer")
    assert {(hours.opens, hours.closes) for hours in row.opening_hours.all()} == {(0, 1440)}
    assert row.opening_hours.count() == 7
    assert (row.policy.notice, row.policy.step, row.policy.needs_confirmation) == (0, 30, False)
    assert row.access_mode == AccessMode.REMOTE_CONTROL
    assert [unit.desktop.route for unit in row.units.all()] == [DesktopRoute.PRACTICE]


def test_texts_are_in_both_languages() -> None:
    for row in Instrument.objects.all():
        texts = [row.name_fr, row.summary_fr, row.description_fr, row.sample_requirements_fr]  # type: ignore[attr-defined]
        assert all(texts), row.slug
    for call in Call.objects.all():
        assert all([call.title_fr, call.summary_fr, call.description_fr, call.covers_fr]), call.slug  # type: ignore[attr-defined]


def test_calls_of_each_kind_and_phase_and_a_draft() -> None:
    phases = Counter(call.phase for call in Call.objects.listed())
    assert phases == {CallPhase.UPCOMING: 1, CallPhase.OPEN: 2, CallPhase.CLOSED: 2, CallPhase.DECIDED: 1}
    assert {call.kind for call in Call.objects.listed()} == {"remote_access", "training", "equipment"}
    assert Call.objects.filter(state=CallState.DRAFT).count() == 1
    assert not Call.objects.to_announce(timezone.now()).exists()


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_public_page_of_it_opens(client: Client, language: str) -> None:
    rows = [*Instrument.objects.public(), *Call.objects.public(), *Organisation.objects.visible_to(account("stranger"))]
    for row in rows:
        path = row.get_absolute_url().replace("/en/", f"/{language}/", 1)
        assert client.get(path).status_code == 200, path


def test_readers_come_from_many_countries() -> None:
    rows = Interest.objects.filter(state=InterestState.ACTIVE)
    assert rows.count() == 41
    assert len({row.country for row in rows}) > 20
    assert {row.language for row in rows} == {"en", "fr"}
    assert {row.standing for row in rows} == set(Standing.values)
    assert rows.get(user=account("donor")).standing == Standing.DONOR
    assert Interest.objects.matching(Call.objects.get(slug="crystals-2")).count() > 5


# --- Bookings, sessions, hours --------------------------------------------------------------------------------


def test_bookings_of_a_year_came_to_different_ends() -> None:
    states = Counter(Booking.objects.values_list("state", flat=True))
    assert states[BookingState.COMPLETED] > 100
    assert {state for state in BookingState.values if states[state]} == {
        "requested", "confirmed", "completed", "missed", "cancelled",
    }  # fmt: skip
    oldest = Booking.objects.in_order().first()
    assert oldest
    assert timezone.now() - oldest.start > timedelta(days=240)


def test_every_booking_keeps_the_rules_of_its_instrument() -> None:
    for booking in Booking.objects.select_related("award", "instrument"):
        facts = Facts.read(booking.instrument, booking.span)
        codes = {reason.code for reason in reasons_against(facts, booking.span, booking.start, booking.award)}
        is_over = booking.award.state in (AwardState.ENDED, AwardState.REPORTED)
        active_then = {"award_not_active"} if is_over else set()
        assert not codes & BROKEN - active_then, (booking.instrument, booking.period)


def test_sessions_ended_as_their_bookings_did() -> None:
    ended = Booking.objects.filter(period__endswith__lt=timezone.now()).exclude(session=None)
    pairs = set(ended.values_list("state", "session__state"))
    assert pairs == {
        (BookingState.COMPLETED, SessionState.ENDED),
        (BookingState.MISSED, SessionState.MISSED),
        (BookingState.CANCELLED, SessionState.CANCELLED),
    }


def test_balances_are_the_sum_of_the_ledger() -> None:
    assert not Award.objects.out_of_balance().exists()
    assert {award.state for award in Award.objects.all()} == {"offered", "active", "ended", "reported"}


def test_the_ledger_knows_what_each_booking_cost() -> None:
    for booking in Booking.objects.select_related("instrument__policy"):
        paid = -LedgerEntry.objects.filter(booking=booking.ref).aggregate(sum=Sum("minutes"))["sum"]
        if booking.state == BookingState.CANCELLED:
            assert paid == 0
        elif booking.state == BookingState.COMPLETED:
            assert booking.minutes - booking.instrument.policy.step <= paid <= booking.minutes
        else:
            assert paid == booking.minutes


def test_a_session_is_live_or_about_to_start() -> None:
    now = timezone.now()
    session = Session.objects.get(
        booking__instrument__slug="practice-diffractometer",
        starts_at__lte=now + timedelta(minutes=10),
        ends_at__gt=now,
    )
    assert session.state == SessionState.QUEUED, "a worker asks the instrument whether it answers"
    assert list(session.booking.participants.all()) == [account("researcher")]


# --- History and mail -----------------------------------------------------------------------------------------


def test_history_lies_in_the_past_and_reaches_back() -> None:
    now = timezone.now()
    moments = list(Record.objects.order_by("at").values_list("at", flat=True))
    assert moments[-1] <= now
    assert now - moments[0] > timedelta(days=300)
    for booking in Booking.objects.all():
        assert Record.objects.filter(model="bookings.booking", row_id=booking.pk, verb="request").count() == 1


def test_only_fresh_mail_to_the_accounts_waits_to_be_sent() -> None:
    waiting = Notification.objects.filter(state=State.PENDING)
    assert 5 <= waiting.count() <= 20
    assert all(row.address.endswith(DOMAIN) for row in waiting)
    hushed = Notification.objects.exclude(state=State.PENDING)
    assert hushed.exists()
    assert all((row.state, row.last_error) == (State.SUPPRESSED, "sample") and row.settled_at for row in hushed)


def test_the_last_sessions_on_the_practice_instrument_left_data_that_their_holder_fetches(client: Client) -> None:
    rows = Dataset.objects.filter(booking__instrument__slug="practice-diffractometer").prefetch_related("files")
    assert [row.files.count() for row in rows] == [3, 3, 3]
    dataset = rows.filter(booking__award__holder=account("researcher")).first() or rows[0]
    client.force_login(dataset.booking.award.holder)
    for file in dataset.files.all():
        page = f"/en/datasets/{dataset.ref}/files/{file.pk}/"
        assert sha256(b"".join(client.get(page).streaming_content)).hexdigest() == file.sha256


def test_a_laboratory_has_proposed_an_instrument_and_agreements_are_under_way() -> None:
    proposed = Instrument.objects.get(state=InstrumentState.PROPOSED)
    assert proposed.proposed_by == account("operator")
    assert proposed.proposal
    assert set(Agreement.objects.values_list("state", flat=True)) == {"agreed", "offered", "draft"}
    (agreed,) = Agreement.objects.filter(state="agreed")
    assert agreed.get_absolute_url() in {line.url for line in waiting_for(account("staff"))}
    (offered,) = Agreement.objects.filter(state="offered")
    assert offered.get_absolute_url() in {line.url for line in waiting_for(account("operator"))}

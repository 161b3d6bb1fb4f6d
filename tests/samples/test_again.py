"""Loading again, later, and where it should not."""

from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import Client
from django.utils import timezone

from bookings.actions.session import advance_session, end_session
from bookings.enums import SessionState
from bookings.models import Booking, Session, StandbyEntry
from calls.models import Award, Call
from instruments.actions import suspend_instrument
from instruments.enums import DesktopRoute
from instruments.models import Desktop, Instrument, Policy
from portal.accounts.models import User
from portal.samples.actions.live import is_live_or_soon, put_live_session
from portal.samples.actions.spot import put_standby
from tests.samples.conftest import account


def counts() -> dict[str, int]:
    return {model._meta.label: model._base_manager.count() for model in apps.get_models()}


def practice() -> Instrument:
    return Instrument.objects.get(slug="practice-diffractometer")


def test_refused_where_it_is_no_demo(db: None) -> None:
    with pytest.raises(CommandError, match=r"DEMO=1.*--force"):
        call_command("sample_data")
    assert not User.objects.exists()


def test_a_demo_needs_no_force(programme: None, settings: Any, capsys: pytest.CaptureFixture[str]) -> None:
    settings.DEMO = True
    call_command("sample_data")
    assert "in place" in capsys.readouterr().out


def test_again_changes_nothing(programme: None) -> None:
    before = counts()
    call_command("sample_data", force=True, verbosity=0)
    assert counts() == before


def test_what_people_changed_stays(programme: None) -> None:
    Call.objects.filter(slug="crystals-2").update(title_en="Renamed")
    call_command("sample_data", force=True, verbosity=0)
    assert Call.objects.get(slug="crystals-2").title_en == "Renamed"  # type: ignore[attr-defined]


def test_an_older_demo_gets_the_desktop_of_the_practice_instrument(programme: None) -> None:
    Desktop.objects.all().delete()
    call_command("sample_data", force=True, verbosity=0)
    assert [unit.desktop.route for unit in practice().units.all()] == [DesktopRoute.PRACTICE]


@pytest.mark.parametrize("minute", [0, 19, 21, 29, 31, 45, 58])
def test_later_a_new_session_is_live_or_soon(programme: None, minute: int) -> None:
    later = (timezone.now() + timedelta(days=2)).replace(hour=3, minute=minute)
    bookings = Booking.objects.count()
    with time_machine.travel(later, tick=False):
        for _again in range(2):
            call_command("sample_data", force=True, verbosity=0)
        assert is_live_or_soon(practice(), later)
    assert Booking.objects.count() == bookings + 1
    assert not Award.objects.out_of_balance().exists()
    session = Session.objects.latest("pk")
    assert session.state == SessionState.QUEUED, "a worker asks the instrument whether it answers"


def open_doors(at: datetime) -> None:
    """As a worker does once the practice instrument answers."""
    Desktop.objects.update(asked_at=at, answered_at=at, trouble="")
    for booking in Booking.objects.filter(session__state=SessionState.QUEUED, instrument=practice()):
        advance_session(booking)


def test_a_session_ended_early_makes_room_for_another(programme: None) -> None:
    later = (timezone.now() + timedelta(days=2)).replace(hour=3, minute=31)
    holder = account("researcher")
    with time_machine.travel(later, tick=False):
        first = put_live_session(holder, timezone.now())
        assert first is not None
        open_doors(later)
        with time_machine.travel(later + timedelta(minutes=2), tick=False):
            end_session(first, by=holder)
        with time_machine.travel(later + timedelta(minutes=30), tick=False):
            second = put_live_session(holder, timezone.now())
    assert second is not None
    assert second.start >= first.start + timedelta(minutes=30)


def test_the_stand_by_queue_is_in_use_for_the_researcher_and_the_operator(programme: None, client: Client) -> None:
    entry = StandbyEntry.objects.open().get()
    call_command("sample_data", force=True, verbosity=0)
    assert StandbyEntry.objects.open().get() == entry
    for name in ("researcher", "operator"):
        client.force_login(account(name))
        assert entry.ref in client.get("/en/standby/").content.decode()


def test_nobody_waits_where_no_queue_is_kept(programme: None) -> None:
    with transaction.atomic():
        StandbyEntry.objects.update(state="left")
        Policy.objects.update(has_standby=False)
        assert put_standby(account("researcher"), timezone.now()) is None
        assert not StandbyEntry.objects.open().exists()
        transaction.set_rollback(True)


def test_no_session_on_a_suspended_instrument(programme: None) -> None:
    suspend_instrument(practice(), by=account("operator"), why="The shutter sticks.")
    with time_machine.travel(timezone.now() + timedelta(days=1), tick=False):
        assert put_live_session(account("researcher"), timezone.now()) is None


def test_no_session_without_hours(programme: None) -> None:
    """Sessions that the clock would fail meanwhile would return their hours: they are over here."""
    Session.objects.update(state=SessionState.ENDED)
    Award.objects.filter(holder=account("researcher")).update(balance_minutes=20)
    with time_machine.travel(timezone.now() + timedelta(hours=4), tick=False):
        assert put_live_session(account("researcher"), timezone.now()) is None

"""What the practice instrument measures comes to the booking in whose session the run began."""

import io
import zipfile
from datetime import timedelta

import pytest
from django.utils import timezone

from bookings.actions.dataset import keep_run
from bookings.actions.dataset.common import TooLarge
from bookings.enums import BookingState, SessionState
from bookings.models import Booking, Dataset, DatasetFile, Session
from instruments.management.commands.practice import announce
from instruments.models import Unit
from instruments.practice.crystals.structures import QUARTZ
from instruments.practice.files import files_of
from instruments.practice.instrument import Instrument as Practice
from instruments.signals import run_finished
from portal.audit.actions import history_of
from portal.core.errors import Refused
from portal.notifications.models import Notification
from tests.factories.bookings import BookingFactory

pytestmark = pytest.mark.django_db
FILES = [("quartz.hkl", b"   0   0   0"), ("quartz.cif", b"data_quartz")]


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def live(award):
    """A booking that began ten minutes ago, its session live."""
    start = timezone.now().replace(second=0, microsecond=0) - timedelta(minutes=10)
    return BookingFactory(award=award, start=start, session__state=SessionState.LIVE, session__opened_at=start)


def finish(unit, files=FILES, began=None):
    now = timezone.now()
    run_finished.send(sender=Unit, unit=unit, files=files, began=began or now, moment=now)


def test_a_run_becomes_a_dataset_of_the_live_session(live, client, researcher):
    finish(live.unit)
    dataset = Dataset.objects.get()
    assert (dataset.booking, dataset.made_by, dataset.title[:7]) == (live, None, "Run of ")
    assert sorted(dataset.files.values_list("name", "size")) == [("quartz.cif", 11), ("quartz.hkl", 12)]
    assert {row.verb for row in history_of(dataset)} == {"make", "add_file"}
    assert {row.actor for row in history_of(dataset)} == {"clock"}
    told = Notification.objects.filter(kind="bookings.dataset_ready")
    assert [row.address for row in told] == [researcher.email]
    client.force_login(researcher)
    file = dataset.files.get(name="quartz.cif")
    page = client.get(f"/en/datasets/{dataset.ref}/files/{file.pk}/")
    assert b"".join(page.streaming_content) == b"data_quartz"


def test_two_runs_are_two_datasets(live):
    finish(live.unit)
    finish(live.unit)
    assert Dataset.objects.filter(booking=live).count() == 2


@pytest.mark.parametrize("state", sorted(set(SessionState) - {SessionState.LIVE}))
def test_nobody_is_given_a_run_outside_a_live_session(live, state):
    live.session.state = state
    live.session.save()
    finish(live.unit)
    assert not Dataset.objects.exists()


def test_another_units_run_is_not_theirs(live):
    finish(live.instrument.units.create(name="Unit 2"))
    assert not Dataset.objects.exists()


def test_names_lead_out_of_no_folder(live):
    finish(live.unit, [("../../etc/passwd", b"x")])
    assert "/" not in DatasetFile.objects.get().name


def test_a_run_that_cannot_be_kept_leaves_no_bytes(live, tmp_path):
    Booking.objects.filter(pk=live.pk).update(state=BookingState.CANCELLED)
    with pytest.raises(Refused):
        keep_run(live.unit, FILES, timezone.now(), timezone.now())
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


@pytest.fixture
def earlier(award, live):
    """Somebody's booking on the same unit, over five minutes before `live` began."""
    start = live.start - timedelta(minutes=65)
    earlier = BookingFactory(award=award, start=start, minutes=60, state=BookingState.COMPLETED)
    times = {"starts_at": start, "ends_at": earlier.end, "opened_at": start, "closed_at": earlier.end}
    Session.objects.create(booking=earlier, state=SessionState.ENDED, **times)
    return earlier


def test_a_run_is_theirs_in_whose_session_it_began(live, earlier):
    finish(live.unit, began=earlier.start + timedelta(minutes=50))
    assert Dataset.objects.get().booking == earlier


def test_a_run_that_nobody_began_in_a_session_is_nobodys(live, earlier):
    finish(live.unit, began=earlier.end + timedelta(minutes=1))
    assert not Dataset.objects.exists()


@pytest.mark.parametrize(("setting", "most"), [("DATASET_QUOTA_BYTES", 22), ("DATASET_MOST_BYTES", 11)])
def test_a_run_counts_as_files_that_people_send(live, settings, tmp_path, setting, most):
    """The two files have 12 and 11 bytes."""
    setattr(settings, setting, most)
    with pytest.raises(TooLarge):
        finish(live.unit)
    assert not Dataset.objects.exists()
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
    setattr(settings, setting, most + 1)
    finish(live.unit)
    assert DatasetFile.objects.count() == 2


class TestRealRun:
    pytestmark = pytest.mark.django_db(transaction=True)

    def test_what_the_instrument_measured_is_what_its_user_fetches(self, live, client, researcher):
        instrument = Practice("seed")
        instrument.mount(QUARTZ)
        instrument.centre()
        instrument.choose(degrees=10, width=2.0)
        for begin in (instrument.screen, instrument.start):
            begin()
            while instrument.is_busy:
                instrument.advance(0.5)
        files = files_of(instrument, timezone.now())
        announce(live.unit_id, files, instrument.run_began_at)

        client.force_login(researcher)
        dataset = Dataset.objects.get()
        fetched = {
            file.name: b"".join(client.get(f"/en/datasets/{dataset.ref}/files/{file.pk}/").streaming_content)
            for file in dataset.files.all()
        }
        assert fetched == dict(files)
        frames = next(content for name, content in fetched.items() if name.endswith(".zip"))
        assert zipfile.ZipFile(io.BytesIO(frames)).testzip() is None

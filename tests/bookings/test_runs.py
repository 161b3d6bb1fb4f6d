"""What the practice instrument measures comes to the booking whose session is live on its unit."""

import io
import zipfile
from datetime import timedelta

import pytest
from django.utils import timezone

from bookings.actions.dataset import keep_run
from bookings.enums import BookingState, SessionState
from bookings.models import Booking, Dataset, DatasetFile
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
    return BookingFactory(award=award, start=start, session__state=SessionState.LIVE)


def finish(unit, files=FILES):
    run_finished.send(sender=Unit, unit=unit, files=files, moment=timezone.now())


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
        keep_run(live.unit, FILES, timezone.now())
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


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
        announce(live.unit_id, files)

        client.force_login(researcher)
        dataset = Dataset.objects.get()
        fetched = {
            file.name: b"".join(client.get(f"/en/datasets/{dataset.ref}/files/{file.pk}/").streaming_content)
            for file in dataset.files.all()
        }
        assert fetched == dict(files)
        frames = next(content for name, content in fetched.items() if name.endswith(".zip"))
        assert zipfile.ZipFile(io.BytesIO(frames)).testzip() is None

"""How long data stay: two warnings, the end of the day, a day later; what goes and what is remembered."""

from datetime import date, timedelta

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone

from bookings.actions import dataset as actions
from bookings.models import Dataset, DatasetFile, Upload
from portal.audit.actions import history_of
from portal.core.errors import Forbidden, Refused
from portal.notifications.models import Notification
from tests.support.tus import TUS, announce, put

pytestmark = pytest.mark.django_db
WHOLE = b"0123456789"


@pytest.fixture
def kept(client, operator, dataset, time_machine):
    """A dataset with one file, kept for thirty days; nobody has been told anything yet."""
    time_machine.move_to(timezone.now(), tick=False)
    client.force_login(operator)
    assert put(client, dataset, WHOLE).status_code == 204
    Dataset.objects.update(kept_until=timezone.now().date() + timedelta(days=30))
    Notification.objects.all().delete()
    dataset.refresh_from_db()
    return dataset


@pytest.fixture
def day(time_machine, kept):
    """Go to noon of a day counted from the last one on which the files are kept."""

    def go(offset: int) -> date:
        moment = timezone.now().replace(hour=12)
        time_machine.move_to(moment + (kept.kept_until + timedelta(days=offset) - moment.date()), tick=False)
        return timezone.now().date()

    return go


def warned() -> list[str]:
    return list(Notification.objects.filter(kind="bookings.dataset_ending").values_list("address", flat=True))


def test_its_people_are_warned_twice_and_no_more(kept, day, researcher):
    for offset, count in ((-15, 0), (-14, 1), (-14, 1), (-10, 1), (-2, 2), (-1, 2), (0, 2)):
        day(offset)
        actions.warn_of_ending()
        assert warned() == [researcher.email] * count, offset


def test_a_clock_that_stood_still_warns_once(kept, day, researcher):
    day(-1)
    assert actions.warn_of_ending() == 1
    assert actions.warn_of_ending() == 0
    assert warned() == [researcher.email]


def test_data_that_nobody_was_warned_of_are_kept_two_days_more(kept, day, researcher):
    """The clock stood still over their end: it warns first."""
    today = day(5)
    assert actions.forget_datasets() == 0
    assert actions.warn_of_ending() == 1
    assert actions.forget_datasets() == 0
    assert warned() == [researcher.email]
    ended, kept.kept_until = kept.kept_until, today + timedelta(days=2)
    assert Dataset.objects.get().kept_until == kept.kept_until
    moved = next(row for row in history_of(kept) if row.verb == "put_off")
    assert (moved.before, moved.after) == (ended.isoformat(), kept.kept_until.isoformat())
    day(1)
    assert actions.forget_datasets() == 1


def test_a_dataset_without_files_warns_nobody(kept, day):
    DatasetFile.objects.all().delete()
    day(-2)
    assert actions.warn_of_ending() == 0


def test_the_files_go_after_their_last_day_and_what_they_were_stays(kept, day, client, researcher):
    file = DatasetFile.objects.get()
    page = f"/en/datasets/{kept.ref}/files/{file.pk}/"
    day(0)
    actions.warn_of_ending()
    client.force_login(researcher)
    assert actions.forget_datasets() == 0
    assert b"".join(client.get(page).streaming_content) == WHOLE
    day(1)
    client.force_login(researcher)
    assert client.get(page).status_code == 410
    assert actions.forget_datasets() == 1
    assert actions.forget_datasets() == 0
    assert not default_storage.exists(file.file.name)
    shown = client.get(f"/en/datasets/{kept.ref}/").content.decode()
    assert file.sha256 in shown
    assert page not in shown
    for address in (page, f"/api/v1/datasets/{kept.ref}/files/{file.pk}/"):
        assert client.get(address).status_code == 410
    assert history_of(kept)[0].verb == "forget"
    assert kept.ref not in client.get("/en/datasets/").content.decode()
    assert kept.ref in client.get("/en/datasets/?past=1").content.decode()


def test_bytes_that_could_not_be_deleted_are_deleted_next_time(kept, day):
    file = DatasetFile.objects.get()
    day(1)
    Dataset.objects.update(forgotten_at=timezone.now())  # the step was cut after its rows
    assert actions.forget_datasets() == 0
    assert not default_storage.exists(file.file.name)
    assert DatasetFile.objects.get().file.name == ""


def test_what_is_on_its_way_ends_with_the_dataset(kept, day, client, operator):
    address = announce(client, kept, 5, "late.cif")["Location"]
    day(0)
    actions.warn_of_ending()
    day(1)
    Upload.objects.update(expires_at=timezone.now() + timedelta(days=1))
    actions.forget_datasets()
    client.force_login(operator)
    assert client.head(address, headers=TUS).status_code == 410
    actions.tend_uploads()
    assert not Upload.objects.exists()


def test_kept_longer_warns_anew(kept, day, operator, researcher):
    day(-1)
    actions.warn_of_ending()
    until = kept.kept_until + timedelta(days=20)
    longer = actions.keep_longer(kept, until, by=operator)
    assert (longer.kept_until, longer.warned_at) == (until, None)
    entry = history_of(kept)[0]
    assert (entry.verb, entry.after) == ("keep_longer", until.isoformat())
    assert actions.warn_of_ending() == 0
    day(20 - 14)
    assert actions.warn_of_ending() == 1
    assert warned() == [researcher.email] * 2


@pytest.mark.parametrize("days", [-5, 0, 5 * 366 + 40])
def test_days_to_which_it_is_not_kept(kept, operator, days):
    with pytest.raises(Refused):
        actions.keep_longer(kept, kept.kept_until + timedelta(days=days), by=operator)
    kept.refresh_from_db()
    assert kept.kept_until == timezone.now().date() + timedelta(days=30)


def test_who_keeps_it_longer(kept, client, request):
    until = kept.kept_until + timedelta(days=20)
    for who, status in (("researcher", 403), ("stranger_operator", 404), ("staff", 302)):
        client.force_login(request.getfixturevalue(who))
        assert client.post(f"/en/datasets/{kept.ref}/keep/", {"until": until.isoformat()}).status_code == status
    kept.refresh_from_db()
    assert kept.kept_until == until
    assert client.post(f"/en/datasets/{kept.ref}/keep/", {"until": "soon"}).status_code == 422


def test_nothing_is_kept_longer_or_taken_out_once_it_is_gone(kept, day, operator, researcher):
    file = DatasetFile.objects.get()
    with pytest.raises(Forbidden):
        actions.remove_file(file, by=researcher)
    day(0)
    actions.warn_of_ending()
    day(1)
    actions.forget_datasets()
    with pytest.raises(actions.Gone):
        actions.keep_longer(kept, timezone.now().date() + timedelta(days=9), by=operator)
    with pytest.raises(actions.Gone):
        actions.remove_file(file, by=operator)

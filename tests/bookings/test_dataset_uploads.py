"""tus 1.0 said badly, at once, too late, with tokens; what comes to the row, to the disk and to the sender."""

import base64
import hashlib
import threading
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.utils import timezone

from bookings import parts
from bookings.actions import dataset as actions
from bookings.models import Dataset, DatasetFile, Upload
from portal.accounts.actions.tokens import make_token
from portal.audit.actions import history_of
from tests.bookings.test_races import all_at_once
from tests.support.tus import TUS, TYPE, announce, metadata, put, send

pytestmark = pytest.mark.django_db
BYTES = b"0123456789" * 1000


@pytest.fixture
def lab(client, operator):
    client.force_login(operator)
    return client


def stored() -> list[str]:
    """The names of all files in the storage."""
    found, folders = [], [""]
    while folders:
        folder = folders.pop()
        if default_storage.exists(folder):
            inner, files = default_storage.listdir(folder)
            folders += [f"{folder}/{name}".lstrip("/") for name in inner]
            found += files
    return found


def content_of(file: DatasetFile) -> bytes:
    with file.file.open() as opened:
        content: bytes = opened.read()
    return content


class TestWords:
    def test_options_say_what_it_speaks(self, client):
        answer = client.options("/uploads/")
        assert answer.status_code == 204
        assert answer["Tus-Version"] == "1.0.0"
        assert set(answer["Tus-Extension"].split(",")) == {"creation", "termination", "checksum", "expiration"}
        assert int(answer["Tus-Max-Size"]) > 2**30

    @pytest.mark.parametrize(
        ("headers", "status"),
        [
            ({"Tus-Resumable": "0.2.2"}, 412),
            ({"Upload-Length": "ten"}, 400),
            ({"Upload-Length": "-1"}, 400),
            ({"Upload-Length": "1" * 30}, 400),
            ({"Upload-Length": str(2**50)}, 413),
            ({"Upload-Metadata": "dataset !!!"}, 400),
            ({"Upload-Metadata": "dataset /w=="}, 400),
            ({"Upload-Metadata": metadata(dataset="NOSUCH", filename="a")}, 404),
            ({"Upload-Metadata": metadata(dataset="\0", filename="a")}, 404),
            ({"Upload-Metadata": ""}, 404),
        ],
    )
    def test_a_bad_announcement_leaves_nothing(self, lab, dataset, headers, status):
        told = TUS | {"Upload-Length": "5", "Upload-Metadata": metadata(dataset=dataset.ref, filename="a")} | headers
        answer = lab.post("/uploads/", headers=told)
        assert answer.status_code == status
        assert answer["Tus-Resumable"] == "1.0.0"
        assert not Upload.objects.exists()

    @pytest.mark.parametrize(
        ("words", "status"), [({"name": " "}, 422), ({"sha256": "xyz"}, 422), ({"name": "x" * 3000}, 400)]
    )
    def test_names_and_sums_that_are_none(self, lab, dataset, words, status):
        assert announce(lab, dataset, 5, **words).status_code == status
        assert not Upload.objects.exists()

    @pytest.mark.parametrize(
        ("headers", "status"),
        [
            ({"Upload-Offset": ""}, 400),
            ({"Upload-Offset": "1"}, 409),
            ({"Upload-Checksum": "md5 AAAA"}, 400),
            ({"Upload-Checksum": "sha256 !"}, 400),
            ({"Upload-Checksum": "sha256 Ã"}, 400),
            ({"Tus-Resumable": "2"}, 412),
        ],
    )
    def test_a_bad_piece_changes_nothing(self, lab, dataset, headers, status):
        address = announce(lab, dataset, 5)["Location"]
        assert send(lab, address, 0, b"12345", **headers).status_code == status
        assert Upload.objects.get().received == 0

    def test_a_piece_of_another_type_is_not_read(self, lab, dataset):
        address = announce(lab, dataset, 5)["Location"]
        answer = lab.patch(address, b"12345", content_type="text/plain", headers=TUS | {"Upload-Offset": "0"})
        assert answer.status_code == 415

    def test_programs_that_can_only_post(self, lab, dataset):
        address = announce(lab, dataset, 5)["Location"]
        told = TUS | {"Upload-Offset": "0", "X-HTTP-Method-Override": "PATCH"}
        assert lab.post(address, b"12345", content_type=TYPE, headers=told).status_code == 204
        assert DatasetFile.objects.get().size == 5

    @pytest.mark.parametrize("algorithm", ["sha1", "sha256"])
    def test_a_piece_with_its_sum(self, lab, dataset, algorithm):
        address = announce(lab, dataset, 5)["Location"]
        digest = base64.b64encode(hashlib.new(algorithm, b"12345").digest()).decode()
        assert send(lab, address, 0, b"12345", **{"Upload-Checksum": f"{algorithm} {digest}"}).status_code == 204
        assert DatasetFile.objects.get().sha256 == hashlib.sha256(b"12345").hexdigest()

    def test_a_file_other_than_it_was_said_to_be_is_not_kept(self, lab, dataset):
        address = announce(lab, dataset, 5, sha256=hashlib.sha256(b"other").hexdigest())["Location"]
        assert send(lab, address, 0, b"12345").status_code == 460
        assert not DatasetFile.objects.exists()
        assert not Upload.objects.exists()
        assert stored() == []
        assert history_of(dataset)[0].verb == "refuse_file"

    def test_a_file_given_up_leaves_nothing(self, lab, dataset):
        address = announce(lab, dataset, 5)["Location"]
        send(lab, address, 0, b"123")
        assert lab.delete(address, headers=TUS).status_code == 204
        assert lab.head(address, headers=TUS).status_code == 404
        assert send(lab, address, 3, b"45").status_code == 404
        assert stored() == []


class TestWho:
    def test_a_program_sends_with_a_token_that_may_write(self, operator, dataset):
        program = Client(enforce_csrf_checks=True)
        for can_write, status in ((False, 403), (True, 201)):
            _row, secret = make_token("script", can_write=can_write, by=operator)
            program.defaults["HTTP_AUTHORIZATION"] = f"Token {secret}"
            assert announce(program, dataset, 5).status_code == status
        assert send(program, f"/uploads/{Upload.objects.get().token}/", 0, b"12345").status_code == 204
        program.defaults["HTTP_AUTHORIZATION"] = "Token rap_wrong"
        assert announce(program, dataset, 5, "b.cif").status_code == 401

    def test_a_session_without_the_pages_word_sends_nothing(self, operator, dataset):
        browser = Client(enforce_csrf_checks=True)
        browser.force_login(operator)
        assert announce(browser, dataset, 5).status_code == 403
        assert not Upload.objects.exists()

    @pytest.mark.parametrize(
        ("who", "announced", "found"),
        [("researcher", 403, 404), ("focal_point", 403, 404), ("stranger_operator", 404, 404), ("donor", 404, 404)],
    )
    def test_others_neither_send_nor_find(self, lab, request, dataset, who, announced, found):
        address = announce(lab, dataset, 5)["Location"]
        other = Client()
        other.force_login(request.getfixturevalue(who))
        assert announce(other, dataset, 5, "b.cif").status_code == announced
        for answer in (
            other.head(address, headers=TUS), other.delete(address, headers=TUS), send(other, address, 0, b"12345"),
        ):  # fmt: skip
            assert answer.status_code == found
        assert Upload.objects.get().received == 0

    def test_visitors_are_told_to_sign_in(self, client, dataset):
        assert announce(client, dataset, 5).status_code == 401

    def test_an_operator_who_leaves_sends_no_more(self, lab, operator, dataset):
        address = announce(lab, dataset, 5)["Location"]
        operator.memberships.update(state="ended")
        assert send(lab, address, 0, b"12345").status_code == 404


class TestTime:
    @pytest.fixture(autouse=True)
    def clock(self, time_machine):
        time_machine.move_to(timezone.now(), tick=False)

    def test_three_days_without_a_byte_end_it(self, lab, dataset, time_machine):
        address = announce(lab, dataset, 5)["Location"]
        send(lab, address, 0, b"12")
        assert actions.tend_uploads() == 0
        time_machine.shift(timedelta(days=3, seconds=1))
        assert lab.head(address, headers=TUS).status_code == 410
        assert send(lab, address, 2, b"345").status_code == 410
        assert actions.tend_uploads() == 1
        assert not Upload.objects.exists()
        assert stored() == []
        assert history_of(dataset)[0].verb == "give_up_file"

    def test_every_piece_gives_it_three_days_more(self, lab, dataset, time_machine):
        address = announce(lab, dataset, 5)["Location"]
        for offset in range(3):
            time_machine.shift(timedelta(days=2))
            assert send(lab, address, offset, b"x").status_code == 204
        assert actions.tend_uploads() == 0

    def test_a_check_that_got_lost_is_done_by_the_tick(self, lab, dataset, time_machine):
        address = announce(lab, dataset, 5)["Location"]
        upload = Upload.objects.get()
        with parts.locked(upload.place) as file:
            parts.pour(file, lambda _most: b"12345", 0, 5)
        Upload.objects.update(received=5)
        assert lab.head(address, headers=TUS)["Upload-Offset"] == "5"
        assert actions.tend_uploads() == 0
        time_machine.shift(timedelta(minutes=11))
        assert actions.tend_uploads() == 1
        assert DatasetFile.objects.get().sha256 == hashlib.sha256(b"12345").hexdigest()

    def test_bytes_that_the_disk_lost_are_asked_for_again(self, lab, dataset):
        address = announce(lab, dataset, 5)["Location"]
        send(lab, address, 0, b"123")
        with parts.locked(Upload.objects.get().place) as file:
            parts.cut(file, 1)
        assert lab.head(address, headers=TUS)["Upload-Offset"] == "1"
        assert send(lab, address, 1, b"2345").status_code == 204
        assert DatasetFile.objects.get().sha256 == hashlib.sha256(b"12345").hexdigest()

    def test_nothing_comes_into_a_forgotten_dataset(self, lab, dataset):
        address = announce(lab, dataset, 5)["Location"]
        Dataset.objects.update(forgotten_at=timezone.now())
        assert announce(lab, dataset, 5, "b.cif").status_code == 410
        send(lab, address, 0, b"12345")
        assert not DatasetFile.objects.exists()


class TestRoom:
    def test_what_is_announced_counts_and_what_is_given_up_does_not(self, lab, dataset, settings):
        settings.DATASET_QUOTA_BYTES = 10
        first = announce(lab, dataset, 6)["Location"]
        assert announce(lab, dataset, 5, "b.cif").status_code == 413
        lab.delete(first, headers=TUS)
        assert put(lab, dataset, b"1234567").status_code == 204
        assert announce(lab, dataset, 4, "b.cif").status_code == 413
        assert announce(lab, dataset, 3, "b.cif").status_code == 201

    def test_a_full_disk_is_said_and_leaves_nothing(self, lab, dataset, monkeypatch):
        monkeypatch.setattr(parts, "RESERVE", 2**62)
        answer = announce(lab, dataset, 5)
        assert answer.status_code == 507
        assert "disk is full" in answer.json()["detail"]
        assert not Upload.objects.exists()

    def test_a_name_is_taken_whatever_its_letters(self, lab, dataset):
        put(lab, dataset, b"12345", "Run.CIF")
        assert announce(lab, dataset, 5, "run.cif").status_code == 409
        assert announce(lab, dataset, 5, "run2.cif").status_code == 201
        assert announce(lab, dataset, 5, "RUN2.cif").status_code == 409


class TestAtOnce:
    pytestmark = pytest.mark.django_db(transaction=True)

    def test_two_who_send_the_same_piece_write_it_once(self, lab, dataset):
        address = announce(lab, dataset, len(BYTES))["Location"]
        answers = all_at_once(lambda _n: send(lab_again(lab), address, 0, BYTES), range(6), threads=6)
        codes = sorted(answer.status_code for answer in answers)
        assert codes[:1] == [204]
        assert set(codes[1:]) <= {409, 423}
        file = DatasetFile.objects.get()
        assert content_of(file) == BYTES
        assert (file.size, file.sha256) == (len(BYTES), hashlib.sha256(BYTES).hexdigest())

    def test_a_second_sender_is_told_to_wait_while_the_first_sends(self, lab, dataset, operator):
        announce(lab, dataset, 5)
        upload = Upload.objects.select_related("dataset__booking__instrument").get()
        begun, done = threading.Event(), threading.Event()

        def slow(most: int) -> bytes:
            begun.set()
            assert done.wait(30)
            return b"12345"[:most]

        def first(_n):
            return actions.send_piece(upload, slow, 0, 5, by=operator, checksum=None)

        def second(_n):
            begun.wait(30)
            answer = send(lab_again(lab), f"/uploads/{upload.token}/", 0, b"abcde")
            done.set()
            return answer.status_code

        outcomes = all_at_once(lambda deed: deed(0), [first, second], threads=2)
        assert outcomes == [5, 423]
        assert DatasetFile.objects.get().sha256 == hashlib.sha256(b"12345").hexdigest()

    def test_who_comes_when_it_is_a_file_already_harms_it_not(self, lab, dataset, operator):
        address = announce(lab, dataset, 5)["Location"]
        late = Upload.objects.select_related("dataset__booking__instrument").get()
        assert send(lab, address, 0, b"12345").status_code == 204
        for _row in ("that tells how it went", "forgotten since"):
            with pytest.raises((actions.WrongOffset, actions.Gone)):
                actions.send_piece(late, lambda _most: b"abcde", 0, 5, by=operator, checksum=None)
            assert content_of(DatasetFile.objects.get()) == b"12345"
            Upload.objects.all().delete()

    def test_two_who_announce_at_once_keep_within_the_quota(self, lab, dataset, settings):
        settings.DATASET_QUOTA_BYTES = 10
        names = [f"{n}.cif" for n in range(6)]
        answers = all_at_once(lambda name: announce(lab_again(lab), dataset, 6, name), names, threads=6)
        assert sorted(answer.status_code for answer in answers) == [201, 413, 413, 413, 413, 413]


def lab_again(client: Client) -> Client:
    """Another window of the same person."""
    other = Client()
    other.cookies = client.cookies
    return other

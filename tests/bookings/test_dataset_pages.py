"""Pages and API of data: who sees which, files whole and in ranges, one file without JavaScript."""

import hashlib
from datetime import date

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from rest_framework.test import APIClient

from bookings.actions.dataset import make_dataset
from bookings.models import Dataset, DatasetFile
from portal.accounts.actions.tokens import make_token
from portal.core.files import MOST_BYTES
from tests.factories.bookings import BookingFactory, next_monday_at
from tests.factories.calls import AwardFactory
from tests.support.tus import announce, put, send

pytestmark = pytest.mark.django_db
WHOLE = bytes(range(256)) * 40
STRANGERS = ["stranger_researcher", "stranger_focal_point", "stranger_operator", "donor", "reviewer"]


def put_file(dataset: Dataset, name: str = "a.cif", content: bytes = WHOLE) -> DatasetFile:
    row = DatasetFile(dataset=dataset, name=name, size=len(content), sha256=hashlib.sha256(content).hexdigest())
    row.file.save(name, ContentFile(content), save=False)
    row.file.close()
    row.save()
    return row


@pytest.fixture
def file(dataset):
    return put_file(dataset)


@pytest.fixture
def address(file):
    return f"/en/datasets/{file.dataset.ref}/files/{file.pk}/"


@pytest.fixture
def holder(client, researcher):
    client.force_login(researcher)
    return client


class TestBytes:
    @pytest.mark.parametrize(
        ("asked", "first", "last"),
        [
            ("bytes=0-0", 0, 0),
            ("bytes=10-19", 10, 19),
            ("bytes=10000-", 10000, len(WHOLE) - 1),
            ("bytes=-5", len(WHOLE) - 5, len(WHOLE) - 1),
            ("bytes=5-999999999", 5, len(WHOLE) - 1),
        ],
    )
    def test_a_range(self, holder, address, asked, first, last):
        answer = holder.get(address, headers={"Range": asked})
        assert answer.status_code == 206
        assert answer["Content-Range"] == f"bytes {first}-{last}/{len(WHOLE)}"
        assert int(answer["Content-Length"]) == last - first + 1
        assert b"".join(answer.streaming_content) == WHOLE[first : last + 1]

    @pytest.mark.parametrize("asked", ["bytes=9-3", "lines=1-2", "bytes=0-1,5-6", "bytes=-", "bytes=a-b", ""])
    def test_what_is_no_single_range_is_answered_whole(self, holder, address, asked):
        answer = holder.get(address, headers={"Range": asked})
        assert answer.status_code == 200
        assert b"".join(answer.streaming_content) == WHOLE

    @pytest.mark.parametrize("asked", [f"bytes={len(WHOLE)}-", "bytes=-0", "bytes=9999999999999999999-"])
    def test_bytes_that_it_does_not_have(self, holder, address, asked):
        answer = holder.get(address, headers={"Range": asked})
        assert (answer.status_code, answer["Content-Range"]) == (416, f"bytes */{len(WHOLE)}")

    def test_if_range_goes_on_with_the_same_file_and_begins_anew_with_another(self, holder, address, file):
        known = {"Range": "bytes=100-", "If-Range": f'"{file.sha256}"'}
        answer = holder.get(address, headers=known)
        assert answer.status_code == 206
        assert b"".join(answer.streaming_content) == WHOLE[100:]
        for other in ('"other"', f'W/"{file.sha256}"', "Wed, 21 Oct 2015 07:28:00 GMT"):
            answer = holder.get(address, headers=known | {"If-Range": other})
            assert answer.status_code == 200
            assert b"".join(answer.streaming_content) == WHOLE

    def test_head_says_what_get_would_bring(self, holder, address, file):
        answer = holder.head(address)
        assert (answer.status_code, answer.content) == (200, b"")
        assert answer["Content-Length"] == str(len(WHOLE))
        assert (answer["ETag"], answer["Accept-Ranges"]) == (f'"{file.sha256}"', "bytes")
        part = holder.head(address, headers={"Range": "bytes=0-9"})
        assert (part.status_code, part["Content-Length"]) == (206, "10")

    def test_who_has_it_already_is_not_sent_it_again(self, holder, address, file):
        assert holder.get(address, headers={"If-None-Match": f'"{file.sha256}"'}).status_code == 304
        assert holder.get(address, headers={"If-Match": '"other"'}).status_code == 412

    def test_it_is_saved_under_its_name_and_never_shown(self, holder, dataset):
        file = put_file(dataset, "<script>é.html", b"<script>alert(1)</script>")
        answer = holder.get(f"/en/datasets/{dataset.ref}/files/{file.pk}/")
        assert b"".join(answer.streaming_content) == b"<script>alert(1)</script>"
        assert answer["Content-Type"] == "application/octet-stream"
        assert answer["Content-Disposition"].startswith("attachment")
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert "no-store" in answer["Cache-Control"]


class TestWhoMay:
    def test_a_guessed_number_of_another_dataset_leads_nowhere(self, holder, dataset, file, operator):
        other = BookingFactory(award=AwardFactory(instrument=dataset.booking.instrument), start=next_monday_at(15))
        theirs = put_file(make_dataset(other, {"title": "Not yours"}, by=operator), "b.cif")
        for guess in (
            f"/en/datasets/{dataset.ref}/files/{theirs.pk}/",
            f"/en/datasets/{theirs.dataset.ref}/files/{theirs.pk}/",
            f"/en/datasets/{theirs.dataset.ref}/files/{file.pk}/",
            f"/api/v1/datasets/{dataset.ref}/files/{theirs.pk}/",
            f"/api/v1/datasets/{theirs.dataset.ref}/files/{theirs.pk}/",
            f"/media/{theirs.file.name}",
            f"/en/datasets/{dataset.ref}/files/{10**18}/",
        ):
            assert holder.get(guess).status_code == 404, guess
        assert "Not yours" not in holder.get("/en/datasets/").content.decode()

    @pytest.mark.parametrize("who", STRANGERS)
    def test_nobody_else_finds_it_by_any_address(self, client, request, address, file, who):
        client.force_login(request.getfixturevalue(who))
        ref = file.dataset.ref
        for path in (
            address, f"/en/datasets/{ref}/", f"/en/datasets/{ref}/files/", f"/api/v1/datasets/{ref}/",
            f"/api/v1/datasets/{ref}/files/{file.pk}/", f"/media/{file.file.name}",
        ):  # fmt: skip
            assert client.get(path, headers={"Range": "bytes=0-1"}).status_code == 404, path
        assert ref not in client.get("/en/datasets/").content.decode()
        assert client.get("/api/v1/datasets/").json()["results"] == []

    def test_a_token_to_read_fetches(self, researcher, stranger_researcher, file):
        path = f"/api/v1/datasets/{file.dataset.ref}/files/{file.pk}/"
        for who, status in ((researcher, 206), (stranger_researcher, 404)):
            _row, secret = make_token("script", can_write=False, by=who)
            headers = {"Authorization": f"Token {secret}", "Range": "bytes=0-9"}
            answer = Client().get(path, headers=headers)
            assert answer.status_code == status
            if status == 206:
                assert b"".join(answer.streaming_content) == WHOLE[:10]

    def test_those_whose_data_they_are_change_nothing(self, holder, dataset, file):
        base = f"/en/datasets/{dataset.ref}/"
        assert holder.get(f"/en/datasets/for/{dataset.booking.ref}/").status_code == 403
        for path in ("send/", "keep/", f"files/{file.pk}/remove/"):
            assert holder.post(base + path).status_code == 403
        assert DatasetFile.objects.filter(pk=file.pk).exists()


class TestPages:
    def test_from_the_booking_to_a_file_without_javascript(self, client, operator, researcher, award, dataset):
        client.force_login(operator)
        booking = dataset.booking
        form = f"/en/datasets/for/{booking.ref}/"
        assert client.post(form, {"title": ""}).status_code == 400
        made = client.post(form, {"title": "Cu-2", "note": ""})
        row = Dataset.objects.get(title="Cu-2")
        assert made["Location"] == row.get_absolute_url()
        page = f"/en/datasets/{row.ref}/"
        sent = client.post(page + "send/", {"file": SimpleUploadedFile("b.hkl", b"12345")})
        assert sent.status_code == 302
        shown = client.get(page).content.decode()
        assert hashlib.sha256(b"12345").hexdigest() in shown
        assert "<noscript>" in shown
        assert client.post(page + "send/", {}).status_code == 422
        assert client.post(page + "send/", {"file": SimpleUploadedFile("b.hkl", b"1")}).status_code == 409
        client.force_login(researcher)
        shown = client.get(page).content.decode()
        assert "b.hkl" in shown
        assert "data-upload=" not in shown
        assert page in client.get(booking.get_absolute_url()).content.decode()

    def test_what_is_too_large_to_come_in_one_go_is_said_and_refused(self, client, operator, dataset):
        client.force_login(operator)
        page = f"/en/datasets/{dataset.ref}/"
        most = "may have up to 10.0\xa0MB"
        assert most in client.get(page).content.decode()
        large = SimpleUploadedFile("b.hkl", bytes(MOST_BYTES + 1))
        refused = client.post(page + "send/", {"file": large})
        assert refused.status_code == 422
        assert most in refused.content.decode()
        assert not dataset.files.exists()

    def test_an_empty_list_tells_each_side_what_will_be_in_it(self, client, operator, researcher):
        for person, words in ((operator, "once you have sent it"), (researcher, "measured for you appears here")):
            client.force_login(person)
            assert words in client.get("/en/datasets/").content.decode()
            assert "No data were deleted" in client.get("/en/datasets/?past=1").content.decode()

    def test_files_on_their_way_are_shown_to_the_laboratory_and_given_up(self, client, operator, researcher, dataset):
        client.force_login(operator)
        upload = announce(client, dataset, 10, "run.zip")["Location"]
        send(client, upload, 0, b"1234")
        page = f"/en/datasets/{dataset.ref}/"
        assert "(40 %)" in client.get(page).content.decode()
        token = dataset.uploads.get().token
        client.force_login(researcher)
        assert "run.zip" not in client.get(page).content.decode()
        assert client.post(f"{page}uploads/{token}/give-up/").status_code == 403
        client.force_login(operator)
        assert client.post(f"{page}uploads/{token}/give-up/").status_code == 302
        assert not dataset.uploads.exists()

    def test_a_file_is_taken_out_with_its_bytes(
        self, client, operator, dataset, file, address, django_capture_on_commit_callbacks
    ):
        client.force_login(operator)
        with django_capture_on_commit_callbacks(execute=True):
            assert client.post(address + "remove/").status_code == 302
        assert not DatasetFile.objects.exists()
        assert not file.file.storage.exists(file.file.name)
        assert client.get(address).status_code == 404

    def test_the_fragment_is_sent_again_only_when_it_changed(self, client, operator, dataset):
        client.force_login(operator)
        fragment = f"/en/datasets/{dataset.ref}/files/"
        etag = client.get(fragment)["ETag"]
        assert client.get(fragment, headers={"If-None-Match": etag}).status_code == 304
        put(client, dataset, b"12345")
        assert client.get(fragment, headers={"If-None-Match": etag}).status_code == 200

    @pytest.mark.parametrize("count", [1, 3])
    def test_lists_take_the_same_queries_for_one_and_three(
        self, holder, dataset, operator, count, django_assert_num_queries
    ):
        for number in range(count):
            row = dataset if number == 0 else make_dataset(dataset.booking, {"title": f"Cu-{number}"}, by=operator)
            put_file(row)
        with django_assert_num_queries(4):
            page = holder.get("/en/datasets/").content.decode()
        assert page.count("1 file,") == count
        with django_assert_num_queries(3):
            rows = holder.get("/api/v1/datasets/").json()["results"]
        assert len(rows) == count

    @pytest.mark.parametrize("count", [1, 3])
    def test_a_dataset_takes_the_same_queries_for_one_and_three_files(
        self, holder, dataset, count, django_assert_num_queries
    ):
        for number in range(count):
            put_file(dataset, f"{number}.cif")
        with django_assert_num_queries(7):
            page = holder.get(f"/en/datasets/{dataset.ref}/").content.decode()
        assert page.count('<tr data-file="') == count
        with django_assert_num_queries(4):
            assert len(holder.get(f"/api/v1/datasets/{dataset.ref}/").json()["files"]) == count


class TestApi:
    def test_make_read_and_fetch(self, operator, researcher, dataset):
        lab, reader = APIClient(), APIClient()
        lab.force_login(operator)
        reader.force_login(researcher)
        wish = {"booking": dataset.booking.ref, "title": "Cu-2"}
        assert reader.post("/api/v1/datasets/", wish, format="json").status_code == 403
        key = {"Idempotency-Key": "3f6c"}
        made = [lab.post("/api/v1/datasets/", wish, format="json", headers=key) for _twice in range(2)]
        assert [answer.status_code for answer in made] == [201, 201]
        ref = made[0].json()["ref"]
        assert made[1].json()["ref"] == ref
        row = Dataset.objects.get(ref=ref)
        file = put_file(row)
        shown = reader.get(f"/api/v1/datasets/{ref}/").json()
        assert (shown["file_count"], shown["total_size"], shown["booking"]) == (1, len(WHOLE), dataset.booking.ref)
        [entry] = shown["files"]
        assert (entry["name"], entry["sha256"]) == ("a.cif", file.sha256)
        part = reader.get(entry["url"].removeprefix("http://testserver"), headers={"Range": "bytes=-3"})
        assert b"".join(part.streaming_content) == WHOLE[-3:]

    @pytest.mark.parametrize(
        ("change", "status"),
        [({"title": ""}, 400), ({"title": "x" * 161}, 400), ({"booking": "NOSUCH"}, 400), ({"booking": "\0"}, 400)],
    )
    def test_bad_input_makes_nothing(self, operator, dataset, change, status):
        lab = APIClient()
        lab.force_login(operator)
        wish = {"booking": dataset.booking.ref, "title": "Cu-2"} | change
        assert lab.post("/api/v1/datasets/", wish, format="json").status_code == status
        assert Dataset.objects.count() == 1

    def test_lists_filter(self, researcher, dataset):
        reader = APIClient()
        reader.force_login(researcher)
        assert reader.get(f"/api/v1/datasets/?booking__ref={dataset.booking.ref}").json()["results"]
        assert reader.get("/api/v1/datasets/?booking__ref=NOSUCH").json()["results"] == []
        Dataset.objects.update(kept_until=date(2020, 1, 1))
        ref, file = dataset.ref, put_file(dataset)
        assert reader.get(f"/api/v1/datasets/{ref}/files/{file.pk}/").status_code == 410

"""Photographs: drawn anew in two sizes, bounded, described, seen by whoever sees what they belong to."""

import io

import pytest
from django.core.files.storage import default_storage
from django.db import IntegrityError, connection, transaction
from django.test import Client
from PIL import Image

from donations.actions.photo import add_photo, remove_photo
from portal.audit.actions import history_of
from portal.core.errors import Forbidden, Refused, Taken
from portal.core.files import PICTURE, check_upload
from tests.factories.donations import NeedDraftFactory, NeedFactory, OfferFactory, PhotoFactory, ShipmentFactory
from tests.support.uploads import picture, upload

pytestmark = pytest.mark.django_db


def checked(**made):
    return check_upload(upload(picture(**made), "Bench at home"), kinds=(PICTURE,))


def signed_in(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def need(focal_point):
    return NeedDraftFactory(asked_by=focal_point)


def test_a_picture_is_kept_in_two_sizes_without_what_its_camera_knew(need, focal_point):
    exif = Image.Exif()
    exif[0x010F] = "Camera of Amina"
    photo = add_photo(need, checked(kind="JPEG", size=(2400, 1200), exif=exif), " The bench ", by=focal_point)
    assert (photo.width, photo.height, photo.alt, photo.name) == (1600, 800, "The bench", "Bench at home.jpg")
    for file, size in ((photo.file, (1600, 800)), (photo.small, (480, 240))):
        with file.open("rb") as opened, Image.open(io.BytesIO(opened.read())) as drawn:
            assert (drawn.format, drawn.size, len(drawn.getexif())) == ("JPEG", size, 0)
    entry = history_of(need).get()
    assert (entry.verb, entry.by, entry.details["photo"]) == ("add_photo", focal_point, photo.pk)


def test_a_small_one_stays_small_and_holes_become_white(need, focal_point):
    out = io.BytesIO()
    Image.new("RGBA", (40, 30), (0, 0, 0, 0)).save(out, format="PNG")
    photo = add_photo(need, check_upload(upload(out.getvalue(), "x.png")), "Nothing", by=focal_point)
    with photo.file.open("rb") as opened, Image.open(opened) as drawn:
        assert (drawn.size, drawn.getpixel((5, 5))) == ((40, 30), (255, 255, 255))


def test_eight_are_enough(need, focal_point):
    PhotoFactory.create_batch(8, need=need)
    before = set(default_storage.listdir("private/donations")[0])
    with pytest.raises(Refused) as refused:
        add_photo(need, checked(), "One more", by=focal_point)
    assert refused.value.codes == ["too_many"]
    assert (need.photos.count(), set(default_storage.listdir("private/donations")[0])) == (8, before)


def test_the_same_twice_is_said(need, focal_point):
    add_photo(need, checked(), "The bench", by=focal_point)
    with pytest.raises(Taken):
        add_photo(need, checked(), "The bench", by=focal_point)


def test_words_are_asked_for(need, focal_point):
    with pytest.raises(Refused) as refused:
        add_photo(need, checked(), "  ", by=focal_point)
    assert refused.value.codes == ["no_words"]


def test_strangers_add_and_remove_nothing(need, stranger_focal_point):
    with pytest.raises(Forbidden):
        add_photo(need, checked(), "Mine", by=stranger_focal_point)
    with pytest.raises(Forbidden):
        remove_photo(PhotoFactory(need=need), by=stranger_focal_point)
    assert need.photos.count() == 1


def test_nothing_is_added_to_what_is_handed_in(focal_point):
    with pytest.raises(Forbidden):
        add_photo(NeedFactory(asked_by=focal_point), checked(), "Late", by=focal_point)


def test_what_is_removed_is_gone_from_the_store(need, focal_point, django_capture_on_commit_callbacks):
    photo = add_photo(need, checked(), "The bench", by=focal_point)
    places = [photo.file.name, photo.small.name]
    with django_capture_on_commit_callbacks(execute=True):
        remove_photo(photo, by=focal_point)
    assert not need.photos.exists()
    assert [default_storage.exists(place) for place in places] == [False, False]


def test_a_row_that_cannot_be_written_leaves_no_file(need, focal_point):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE donations_photo ADD CONSTRAINT no_photo CHECK (alt <> 'The bench')")
    kept = _stored()
    with pytest.raises(IntegrityError), transaction.atomic():
        add_photo(need, checked(), "The bench", by=focal_point)
    assert _stored() == kept


def _stored() -> list[str]:
    folders = default_storage.listdir("private/donations")[0] if default_storage.exists("private/donations") else []
    return [name for folder in folders for name in default_storage.listdir(f"private/donations/{folder}")[1]]


def test_a_shipment_has_photographs_too():
    shipment = ShipmentFactory()
    photo = add_photo(shipment, checked(), "The crate", by=shipment.made_by)
    assert photo.shipment == shipment


class TestPages:
    def test_add_and_remove(self, need, focal_point):
        client, address = signed_in(focal_point), f"/en/donations/need/{need.ref}/photos/"
        sent = {"file": upload(picture(), "bench.png"), "alt": "The bench"}
        assert client.post(address, sent).status_code == 302
        photo = need.photos.get()
        assert 'alt="The bench"' in client.get(address).content.decode()
        assert client.post(f"{address}{photo.pk}/remove/").status_code == 302
        assert not need.photos.exists()

    @pytest.mark.parametrize(
        ("content", "alt", "sentence"),
        [
            (b"no picture at all", "Words", "Send a picture as JPEG, PNG or WebP"),
            (picture(size=(8000, 4000)), "Words", "more than 30 million points"),
            (picture()[:60], "Words", "damaged or incomplete"),
            (b"%PDF-1.4", "Words", "Send a picture as JPEG, PNG or WebP"),
            (picture(), "", "what the picture shows"),
            (picture(), "x" * 201, "at most 200"),
        ],
    )
    def test_what_is_no_photograph_is_said(self, content, alt, sentence, need, focal_point):
        address = f"/en/donations/need/{need.ref}/photos/"
        answer = signed_in(focal_point).post(address, {"file": upload(content, "a.png"), "alt": alt})
        assert answer.status_code == 400
        assert sentence in answer.content.decode()
        assert not need.photos.exists()

    def test_of_a_draft_only_its_people_and_staff_see_any(self, need, focal_point, staff, stranger_focal_point):
        photo = PhotoFactory(need=need)
        for size in ("small", "large"):
            address = f"/en/donations/photos/{photo.pk}/{size}/"
            answers = [signed_in(person).get(address) for person in (focal_point, staff, stranger_focal_point)]
            assert [answer.status_code for answer in answers] == [200, 200, 404]
            assert [b"".join(answer)[-5:].decode() for answer in answers[:2]] == [size, size]
            assert "no-store" in answers[0]["Cache-Control"]
            assert Client().get(address).status_code == 404
        assert signed_in(staff).get(f"/en/donations/photos/{photo.pk}/huge/").status_code == 404

    @pytest.mark.parametrize("owner", [{"need": NeedFactory}, {"offer": OfferFactory}])
    def test_of_what_is_public_everybody(self, owner):
        [(name, factory)] = owner.items()
        photo = PhotoFactory(**{name: factory()})
        answer = Client().get(f"/en/donations/photos/{photo.pk}/large/")
        assert (answer.status_code, answer["Content-Type"]) == (200, "image/jpeg")
        assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
        answer.close()

    def test_a_file_that_is_gone_is_not_found(self):
        photo = PhotoFactory(need=NeedFactory())
        photo.file.storage.delete(photo.file.name)
        assert Client().get(f"/en/donations/photos/{photo.pk}/large/").status_code == 404

    def test_of_a_shipment_the_public_sees_none(self):
        photo = PhotoFactory(shipment=ShipmentFactory())
        assert Client().get(f"/en/donations/photos/{photo.pk}/large/").status_code == 404

"""Data: sent in pieces, fetched by their people alone, whole or in ranges."""

import base64
import hashlib

import pytest

from bookings.models import DatasetFile, Upload
from tests.support.tus import TUS, announce, send

pytestmark = pytest.mark.django_db
BYTES = b"0123456789" * 1000


def test_a_file_in_two_pieces_then_a_range_of_it(client, operator, researcher, stranger_researcher, dataset):
    client.force_login(operator)
    address = announce(client, dataset, len(BYTES), "../etc/a.cif")["Location"]
    assert send(client, address, 0, BYTES[:4000])["Upload-Offset"] == "4000"
    assert client.head(address, headers=TUS)["Upload-Offset"] == "4000"
    assert send(client, address, 0, BYTES[:10]).status_code == 409
    assert send(client, address, 4000, BYTES).status_code == 413
    assert client.head(address).status_code == 412
    assert send(client, address, 4000, BYTES[4000:]).status_code == 204
    file = DatasetFile.objects.get()
    assert (file.name, file.size, file.sha256) == ("a.cif", len(BYTES), hashlib.sha256(BYTES).hexdigest())

    page = f"/en/datasets/{dataset.ref}/files/{file.pk}/"
    client.force_login(researcher)
    assert b"".join(client.get(page).streaming_content) == BYTES
    part = client.get(page, headers={"Range": "bytes=10-19", "Accept-Encoding": "gzip"})
    assert (part.status_code, part["Content-Range"]) == (206, f"bytes 10-19/{len(BYTES)}")
    assert b"".join(part.streaming_content) == BYTES[10:20]
    assert client.get(page, headers={"Range": f"bytes={len(BYTES)}-"}).status_code == 416
    assert client.get(f"/en/datasets/{dataset.ref}/").status_code == 200

    client.force_login(stranger_researcher)
    for lost in (page, f"/api/v1/datasets/{dataset.ref}/files/{file.pk}/", f"/media/{file.file.name}"):
        assert client.get(lost, headers={"Range": "bytes=0-1"}).status_code == 404
    assert client.head(address, headers=TUS).status_code == 404


def test_a_damaged_piece_is_not_kept(client, operator, dataset):
    client.force_login(operator)
    address = announce(client, dataset, 5)["Location"]
    wrong = base64.b64encode(hashlib.sha256(b"other").digest()).decode()
    assert send(client, address, 0, b"12345", **{"Upload-Checksum": f"sha256 {wrong}"}).status_code == 460
    assert Upload.objects.get().received == 0


def test_an_empty_file_is_there_at_once_and_its_name_taken(client, operator, dataset):
    client.force_login(operator)
    assert announce(client, dataset, 0).status_code == 201
    assert DatasetFile.objects.get().sha256 == hashlib.sha256(b"").hexdigest()
    assert announce(client, dataset, 3).status_code == 409


def test_quota_and_whose_award_it_is(client, operator, researcher, dataset, settings):
    settings.DATASET_QUOTA_BYTES = 10
    client.force_login(operator)
    assert announce(client, dataset, 11).status_code == 413
    client.force_login(researcher)
    assert announce(client, dataset, 1).status_code == 403

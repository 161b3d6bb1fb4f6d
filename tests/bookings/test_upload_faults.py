"""A large upload through the server of production, which is killed in the middle: it goes on, and its sum is right."""

import hashlib
import http.client
import os
import random
import socket
import sys
from collections.abc import Iterator
from pathlib import Path
from subprocess import Popen

import pytest
from django.core.files.storage import default_storage
from django.db import connection

from bookings.actions.dataset import make_dataset
from bookings.models import Dataset, DatasetFile, Upload
from portal.accounts.actions.tokens import make_token
from portal.embedded.addresses import database_url
from portal.embedded.process import kill_group, spawn
from tests.bookings.test_worker import eventually
from tests.factories.bookings import BookingFactory
from tests.support.engines import postgres
from tests.support.environment import RUN, free_port
from tests.support.tus import TUS, TYPE, metadata

pytestmark = [pytest.mark.fault, pytest.mark.django_db(transaction=True)]
MIB = 2**20
PIECE = 8 * MIB
SIZE = 40 * MIB


class Pages:
    """gunicorn with the portal, on this pytest worker's database and folder."""

    def __init__(self) -> None:
        self.port = free_port()
        self.log = RUN / f"gunicorn-{os.getpid()}-{self.port}.log"
        self.process: Popen[bytes] | None = None

    def start(self) -> None:
        serve = ["--bind", f"127.0.0.1:{self.port}", "--worker-class", "gthread", "--threads", "4"]
        url = database_url(postgres.sockets, connection.settings_dict["NAME"])
        env = {**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "portal.settings"}
        command = [sys.executable, "-m", "gunicorn", "portal.wsgi:application", *serve, "--log-level", "warning"]
        self.process = spawn(command, log=self.log, env=env)
        assert eventually(self.answers), self.log.read_text(errors="replace")

    def answers(self) -> bool:
        try:
            return self.ask("GET", "/healthz/live", {})[0] == 200
        except OSError:
            return False

    def kill(self) -> None:
        """Kill -9 master and workers, as a power cut would."""
        assert self.process is not None, "the pages were not started"
        kill_group(self.process)

    def ask(
        self, method: str, path: str, headers: dict[str, str], body: bytes | None = None
    ) -> tuple[int, dict, bytes]:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            line.request(method, path, body, headers)
            answer = line.getresponse()
            return answer.status, dict(answer.headers), answer.read()
        finally:
            line.close()

    def begin(self, path: str, headers: dict[str, str], piece: bytes) -> socket.socket:
        """Send the head of a PATCH and half of its body, and leave the line open."""
        line = socket.create_connection(("127.0.0.1", self.port), timeout=60)
        told = headers | {"Host": "127.0.0.1", "Content-Length": str(len(piece))}
        head = "".join(f"{name}: {value}\r\n" for name, value in told.items())
        line.sendall(f"PATCH {path} HTTP/1.1\r\n{head}\r\n".encode() + piece[: len(piece) // 2])
        return line


@pytest.fixture
def pages(transactional_db: None, broker) -> Iterator[Pages]:
    pages = Pages()
    pages.start()
    yield pages
    pages.kill()


@pytest.fixture
def dataset(award, operator) -> Dataset:
    return make_dataset(BookingFactory(award=award), {"title": "Cu-1"}, by=operator)


def test_forty_megabytes_survive_two_kills_and_a_worker_takes_their_sum(
    pages, celery_worker_process, dataset, operator
):
    content = random.Random(1899).randbytes(SIZE)
    _row, secret = make_token("program", can_write=True, by=operator)
    known = TUS | {"Authorization": f"Token {secret}"}
    told = {"Upload-Length": str(SIZE), "Upload-Metadata": metadata(dataset=dataset.ref, filename="run.zip")}
    status, headers, _body = pages.ask("POST", "/uploads/", known | told)
    assert status == 201
    path = "/uploads/" + headers["Location"].rstrip("/").rsplit("/", 1)[1] + "/"

    def standing() -> int:
        status, headers, _body = pages.ask("HEAD", path, known)
        assert status == 200
        return int(headers["Upload-Offset"])

    def send(offset: int) -> int:
        piece = content[offset : offset + PIECE]
        asked = known | {"Content-Type": TYPE, "Upload-Offset": str(offset)}
        status, headers, body = pages.ask("PATCH", path, asked, piece)
        assert status == 204, body
        return int(headers["Upload-Offset"])

    offset = 0
    for sent_before_the_kill in (2 * PIECE, 4 * PIECE):
        while offset < sent_before_the_kill:
            offset = send(offset)
        asked = known | {"Content-Type": TYPE, "Upload-Offset": str(offset)}
        place = Path(default_storage.path(Upload.objects.get().place))
        with pages.begin(path, asked, content[offset : offset + PIECE]):
            assert eventually(lambda: place.stat().st_size > sent_before_the_kill)  # noqa: B023 asked at once
            pages.kill()
        pages.start()
        assert standing() == offset
    while offset < SIZE:
        offset = send(offset)

    assert eventually(DatasetFile.objects.exists), celery_worker_process.log.read_text()
    file = DatasetFile.objects.get()
    assert (file.size, file.sha256) == (SIZE, hashlib.sha256(content).hexdigest())
    assert standing() == SIZE
    address = f"/api/v1/datasets/{dataset.ref}/files/{file.pk}/"
    status, headers, first = pages.ask("GET", address, known | {"Range": f"bytes=0-{SIZE // 2 - 1}"})
    assert status == 206
    status, _headers, rest = pages.ask(
        "GET", address, known | {"Range": f"bytes={SIZE // 2}-", "If-Range": headers["ETag"]}
    )
    assert status == 206
    assert hashlib.sha256(first + rest).hexdigest() == file.sha256
    file.file.storage.delete(file.file.name)

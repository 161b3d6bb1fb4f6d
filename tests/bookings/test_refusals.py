"""Over HTTP, around a live session: a blocked account, an operator of another laboratory, a token that only reads."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.core.files.base import ContentFile
from django.test import Client
from django.utils import timezone

from bookings.actions.dataset import begin_upload, make_dataset
from bookings.enums import SessionState
from bookings.models import DatasetFile
from portal.accounts.actions.tokens import make_token
from tests.factories.bookings import BookingFactory, StandbyEntryFactory
from tests.factories.instruments import ConnectorFactory, InstrumentFactory
from tests.support.tus import TUS, TYPE, metadata

pytestmark = pytest.mark.django_db

PIECE = TUS | {"Upload-Offset": "0"}
ROOM_WORDS = {"email": "a@example.org", "text": "Hello", "verb": "ask", "user": "1", "guest": "1", "ends": ""}
# Pages of which a stranger learns nothing: (method, address).
PAGES = [
    ("post", "/en/sessions/{booking}/ticket/"),
    ("get", "/en/sessions/{booking}/"),
    ("get", "/en/sessions/{booking}/state/"),
    ("get", "/en/sessions/{booking}/people/"),
    ("get", "/en/sessions/{booking}/control/"),
    ("get", "/en/sessions/{booking}/chat/"),
    ("get", "/en/sessions/{booking}/log/"),
    ("get", "/en/sessions/{booking}/report/"),
    ("post", "/en/sessions/{booking}/begin/"),
    ("post", "/en/sessions/{booking}/end/"),
    ("post", "/en/sessions/{booking}/control/ask/"),
    ("post", "/en/sessions/{booking}/control/take/"),
    ("post", "/en/sessions/{booking}/control/release/"),
    ("post", "/en/sessions/{booking}/control/hand-over/"),
    ("post", "/en/sessions/{booking}/chat/say/"),
    ("post", "/en/sessions/{booking}/people/invite/"),
    ("post", "/en/sessions/{booking}/people/withdraw/"),
    ("post", "/en/sessions/{booking}/report/return/"),
    ("get", "/en/datasets/{dataset}/"),
    ("get", "/en/datasets/{dataset}/files/"),
    ("get", "/en/datasets/{dataset}/files/{file}/"),
    ("post", "/en/datasets/{dataset}/send/"),
    ("post", "/en/datasets/{dataset}/keep/"),
    ("post", "/en/datasets/{dataset}/files/{file}/remove/"),
    ("post", "/en/datasets/{dataset}/uploads/{upload}/give-up/"),
    ("get", "/en/datasets/for/{booking}/"),
    ("get", "/en/standby/{entry}/"),
    ("get", "/en/standby/{entry}/state/"),
    ("post", "/en/standby/{entry}/accept/"),
    ("post", "/en/standby/{entry}/leave/"),
    ("get", "/en/lab/connectors/{connector}/revoke/"),
    ("post", "/en/lab/connectors/{connector}/revoke/"),
    ("post", "/en/lab/connectors/units/{unit}/code/"),
    ("get", "/en/connection/?booking={booking}"),
    ("post", "/en/connection/?booking={booking}"),
]
DEEDS = [  # of the API and the uploads, by programs: (method, address, headers)
    ("post", "/api/v1/sessions/{booking}/begin/", {}),
    ("post", "/api/v1/sessions/{booking}/end/", {}),
    ("post", "/api/v1/sessions/{booking}/extend/", {}),
    ("post", "/api/v1/sessions/{booking}/control/", {}),
    ("post", "/api/v1/sessions/{booking}/chat/", {}),
    ("post", "/api/v1/sessions/{booking}/guests/", {}),
    ("post", "/api/v1/sessions/{booking}/guests/withdraw/", {}),
    ("post", "/api/v1/standby/{entry}/accept/", {}),
    ("post", "/api/v1/standby/{entry}/leave/", {}),
    ("post", "/uploads/", TUS | {"Upload-Length": "5"}),
    ("patch", "/uploads/{upload}/", PIECE),
    ("delete", "/uploads/{upload}/", TUS),
]
READ = [
    ("get", "/api/v1/sessions/{booking}/", {}),
    ("get", "/api/v1/sessions/{booking}/people/", {}),
    ("get", "/api/v1/sessions/{booking}/chat/", {}),
    ("get", "/api/v1/datasets/{dataset}/", {}),
    ("get", "/api/v1/standby/{entry}/", {}),
    ("head", "/uploads/{upload}/", TUS),
]


@pytest.fixture
def refs(award, operator, researcher, elsewhere, settings, tmp_path):
    """What the addresses name: a live session with data that are there and on their way, a queue, a connector."""
    settings.MEDIA_ROOT = tmp_path
    InstrumentFactory(organisation=elsewhere)  # so that its operator runs one
    start = timezone.now() - timedelta(minutes=10)
    live = {"session__state": SessionState.LIVE, "session__opened_at": start, "session__joined_at": start}
    booking = BookingFactory(award=award, start=start, **live)
    dataset = make_dataset(booking, {"title": "Cu-1"}, by=operator)
    file = DatasetFile(dataset=dataset, name="a.cif", size=5, sha256="0" * 64)
    file.file.save("a.cif", ContentFile(b"12345"))
    upload = begin_upload(dataset, "b.cif", 5, by=operator)
    connector = ConnectorFactory(instrument=award.instrument)
    return {
        "booking": booking.ref,
        "dataset": dataset.ref,
        "file": file.pk,
        "upload": upload.token,
        "entry": StandbyEntryFactory(award=award).ref,
        "connector": connector.pk,
        "unit": connector.unit_id,
    }


@pytest.fixture(autouse=True)
def nothing_changes(refs):
    """Whatever is refused leaves every row as it was, but for sessions and their own counters."""
    before = rows()
    yield
    assert rows() == before


def rows():
    ours = (*apps.get_app_config("bookings").get_models(), *apps.get_app_config("instruments").get_models())
    return {model._meta.label: sorted(map(repr, model._base_manager.values())) for model in ours}


def ask(client, method, address, refs, headers=None):
    words = {}
    if address == "/uploads/":
        headers = headers | {"Upload-Metadata": metadata(dataset=refs["dataset"], filename="c.cif")}
    elif method == "post":
        words = {"data": ROOM_WORDS}
        if address.startswith("/api/"):
            words["content_type"] = "application/json"
    elif method == "patch":
        words = {"data": b"12345", "content_type": TYPE}
    return getattr(client, method)(address.format(**refs), headers=headers or {}, **words)


def test_a_blocked_account_is_signed_out_everywhere(client, refs, researcher, operator):
    """Its cookie is worth nothing from the moment on in which somebody closed it."""
    for person in (researcher, operator):
        client.force_login(person)
        assert client.get(f"/en/sessions/{refs['booking']}/").status_code == 200
        type(person).objects.filter(pk=person.pk).update(is_active=False)
        for method, address in PAGES:
            answer = ask(client, method, address, refs)
            assert (answer.status_code, "/accounts/login/" in answer.get("Location", "")) == (302, True), address
        for method, address, headers in (*DEEDS, *READ):
            assert ask(client, method, address, refs, headers).status_code == 401, address


def test_the_token_of_a_blocked_account_opens_nothing(refs, operator):
    program = with_token(operator, can_write=True)
    type(operator).objects.filter(pk=operator.pk).update(is_active=False)
    for method, address, headers in (*DEEDS, *READ):
        assert ask(program, method, address, refs, headers).status_code == 401, address


def test_an_operator_of_another_laboratory_finds_nothing(client, refs, stranger_operator):
    client.force_login(stranger_operator)
    for method, address in PAGES:
        assert ask(client, method, address, refs).status_code == 404, (method, address)
    for method, address, headers in (*DEEDS, *READ):
        assert ask(client, method, address, refs, headers).status_code == 404, (method, address)


def test_a_token_that_reads_changes_nothing(refs, operator):
    program = with_token(operator, can_write=False)
    for method, address, headers in DEEDS:
        assert ask(program, method, address, refs, headers).status_code == 403, (method, address)
    for method, address, headers in READ:
        assert ask(program, method, address, refs, headers).status_code == 200, (method, address)


def test_no_token_opens_a_page(refs, operator):
    program = with_token(operator, can_write=True)
    for method, address in PAGES:
        answer = ask(program, method, address, refs)
        assert (answer.status_code, "/accounts/login/" in answer.get("Location", "")) == (302, True), address


def with_token(person, *, can_write):
    _row, secret = make_token("script", can_write=can_write, by=person)
    return Client(headers={"Authorization": f"Token {secret}"})

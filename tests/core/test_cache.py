"""Without its server the cache is empty, and pages and API go on."""

import socket

import pytest
from django.conf import settings
from django.core.cache import caches
from django.test import override_settings

BACKEND = settings.CACHES["default"]["BACKEND"]
AWAY = {"default": {"BACKEND": BACKEND, "LOCATION": "unix:///nowhere/valkey.sock?db=0"}}


@pytest.fixture
def server_away():
    with override_settings(CACHES=AWAY):
        yield caches["default"]


def test_what_is_asked_of_a_cache_that_is_away(server_away):
    assert server_away.get("limit", 7) == 7
    assert server_away.add("limit", 1) is True
    server_away.set("limit", 1)
    assert server_away.incr("limit") == 1
    assert server_away.touch("limit") is False
    assert server_away.delete("limit") is False
    assert "limit" not in server_away
    assert server_away.get_many(["limit"]) == {}
    assert server_away.set_many({"limit": 1}) == ["limit"]


def test_it_is_said_in_the_log(server_away, caplog):
    server_away.get("limit")
    assert "rate limits are not counted" in caplog.text


def test_a_server_that_takes_the_call_and_says_nothing_is_away_too(tmp_path, caplog):
    address = str(tmp_path / "mute.sock")
    location = f"unix://{address}?db=0&socket_timeout=0.2"  # the library's own limit is five seconds
    mute = {"default": {"BACKEND": BACKEND, "LOCATION": location}}
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(address)
        server.listen()
        with override_settings(CACHES=mute):
            assert caches["default"].get("limit", 7) == 7
    assert "rate limits are not counted" in caplog.text


def test_a_server_that_refuses_is_away_too(caplog):
    server = caches["default"]._cache.get_client(write=True)
    server.acl_setuser("reader", enabled=True, nopass=True, keys=["*"], commands=["+get", "+select", "+client"])
    location = settings.CACHES["default"]["LOCATION"].replace("unix://", "unix://reader:any@", 1)
    try:
        with override_settings(CACHES={"default": {"BACKEND": BACKEND, "LOCATION": location}}):
            caches["default"].set("limit", 1)
            assert caches["default"].get("limit", 7) == 7
    finally:
        server.acl_deluser("reader")
    assert "NoPermissionError" in caplog.text


def test_one_client_asks_all_questions():
    asks = caches["default"]._cache
    assert asks.get_client("one") is asks.get_client("two")
    assert asks.get_client("one", write=True) is asks.get_client("one", write=True)


def test_with_its_server_it_keeps_things():
    caches["default"].set("kept", 3, 5)
    assert caches["default"].get("kept") == 3
    assert caches["default"].incr("kept") == 4


@pytest.mark.django_db
def test_people_sign_in_and_programs_ask_without_it(server_away, client, researcher):
    typed = {"login": researcher.email, "password": "correct-horse-battery"}
    assert client.post("/en/accounts/login/", typed).status_code == 302
    assert client.get("/api/v1/bookings/").status_code == 200

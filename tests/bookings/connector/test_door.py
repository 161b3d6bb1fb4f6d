"""Connectors at the relay: who is let in, and what happens to those who talk nonsense."""

import asyncio
import contextlib
import json
import os
import secrets
import socket
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import ClientConnection, connect

from bookings.desktop.meeting import MeetingError, Place, sweep
from instruments.actions.connector import digest_of
from instruments.models import Connector
from tests.factories.instruments import ConnectorFactory
from tests.support.relay import RelayServer, closing_of
from tests.support.waiting import PATIENCE, soon

TOKEN = "rac_secret"
HELLO = {"name": "PC", "system": "Linux", "version": "1.0", "target": "127.0.0.1:5900"}


@pytest.fixture
def connector(transactional_db: None, instrument) -> Connector:
    return ConnectorFactory(instrument=instrument, token=TOKEN)


def dial(relay: RelayServer, path: str = "", **headers: str) -> ClientConnection:
    address = f"ws://127.0.0.1:{relay.port}/ws/connectors/{path}"
    return connect(address, additional_headers=headers, compression=None, open_timeout=PATIENCE, close_timeout=1)


def status(relay: RelayServer, path: str = "", **headers: str) -> int:
    with pytest.raises(InvalidStatus) as error, dial(relay, path, **headers):
        pass
    return error.value.response.status_code


def bearer(token: str = TOKEN) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


@contextlib.contextmanager
def greeted(relay: RelayServer) -> Iterator[ClientConnection]:
    with dial(relay, **bearer()) as line:
        line.send(json.dumps(HELLO))
        assert "welcome" in json.loads(line.recv(timeout=PATIENCE))
        yield line


def ask_for_stream(broker: Any, connector: Connector) -> str:
    """What a relay leaves in Valkey when it asks this connector for a stream; nobody listens at the place."""
    stream = secrets.token_urlsafe(32)
    kept = json.dumps({"connector": connector.pk, "place": "nobody"})
    broker.set(f"connector:stream:{digest_of(stream)}", kept, ex=15)
    return stream


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Bearer"},
        {"Authorization": "Bearer rac_other"},
        {"Authorization": f"Bearer {'x' * 5000}"},
        {"Authorization": "Bearer rac_\u00e9"},
        {"Authorization": f"Token {TOKEN}"},
        {"Authorization": TOKEN},
        {"X-Authorization": f"Bearer {TOKEN}"},
        {"Cookie": f"token={TOKEN}"},
        {"Sec-WebSocket-Protocol": TOKEN},
    ],
)
def test_without_its_token_in_its_place_nobody_is_let_in(relay, connector, headers):
    assert status(relay, **headers) == 401
    assert status(relay, "streams/" + "a" * 43, **headers) == 401


def test_a_token_in_the_address_opens_nothing(relay, connector):
    assert status(relay, f"?token={TOKEN}") == 401
    assert TOKEN not in relay.said()


def test_a_revoked_token_and_a_code_open_nothing(relay, connector):
    Connector.objects.update(token_hash=None, code_hash=digest_of(TOKEN), revoked_at=connector.paired_at)
    assert status(relay, **bearer()) == 401


def test_a_stream_that_nobody_asked_for_is_refused(relay, connector):
    assert status(relay, "streams/" + "a" * 43, **bearer()) == 404


def test_a_stream_asked_of_another_connector_is_refused(relay, connector, broker, stranger_operator):
    other = ConnectorFactory(token="rac_other")
    stream = ask_for_stream(broker, connector)
    assert other.unit_id != connector.unit_id
    assert status(relay, f"streams/{stream}", **bearer("rac_other")) == 404


def test_a_stream_whose_viewer_went_is_refused_and_cannot_be_brought_again(relay, connector, broker):
    stream = ask_for_stream(broker, connector)
    assert status(relay, f"streams/{stream}", **bearer()) == 404
    assert not broker.keys("connector:stream:*")


@pytest.mark.parametrize(
    "words",
    ["", "{", "[]", "5", json.dumps({"name": "PC"}), json.dumps(HELLO | {"name": 5}), "x" * 5000, "[" * 4000, b"{}"],
)
def test_who_begins_with_nonsense_is_cut(relay, connector, words):
    with dial(relay, **bearer()) as line:
        line.send(words)
        assert closing_of(line)[0] == 4008


@pytest.mark.parametrize("words", ["{", b"\x00", "x" * 5000])
def test_who_goes_on_with_nonsense_is_cut(relay, connector, words):
    with greeted(relay) as line:
        line.send(words)
        assert closing_of(line)[0] == 4008
    assert "no message" in relay.said()


def test_who_answers_what_nobody_asked_is_cut(relay, connector):
    with greeted(relay) as line:
        for number in range(100):
            line.send(json.dumps({"failed": str(number), "trouble": "unreachable"}))
        assert closing_of(line)[0] == 4008


def test_what_it_says_of_itself_is_kept_within_bounds(relay, connector):
    with dial(relay, **bearer()) as line:
        line.send(json.dumps(HELLO | {"name": "a\n\u202eb" + "x" * 500, "target": "t" * 900}))
        line.recv(timeout=PATIENCE)
        row = Connector.objects.get()
        assert (len(row.name), len(row.target)) == (80, 260)
        assert row.name.isprintable()


def test_a_line_survives_a_flood_of_lines_with_one_token(relay, connector):
    """The newest keeps the place, and the row tells the truth in the end."""
    with contextlib.ExitStack() as stack:
        *older, _newest = [stack.enter_context(greeted(relay)) for _line in range(5)]
        for line in older:
            assert closing_of(line)[0] == 4006
        assert Connector.objects.get().is_online
    soon(lambda: Connector.objects.get().is_online, False)


def test_who_tries_tokens_is_not_looked_at_any_more(start_relay, connector):
    relay = start_relay()
    assert [status(relay, **bearer(f"rac_{number}")) for number in range(31)] == [401] * 30 + [429]
    assert status(relay, **bearer()) == 429  # even the right one waits a minute


def test_places_of_killed_relays_are_swept_away(tmp_path, settings):
    settings.RELAY_FOLDER = tmp_path
    said_goodbye: list[bool] = []

    async def meet(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()
        await writer.wait_closed()
        said_goodbye.append(True)

    async def play() -> list[Path]:
        with socket.socket(socket.AF_UNIX) as dead:
            dead.bind(str(tmp_path / "dead"))
        async with Place(meet) as place:
            for path in tmp_path.iterdir():
                os.utime(path, (0, 0))
            with socket.socket(socket.AF_UNIX) as fresh:
                fresh.bind(str(tmp_path / "fresh"))
            await sweep()
            while not said_goodbye:  # else its line would be left open
                await asyncio.sleep(0.01)
            assert {path.name for path in tmp_path.iterdir()} == {"fresh", place.name}
        return [*tmp_path.iterdir()]

    assert asyncio.run(play()) == [tmp_path / "fresh"]
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o700


def test_a_folder_of_somebody_else_is_not_used(tmp_path, settings):
    settings.RELAY_FOLDER = tmp_path / "link"
    settings.RELAY_FOLDER.symlink_to(tmp_path)
    with pytest.raises(MeetingError, match="somebody else"):
        asyncio.run(sweep())

"""A unit's instrument over a restart of its program."""

import asyncio
import json
from pathlib import Path

import pytest

from instruments.practice import memory
from instruments.practice.crystals.structures import HALITE, QUARTZ
from instruments.practice.instrument import Doing, Instrument
from instruments.practice.server import Server
from tests.instruments.practice.client import Client


def worked_on() -> Instrument:
    instrument = Instrument("unit-7")
    instrument.mount(QUARTZ)
    instrument.centre()
    instrument.move(0.01, 0.0)
    instrument.choose(degrees=30, width=2.0, exposure=2.0)
    instrument.screen()
    while instrument.is_busy:
        instrument.advance(0.5)
    instrument.start()
    return instrument


def again(instrument: Instrument, path: Path) -> Instrument:
    memory.write(instrument, path)
    other = Instrument("unit-7")
    memory.read(other, path)
    return other


def test_a_run_under_way_waits_and_goes_on_as_if_nothing_had_been(tmp_path):
    one = worked_on()
    for _ in range(5):
        one.advance(0.1)
    other = again(one, tmp_path / "unit-7.json")
    assert other.doing is Doing.PAUSED
    assert (other.crystal, other.offset, other.settings) == (QUARTZ, one.offset, one.settings)
    assert other.screening.kept == one.screening.kept
    assert other.log == one.log
    assert other.run_began_at == one.run_began_at is not None
    assert other.run.number == one.run.number > 0
    assert other.run.frame == one.run.frame
    other.start()
    while one.is_busy or other.is_busy:
        one.advance(0.1)
        other.advance(0.1)
    assert other.result.measured == one.result.measured


def test_a_finished_run_is_there_again_and_not_told_twice(tmp_path):
    one = worked_on()
    while one.is_busy:
        one.advance(0.1)
    memory.write(one, tmp_path / "unit-7.json")
    told = []
    other = Instrument("unit-7", told.append)
    memory.read(other, tmp_path / "unit-7.json")
    assert other.result == one.result
    assert other.runs == 1
    assert told == []


@pytest.mark.parametrize(
    "change",
    [
        "not json",
        "[]",
        "{}",
        {"crystal": "Diamond"},
        {"offset": [1, 2]},
        {"offset": ["a", "b", "c"]},
        {"settings": {"distance": 1}},
        {"settings": {"shutter": 1}},
        {"doing": "sleeping", "run": {"settings": {}, "offset": [0, 0, 0], "number": 1}},
        {"run": {"settings": {"degrees": 1e9}, "offset": [0, 0, 0], "number": 1}},
        {"log": [["yesterday", "text"]]},
    ],
)
def test_a_spoilt_file_gives_a_fresh_instrument(tmp_path, change):
    path = tmp_path / "unit-7.json"
    state = change if isinstance(change, str) else json.dumps(memory.state_of(worked_on()) | change)
    path.write_text(state)
    instrument = Instrument("unit-7")
    memory.read(instrument, path)
    assert instrument.crystal == HALITE
    assert instrument.doing is Doing.NOTHING
    assert instrument.run is None


def test_a_folder_that_takes_nothing_stops_nobody(tmp_path, caplog):
    (tmp_path / "file").write_text("")
    assert not memory.write(Instrument("unit-7"), tmp_path / "file" / "unit-7.json")
    assert "not kept" in caplog.text


def test_a_server_that_comes_back_shows_the_same_crystal(tmp_path):
    async def deed() -> None:
        address = f"unix:{tmp_path / 'rfb.sock'}"
        for letter, name in (("c", "Halite"), ("d", "Quartz"), ("e", "Calcite")):
            server = Server(address, folder=tmp_path)
            await server.start()
            for room in ("unit-7", "check-7"):
                client = await Client.open(address, room)
                assert client.name.endswith(name if room == "unit-7" else "Halite")
                client.key(ord(letter))
                client.ask(incremental=False)
                await client.update()
                client.ask()
                await client.update()
                await asyncio.sleep(0.1)
                await client.close()
            await server.stop()
        assert sorted(path.name for path in tmp_path.iterdir()) == ["rfb.sock", "unit-7.json"]

    async def in_time() -> None:
        async with asyncio.timeout(120):
            await deed()

    asyncio.run(in_time())

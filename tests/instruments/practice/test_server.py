"""The practice instrument at its address: real lines, a real client."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from PIL import ImageChops

from instruments.practice.server import Server, parse_address
from tests.instruments.practice.client import DESKTOP_NAME, RAW, ZLIB, Client


@asynccontextmanager
async def served(folder: Path) -> AsyncIterator[Server]:
    server = Server(f"unix:{folder / 'rfb.sock'}")
    await server.start()
    try:
        yield server
    finally:
        await server.stop()


def run(folder: Path, deed: Callable[[Server], Awaitable[None]]) -> None:
    """Do something with a server that stands, within half a minute."""

    async def all_of_it() -> None:
        async with asyncio.timeout(30), served(folder) as server:
            await deed(server)

    asyncio.run(all_of_it())


def test_a_viewer_sees_the_screen_and_what_a_key_changes(tmp_path):
    async def deed(server: Server) -> None:
        client = await Client.open(server.address, "unit-7")
        assert client.name == "Practice diffractometer - Halite"
        client.encodings(ZLIB, RAW, DESKTOP_NAME)
        client.ask(incremental=False)
        assert await client.update() < 70_000
        room = server.rooms["unit-7"]
        assert ImageChops.difference(client.picture, room.picture).getbbox() is None
        client.key(ord("c"))
        client.ask()
        await client.update()
        assert client.name == "Practice diffractometer - Quartz"
        assert ImageChops.difference(client.picture, room.picture).getbbox() is None
        await client.close()

    run(tmp_path, deed)


@pytest.mark.parametrize("address", ["", "here", "host:", ":5900", "host:70000", "host:port"])
def test_an_address_that_is_none_is_told(address):
    with pytest.raises(ValueError, match="PRACTICE_ADDRESS"):
        parse_address(address)

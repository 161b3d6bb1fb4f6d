"""The whole chain: a browser's socket, the relay, the packed program in its own process, TigerVNC."""

import asyncio
import time

from bookings.desktop.connectors import open_stream
from bookings.desktop.probe import probe
from instruments.actions.connector import revoke_connector
from instruments.enums import DesktopTrouble
from instruments.models import Connector, Desktop
from tests.support.connector import Laboratory
from tests.support.environment import free_port
from tests.support.relay import CUT, RelayServer, closing_of
from tests.support.waiting import PATIENCE, quickest, seconds_of, soon

TOKEN = "rac_secret"


def row(connector: Connector) -> Connector:
    return Connector.objects.get(pk=connector.pk)


def test_a_browser_holds_a_screen_behind_a_firewall(relay, lab, connector, carried, browse, vnc, researcher):
    lab.configure(relay.url, TOKEN, vnc.port)
    lab.start(relay)
    soon(lambda: row(connector).is_online, True)
    assert row(connector).target == f"127.0.0.1:{vnc.port}"
    viewer = browse(researcher).desktop(relay, carried)
    assert viewer.size == (800, 600)
    viewer.point(123, 45, buttons=1)
    screen = vnc.screen()
    soon(screen.pointer, (123, 45, 1))
    viewer.close()
    lab.wait_for("ended")


def test_control_and_stream_may_lie_at_other_relays_than_the_viewer(
    relay, start_relay, lab, connector, carried, browse, vnc, researcher
):
    """The program knows one relay, the viewer sits at another one; both find each other on the machine."""
    near, far = relay, start_relay()
    lab.configure(near.url, TOKEN, vnc.port)
    lab.start(near)
    viewer = browse(researcher).desktop(far, carried)
    viewer.point(20, 30)
    soon(vnc.screen().pointer, (20, 30, 0))


def test_a_revoked_connector_is_cut_within_two_seconds(
    relay, lab, connector, carried, browse, vnc, researcher, operator
):
    lab.configure(relay.url, TOKEN, vnc.port)
    paired = row(connector)

    def once() -> float:
        paired.save()
        lab.start(relay)
        viewer = browse(researcher).desktop(relay, carried)
        revoke_connector(connector, by=operator)
        took = seconds_of(viewer.end)
        assert viewer.end()[0] == 4007
        assert "revoked" in lab.wait_for("does not know this connector")
        lab.stop()
        lab.log.unlink()
        return took

    assert quickest(once, CUT) < CUT
    lab.start()
    assert "Pair it again" in lab.wait_for("does not know this connector")


def test_it_comes_back_by_itself_when_the_relay_was_away(relay, lab, connector, carried, browse, vnc, researcher):
    lab.configure(relay.url, TOKEN, vnc.port)
    lab.start(relay)
    relay.kill()
    lab.wait_for("not connected")
    relay.start()
    lab.wait_for("connected, as", times=2)
    assert browse(researcher).desktop(relay, carried).size == (800, 600)


def test_a_program_killed_and_started_again_takes_its_place(relay, lab, connector, carried, browse, vnc, researcher):
    lab.configure(relay.url, TOKEN, vnc.port)
    lab.start(relay)
    viewer = browse(researcher).desktop(relay, carried)
    lab.kill()
    assert viewer.end()[0] == 4007
    soon(lambda: row(connector).is_online, False)
    lab.log.unlink()
    lab.start(relay)
    assert browse(researcher).desktop(relay, carried).size == (800, 600)


def test_the_newer_of_two_programs_with_one_configuration_stays(relay, lab, connector, tmp_path, vnc):
    lab.configure(relay.url, TOKEN, vnc.port)
    lab.start(relay)
    (tmp_path / "other").mkdir()
    other = Laboratory(tmp_path / "other")
    other.configure(relay.url, TOKEN, vnc.port)
    try:
        other.start(relay)
        lab.wait_for("another PC or program connected")
        time.sleep(1.5)
        assert row(connector).is_online
        assert "another PC" not in other.said()
    finally:
        other.stop()


def test_a_worker_tries_the_screen_through_the_connector(relay, lab, connector, carried, vnc):
    """The probe runs in this process, which is no relay."""
    desktop = Desktop.objects.select_related("unit").get(unit=carried.unit)
    assert probe(desktop) == DesktopTrouble.NO_CONNECTOR
    lab.configure(relay.url, TOKEN, vnc.port)
    lab.start(relay)
    assert probe(desktop) == ""


def test_a_vnc_server_that_is_off_is_told(relay, lab, connector, carried):
    lab.configure(relay.url, TOKEN, free_port())
    lab.start(relay)
    desktop = Desktop.objects.select_related("unit").get(unit=carried.unit)
    assert probe(desktop) == DesktopTrouble.UNREACHABLE
    assert "cannot be reached" in lab.said()


def test_an_emptied_broker_is_filled_again(relay, lab, connector, carried, broker, vnc):
    lab.configure(relay.url, TOKEN, vnc.port)
    lab.start(relay)
    broker.flushdb()
    desktop = Desktop.objects.select_related("unit").get(unit=carried.unit)
    soon(lambda: probe(desktop), "")


def test_without_a_connector_the_viewer_is_told_why(relay: RelayServer, carried, connector, browse, researcher):
    socket = browse(researcher).try_desktop(relay, carried)
    assert closing_of(socket) == (4007, DesktopTrouble.NO_CONNECTOR)


def test_a_viewer_who_does_not_read_stops_the_instrument_and_fills_nobody_s_memory(relay, lab, connector, carried):
    """A screen that sends without end: what lies between it and a viewer who stands still is a few megabytes."""
    sent = 0

    async def flood(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal sent
        while not writer.is_closing():
            writer.write(bytes(65536))
            await writer.drain()
            sent += 65536

    async def play() -> None:
        async with await asyncio.start_server(flood, "127.0.0.1", 0) as screen:
            lab.configure(relay.url, TOKEN, screen.sockets[0].getsockname()[1])
            lab.start()
            await asyncio.to_thread(lab.wait_for, "connected, as")
            reader, writer = await open_stream(carried.unit_id)
            before = 0
            while before != sent or not sent:
                before = sent
                await asyncio.sleep(2)
            assert sent < 64 * 2**20
            got = 0
            while got < 2 * before:  # and it goes on where it stood
                got += len(await asyncio.wait_for(reader.read(2**20), PATIENCE))
            writer.close()
            await asyncio.to_thread(lab.wait_for, "ended")

    asyncio.run(play())

"""The practice instrument at work, in a process of its own: pictures a second, its processor time, bytes an update."""

import asyncio
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.common import TICKS, figure
from tests.instruments.practice.client import DESKTOP_NAME, RAW, ZLIB, Client

RUNS = {"halite": "a", "calcite": "d"}  # the crystal with the fewest reflections, and the one with the most
START_OF_RUN = "5 "  # the page, and its main button


def run() -> list[dict[str, Any]]:
    """Collect with two crystals; return their lines and that of the first picture."""
    with tempfile.TemporaryDirectory(prefix="practice-") as folder:
        address = f"unix:{folder}/rfb.sock"
        command = [sys.executable, "manage.py", "practice"]
        server = subprocess.Popen(command, env=os.environ | {"PRACTICE_ADDRESS": address}, stdout=subprocess.PIPE)
        try:
            assert server.stdout is not None
            server.stdout.readline()
            return asyncio.run(_measure(address, server.pid))
        finally:
            server.terminate()
            server.wait(10)
            if server.stdout:
                server.stdout.close()


async def _measure(address: str, pid: int) -> list[dict[str, Any]]:
    lines = []
    for name, key in RUNS.items():
        client = await Client.open(address, f"check-{name}")
        client.encodings(ZLIB, RAW, DESKTOP_NAME)
        client.ask(incremental=False)
        first = await client.update()
        for letter in (key, "2", "a", *START_OF_RUN):
            client.key(ord(letter))
            await asyncio.sleep(0.3)
        client.ask()
        await client.update()
        sizes, seconds, share = await _watch(client, pid)
        await client.close()
        rate, typical = len(sizes) / seconds, statistics.median(sizes)
        lines += [
            figure(f"practice, {name}: pictures", rate, "1/s", "at least 10", ok=rate >= 10),
            figure(f"practice, {name}: processor", share * 100, "% of a core", "at most 33", ok=share <= 1 / 3),
            figure(f"practice, {name}: an update", typical, "bytes", "at most 1,000", ok=typical <= 1000),
            figure(f"practice, {name}: first picture", first / 1024, "KiB"),
        ]
    return lines


async def _watch(client: Client, pid: int) -> tuple[list[int], float, float]:
    """Updates of six seconds of a run: their sizes, the seconds, and the part of a core that the server took."""
    sizes: list[int] = []
    started, used = time.monotonic(), _used(pid)
    while time.monotonic() - started < 6:
        client.ask()
        sizes.append(await client.update())
    seconds = time.monotonic() - started
    return sizes, seconds, (_used(pid) - used) / seconds


def _used(pid: int) -> float:
    """Seconds of processor time of a process (proc(5), stat)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS

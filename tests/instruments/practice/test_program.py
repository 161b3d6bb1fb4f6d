"""`manage.py practice` as a program of its own: one line when ready, killed, started again; and what it announces."""

import asyncio
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings

from instruments.management.commands.practice import announce
from instruments.models import Instrument, Unit
from instruments.signals import run_finished
from tests.instruments.practice.client import Client


def start(address: str) -> subprocess.Popen[str]:
    command = [sys.executable, "manage.py", "practice"]
    environment = os.environ | {"PRACTICE_ADDRESS": address}
    return subprocess.Popen(
        command, cwd=settings.BASE_DIR, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )


async def look(address: str) -> str:
    client = await Client.open(address, "unit-1")
    client.ask(incremental=False)
    await client.update()
    await client.close()
    return client.name


@pytest.mark.fault
def test_it_comes_back_after_a_kill_and_goes_when_told(tmp_path: Path):
    address = f"unix:{tmp_path / 'rfb.sock'}"
    for end in ("kill", "terminate"):
        with start(address) as program:
            assert program.stdout is not None
            assert program.stdout.readline() == f"The practice instrument answers at {address}\n"
            assert asyncio.run(look(address)).startswith("Practice diffractometer")
            getattr(program, end)()
            rest = program.stdout.read()
            assert rest == ""
            assert (program.wait(60) == 0) == (end == "terminate")


def test_an_address_it_cannot_have_is_told_in_a_sentence(tmp_path: Path):
    with start("nowhere") as program:
        said, _nothing = program.communicate(timeout=60)
    assert program.returncode == 1
    assert said.startswith("CommandError: The practice instrument cannot listen")
    assert "Traceback" not in said


@pytest.mark.django_db(transaction=True)
def test_a_run_is_announced_with_its_unit(instrument: Instrument):
    heard, began = [], datetime.now(UTC)

    def hear(sender: type[Unit], **news: object) -> None:
        heard.append(news)

    run_finished.connect(hear)
    try:
        unit = instrument.units.first()
        announce(unit.pk, [("halite.hkl", b"   0")], began)
        announce(unit.pk + 1000, [("nobody.hkl", b"")], began)
    finally:
        run_finished.disconnect(hear)
    assert [(news["unit"], news["files"]) for news in heard] == [(unit, [("halite.hkl", b"   0")])]
    assert heard[0]["began"] == began < heard[0]["moment"]

"""What a unit's instrument was about, kept in a small file so that a restart of its program loses nothing.

Frames are not kept: the same seed and settings make the same frames, so they are made again.
"""

import json
import logging
import os
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from instruments.practice.beam.geometry import DISTANCES
from instruments.practice.beam.results import result_of
from instruments.practice.beam.run import Run, Settings
from instruments.practice.beam.screening import Screening
from instruments.practice.beam.strategy import RANGES
from instruments.practice.crystals.cell import Vector
from instruments.practice.crystals.structures import CRYSTALS
from instruments.practice.instrument import EXPOSURES, REACH, WIDTHS, Doing, Entry, Instrument

LOG_KEPT = 40

log = logging.getLogger(__name__)


def write(instrument: Instrument, path: Path) -> bool:
    """Keep it; False where the folder takes nothing, which is logged: the instrument works on without."""
    part = path.with_suffix(".part")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        part.write_text(json.dumps(state_of(instrument)))
        os.replace(part, path)
    except OSError:
        log.exception("the state of a practice instrument is not kept")
        return False
    return True


def read(instrument: Instrument, path: Path) -> None:
    """Bring the instrument to what the file says; one that is missing or spoilt changes nothing."""
    try:
        state = json.loads(path.read_text())
        restore(instrument, state)
    except FileNotFoundError:
        return
    except (OSError, ValueError, KeyError, TypeError, StopIteration):
        log.exception("the state of a practice instrument is not read")
        instrument.doing = Doing.NOTHING
        instrument.mount(CRYSTALS[0])


def state_of(instrument: Instrument) -> dict[str, Any]:
    screening, run, began_at = instrument.screening, instrument.run, instrument.run_began_at
    return {
        "crystal": instrument.crystal.name,
        "offset": instrument.offset,
        "view": instrument.view,
        "settings": asdict(instrument.settings),
        "runs": instrument.runs,
        "doing": instrument.doing.value,
        "screening": None if screening is None else _kept(screening.run, len(screening.kept)),
        "run": None if run is None else _kept(run, run.number),
        "run_began_at": began_at.isoformat() if began_at else None,
        "is_reduced": instrument.result is not None,
        "log": [[entry.moment.isoformat(), entry.text] for entry in instrument.log[-LOG_KEPT:]],
    }


def _kept(run: Run, number: int) -> dict[str, Any]:
    return {"settings": asdict(run.settings), "offset": run.offset, "number": number}


def restore(instrument: Instrument, state: dict[str, Any]) -> None:
    """Raises ValueError, KeyError, TypeError or StopIteration for a state that cannot be.

    A collection that was under way when the program ended waits, paused, for somebody to go on.
    """
    instrument.mount(next(crystal for crystal in CRYSTALS if crystal.name == state["crystal"]))
    instrument.offset, instrument.settings = _offset(state["offset"]), _settings(state["settings"])
    instrument.view = int(state["view"]) % 360 // 90 * 90
    instrument.runs = int(state["runs"])
    if state["screening"]:
        kept = state["screening"]
        settings = _settings(kept["settings"] | {"width": WIDTHS[0], "degrees": RANGES[0]})
        instrument.screening = Screening(instrument.crystal, instrument.needle, settings, _offset(kept["offset"]))
        while not instrument.screening.is_done:
            instrument.screening.step()
    if state["run"]:
        _restore_run(instrument, state)
    instrument.log = [Entry(datetime.fromisoformat(moment), str(text)) for moment, text in state["log"][-LOG_KEPT:]]


def _restore_run(instrument: Instrument, state: dict[str, Any]) -> None:
    kept = state["run"]
    run = Run(instrument.crystal, instrument.needle, _settings(kept["settings"]), _offset(kept["offset"]))
    while run.number < min(int(kept["number"]), run.frames):
        run.step()
    instrument.run, instrument.run_began_at = run, datetime.fromisoformat(state["run_began_at"])
    if Doing(state["doing"]) in (Doing.COLLECTING, Doing.PAUSED):
        instrument.doing = Doing.PAUSED
    elif state["is_reduced"]:
        instrument.result = result_of(run)


def _settings(values: dict[str, Any]) -> Settings:
    settings = Settings(**values)
    choices = (DISTANCES, WIDTHS, EXPOSURES, RANGES)
    for value, allowed in zip(asdict(settings).values(), choices, strict=True):
        if value not in allowed:
            raise ValueError(f"no such setting: {value}")
    return settings


def _offset(values: list[Any]) -> Vector:
    x, y, z = (max(-REACH, min(REACH, float(value))) for value in values)
    return x, y, z

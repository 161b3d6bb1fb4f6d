"""Waiting in tests: until something is so, for as long as a slow and busy machine may take over it.

How soon the portal does a thing is tested only where that is what it promises, and then by the best of several tries:
one of them shows the pace of the portal, whatever held the machine up in the others.
"""

import time
from collections.abc import Callable
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from hypothesis import HealthCheck, settings

PATIENCE = 30.0  # seconds for what comes by itself, usually at once
TRIES = 5


def pytest_configure(config: pytest.Config) -> None:
    """Examples of hypothesis may take their time too: it would call a test flaky that a busy machine held up."""
    slow = [*settings.default.suppress_health_check, HealthCheck.too_slow]
    settings.register_profile("any machine", settings.default, deadline=None, suppress_health_check=slow)
    settings.load_profile("any machine")


def soon(question: Callable[[], object], wanted: object, patience: float = PATIENCE) -> None:
    """Ask until the answer is as wanted; fails when it is not within `patience` seconds."""
    deadline = time.monotonic() + patience
    while (answer := question()) != wanted:
        assert time.monotonic() < deadline, f"after {patience} s it is {answer!r}, not {wanted!r}"
        time.sleep(0.03)


def quickest(try_it: Callable[[], float], enough: float) -> float:
    """The least of the seconds that tries took; the last one is the first that took less than `enough`."""
    took = [try_it()]
    while took[-1] >= enough and len(took) < TRIES:
        took.append(try_it())
    return min(took)


def seconds_of(deed: Callable[[], object]) -> float:
    """How long it took."""
    began = time.monotonic()
    deed()
    return time.monotonic() - began


def status_at(address: str | Request) -> int:
    """The status of what is answered there, or 0 while nobody answers."""
    try:
        with urlopen(address, timeout=PATIENCE) as answer:
            return answer.status
    except HTTPError as refusal:
        with refusal:  # it is the answer, with its line open
            return refusal.code
    except OSError:
        return 0

"""No search for garbage while tests are collected, nor among them later: it takes as long as collecting."""

import gc

import pytest


def pytest_configure(config: pytest.Config) -> None:
    gc.disable()


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> None:
    """What is here now stays to the end; what tests leave behind is searched as ever."""
    gc.freeze()
    gc.enable()

"""Fixtures for every test. The plugins come first: settings read the environment that `engines` sets."""

pytest_plugins = [
    "tests.support.garbage",
    "tests.support.engines",
    "tests.support.isolation",
    "tests.support.waiting",
    "tests.support.machines",
    "tests.support.vnc",
    "tests.support.relay",
    "tests.cast",
]

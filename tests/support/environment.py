"""The environment of a test run: one temporary folder, and in it what each pytest process calls its own.

`set_up` runs when the package `tests` is imported, before Django reads its settings. The folder belongs to the process
that the person started (with xdist: the controller), which hands its name down.
"""

import contextlib
import os
import secrets
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path

import django
import pytest
from django.conf import settings

from portal.embedded.addresses import addresses, redis_url, socket_folder
from portal.embedded.valkey import DATABASES

RUN_FOLDER = "PORTAL_TEST_RUN"
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")
IS_STARTER = not WORKER

if IS_STARTER:
    os.environ[RUN_FOLDER] = str(Path(tempfile.gettempdir()) / f"portal-tests-{os.getpid()}-{secrets.token_hex(4)}")
RUN = Path(os.environ[RUN_FOLDER])
FOREIGN = ("ORCID_CLIENT_ID", "ORCID_CLIENT_SECRET", "REQUIRE_MFA", "BRAND_NAME", "BRAND_LOGO", "SENTRY_DSN")


def worker_number() -> int:
    """0 for the starter, 1 and up for xdist's gw0, gw1, ..."""
    return int(WORKER.removeprefix("gw")) + 1 if WORKER else 0


def own_ports() -> Iterator[int]:
    """A thousand of this pytest process's own, in no order.

    They lie below those (32768 and up on Linux) which the system gives to outgoing calls: one of these that was free a
    moment ago would now and then be taken by such a call.
    """
    first = 20_000 + worker_number() % 12 * 1000
    return iter(secrets.SystemRandom().sample(range(first, first + 1000), 1000))


_ports = own_ports()


def free_port() -> int:
    """A port at which nobody listens, and which nobody is given a second time. Raises StopIteration after the last."""
    while True:
        port = next(_ports)
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def environment() -> dict[str, str]:
    """All that settings read, so that nothing of the person's own environment reaches the tests."""
    valkey = socket_folder(RUN / "valkey") / "valkey.sock"
    own = RUN / (WORKER or "main")
    return {
        "DJANGO_ALLOW_ASYNC_UNSAFE": "1",  # Playwright keeps an event loop in the thread that uses the ORM
        "DATABASE_URL": addresses(RUN).database_url,
        "REDIS_URL": redis_url(valkey, worker_number() % DATABASES),
        "EMAIL_URL": f"smtp://127.0.0.1:{free_port()}",
        "MAIL_SINK": str(own / "mail"),
        "VAR_DIR": str(own),
        "SECRET_KEY": secrets.token_urlsafe(50) if IS_STARTER else os.environ["SECRET_KEY"],
        "DEBUG": "0",
        "DEMO": "0",
        "REQUIRE_MFA": "0",  # its own tests turn it on
        "SITE_URL": "http://testserver",
        "ALLOWED_HOSTS": "testserver,127.0.0.1,localhost",
        "LOG_LEVEL": "WARNING",
        "TEST_DATABASE_TEMPLATE": "portal",  # the starter has it migrated
    }


def set_up() -> None:
    """Set the environment and Django up; connects to nothing."""
    if settings.configured:
        raise pytest.UsageError("Settings were read before the tests could set theirs: unset DJANGO_SETTINGS_MODULE.")
    for name in FOREIGN:
        os.environ.pop(name, None)
    os.environ.update(environment(), DJANGO_SETTINGS_MODULE="portal.settings")
    django.setup()
    del os.environ["DJANGO_SETTINGS_MODULE"]  # an xdist worker that inherits it reads settings before it comes here

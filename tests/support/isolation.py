"""Tests reach nothing but this machine, and leave the database as they found it."""

import ipaddress
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connections, transaction
from django.test import TransactionTestCase
from django.utils import timezone, translation

# Rows that migrations make and every test may count on.
KEPT = {"django_migrations", "django_content_type", "auth_permission"}


def delete_rows(test_case: TransactionTestCase) -> None:
    """Empty the tables that hold rows: 10 ms, where Django's own flush truncates every table in 800."""
    for alias in test_case._databases_names(include_mirrors=False):
        connection = connections[alias]
        tables = sorted(set(connection.introspection.table_names()) - KEPT)
        quote = connection.ops.quote_name
        holds = " UNION ALL ".join(f"SELECT %s WHERE EXISTS (SELECT 1 FROM {quote(table)})" for table in tables)
        with transaction.atomic(using=alias), connection.cursor() as cursor:
            cursor.execute(holds, tables)
            full = [row[0] for row in cursor.fetchall()]
            cursor.execute("SET LOCAL session_replication_role = replica")  # no foreign keys while emptying
            for table in full:
                cursor.execute(f"DELETE FROM {quote(table)}")


class StrangerError(AssertionError):
    """A test tried to reach another machine."""


def refuse_strangers(address: Any) -> None:
    """Let Unix sockets and loopback pass. Raises StrangerError for any other address."""
    if not isinstance(address, tuple) or address[0] in ("localhost", ""):
        return
    try:
        host = ipaddress.ip_address(str(address[0]).partition("%")[0])
    except ValueError:
        raise StrangerError(f"a test asked for the address of {address[0]}") from None
    if not host.is_loopback:
        raise StrangerError(f"a test connected to {host}")


def pytest_configure(config: pytest.Config) -> None:
    TransactionTestCase._fixture_teardown = delete_rows  # type: ignore[method-assign]
    turn_network_off()


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """Settings that only tests want: plain static files, which need no collecting, and a quick password hash."""
    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.WHITENOISE_USE_FINDERS = settings.WHITENOISE_AUTOREFRESH = True  # browsers get the files as they lie
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)  # WhiteNoise warns when there is none


def turn_network_off() -> None:
    connect, connect_ex, getaddrinfo = socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo

    def guarded_connect(self: socket.socket, address: Any) -> None:
        refuse_strangers(address)
        return connect(self, address)

    def guarded_connect_ex(self: socket.socket, address: Any) -> int:
        refuse_strangers(address)
        return connect_ex(self, address)

    def guarded_getaddrinfo(host: Any, port: Any, *args: Any, **options: Any) -> Any:
        if host is not None:
            refuse_strangers((host.decode() if isinstance(host, bytes) else host, port))
        return getaddrinfo(host, port, *args, **options)

    socket.socket.connect = guarded_connect  # type: ignore[method-assign]
    socket.socket.connect_ex = guarded_connect_ex  # type: ignore[method-assign]
    socket.getaddrinfo = guarded_getaddrinfo


@pytest.fixture(autouse=True)
def _begun_afresh() -> Iterator[None]:
    """Every test begins in English and in the default zone: a page in French leaves its language on the thread."""
    with translation.override(settings.LANGUAGE_CODE), timezone.override(None):
        yield

"""Liveness and readiness answer in any weather."""

import pytest
from django.db import connection
from django.test import Client

from portal.pages import health

pytestmark = pytest.mark.django_db
WELL = {"status": "ok", "database": "ok", "migrations": "ok", "redis": "ok"}


def test_all_is_well(client: Client) -> None:
    assert client.get("/healthz/live").json() == {"status": "ok"}
    response = client.get("/healthz/ready")
    assert (response.status_code, response.json()) == (200, WELL)
    assert response["Cache-Control"] == "no-store"


def test_two_statements_and_no_cookies_from_any_host(client: Client, django_assert_num_queries) -> None:
    client.get("/healthz/ready")  # reads the migration files once a process
    with django_assert_num_queries(2):
        response = client.get("/healthz/ready", headers={"Host": "10.0.0.7"})
    assert response.status_code == 200
    assert not response.cookies
    assert "Vary" not in response


@pytest.mark.parametrize("url", ["redis://127.0.0.1:1/0", "unix:///nowhere/valkey.sock?db=0"])
def test_a_broken_broker_is_named(client: Client, settings, url: str) -> None:
    settings.REDIS_URL = url
    response = client.get("/healthz/ready")
    assert (response.status_code, response.json()) == (503, WELL | {"status": "failing", "redis": "failing"})
    assert client.get("/healthz/live").status_code == 200


def test_a_missing_migration_is_named(client: Client) -> None:
    app, name = sorted(health.newest_migrations())[0]
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = %s AND name = %s", [app, name])
    response = client.get("/healthz/ready")
    assert (response.status_code, response.json()) == (503, WELL | {"status": "failing", "migrations": "failing"})


def test_a_lost_database_is_named(client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SAVEPOINT here")
        with pytest.raises(Exception, match="nowhere"):
            cursor.execute("SELECT * FROM nowhere")
        response = client.get("/healthz/ready")  # this transaction takes no more statements
        cursor.execute("ROLLBACK TO here")
    assert response.status_code == 503
    assert response.json()["database"] == "failing"


def test_only_reading(client: Client) -> None:
    assert client.post("/healthz/ready").status_code == 405
    assert client.head("/healthz/live").status_code == 200

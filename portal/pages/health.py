"""Liveness and readiness, answered before hosts, sessions, cookies and languages come into play."""

import functools
import logging
from collections.abc import Callable

import redis
from django.conf import settings
from django.db import Error as DatabaseFailure
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.http import HttpRequest, HttpResponse, JsonResponse
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)
PATIENCE = 2.0  # seconds for the broker to answer


class HealthMiddleware:
    """`/healthz/live`: this process answers. `/healthz/ready`: so do the engines it needs, or 503 with what fails."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        check = CHECKS.get(request.path_info.rstrip("/"))
        if check is None:
            return self.get_response(request)
        if request.method not in ("GET", "HEAD"):
            return JsonResponse({"status": "method not allowed"}, status=405, headers={"Allow": "GET, HEAD"})
        parts = check()
        is_well = all(state == "ok" for state in parts.values())
        answer = {"status": "ok" if is_well else "failing", **parts}
        return JsonResponse(answer, status=200 if is_well else 503, headers={"Cache-Control": "no-store"})


def live() -> dict[str, str]:
    return {}


def ready() -> dict[str, str]:
    """The parts and whether each is `ok` or `failing`; the reason goes to the log, not to strangers."""
    return {"database": _state(_ask_database), "migrations": _state(_ask_migrations), "redis": _state(_ask_redis)}


CHECKS = {"/healthz/live": live, "/healthz/ready": ready}


def _state(ask: Callable[[], None]) -> str:
    try:
        ask()
    except (DatabaseFailure, RedisError, OSError, LookupError) as error:
        logger.error("not ready: %s: %s", ask.__name__.removeprefix("_ask_"), error)
        return "failing"
    return "ok"


def _ask_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _ask_migrations() -> None:
    """Raise LookupError when a newest migration of an app has not been applied."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT app, name FROM django_migrations")
        missing = newest_migrations() - set(cursor.fetchall())
    if missing:
        raise LookupError(f"not applied: {sorted(missing)}")


@functools.cache
def newest_migrations() -> frozenset[tuple[str, str]]:
    """(app, name) of the migrations nothing depends on within their app, as the files say."""
    return frozenset(MigrationLoader(None).graph.leaf_nodes())


def _ask_redis() -> None:
    with redis.Redis.from_url(settings.REDIS_URL, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE) as client:
        client.ping()

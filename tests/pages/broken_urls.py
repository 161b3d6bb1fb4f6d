"""The portal's addresses and some that break."""

from typing import Any

from django.db import connection
from django.http import HttpRequest
from django.urls import path

from portal import urls


def broken(request: HttpRequest) -> Any:
    raise ZeroDivisionError("a secret of ours")


def ask(statement: str) -> Any:
    """A view that sends one statement to the database."""

    def view(request: HttpRequest) -> Any:
        with connection.cursor() as cursor:
            cursor.execute(statement)

    return view


CUT = "SELECT pg_terminate_backend(pg_backend_pid())"  # what a restart does to every connection
SLOW = "SET statement_timeout = 1; SELECT pg_sleep(1)"

urlpatterns = [
    path("broken/", broken),
    path("cut/", ask(CUT)),
    path("api/cut/", ask(CUT)),
    path("slow/", ask(SLOW)),
    *urls.urlpatterns,
]
handler400, handler403 = urls.handler400, urls.handler403
handler404, handler500 = urls.handler404, urls.handler500

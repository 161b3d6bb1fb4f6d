"""The two cookies by which a browser keeps how its reader reads: language and time zone. Neither names anybody."""

from django.conf import settings
from django.http import HttpResponse

ZONE_COOKIE = "time_zone"
YEAR = 365 * 24 * 3600


def set_language_cookie(response: HttpResponse, language: str) -> None:
    _set(response, settings.LANGUAGE_COOKIE_NAME, language)


def set_zone_cookie(response: HttpResponse, zone: str) -> None:
    _set(response, ZONE_COOKIE, zone)


def _set(response: HttpResponse, name: str, value: str) -> None:
    response.set_cookie(
        name, value, max_age=YEAR, samesite="Lax", httponly=True, secure=settings.LANGUAGE_COOKIE_SECURE
    )

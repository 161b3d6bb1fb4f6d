"""Each request in its reader's time zone, and behind a second factor where one is required."""

import zoneinfo
from collections.abc import Callable
from http import HTTPStatus

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.accounts import second_factor
from portal.accounts.cookies import ZONE_COOKIE
from portal.accounts.zones import zone_or_utc
from portal.notifications.links import absolute

GetResponse = Callable[[HttpRequest], HttpResponse]
# Where somebody without a second factor may still go: to set one up, prove who they are, read on, or leave.
OPEN_NAMES = ("account_logout", "account_reauthenticate", "account_email", "account_confirm_email", "account_login")


class ReaderMiddleware:
    """The zone of times on the page: the profile's (at sign-up the country's), else the cookie's, else UTC."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with timezone.override(reader_zone(request)):
            return self.get_response(request)


class SecondFactorMiddleware:
    """Lead staff, admins and operators without a second factor to the page where they set one up."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not second_factor.is_wanted(request) or _is_open(request):
            return self.get_response(request)
        words = _("Your role needs a second step at sign-in. Set it up first; it takes a minute.")
        if request.path.startswith("/api/"):
            return _problem(words)
        messages.warning(request, words)
        return redirect("mfa_index")


def reader_zone(request: HttpRequest) -> zoneinfo.ZoneInfo:
    """Return the zone in which the person behind `request` reads times."""
    if request.user.is_authenticated:
        return zone_or_utc(request.user.time_zone)
    return zone_or_utc(request.COOKIES.get(ZONE_COOKIE, ""))


def _is_open(request: HttpRequest) -> bool:
    """Whether the address is on the way to a second factor, or none of ours."""
    try:
        name = resolve(request.path_info).view_name
    except Resolver404:
        return True
    return name in OPEN_NAMES or name.startswith("mfa_")


def _problem(detail: str) -> JsonResponse:
    """The refusal as problem details (RFC 9457); `setup` is the page that helps."""
    body = {
        "type": "about:blank",
        "title": HTTPStatus.FORBIDDEN.phrase,
        "status": HTTPStatus.FORBIDDEN,
        "detail": detail,
        "errors": [{"code": "second_factor_required", "message": detail, "field": None}],
        "setup": absolute(reverse("mfa_index")),
    }
    return JsonResponse(body, status=HTTPStatus.FORBIDDEN, content_type="application/problem+json")

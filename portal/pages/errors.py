"""What Django answers when no view did: a page in the reader's language, or a problem where programs ask."""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views import defaults

from portal.api.problems import problem_response

RETRY_AFTER = 5  # seconds: PostgreSQL restarts in one or two
# SQLSTATE: connection exceptions, too many connections, the server stops or is not up yet.
AWAY = ("08", "53300", "57P")


def _is_program(request: HttpRequest) -> bool:
    return request.path_info.startswith("/api/")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400 for what Django itself refuses, such as a foreign Host header: the page uses nothing of the request."""
    if _is_program(request):
        return problem_response(400, _("This request cannot be understood."), "bad_request")
    return defaults.bad_request(request, exception)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    if _is_program(request):
        return problem_response(403, _("You are not entitled to do this."), "forbidden")
    return render(request, "403.html", status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    if _is_program(request):
        return problem_response(404, _("There is nothing at this address."), "not_found")
    return render(request, "404.html", status=404)


def too_large(request: HttpRequest) -> HttpResponse:
    if _is_program(request):
        return problem_response(413, _("What was sent is too large."), "too_large")
    return render(request, "413.html", status=413)


def fault(request: HttpRequest) -> HttpResponse:
    """500, without a word on what went wrong: that is in the log. 503 while the database is away."""
    if database_is_away(sys.exc_info()[1]):
        return _away(request)
    if _is_program(request):
        return problem_response(500, _("Something failed on our side. It has been noted; try again later."), "fault")
    return defaults.server_error(request)


def database_is_away(error: BaseException | None) -> bool:
    """Whether the fault is that PostgreSQL cannot be reached: it restarts, and the next try may well do."""
    if not isinstance(error, InterfaceError | OperationalError):
        return False
    code = getattr(error.__cause__, "pgcode", None)
    return code is None or code.startswith(AWAY)


def _away(request: HttpRequest) -> HttpResponse:
    if _is_program(request):
        answer: HttpResponse = problem_response(503, _("The database is not there just now. Try again."), "away")
    else:
        answer = HttpResponse(render_to_string("503.html"), status=503)
    answer["Retry-After"] = str(RETRY_AFTER)
    answer["Cache-Control"] = "no-store"
    return answer

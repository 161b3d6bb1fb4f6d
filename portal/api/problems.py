"""Errors as problem details (RFC 9457): `type`, `title`, `status`, `detail`, and `errors` for programs.

Each of `errors` is `{"code", "message", "field"}`; `field` is the path of the input, such as `period.start`, or null.
"""

from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.core.exceptions import ValidationError as ModelValidationError
from django.http import JsonResponse
from django.utils.translation import gettext as _
from rest_framework import exceptions, fields, serializers
from rest_framework.response import Response
from rest_framework.views import exception_handler

from portal.core.errors import Forbidden, Refused, Taken

MEDIA_TYPE = "application/problem+json"
Error = dict[str, Any]


def problem(status: int, detail: str, errors: list[Error] | None = None, **members: Any) -> dict[str, Any]:
    """Return the members of a problem; `members` are extensions such as `alternatives`."""
    return {
        "type": "about:blank",  # what went wrong is told by the status and by the codes of `errors`
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "errors": errors or [],
        **members,
    }


def problem_response(status: int, detail: str, code: str) -> JsonResponse:
    """A problem from outside Django REST Framework, with one error."""
    errors = [_error(code, detail)]
    return JsonResponse(problem(status, detail, errors), status=status, content_type=MEDIA_TYPE)


def problem_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """Answer an exception of a view. None for the unexpected, which Django logs and its 500 handler answers."""
    if isinstance(error, Refused):
        return _refusal(error)
    if isinstance(error, RequestDataTooBig):
        sentence = _("What was sent is too large.")
        return _answer(413, sentence, [_error("too_large", sentence)])
    if isinstance(error, exceptions.PermissionDenied) and error.get_codes() == error.default_code:
        return _refusal(Forbidden(str(error.detail)))
    if isinstance(error, ModelValidationError):
        error = exceptions.ValidationError(fields.get_error_detail(error))
    response = exception_handler(error, context)
    if response is None:
        return None
    errors = list(_flat(error.get_full_details())) if isinstance(error, exceptions.APIException) else []
    errors = errors or [_error(HTTPStatus(response.status_code).name.lower(), str(response.data["detail"]))]
    headers = {name: response[name] for name in ("WWW-Authenticate", "Retry-After") if response.has_header(name)}
    return _answer(response.status_code, _detail(errors), errors, headers)


def _answer(status: int, detail: str, errors: list[Error], headers: Mapping[str, str] | None = None) -> Response:
    return Response(problem(status, detail, errors), status=status, headers=headers, content_type=MEDIA_TYPE)


def _refusal(error: Refused) -> Response:
    errors = [_error(reason.code, reason.message) for reason in error.reasons]
    members: dict[str, Any] = {}
    if isinstance(error, Taken):
        moment = serializers.DateTimeField().to_representation
        members["alternatives"] = [{"start": moment(start), "end": moment(end)} for start, end in error.alternatives]
    data = problem(error.status, _detail(errors), errors, **members)
    return Response(data, status=error.status, content_type=MEDIA_TYPE)


def _detail(errors: list[Error]) -> str:
    """The sentences without a field in a row; else that the fields need a look."""
    sentences = [error["message"] for error in errors if error["field"] is None]
    return " ".join(sentences) or _("Some of the values sent cannot be used: see errors.")


def _error(code: str, message: str, field: str | None = None) -> Error:
    return {"code": code, "message": message, "field": field}


def _flat(details: Any, field: str = "") -> Iterator[Error]:
    """Walk DRF's nested `{"message", "code"}` details; names and list positions join to a path."""
    if isinstance(details, list):
        several = any(isinstance(item, dict) and "message" not in item for item in details)
        for position, item in enumerate(details):
            yield from _flat(item, _path(field, str(position)) if several else field)
    elif set(details) == {"message", "code"} and not isinstance(details["message"], dict | list):
        yield _error(str(details["code"]), str(details["message"]), field or None)
    else:
        for name, item in details.items():
            yield from _flat(item, field if name == "non_field_errors" else _path(field, str(name)))


def _path(field: str, part: str) -> str:
    return f"{field}.{part}" if field else part

"""`Idempotency-Key` on POST: sent twice, done once, answered twice the same."""

import hashlib
import re
from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.http import HttpResponse
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle

from portal.api.actions import Answer, Asked, claim_key, keep_answer, release_key
from portal.api.models import IdempotencyRecord

HEADER = "Idempotency-Key"
FORM = "multipart/form-data"
KEY = re.compile(r"[\x20-\x7e]{1,255}")
Handler = Callable[..., HttpResponse]


class IdempotentPosts:
    """Mixin for views and viewsets, before the framework's class: every POST of theirs honours the key.

    What is answered with a status below 500 after authentication, permissions and throttles is kept and repeated.
    """

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        is_keyed = request.method == "POST" and HEADER in request.headers
        is_form = (request.content_type or "").startswith(FORM)
        digest = hashlib.sha256(request._request.body).hexdigest() if is_keyed and not is_form else ""
        super().initial(request, *args, **kwargs)  # type: ignore[misc]  # the view's
        if is_keyed and is_form:
            digest = _digest_of_form(request)
        handler = getattr(self, "post", None)
        if is_keyed and handler:
            asked = Asked(_caller(request), _key(request), f"POST {request.path}"[:500], digest)
            # The framework takes the handler from the instance after this, as it does with viewsets' own.
            self.post = lambda *args, **kwargs: self._answer_once(asked, handler, *args, **kwargs)

    def _answer_once(self, asked: Asked, handler: Handler, *args: Any, **kwargs: Any) -> HttpResponse:
        record = claim_key(asked)
        if record.status is not None:
            return _repeat(record)
        try:
            with transaction.atomic():
                response = self._answer(handler, *args, **kwargs)
                if response.status_code < 500:
                    keep_answer(record, _answer_of(response))
                else:
                    transaction.set_rollback(True)
        except BaseException:
            release_key(record)
            raise
        if response.status_code >= 500:
            release_key(record)
        return response

    def _answer(self, handler: Handler, *args: Any, **kwargs: Any) -> HttpResponse:
        """The handler's answer, or what a refusal of its is answered with; the unexpected goes on."""
        try:
            return handler(*args, **kwargs)
        except Exception as error:  # noqa: BLE001 - the framework raises again what it does not know
            return self.handle_exception(error)  # type: ignore[attr-defined]  # the view's


def _key(request: Request) -> str:
    key = request.headers[HEADER]
    if not KEY.fullmatch(key):
        sentence = _("A key is 1 to 255 printable ASCII characters; a random UUID is a good one.")
        raise ValidationError({HEADER: [sentence]}, code="malformed_key")
    return key


def _digest_of_form(request: Request) -> str:
    """Of what a form holds, files read in pieces: its bytes differ by the boundary each time it is sent."""
    form: Any = request.data  # the parser of forms gives a QueryDict
    digest = hashlib.sha256()
    for name, values in sorted(form.lists()):
        for value in values:
            digest.update(f"{name!r}".encode())
            pieces = value.chunks() if hasattr(value, "chunks") else [f"{value!r}".encode()]
            for piece in pieces:
                digest.update(piece)
    return digest.hexdigest()


def _caller(request: Request) -> str:
    if request.user.is_authenticated:
        return f"account {request.user.pk}"
    address = str(BaseThrottle().get_ident(request))
    return f"address {salted_hmac('portal.api.idempotency', address, algorithm='sha256').hexdigest()}"


def _answer_of(response: HttpResponse) -> Answer:
    if isinstance(response, Response):
        content = b"" if response.data is None else JSONRenderer().render(response.data)
        content_type = response.content_type or JSONRenderer.media_type
    else:
        content, content_type = response.content, response["Content-Type"]
    return Answer(response.status_code, content_type, response.get("Location", ""), content.decode())


def _repeat(record: IdempotencyRecord) -> HttpResponse:
    """The kept answer, marked as a repetition."""
    response = HttpResponse(record.body, status=record.status, content_type=record.content_type)
    response["Idempotency-Replayed"] = "true"
    if record.location:
        response["Location"] = record.location
    return response

"""Signing in to the API with a token: `Authorization: Token rap_...`."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request

from portal.accounts.actions.tokens import digest_of
from portal.accounts.models import ApiToken, User

KEYWORD = "Token"
LONGEST = 200  # bytes; ours have 47


class TokenAuthentication(BaseAuthentication):
    """401 for a token that is malformed, unknown or of a closed account; 403 for writing with one that only reads."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        keyword, _space, secret = get_authorization_header(request).partition(b" ")
        if keyword.lower() != KEYWORD.lower().encode():
            return None
        token = self._find(secret.strip())
        if not token.can_write and request.method not in SAFE_METHODS:
            raise PermissionDenied(_("This token may only read. Make one that may change things."), code="read_only")
        _note_use(token)
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        return KEYWORD

    def _find(self, secret: bytes) -> ApiToken:
        refusal = AuthenticationFailed(_("This token is not valid."), code="invalid_token")
        try:
            text = secret.decode("ascii")
        except UnicodeDecodeError:
            raise refusal from None
        if not text or len(text) > LONGEST:
            raise refusal
        token = ApiToken.objects.select_related("user").filter(digest=digest_of(text)).first()
        if token is None or not token.user.is_active:
            raise refusal
        return token


class TokenScheme(OpenApiAuthenticationExtension):
    """How the OpenAPI description names it."""

    target_class = "portal.accounts.tokens.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "apiKey", "in": "header", "name": "Authorization", "description": "Token rap_..."}


def _note_use(token: ApiToken) -> None:
    """Keep the day of the last use: one write a day, not one a request."""
    today = timezone.now().date()
    if token.last_used_on != today:
        ApiToken.objects.filter(pk=token.pk).update(last_used_on=today)

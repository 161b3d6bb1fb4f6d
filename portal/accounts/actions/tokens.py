"""Deeds on API tokens: make, revoke."""

import hashlib
import secrets

from django.db import transaction
from django.utils.translation import gettext as _

from portal.accounts import rules
from portal.accounts.models import ApiToken, User
from portal.audit.actions import record
from portal.core.errors import Forbidden, Reason, Refused

PREFIX = "rap_"  # lets secret scanners recognise one that leaked
MOST = 20  # more than anybody needs; keeps a runaway script from filling the table


def digest_of(secret: str) -> str:
    """Return the SHA-256 hex digest under which a token is kept. 256 random bits need no salt and no stretching."""
    return hashlib.sha256(secret.encode()).hexdigest()


@transaction.atomic
def make_token(name: str, *, can_write: bool, by: User) -> tuple[ApiToken, str]:
    """Return a new token and its secret, which can never be read again."""
    User.objects.select_for_update().get(pk=by.pk)
    if by.api_tokens.count() >= MOST:
        raise Refused(Reason("too_many_tokens", _("You have %(most)d tokens. Revoke one first.") % {"most": MOST}))
    secret = PREFIX + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(user=by, name=name, digest=digest_of(secret), can_write=can_write)
    record(token, "make", by=by, can_write=can_write)
    return token, secret


@transaction.atomic
def revoke_token(token: ApiToken, *, by: User) -> None:
    """End a token at once: one's own, or as an admin anybody's."""
    if not (rules.is_own(by, token) or by.is_superuser):
        raise Forbidden
    record(token, "revoke", by=by)
    token.delete()

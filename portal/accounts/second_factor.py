"""Whether a person must set up a second factor before anything else (the setting REQUIRE_MFA)."""

import time

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest

from portal.accounts.enums import Role
from portal.accounts.models import Membership, User

REMEMBERED_FOR = 300  # seconds: a new operator is asked after that long at the latest
_KEY = "second_factor_seen"


def is_missing(user: User) -> bool:
    """Whether `user` is staff, admin or operator and has neither authenticator app nor passkey."""
    if not (user.is_staff or user.is_superuser or _operates(user)):
        return False
    factors = Authenticator.objects.filter(user=user, type__in=[Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN])
    return not factors.exists()


def is_wanted(request: HttpRequest) -> bool:
    """Whether this request must wait for a second factor. Remembered in the session, to save a query a page."""
    if not settings.REQUIRE_MFA or settings.DEMO or not request.user.is_authenticated:
        return False
    if time.time() - request.session.get(_KEY, 0) < REMEMBERED_FOR:
        return False
    if is_missing(request.user):
        return True
    request.session[_KEY] = int(time.time())
    return False


def forget(request: HttpRequest) -> None:
    """Look again at the next request."""
    if hasattr(request, "session"):
        request.session.pop(_KEY, None)


def _operates(user: User) -> bool:
    return Membership.objects.confirmed().filter(user=user, role=Role.OPERATOR).exists()

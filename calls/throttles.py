"""How often one caller may declare interests, by page and API together."""

from typing import Any

from django.http import HttpRequest
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle

from portal.api.throttles import OpenWithoutCache


class InterestThrottle(OpenWithoutCache, SimpleRateThrottle):
    """So many declarations for a network address; the rate is that of the scope `interest` in the settings."""

    scope = "interest"

    def get_cache_key(self, request: Any, view: Any) -> str:
        return self.cache_format % {"scope": self.scope, "ident": self.get_ident(request)}


def may_declare(request: HttpRequest | Request) -> bool:
    """Count this declaration, and say whether its sender has not made too many."""
    return bool(InterestThrottle().allow_request(request, None))

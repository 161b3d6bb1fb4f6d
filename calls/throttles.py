"""How often one caller may declare interests, by page and API together."""

from typing import Any

from rest_framework.throttling import SimpleRateThrottle

from portal.api.throttles import OpenWithoutCache


class InterestThrottle(OpenWithoutCache, SimpleRateThrottle):
    """So many declarations for a network address; the rate is that of the scope `interest` in the settings."""

    scope = "interest"

    def get_cache_key(self, request: Any, view: Any) -> str:
        return self.cache_format % {"scope": self.scope, "ident": self.get_ident(request)}


def may_declare(request: Any) -> bool:
    """Count this declaration, and say whether its sender (of an HttpRequest or the API's) has not made too many."""
    view: Any = None  # the limit does not depend on it
    return InterestThrottle().allow_request(request, view)

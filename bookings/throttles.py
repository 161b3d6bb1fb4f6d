"""How often one network address may try to pair a connector."""

from typing import Any

from rest_framework.throttling import SimpleRateThrottle

from portal.api.throttles import OpenWithoutCache


class PairingThrottle(OpenWithoutCache, SimpleRateThrottle):
    """Ten tries a minute: many for a person with a code, few for a program that guesses among 2^60."""

    scope = "pairing"
    rate = "10/min"

    def get_cache_key(self, request: Any, view: Any) -> str:
        return self.cache_format % {"scope": self.scope, "ident": self.get_ident(request)}


def may_try_pairing(request: Any) -> bool:
    """Count this try, and say whether its address has not made too many."""
    view: Any = None  # the limit does not depend on it
    return PairingThrottle().allow_request(request, view)

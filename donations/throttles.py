"""How often one network address may try links of follow-ups."""

from typing import Any

from rest_framework.throttling import SimpleRateThrottle

from portal.api.throttles import OpenWithoutCache


class FollowUpThrottle(OpenWithoutCache, SimpleRateThrottle):
    """Thirty a minute: many for people with a mail, few for a program that guesses among 2^256."""

    scope = "follow_up"
    rate = "30/min"

    def get_cache_key(self, request: Any, view: Any) -> str:
        return self.cache_format % {"scope": self.scope, "ident": self.get_ident(request)}


def may_try_link(request: Any) -> bool:
    """Count an answer, or a link that opens nothing, and say whether its address has not sent too many."""
    view: Any = None  # the limit does not depend on it
    return FollowUpThrottle().allow_request(request, view)

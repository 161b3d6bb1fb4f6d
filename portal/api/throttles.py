"""How often one caller may ask. The counts live in the cache; where that does not answer, the caller is let in."""

import logging
from typing import TYPE_CHECKING

from redis.exceptions import RedisError
from rest_framework.request import Request
from rest_framework.throttling import AnonRateThrottle, UserRateThrottle

if TYPE_CHECKING:
    from rest_framework.views import APIView

logger = logging.getLogger(__name__)


class OpenWithoutCache:
    def allow_request(self, request: Request, view: "APIView") -> bool:
        try:
            return super().allow_request(request, view)  # type: ignore[misc]  # the framework's class comes after this mixin
        except RedisError as error:
            logger.warning("nobody counts requests: %s", error)
            return True


class VisitorThrottle(OpenWithoutCache, AnonRateThrottle):
    """By address."""


class PersonThrottle(OpenWithoutCache, UserRateThrottle):
    """By account."""

"""The cache, when its server is away or refuses (its disk is full, say): empty, and everything goes on.

Rate limits lie in it, and pages kept for visitors. Nobody should be kept from booking, from signing in or from reading
because it is away.
"""

import logging
from typing import Any

from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis.exceptions import ConnectionError as Unreachable
from redis.exceptions import ResponseError as Refused
from redis.exceptions import TimeoutError as TooSlow

logger = logging.getLogger(__name__)
AWAY = (Unreachable, TooSlow, Refused)


class LastingClient(RedisCacheClient):
    """One client to read and one to write, where Django makes one a question: making it takes longer than asking."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._clients: dict[bool, Any] = {}

    def get_client(self, key: Any = None, *, write: bool = False) -> Any:
        if write not in self._clients:
            self._clients[write] = super().get_client(key, write=write)
        return self._clients[write]


class ForgivingRedisCache(RedisCache):
    """Redis or Valkey; unreachable, it finds nothing, keeps nothing and says so in the log."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._class = LastingClient

    def add(self, *args: Any, **options: Any) -> bool:
        return self._ask(super().add, True, *args, **options)

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        return self._ask(super().get, default, key, default=default, version=version)

    def set(self, *args: Any, **options: Any) -> None:
        self._ask(super().set, None, *args, **options)

    def touch(self, *args: Any, **options: Any) -> bool:
        return self._ask(super().touch, False, *args, **options)

    def delete(self, *args: Any, **options: Any) -> bool:
        return self._ask(super().delete, False, *args, **options)

    def get_many(self, *args: Any, **options: Any) -> dict[Any, Any]:
        return self._ask(super().get_many, {}, *args, **options)

    def set_many(self, data: dict[Any, Any], *args: Any, **options: Any) -> list[Any]:
        return self._ask(super().set_many, list(data), data, *args, **options)

    def has_key(self, *args: Any, **options: Any) -> bool:
        return self._ask(super().has_key, False, *args, **options)

    def incr(self, key: Any, delta: int = 1, version: int | None = None) -> int:
        return self._ask(super().incr, delta, key, delta, version=version)

    def _ask(self, deed: Any, otherwise: Any, *args: Any, **options: Any) -> Any:
        try:
            return deed(*args, **options)
        except AWAY:
            logger.exception("the cache is away; rate limits are not counted, and no page is kept meanwhile")
            return otherwise

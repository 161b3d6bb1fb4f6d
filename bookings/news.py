"""News for the relays: a word that something changed. The rows are the truth; who misses the word looks every second.

Published on Valkey, channel `relay:<database>`, as JSON: `{"session": pk}`, `{"user": pk}` or `{"connector": pk}`.
"""

import json
import logging
from functools import cache
from typing import Any

from django.conf import settings
from django.db import transaction
from redis import Redis
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)
SECONDS = 2.0  # to reach Valkey, and to be answered


def channel_of(client: Any) -> str:
    """Where news come to this client of Valkey, of redis or redis.asyncio.

    Channels know no databases: portals that share one Valkey are told apart by the number of theirs.
    """
    return f"relay:{client.connection_pool.connection_kwargs.get('db') or 0}"


def session_changed(pk: int) -> None:
    """Once the transaction has committed: state, end, control, chat or people of this session changed."""
    _publish_later({"session": pk})


def user_changed(pk: int) -> None:
    """Once committed: this person signed out, or may do less than before."""
    _publish_later({"user": pk})


def connector_changed(pk: int) -> None:
    """Once committed: this connector was revoked or replaced."""
    _publish_later({"connector": pk})


def _publish_later(word: dict[str, int]) -> None:
    transaction.on_commit(lambda: _publish(word))


def _publish(word: dict[str, int]) -> None:
    try:
        _valkey().publish(channel_of(_valkey()), json.dumps(word))
    except (RedisError, OSError) as error:
        logger.warning("no relay was told of %s (%s); they look themselves every second", word, error)


@cache
def _valkey() -> Redis:
    return Redis.from_url(settings.REDIS_URL, socket_timeout=SECONDS, socket_connect_timeout=SECONDS)

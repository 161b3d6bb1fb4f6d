"""Which text somebody edits: a digest of what the database held of it when their form was made. Pure."""

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from portal.core.errors import Conflict


def digest(stored: Mapping[str, Any]) -> str:
    """16 letters that differ when any of these values does; days and numbers by how they are written."""
    return sha256(json.dumps(stored, default=str, sort_keys=True).encode()).hexdigest()[:16]


def check_seen(seen: str, stored: str, typed: str) -> None:
    """Raise Conflict where something else is stored by now than was read (`seen`, empty where nobody did) or typed."""
    if seen and stored not in (seen, typed):
        raise Conflict(stored)

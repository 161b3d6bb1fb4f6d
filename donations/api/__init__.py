"""Needs, offers and matches for programs."""

from typing import Any

routes: list[tuple[str, Any, str]] = []

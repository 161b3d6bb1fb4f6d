"""Needs, offers and matches for programs."""

from typing import Any

from donations.api.match import MatchViewSet

routes: list[tuple[str, Any, str]] = [("donations/matches", MatchViewSet, "match")]

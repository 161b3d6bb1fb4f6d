"""Stories and events for programs."""

from typing import Any

routes: list[tuple[str, Any, str]] = []

"""The relay alone, as production runs it: WebSockets, figures and health, no pages."""

import asyncio
import os
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
django.setup()

from bookings.desktop.application import Relay  # noqa: E402 rooms are loaded once settings are
from bookings.desktop.asgi import answer, live, show_figures, tell  # noqa: E402
from portal.pages.health import ready  # noqa: E402

_relay = Relay()


async def application(scope: Any, receive: Any, send: Any) -> None:
    if scope["type"] == "websocket":
        await _relay(scope, receive, send)
    elif scope["type"] == "lifespan":
        await live(receive, send, _relay.stop)
    elif scope["method"] not in ("GET", "HEAD"):
        await answer(send, 405, b"method not allowed\n")
    elif scope["path"] == "/metrics":
        await show_figures(scope, send)
    elif scope["path"].rstrip("/") == "/healthz/live":
        await tell(send, 200, {"status": "ok"})
    elif scope["path"].rstrip("/") == "/healthz/ready":
        await _tell_readiness(send)
    else:
        await answer(send, 404, b"not found\n")


async def _tell_readiness(send: Any) -> None:
    """As the pages' own `/healthz/ready`: 503 with what fails."""
    parts = await asyncio.to_thread(ready)
    is_well = all(state == "ok" for state in parts.values())
    await tell(send, 200 if is_well else 503, {"status": "ok" if is_well else "failing", **parts})

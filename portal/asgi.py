"""One port for everything: pages carried as WSGI in threads, the relay's WebSockets beside them.

Pages under ASGI cost twice the CPU and leak persistent database connections; so they stay WSGI.
"""

import os
from typing import Any, cast

from a2wsgi import WSGIMiddleware
from django.core.wsgi import get_wsgi_application
from django.urls import reverse

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

_pages = WSGIMiddleware(cast(Any, get_wsgi_application()), workers=8)
reverse("pages:home")  # every page is loaded now, which takes seconds, and not while the first visitor waits

from bookings.desktop.application import Relay  # noqa: E402 rooms are loaded once settings are
from bookings.desktop.asgi import live, show_figures  # noqa: E402

_relay = Relay()


async def application(scope: Any, receive: Any, send: Any) -> None:
    """Answer `http` scopes with the pages, `websocket` ones with the relay; accept the server's lifespan."""
    if scope["type"] == "websocket":
        await _relay(scope, receive, send)
    elif scope["type"] == "lifespan":
        await live(receive, send, _relay.stop)
    elif scope["path"] == "/metrics":
        await show_figures(scope, send)
    else:
        await _pages(scope, receive, send)

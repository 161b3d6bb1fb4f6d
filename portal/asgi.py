"""One port for everything: pages carried as WSGI in threads, the desktop's WebSocket beside them.

Pages under ASGI cost twice the CPU and leak persistent database connections; so they stay WSGI.
"""

import os
from typing import Any, cast

from a2wsgi import WSGIMiddleware
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

_pages = WSGIMiddleware(cast(Any, get_wsgi_application()), workers=8)


async def application(scope: Any, receive: Any, send: Any) -> None:
    """Answer `http` scopes with the pages; accept the server's lifespan; close WebSockets nobody serves."""
    if scope["type"] == "http":
        await _pages(scope, receive, send)
    elif scope["type"] == "lifespan":
        await _lifespan(receive, send)
    else:
        await receive()
        await send({"type": "websocket.close", "code": 1008})


async def _lifespan(receive: Any, send: Any) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return

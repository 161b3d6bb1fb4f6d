"""What an ASGI server asks beside WebSockets: the figures, plain answers, its beginning and end."""

import json
from collections.abc import Awaitable, Callable
from typing import Any

from bookings.desktop import figures

GUARDED = [  # the headers that pages have from Django: these answers never meet it
    (b"content-security-policy", b"default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
]
Stop = Callable[[], Awaitable[None]]


async def show_figures(scope: Any, send: Any) -> None:
    """`/metrics`, for the networks that may read it and ask directly; others get 404, as if it were not there."""
    if scope["method"] not in ("GET", "HEAD"):
        await answer(send, 405, b"method not allowed\n")
        return
    is_passed_on = any(name in (b"x-forwarded-for", b"forwarded") for name, _value in scope["headers"])
    if not is_passed_on and figures.may_read((scope.get("client") or ("",))[0]):
        await answer(send, 200, figures.figures(), figures.TEXT)
    else:
        await answer(send, 404, b"not found\n")


async def tell(send: Any, status: int, word: dict[str, str]) -> None:
    await answer(send, status, json.dumps(word).encode(), "application/json")


async def answer(send: Any, status: int, body: bytes, kind: str = "text/plain; charset=utf-8") -> None:
    headers = [
        (b"content-type", kind.encode()),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
        *GUARDED,
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def live(receive: Any, send: Any, stop: Stop) -> None:
    """The server's lifespan; `stop` runs at its end."""
    while True:
        message = await receive()
        if message["type"] == "lifespan.shutdown":
            await stop()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return

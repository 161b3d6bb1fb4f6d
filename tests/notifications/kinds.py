"""Kinds of message for these tests: one to subscribers, one to accounts, one that breaks."""

from datetime import UTC, datetime
from typing import Any

from portal.notifications.kinds import Context, Kind, prerendered

CLOSES = datetime(2027, 3, 22, 9, 0, tzinfo=UTC)


def _opened(data: dict[str, Any]) -> Context | None:
    assert "token" not in data, "a bulk message must not depend on one reader"
    if data.get("is_gone"):
        return None
    return {"title": data["title"], "closes": CLOSES}


def _plain(data: dict[str, Any]) -> Context | None:
    return None if data.get("is_gone") else {"title": data["title"]}


OPENED = Kind(
    "testing.opened",
    context=_opened,
    unsubscribe=lambda data: f"https://portal.example/end/{data['token']}/?a=1&b=2",
    personal=lambda data: {"manage_url": f"https://portal.example/manage/{data['token']}/"},
)
PLAIN = Kind("testing.plain", context=_plain)
SECRET = prerendered("testing.secret")
ALL = (OPENED, PLAIN, SECRET)

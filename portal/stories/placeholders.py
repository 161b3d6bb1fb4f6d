"""What `{{brand}}`, `{{contact}}`, `{{calls}}` or `{{about:privacy}}` stand for in the text of a page.

A closed list: a page can name the installation and lead to its pages in the reader's language, and nothing else.
"""

import re

from django.conf import settings
from django.urls import reverse

MARK = re.compile(r"\{\{\s*([a-z_]+)(?::([a-z0-9-]+))?\s*\}\}")
PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")  # what CommonMark lets one write after a backslash
ADDRESSES = {
    "api": "api:docs",
    "calls": "calls:list",
    "certificates": "certificates:list",
    "connection": "connection:check",
    "equipment": "donations:index",
    "events": "events:list",
    "home": "pages:home",
    "impact": "impact:index",
    "instruments": "instruments:list",
    "interest": "interest:declare",
    "need": "needs:start",
    "needs": "needs:list",
    "network": "network:list",
    "offer": "offers:start",
    "pledge": "pledges:declare",
    "profile": "people:profile",
    "propose": "proposals:start",
    "sign_in": "account_login",
    "sign_up": "account_signup",
    "stories": "stories:list",
    "trainings": "trainings:list",
}
WORDS = frozenset({"brand", "contact"})


def filled(text: str) -> str:
    """Markdown `text` with every known mark replaced; what is not known stays as it was typed."""
    return MARK.sub(_meaning, text)


def unknown_marks(text: str) -> list[str]:
    """The marks in `text` that stand for nothing, as they were typed."""
    return [mark.group(0) for mark in MARK.finditer(text) if _meaning(mark) == mark.group(0)]


def _meaning(mark: re.Match[str]) -> str:
    name, part = mark.groups()
    if name == "about" and part:
        return reverse("about:page", args=[part])
    if part or name not in WORDS | ADDRESSES.keys():
        return mark.group(0)
    if name in ADDRESSES:
        return reverse(ADDRESSES[name])
    return PUNCTUATION.sub(r"\\\1", {"brand": settings.BRAND_NAME, "contact": settings.CONTACT_EMAIL}[name])

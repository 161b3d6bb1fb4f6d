"""Secrets at rest: sealed with a key that the database does not hold, so that a copy of it opens no door.

Fernet (AES-128-CBC with HMAC-SHA256) under SHA-256 of FIELD_ENCRYPTION_KEY, or of SECRET_KEY where that is empty. Of
several keys, with commas, the first one seals and all open, so a key can be replaced without losing what lies there.
"""

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

MARK = "sealed:"


class CannotUnseal(Exception):
    """None of the keys opens it: it was sealed under another one, or altered."""


def seal(text: str) -> str:
    return MARK + _keys().encrypt(text.encode()).decode()


def unseal(text: str) -> str:
    """Return what was sealed, and what never was as it is. Raises CannotUnseal."""
    if not text.startswith(MARK):
        return text
    try:
        return _keys().decrypt(text.removeprefix(MARK).encode()).decode()
    except InvalidToken as error:
        raise CannotUnseal("no key of FIELD_ENCRYPTION_KEY opens this") from error


def _keys() -> MultiFernet:
    return MultiFernet([_key(text) for text in settings.FIELD_ENCRYPTION_KEYS or [settings.SECRET_KEY]])


def _key(text: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(f"field encryption {text}".encode()).digest()))

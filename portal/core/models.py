"""Building blocks of tables; this room has none of its own."""

import secrets
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

REF_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # read aloud over a bad line: no 0/O, no 1/I


class Timestamped(models.Model):
    """When a row came and when it last changed, by the application's clock."""

    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        abstract = True


class LinkField(models.URLField):
    """An address typed by people; `example.org` means https://example.org."""

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"assume_scheme": "https", **kwargs})

    def deconstruct(self) -> Any:
        """In migrations a plain URLField: the column is the same."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.URLField", args, kwargs


def new_ref() -> str:
    """Return a public reference of 8 letters and digits (40 bits): short to say, useless to guess in sequence."""
    return "".join(secrets.choice(REF_ALPHABET) for _ in range(8))


def new_token() -> str:
    """Return 32 random bytes as 43 letters safe in an address."""
    return secrets.token_urlsafe(32)

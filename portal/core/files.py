"""Files that people upload: kept apart from static ones and handed out by views that ask who reads them."""

from pathlib import PurePath
from typing import Any

from django.db import models
from django.utils.deconstruct import deconstructible
from django.utils.translation import gettext_lazy as _

from portal.core.models import Timestamped, new_token


class KeptFile(Timestamped):
    """What is known of an uploaded file, beside the field that holds it."""

    name = models.CharField(_("file name"), max_length=120)
    content_type = models.CharField(_("type"), max_length=80)
    size = models.PositiveIntegerField(_("size"), help_text=_("bytes"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name


@deconstructible
class private_place:  # noqa: N801 - used as a function
    """`upload_to` of a folder that no address leads to; the stored name says nothing and cannot be guessed."""

    def __init__(self, folder: str) -> None:
        self.folder = folder

    def __call__(self, row: Any, name: str) -> str:
        token = new_token()
        return f"private/{self.folder}/{token[:2]}/{token}{PurePath(name).suffix.lower()[:10]}"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, private_place) and other.folder == self.folder

    def __hash__(self) -> int:
        return hash(self.folder)

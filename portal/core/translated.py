"""Which text of a translated field a reader gets, and in which language it is."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import get_language
from modeltranslation.utils import build_localized_fieldname


def text_and_language(row: models.Model, field: str) -> tuple[str, str]:
    """Return the text of `field` in the active language, or in the first language that has one, and that language.

    ("", active language) when no column has a text.
    """
    active = (get_language() or settings.LANGUAGE_CODE).split("-")[0]
    for language in dict.fromkeys((active, *settings.MODELTRANSLATION_FALLBACK_LANGUAGES)):
        text: Any = getattr(row, build_localized_fieldname(field, language), "")
        if text:
            return text, language
    return "", active

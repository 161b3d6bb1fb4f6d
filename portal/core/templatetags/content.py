"""Fields with one column a language, marked where the reader gets another than their own: `{% load content %}`."""

from django import template
from django.db import models
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, get_language_info
from django.utils.translation import gettext as _

from portal.core.markdown import to_html
from portal.core.translated import text_and_language

register = template.Library()


@register.simple_tag
def translated(row: models.Model, field: str) -> str | SafeString:
    """A short text of `row` in the reader's language, or another's, marked with `lang` and `dir`."""
    text, language = text_and_language(row, field)
    if _is_own(language):
        return text
    return format_html('<span lang="{}" dir="{}">{}</span>', language, _direction(language), text)


@register.simple_tag
def translated_markdown(row: models.Model, field: str, top: int = 3) -> str | SafeString:
    """A long text as a block of prose; in another language it says so. Nothing where there is no text at all.

    `top`: the level of its largest heading, 2 where nothing of the page stands above it but the page's own.
    """
    text, language = text_and_language(row, field)
    if not text:
        return ""
    if _is_own(language):
        return format_html('<div class="prose" dir="auto">{}</div>', to_html(text, top=top))
    return format_html(
        '<p class="meta">{}</p><div class="prose" lang="{}" dir="{}">{}</div>',
        _("Not yet in %(language)s.") % {"language": get_language_info(get_language() or "en")["name_translated"]},
        language,
        _direction(language),
        to_html(text, top=top),
    )


def _is_own(language: str) -> bool:
    return language == (get_language() or "").split("-")[0]


def _direction(language: str) -> str:
    return "rtl" if get_language_info(language)["bidi"] else "ltr"

"""Words of a message: subject, text and HTML in the reader's language and time zone."""

import json
import re
import secrets
import zoneinfo
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.template import Context as TemplateContext
from django.template.engine import Engine
from django.utils import timezone, translation
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from portal.notifications.kinds import PERSONAL, CalendarPart, Context, Kind
from portal.notifications.models import Notification

_GAPS = re.compile(r"\n\s*\n")
KEPT = 200  # rendered messages in memory at once; a fan-out needs one a language and zone


@dataclass(frozen=True)
class Letter:
    """The words of one message. `html` may be empty, `calendar` is for the reader's calendar program."""

    subject: str
    text: str
    html: str
    calendar: CalendarPart | None = None


@dataclass(frozen=True)
class Part:
    """What a digest says of one message."""

    text: str
    html: SafeString


class Renderer:
    """Renders rows, a bulk message only once for all its readers of one language and zone.

    Where the readers' words differ, the shared letter has a placeholder that nobody can guess, so no name of an
    instrument or person can be mistaken for one.
    """

    def __init__(self) -> None:
        self._nonce = secrets.token_hex(8)
        self._letters: dict[tuple[str, ...], Letter | None] = {}

    def letter(self, kind: Kind, row: Notification) -> Letter | None:
        """Return the words for one row, or None when there is nothing left to say.

        Whatever a kind's own functions or templates raise passes through.
        """
        if not kind.is_bulk:
            with reading_as(row.language, row.time_zone):
                return _own_letter(kind, row)
        with reading_as(row.language, row.time_zone):
            values = _personal_values(kind, row)
        shared = self._shared_letter(kind, row, values)
        return shared and self._addressed(shared, values)

    def _shared_letter(self, kind: Kind, row: Notification, values: Mapping[str, str]) -> Letter | None:
        data = {name: value for name, value in row.data.items() if name != PERSONAL}
        group = (kind.name, row.language, row.time_zone, json.dumps(data, sort_keys=True))
        if group not in self._letters:
            if len(self._letters) >= KEPT:
                self._letters.clear()
            with reading_as(row.language, row.time_zone):
                placeholders = {name: self._placeholder(name) for name in values}
                self._letters[group] = compose(kind, kind.context(data), placeholders)
        return self._letters[group]

    def _addressed(self, letter: Letter, values: Mapping[str, str]) -> Letter:
        subject, text, html = letter.subject, letter.text, letter.html
        for name, value in values.items():
            placeholder = self._placeholder(name)
            subject, text = subject.replace(placeholder, value), text.replace(placeholder, value)
            html = html.replace(placeholder, escape(value))
        return Letter(" ".join(subject.split()), text, html)

    def _placeholder(self, name: str) -> str:
        return f"{self._nonce}{name}{self._nonce}"


class reading_as:  # noqa: N801 - a context manager, used as a verb
    """Within it, words and times are those of a reader; an unknown language or zone gives the portal's own."""

    def __init__(self, language: str, time_zone: str) -> None:
        known = language in dict(settings.LANGUAGES)
        self._language = translation.override(language if known else settings.LANGUAGE_CODE)
        self._zone = timezone.override(zone_or_utc(time_zone))

    def __enter__(self) -> None:
        self._language.__enter__()
        self._zone.__enter__()

    def __exit__(self, *exception: Any) -> None:
        self._zone.__exit__(*exception)
        self._language.__exit__(*exception)


def _own_letter(kind: Kind, row: Notification) -> Letter | None:
    """The words for one reader alone, with what their calendar program is to do."""
    context = kind.context(row.data)
    letter = compose(kind, context, {})
    if letter is None or context is None or kind.calendar is None:
        return letter
    return replace(letter, calendar=kind.calendar(context, row.address, row.user_id))


def compose(kind: Kind, context: Context | None, values: Mapping[str, str]) -> Letter | None:
    """Render a kind's three templates in the active language and zone with `context` and `values`."""
    if context is None:
        return None
    if kind.prerendered:
        return Letter(" ".join(context["subject"].split()), context["text"], context.get("html", ""))
    context = {**surroundings(), **context, **values}
    subject = " ".join(_render(f"{kind.template}.subject.txt", context, autoescape=False).split())
    context["subject"] = subject
    text = _without_gaps(_render(f"{kind.template}.txt", context, autoescape=False)) + "\n"
    return Letter(subject, text, _render(f"{kind.template}.html", context, autoescape=True))


def _without_gaps(text: str) -> str:
    """A template leaves several empty lines where parts of it have nothing to say; people read one."""
    return _GAPS.sub("\n\n", text).strip()


def part_of(kind: Kind, data: dict[str, Any]) -> Part | None:
    """The few lines of one message within a digest, in the active language and zone; None: nothing left to say."""
    context = kind.context(data)
    if context is None:
        return None
    context = {**surroundings(), **context}
    text = _render(f"{kind.template}.part.txt", context, autoescape=False).strip()
    return Part(text, mark_safe(_render(f"{kind.template}.part.html", context, autoescape=True)))  # noqa: S308 - ours


def surroundings() -> Context:
    """Return what every mail template knows; `lang` and `dir` are of the active language."""
    language = translation.get_language() or settings.LANGUAGE_CODE
    return {
        "BRAND_NAME": settings.BRAND_NAME,
        "CONTACT_EMAIL": settings.CONTACT_EMAIL,
        "SITE_URL": settings.SITE_URL,
        "DEMO": settings.DEMO,
        "lang": language,
        "dir": "rtl" if translation.get_language_info(language)["bidi"] else "ltr",
        "unsubscribe_url": "",
    }


def _personal_values(kind: Kind, row: Notification) -> dict[str, str]:
    values = kind.personal(row.data) if kind.personal is not None else {}
    if kind.unsubscribe is not None:
        values = values | {"unsubscribe_url": kind.unsubscribe(row.data)}
    return values


def _render(name: str, context: Context, *, autoescape: bool) -> str:
    template = Engine.get_default().get_template(name)  # not the loader's: that one would escape plain text too
    return str(template.render(TemplateContext(context, autoescape=autoescape)))


def zone_or_utc(name: str) -> zoneinfo.ZoneInfo:
    """Return the zone of an IANA name, and UTC for a name nobody knows."""
    try:
        return zoneinfo.ZoneInfo(name)
    except (ValueError, zoneinfo.ZoneInfoNotFoundError):
        return zoneinfo.ZoneInfo("UTC")

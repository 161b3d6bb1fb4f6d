"""What can be wrong with a message catalogue, in words; nothing here needs gettext's programs."""

import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

# Python's two kinds of placeholder, and HTML tags with what they hold: a translation keeps them all.
KEPT = re.compile(r"%\(\w+\)[a-z]|%[sd%]|\{\w*\}|<[^>]+>")


Name = tuple[str | None, str | tuple[str, ...]]  # context and text; the texts, where there is a plural


def read_catalogue(path: Path) -> Catalog:
    """The catalogue at `path`, that is <language>/LC_MESSAGES/<domain>.po."""
    with path.open("rb") as file:
        return read_po(file, locale=path.parent.parent.name, domain=path.stem)


def messages_of(catalogue: Catalog) -> Iterator[Message]:
    """Every message but the head, which has no text."""
    return (message for message in catalogue if message.id)


def name_of(message: Message) -> Name:
    """What makes a message this one."""
    return message.context, message.id if isinstance(message.id, str) else tuple(message.id)


def pairs_of(message: Message) -> list[tuple[str, str]]:
    """(original, translation), one for each plural form."""
    if isinstance(message.id, str):
        return [(message.id, str(message.string or ""))]
    one, many = message.id
    forms = [message.string] if isinstance(message.string, str) else list(message.string or ())
    return [(one if form == 0 else many, text or "") for form, text in enumerate(forms)]


def problem_of(message: Message) -> str | None:
    """Why the translation cannot be used, None if it can."""
    pairs = pairs_of(message)
    if not all(translation.strip() for _, translation in pairs):
        return "not translated"
    if message.fuzzy:
        return "marked as fuzzy"
    many = pairs[-1][0]  # French counts none like one: its singular may say the number that English leaves out
    if any(kept_of(translation) not in (kept_of(original), kept_of(many)) for original, translation in pairs):
        return "other placeholders or tags than the original"
    return None


def kept_of(text: str) -> list[str]:
    """What a translation of `text` has to keep, sorted."""
    return sorted(KEPT.findall(text))


def problems_of(path: Path) -> list[str]:
    """One line for each message that cannot be used."""
    language = path.parent.parent.name
    problems = ((message, problem_of(message)) for message in messages_of(read_catalogue(path)))
    return [f"{language}: {problem}: {pairs_of(message)[0][0]!r}" for message, problem in problems if problem]

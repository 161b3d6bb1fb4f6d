"""Showing why a text was found: its words that were asked for, marked; of a long text the part around the first."""

import re

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from portal.core.search import fold

WORD = re.compile(r"\w+")
SHARED = 4  # letters that two forms of a word begin with in common, at least
ENDING = 3  # letters in which they may differ after that, at most
FRAGMENT = 240  # letters
BEFORE = 80  # letters shown before the first word that was found
# What Markdown writes between the words: marks of emphasis, of headings, lists and quotations, addresses of links.
# Each part reads a stretch of bounded length, or of its own line: a text of nothing but marks costs no more than words.
MARKDOWN = re.compile(r"\]\([^)\s]{0,500}\)|[*_`#>|\[\]]+|^[ \t]{0,20}(?:[-+]|\d{1,9}\.)\s", re.MULTILINE)


def terms_of(question: str) -> list[str]:
    """The folded words of a question, without those it excludes with a minus."""
    return [fold(word) for part in question.split() if not part.startswith("-") for word in WORD.findall(part)]


def marked(text: str, terms: list[str]) -> SafeString:
    """Return `text` as HTML, escaped, with `<mark>` about each word that is, or is a form of, one of `terms`."""
    parts, last = [], 0
    for match in WORD.finditer(text):
        if speaks_of(match[0], terms):
            parts += [escape(text[last : match.start()]), "<mark>", escape(match[0]), "</mark>"]
            last = match.end()
    parts.append(escape(text[last:]))
    return mark_safe("".join(parts))  # noqa: S308 every piece of the text has just been escaped


def speaks_of(word: str, terms: list[str]) -> bool:
    folded = fold(word)
    return any(_is_form_of(folded, term) for term in terms)


def _is_form_of(word: str, term: str) -> bool:
    """Whether `word` begins with `term`, or both with the same letters and differ in their endings alone."""
    if word == term or (len(term) > 1 and word.startswith(term)):
        return True
    shared = next((place for place, (a, b) in enumerate(zip(word, term, strict=False)) if a != b), -1)
    shared = min(len(word), len(term)) if shared < 0 else shared
    return shared >= SHARED and max(len(word), len(term)) - shared <= ENDING


def plain(text: str) -> str:
    """Markdown without its signs, on one line; good enough to be read in a fragment, no more."""
    return " ".join(MARKDOWN.sub(" ", text).split())


def fragment(text: str, terms: list[str]) -> str:
    """Return the part of `text` (Markdown) around the first of its words asked for; "" when there is none."""
    words = plain(text)
    first = next((match.start() for match in WORD.finditer(words) if speaks_of(match[0], terms)), -1)
    if first < 0:
        return ""
    start = max(0, first - BEFORE)
    start = words.find(" ", start, first) + 1 if start else 0
    part = words[start : start + FRAGMENT]
    if start + FRAGMENT < len(words):
        part = part.rsplit(" ", 1)[0] + " …"
    return f"… {part}" if start else part

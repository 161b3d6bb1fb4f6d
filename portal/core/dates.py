"""Days in words, as `django.utils.formats` and the filter `date` write them, but for one thing that Django leaves out.

In French the first of a month is an ordinal, and no other day is: `1er décembre`, `2 décembre`.
"""

import re
from datetime import date

from django.utils import formats
from django.utils.translation import get_language

ORDINAL = {"fr": r"j\\e\\r"}
DAY_IN_WORDS = re.compile(r"(?<!\\)j(?= [FNMbE])|^j$")  # before a month in letters, or alone


def pattern_of(value: object, pattern: str | None) -> str | None:
    """The pattern, or name of one, by which this moment or day is written in the active language."""
    ordinal = ORDINAL.get((get_language() or "")[:2]) if getattr(value, "day", 0) == 1 else None
    if ordinal is None:
        return pattern
    return DAY_IN_WORDS.sub(ordinal, formats.get_format(pattern or "DATE_FORMAT"))


def date_format(value: date, pattern: str | None = None) -> str:
    """The day or moment in words. `pattern`: as Django writes them, or the name of one of its formats."""
    return formats.date_format(value, pattern_of(value, pattern))

"""Text in templates that nobody could translate, because it stands outside of every translate tag."""

import re
from pathlib import Path

COMMENTS = re.compile(r"{%\s*comment\b.*?{%\s*endcomment\s*%}|{#.*?#}|<!--.*?-->", re.S)
TRANSLATED = re.compile(r"{%\s*(blocktrans\w*)\b.*?{%\s*end\1\s*%}", re.S)
CLASSES = re.compile(r"{%\s*block \w+_class\s*%}.*?{%\s*endblock\b.*?%}", re.S)
UNSEEN = re.compile(r"<(script|style|code)\b.*?</\1>|<(\w+)[^>]*\btranslate=\"no\"[^>]*>[^<]*</\2>", re.S)
TAGS = re.compile(r"{%.*?%}|{{.*?}}", re.S)
SHOWN_ATTRIBUTES = re.compile(
    r"\b(?:alt|title|aria-label|placeholder|label|data-label)=\"([^\"]*)\"|\bcontent=\"([^\"]* [^\"]*)\""
)
ELEMENTS = re.compile(r"<[^>]*>|&\w+;")
WORDS = re.compile(r"[^\W\d_]+(?:[ ’'-]+[^\W\d_]+)*")
# The same in every language: names, units, marks.
ALLOWED = {"ORCID", "UNESCO", "UTC", "API", "HTML", "CSV", "XLSX", "ROR", "doctype html"}
# Settings of the browser, not for people.
SETTINGS = {"width=device-width, initial-scale=1", "light dark"}


def hard_coded(source: str) -> list[str]:
    """The words of one template that are shown as they stand."""
    for pattern in (COMMENTS, TRANSLATED, CLASSES, UNSEEN):
        source = pattern.sub(" ", source)
    source = TAGS.sub(" ", source)
    attributes = [one or other for one, other in SHOWN_ATTRIBUTES.findall(source)]
    texts = [*(text for text in attributes if text not in SETTINGS), ELEMENTS.sub(" \n", source)]
    return [words for text in texts for words in WORDS.findall(text) if len(words) > 1 and words not in ALLOWED]


def hard_coded_in(folder: Path) -> list[str]:
    """`template: words`, for every template under `folder`."""
    return [
        f"{path.relative_to(folder)}: not translatable: {words!r}"
        for path in sorted(folder.rglob("*"))
        if path.suffix in {".html", ".txt"}
        for words in hard_coded(path.read_text(encoding="utf-8"))
    ]

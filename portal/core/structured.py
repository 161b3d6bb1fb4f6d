"""schema.org data in a page, for search engines: JSON-LD, https://www.w3.org/TR/json-ld11/#embedding-json-ld-in-html-documents."""

import json
from typing import Any

from django.utils.safestring import SafeString, mark_safe

# Inside a script element only these could end it or begin a comment; JSON reads them the same.
ESCAPES = {ord(letter): f"\\u{ord(letter):04X}" for letter in "<>&\u2028\u2029"}


def script_of_data(data: dict[str, Any]) -> SafeString:
    """The data as text for a data block, which browsers neither run nor let end early."""
    text = json.dumps(data, ensure_ascii=False).translate(ESCAPES)
    return mark_safe(text)  # noqa: S308 every letter that means something in HTML is escaped above

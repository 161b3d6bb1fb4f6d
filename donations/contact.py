"""Addresses in what everybody reads."""

import re

CONTACT = re.compile(r"[\w.+-]+@[\w-]+\.\w|\+\d[\d ()./-]{6,}\d")


def has_contact(text: str) -> bool:
    """Whether an e-mail address or a telephone number stands in the text."""
    return CONTACT.search(text) is not None

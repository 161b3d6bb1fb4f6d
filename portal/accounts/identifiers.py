"""Identifiers that carry a checksum: a typing error is caught before it is stored."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

_ORCID = re.compile(r"(?:(?:https?://)?orcid\.org/)?(\d{4})-?(\d{4})-?(\d{4})-?(\d{3}[\dX])/?", re.IGNORECASE)
_ROR = re.compile(r"(?:(?:https?://)?ror\.org/)?(0[a-hj-km-np-tv-z0-9]{6}\d{2})/?", re.IGNORECASE)
_CROCKFORD = "0123456789abcdefghjkmnpqrstvwxyz"


def clean_orcid(text: str) -> str:
    """Return `0000-0002-1825-0097` from an iD or its address; ValidationError if it is none.

    The last character is ISO 7064 MOD 11-2 over the first fifteen (ORCID, "Structure of the ORCID Identifier").
    """
    found = _ORCID.fullmatch(text.strip())
    if not found:
        raise ValidationError(_("Enter an ORCID iD like 0000-0002-1825-0097."), code="orcid_form")
    digits = "".join(found.groups()).upper()
    total = 0
    for digit in digits[:-1]:
        total = (total + int(digit)) * 2
    check = (12 - total % 11) % 11
    if digits[-1] != ("X" if check == 10 else str(check)):
        raise ValidationError(
            _("This ORCID iD has a typing error: its check digit does not fit."), code="orcid_checksum"
        )
    return "-".join(digits[start : start + 4] for start in range(0, 16, 4))


def clean_ror(text: str) -> str:
    """Return `0abcdef12` from a ROR id or its address; ValidationError if it is none.

    Six Crockford base-32 characters and two digits that are ISO 7064 MOD 97-10 over them
    (ROR, "ROR identifier pattern").
    """
    found = _ROR.fullmatch(text.strip())
    if not found:
        raise ValidationError(_("Enter a ROR id like https://ror.org/03yrm5c26."), code="ror_form")
    ror = found.group(1).lower()
    number = 0
    for character in ror[:-2]:
        number = number * 32 + _CROCKFORD.index(character)
    if 98 - (number * 100) % 97 != int(ror[-2:]):
        raise ValidationError(_("This ROR id has a typing error: its check digits do not fit."), code="ror_checksum")
    return ror


def validate_orcid(text: str) -> None:
    clean_orcid(text)


def validate_ror(text: str) -> None:
    clean_ror(text)

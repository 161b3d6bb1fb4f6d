"""Identifiers with a checksum: known ones pass, every single typing error is caught."""

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from portal.accounts.identifiers import clean_orcid, clean_ror

DIGITS = "0123456789"
CROCKFORD = "0123456789abcdefghjkmnpqrstvwxyz"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("0000-0002-1825-0097", "0000-0002-1825-0097"),
        ("https://orcid.org/0000-0002-1694-233X", "0000-0002-1694-233X"),
        (" 0000-0002-1694-233x ", "0000-0002-1694-233X"),
        ("0000000218250097", "0000-0002-1825-0097"),
        ("orcid.org/0000-0001-5109-3700/", "0000-0001-5109-3700"),
    ],
)
def test_known_orcids_are_kept_in_one_form(typed: str, kept: str) -> None:
    assert clean_orcid(typed) == kept


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("0000-0002-1825-0098", "orcid_checksum"),
        ("0000-0002-1852-0097", "orcid_checksum"),
        ("0000-0002-1825-009", "orcid_form"),
        ("https://example.org/0000-0002-1825-0097", "orcid_form"),
        ("0000-0002-1825-0097 or so", "orcid_form"),
        ("", "orcid_form"),
    ],
)
def test_wrong_orcids_are_refused_with_a_sentence(typed: str, code: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        clean_orcid(typed)
    assert refusal.value.code == code
    assert refusal.value.messages[0].endswith(".")


@given(st.integers(0, 14), st.sampled_from(DIGITS))
def test_any_one_wrong_digit_of_an_orcid_is_caught(position: int, digit: str) -> None:
    right = "0000000218250097"
    if right[position] == digit:
        assert clean_orcid(right)
        return
    with pytest.raises(ValidationError):
        clean_orcid(right[:position] + digit + right[position + 1 :])


@given(st.text(alphabet=DIGITS, min_size=15, max_size=15))
def test_every_fifteen_digits_have_exactly_one_check_character(digits: str) -> None:
    assert sum(_passes(clean_orcid, digits + check) for check in DIGITS + "X") == 1


@pytest.mark.parametrize(
    "typed", ["https://ror.org/03yrm5c26", "03yrm5c26", "ror.org/03yrm5c26", "HTTPS://ROR.ORG/03YRM5C26/"]
)
def test_known_rors_are_kept_in_one_form(typed: str) -> None:
    assert clean_ror(typed) == "03yrm5c26"


@pytest.mark.parametrize("known", ["05dxps055", "042nb2s44", "02mhbdp94", "00f54p054"])
def test_rors_of_real_places_pass(known: str) -> None:
    assert clean_ror(known) == known


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("03yrm5c27", "ror_checksum"),
        ("03yrm5d26", "ror_checksum"),
        ("13yrm5c26", "ror_form"),
        ("03yrm5i26", "ror_form"),
        ("https://ror.org/", "ror_form"),
    ],
)
def test_wrong_rors_are_refused_with_a_sentence(typed: str, code: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        clean_ror(typed)
    assert refusal.value.code == code


@given(st.text(alphabet=CROCKFORD, min_size=6, max_size=6))
def test_every_six_characters_have_exactly_one_pair_of_check_digits(body: str) -> None:
    assert sum(_passes(clean_ror, f"0{body}{check:02}") for check in range(100)) == 1


def _passes(clean: object, text: str) -> bool:
    try:
        clean(text)  # type: ignore[operator]
    except ValidationError:
        return False
    return True

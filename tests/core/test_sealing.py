"""What is sealed opens under its key alone, survives a new key, and does not stand in the database."""

import pytest

from portal.core.sealing import CannotUnseal, seal, unseal

TEXT = "JBSWY3DPEHPK3PXP"


@pytest.mark.parametrize("text", ["", TEXT, "clé à café", "sealed:", "x" * 10_000])
def test_there_and_back(text: str) -> None:
    sealed = seal(text)
    assert unseal(sealed) == text
    assert text == "" or text not in sealed.removeprefix("sealed:")
    assert seal(text) != sealed


def test_what_lay_open_before_is_read_as_it_is() -> None:
    assert unseal(TEXT) == TEXT


def test_a_new_key_opens_what_the_old_one_sealed_until_that_is_gone(settings) -> None:
    settings.FIELD_ENCRYPTION_KEYS = ["old"]
    sealed = seal(TEXT)
    settings.FIELD_ENCRYPTION_KEYS = ["new", "old"]
    assert unseal(sealed) == TEXT
    newer = seal(TEXT)
    settings.FIELD_ENCRYPTION_KEYS = ["new"]
    assert unseal(newer) == TEXT
    with pytest.raises(CannotUnseal):
        unseal(sealed)


def test_without_a_key_of_its_own_the_secret_key_seals(settings) -> None:
    settings.FIELD_ENCRYPTION_KEYS = []
    sealed = seal(TEXT)
    assert unseal(sealed) == TEXT
    settings.SECRET_KEY = "another-secret-of-more-than-thirty-two-characters"
    with pytest.raises(CannotUnseal):
        unseal(sealed)


def test_an_altered_one_does_not_open() -> None:
    sealed = seal(TEXT)
    with pytest.raises(CannotUnseal):
        unseal(sealed[:-6] + "AAAAAA")

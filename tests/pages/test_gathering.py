"""The command that gathers words for the search."""

from io import StringIO

import pytest
from django.core.management import call_command

from portal.pages.models import SearchWord
from tests.factories.calls import CallFactory

pytestmark = pytest.mark.django_db


def gather(**options: bool) -> str:
    said = StringIO()
    call_command("gather_words", stdout=said, **options)
    return said.getvalue()


def test_words_are_gathered_for_a_start_once_and_when_asked_for_again_and_again():
    CallFactory(title_en="Crystals of spectrolite")
    assert gather(first=True).endswith("words are in place.\n")
    assert SearchWord.objects.filter(word="spectrolite").exists()
    CallFactory(title_en="Grains of hambergite")

    assert gather(first=True) == ""
    assert not SearchWord.objects.filter(word="hambergite").exists()
    gather()
    assert SearchWord.objects.filter(word="hambergite").exists()

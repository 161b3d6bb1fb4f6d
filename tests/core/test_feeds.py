"""What people paste along with their words ends no feed."""

from typing import Any
from xml.etree import ElementTree

import pytest
from django.test import Client

from tests.factories.calls import CallFactory
from tests.factories.stories import StoryFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("factory", "address"), [(CallFactory, "calls.atom"), (StoryFactory, "stories.atom")])
def test_letters_that_xml_does_not_know_are_left_out(client: Client, factory: Any, address: str) -> None:
    factory(title_en="A\x0b & </title>\x01B", summary_en="One\x1fword")
    response = client.get(f"/feeds/{address}")
    assert response.status_code == 200
    text = "".join(ElementTree.fromstring(response.content).itertext())
    assert ("A & </title>B" in text, "Oneword" in text) == (True, True)

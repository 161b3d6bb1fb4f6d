"""What people paste along with their words ends no feed."""

from typing import Any
from xml.etree import ElementTree

import pytest
from django.test import Client

from tests.factories.calls import CallFactory
from tests.factories.stories import StoryFactory

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.mark.parametrize(("factory", "address"), [(CallFactory, "calls.atom"), (StoryFactory, "stories.atom")])
def test_letters_that_xml_does_not_know_are_left_out(client: Client, factory: Any, address: str) -> None:
    factory(title_en="A\x0b & </title>\x01B", summary_en="One\x1fword")
    response = client.get(f"/feeds/{address}")
    assert response.status_code == 200
    text = "".join(ElementTree.fromstring(response.content).itertext())
    assert ("A & </title>B" in text, "Oneword" in text) == (True, True)


@pytest.mark.parametrize(("factory", "address"), [(CallFactory, "calls.atom"), (StoryFactory, "stories.atom")])
@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_feed_leads_to_itself_in_its_language_and_a_summary_is_words(
    client: Client, factory: Any, address: str, language: str
) -> None:
    factory(summary_en="<img src=x> & more", summary_fr="<img src=x> & plus")
    feed = ElementTree.fromstring(client.get(f"/feeds/{address}?language={language}").content)
    links = {node.get("rel"): node.get("href") for node in feed.findall(f"{ATOM}link")}
    assert links["self"] == f"http://testserver/feeds/{address}?language={language}"
    assert feed.findtext(f"{ATOM}author/{ATOM}name") == "Remote Access Initiative"
    summary = feed.find(f"{ATOM}entry/{ATOM}summary")
    assert summary is not None
    assert summary.get("type") == "html"
    assert (summary.text or "").startswith("&lt;img src=x&gt; &amp; ")

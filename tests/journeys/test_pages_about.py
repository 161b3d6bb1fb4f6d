"""Staff write a page about the portal: look at it, publish it, go back to what it said, with and without script."""

import pytest

from portal.stories.models import Page


@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
def test_staff_write_a_page_and_take_it_back(window, staff, script):
    visit = window(staff, script=script)
    page = visit.page
    visit.open("/en/about/prepare-samples/")
    visit.press("Edit this page")
    page.get_by_label("Title in French").fill("Préparer ce que l’on envoie")
    page.get_by_label("Text in English").fill("# Ask first\n\nWrite to {{nobody}}.")
    visit.press("Publish it")
    assert page.title().startswith("Error:")
    page.get_by_label("Text in English").fill("# Ask first\n\nWrite to {{contact}}. <script>alert(1)</script>")
    visit.press("Preview")
    assert "Nothing is saved yet." in visit.text()
    assert page.locator(".preview h3", has_text="Ask first").count() == 1
    assert not Page.objects.exists()
    page.get_by_label("What you changed").fill("Shorter")
    visit.press("Publish it")

    visitor = window(script=script)
    visitor.open("/fr/about/prepare-samples/")
    assert visitor.title() == "Préparer ce que l’on envoie"
    visitor.open("/en/about/prepare-samples/")
    assert "Write to contact@demo.example. <script>alert(1)</script>" in visitor.text()

    visit.open("/en/desk/pages/prepare-samples/history/")
    assert "Shorter" in visit.text()
    visit.press("The text that came with the portal")
    visit.press("Restore this version")
    visitor.open("/en/about/prepare-samples/")
    assert "Three layers" in visitor.text()
    assert Page.objects.get().version == 2

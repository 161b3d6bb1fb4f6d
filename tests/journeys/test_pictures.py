"""Pictures in a browser: what they weigh, where little data is wanted, and how one comes in."""

import re

import pytest

from portal.stories.actions.picture import prepare_pictures
from portal.stories.models import Picture
from tests.factories.stories import StoryFactory
from tests.journeys.weighing import Scale
from tests.support.photographs import photograph, pictured

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.fixture
def story(site):
    story = StoryFactory(slug="from-lome")
    pictured(story=story, caption_en="The bench at home")
    return story


@pytest.fixture
def draft(site, researcher):
    return StoryFactory(draft=True, sent_by=researcher, slug="my-crystal")


@pytest.mark.parametrize("width", [320, 1280])
def test_a_story_with_a_photograph_is_light(window, story, width):
    visit = window(width=width)
    cost = Scale(visit).weigh("/fr/stories/from-lome/")
    shown = visit.page.locator("main picture img").first
    assert shown.evaluate("image => image.complete && image.naturalWidth > 0")
    assert shown.evaluate("image => image.currentSrc").endswith(".avif")
    assert (cost.bytes < 100_000, cost.requests < 11) == (True, True), cost


def test_with_save_data_it_is_a_third_and_the_picture_a_link(window, story):
    visit = window()
    visit.context.set_extra_http_headers({"Save-Data": "on"})
    cost = Scale(visit).weigh("/fr/stories/from-lome/")
    assert cost.bytes < 35_000, cost
    assert visit.page.locator("main img").count() == 0
    link = visit.page.locator("main .picture-link a")
    assert re.search(r"\d+,\d\sKio", link.inner_text()), "it says what it weighs"
    answer = visit.context.request.get(visit.site + str(link.get_attribute("href")))
    assert (answer.status, answer.headers["content-type"]) == (200, "image/webp")


@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
def test_little_data_is_chosen_at_the_foot_of_a_page(window, story, script):
    visit = window(script=script)
    visit.open("/en/stories/from-lome/")
    assert visit.page.locator("main img").count() == 1
    foot = visit.page.locator("footer")
    visit.follow(foot.get_by_role("button", name="Use less data"))
    assert visit.page.url == f"{visit.site}/en/stories/from-lome/"
    assert visit.page.locator("main img").count() == 0
    assert "Show the picture" in visit.text()
    visit.follow(foot.get_by_role("button", name="Show pictures"))
    assert visit.page.locator("main img").count() == 1


@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
def test_a_picture_comes_in_is_drawn_and_cropped(window, draft, researcher, script):
    visit = window(researcher, script=script)
    page = visit.page
    visit.open("/en/stories/my-crystal/pictures/")
    page.get_by_label("Picture", exact=True).set_input_files(
        {"name": "bench.jpg", "mimeType": "image/jpeg", "buffer": SVG}
    )
    page.get_by_label("What it shows, in English").fill("The bench")
    visit.press("Add the picture")
    assert page.title().startswith("Error:")
    assert "whatever its name says" in visit.text()
    assert page.get_by_label("What it shows, in English").input_value() == "The bench"
    page.get_by_label("Picture", exact=True).set_input_files(
        {"name": "bench.jpg", "mimeType": "image/jpeg", "buffer": photograph()}
    )
    visit.press("Add the picture")
    assert "It is being prepared" in visit.text()
    assert prepare_pictures() == 1
    if not script:
        page.reload()
    page.locator("main picture img").wait_for()
    assert "It is being prepared" not in page.locator(".picture-rows").inner_text()
    visit.follow(page.get_by_role("link", name="Change words and crop"))
    page.get_by_label("What it shows, in French").fill("La paillasse")
    page.get_by_role("radio", name="square").check()
    page.get_by_role("radio", name="top left").check()
    visit.press("Save")
    row = Picture.objects.get()
    assert (row.alt_fr, row.ratio, row.focus_x, row.focus_y) == ("La paillasse", "1:1", 17, 17)
    visit.follow(page.get_by_role("button", name="Remove"))
    assert "No pictures yet." in visit.text()

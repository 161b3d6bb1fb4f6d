"""A visitor searches, is forgiven a slip of the finger, and asks to hear of more like it: three clicks."""

import pytest

from calls.models import Interest
from portal.pages.search.words import gather_all
from tests.factories.calls import CallFactory
from tests.factories.instruments import TechniqueFactory


@pytest.fixture
def call(site):
    technique = TechniqueFactory(slug="tomography", name_en="Tomography", name_fr="Tomographie")
    made = CallFactory(slug="tomography-time", title_en="Tomography of seeds", techniques=[technique])
    gather_all()
    return made


@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
def test_from_a_mistyped_word_to_a_wish_in_three_clicks(window, post, call, script):
    visit = window(script=script)
    page = visit.page
    visit.open("/en/search/")
    page.get_by_label("Calls, instruments").fill("tomografy")
    visit.press("Search")
    assert "Nothing was found for “tomografy”. These are results for “tomography”." in visit.text()
    visit.follow(page.get_by_role("link", name="Tell me of calls like this"))
    assert page.get_by_role("checkbox", name="Tomography").is_checked()
    page.get_by_label("Your email address").fill("ada@example.org")
    page.get_by_role("checkbox", name="I agree").check()
    visit.press("Keep me informed")
    assert visit.title() == "Look into your mail"
    wish = Interest.objects.get()
    assert [technique.slug for technique in wish.techniques.all()] == ["tomography"]
    assert wish.kinds == [call.kind]
    assert post.link_to("ada@example.org", "/confirm/")


def test_kinds_of_result_are_chosen_and_left_again(window, call):
    visit = window()
    page = visit.page
    visit.open("/en/search/?q=tomography")
    visit.follow(page.get_by_role("link", name="Calls (1)"))
    assert page.get_by_role("link", name="Calls (1)").get_attribute("aria-current") == "page"
    visit.press("All results")
    visit.press(call.title_en)
    assert visit.title() == call.title_en

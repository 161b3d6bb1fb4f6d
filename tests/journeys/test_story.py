"""A researcher tells a story, staff translate it, those shown agree anew; it is published, and goes off."""

import pytest

from portal.stories.actions.picture import change_picture, prepare_pictures
from portal.stories.actions.story import edit_story
from portal.stories.models import Story
from tests.factories.stories import StoryFactory
from tests.support.photographs import photograph, pictured


@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
def test_from_a_draft_to_everybody_and_off_again(window, researcher, staff, instrument, script):
    writes = window(researcher, script=script)
    page = writes.page
    writes.open("/en/stories/")
    writes.follow(page.get_by_role("link", name="Tell your story").first)
    writes.press("Save and continue")
    assert page.title().startswith("Error:"), "it needs a title"
    page.get_by_label("Title in English").fill("Forty crystals in one afternoon")
    page.get_by_label("Summary in English").fill("From a drawer in Lomé to a structure.")
    page.get_by_label("Text in English").fill("It began with **one** crystal.")
    page.get_by_role("group", name="Can people be recognised").get_by_role("radio", name="Yes").check()
    page.locator("summary", has_text="Instruments, organisations").click()
    page.get_by_label("Instruments", exact=False).first.fill(instrument.name)
    writes.press("Save and continue")
    assert writes.title() == "People shown"
    writes.press("I am shown, and I agree")
    assert "your consent is noted" in writes.text()
    story = Story.objects.get()
    writes.open(f"/en/stories/{story.slug}/pictures/")
    page.get_by_label("Picture", exact=True).set_input_files(
        {"name": "bench.jpg", "mimeType": "image/jpeg", "buffer": photograph()}
    )
    page.get_by_label("What it shows, in English").fill("The bench")
    writes.press("Add the picture")
    assert prepare_pictures() == 1
    writes.open(f"/en/stories/{story.slug}/check/")
    writes.press("Send the story in")
    assert "with our staff" in writes.text()

    edits = window(staff, script=script)
    desk = edits.page
    edits.open("/en/desk/")
    edits.follow(desk.get_by_role("link", name="Look at the story: Forty crystals").first)
    assert "The title in French is missing." in edits.text()
    edits.open(f"/en/stories/{story.slug}/edit/")
    desk.locator("summary", has_text="In French").click()
    desk.get_by_label("Title in French").fill("Quarante cristaux en un après-midi")
    desk.get_by_label("Summary in French").fill("D’un tiroir de Lomé à une structure.")
    edits.press("Save")
    edits.open(f"/en/stories/{story.slug}/pictures/")
    edits.follow(desk.get_by_role("link", name="Change words and crop"))
    desk.get_by_label("What it shows, in French").fill("La paillasse")
    edits.press("Save")
    prepare_pictures()
    edits.open(f"/en/desk/stories/{story.slug}/")
    assert "agreed before the story was changed and has to agree again" in edits.text()

    writes.open(f"/en/stories/{story.slug}/")
    assert "It was changed after you agreed" in writes.text()
    writes.press("I agree")

    edits.open(f"/en/desk/stories/{story.slug}/")
    edits.press("Publish")
    assert "The story is published." in edits.text()

    reads = window(script=script)
    reads.open("/fr/stories/")
    reads.follow(reads.page.get_by_role("link", name="Quarante cristaux"))
    assert reads.page.locator("main picture img").first.get_attribute("alt") == "La paillasse"
    assert instrument.name in reads.text()

    writes.open(f"/en/stories/{story.slug}/people/")
    writes.follow(page.get_by_role("button", name="Does not agree any more: take the story off"))
    reads.page.reload()
    assert not Story.objects.published().exists()
    assert "Quarante cristaux" not in reads.page.title()


def test_a_story_is_kept_before_it_is_begun_and_saved_while_it_is_typed(window, researcher, instrument):
    writes = window(researcher)
    page = writes.page
    writes.open("/en/stories/send/")
    page.get_by_label("Title in English").fill("Forty crystals")
    page.get_by_role("radio", name="Training").check()
    page.get_by_role("checkbox").first.check()
    page.get_by_label("Countries").select_option(["SN", "TG"])
    page.get_by_text("Kept on this device until you save.").wait_for()
    writes.open("/en/stories/send/")
    page.get_by_role("button", name="Put them back").click()
    assert page.get_by_label("Title in English").input_value() == "Forty crystals"
    assert page.get_by_role("radio", name="Training").is_checked()
    assert page.get_by_label("Countries").evaluate("list => [...list.selectedOptions].map(each => each.value)") == [
        "SN",
        "TG",
    ]
    page.get_by_role("group", name="Can people be recognised").get_by_role("radio", name="No", exact=True).check()
    writes.press("Save and continue")
    story = Story.objects.get()
    assert story.techniques.count() == 1
    writes.open("/en/stories/send/")
    assert not page.get_by_role("button", name="Put them back").is_visible()

    writes.open(f"/en/stories/{story.slug}/edit/")
    page.get_by_label("Text in English").fill("It began with one")
    page.get_by_role("status").filter(has_text="Saved at").wait_for()
    story.refresh_from_db()
    assert story.body_en == "It began with one"


@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
def test_who_goes_back_in_the_browser_begins_no_second_story(window, researcher, script):
    writes = window(researcher, script=script)
    page = writes.page
    writes.open("/en/stories/send/")
    page.get_by_label("Title in English").fill("Forty crystals")
    page.get_by_role("group", name="Can people be recognised").get_by_role("radio", name="No", exact=True).check()
    writes.press("Save and continue")
    assert writes.title() == "Pictures"
    page.go_back()
    page.get_by_label("Title in English").fill("Fifty crystals")
    page.get_by_role("group", name="Can people be recognised").get_by_role("radio", name="No", exact=True).check()
    writes.press("Save and continue")
    assert writes.title() == "Pictures"
    assert Story.objects.get().title_en == "Fifty crystals"


def test_what_is_published_is_never_saved_half_typed(window, staff):
    story = StoryFactory()
    edits = window(staff)
    edits.open(f"/en/stories/{story.slug}/edit/")
    edits.page.get_by_label("Title in English").fill("Half a ti")
    edits.page.get_by_text("Kept on this device until you save.").wait_for()
    story.refresh_from_db()
    assert story.version == 0


def test_what_was_changed_meanwhile_is_looked_at_on_a_phone(window, staff, researcher):
    story = StoryFactory(draft=True, state="in_review", shows_people=False, sent_by=researcher)
    row = pictured(story=story)
    judges = window(staff, width=320)
    page = judges.page
    judges.open(f"/en/desk/stories/{story.slug}/")
    edit_story(story, version=0, by=staff, body_fr="Un tout autre texte.")
    judges.press("Publish")
    assert "Un tout autre texte." in judges.text()
    assert (judges.violations(), judges.sideways()) == ([], 0)
    judges.press("Publish")
    assert "The story is published." in judges.text()

    judges.open(f"/en/stories/{story.slug}/pictures/{row.pk}/")
    change_picture(row, {"caption_en": "Stored words"}, by=staff)
    page.get_by_label("Words under it, in English").fill("My words")
    judges.press("Save")
    assert "Two of you wrote at once" in judges.text()
    assert (judges.violations(), judges.sideways()) == ([], 0)
    judges.press("Save mine")
    row.refresh_from_db()
    assert row.caption_en == "My words"

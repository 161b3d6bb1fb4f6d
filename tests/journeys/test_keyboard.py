"""Without a mouse: every step of booking by keyboard, with the focus always to be seen."""

from tests.factories.bookings import next_monday_at
from tests.factories.stories import StoryFactory
from tests.journeys.test_focal_point import week_of


def press_until(visit, key, reached, most=60):
    """Press a key until `reached()`; fails after `most` times."""
    for _time in range(most):
        visit.page.keyboard.press(key)
        if reached():
            return
    raise AssertionError(f"{most} times {key} do not lead there")


def ring_of_the_focused(visit):
    """The outline and shadow of what has the focus, or of the box around a hidden radio button."""
    return visit.page.evaluate(
        """() => {
            const here = document.activeElement;
            const boxes = [here, here.parentElement, ...here.parentElement.children];
            const styles = boxes.map((box) => getComputedStyle(box));
            return styles.some((style) => style.outlineStyle !== "none" || style.boxShadow !== "none");
        }"""
    )


def test_the_skip_link_comes_first_and_leads_past_the_menu(window, award):
    visit = window()
    visit.open("/en/calls/")
    visit.page.keyboard.press("Tab")
    assert visit.focused("className") == "skip"
    assert visit.page.locator(".skip").is_visible()
    visit.page.keyboard.press("Enter")
    visit.page.keyboard.press("Tab")
    assert visit.page.evaluate("document.querySelector('main').contains(document.activeElement)")


def test_the_focus_is_always_to_be_seen(window, award):
    visit = window()
    visit.open("/en/interest/")
    unseen = []
    for _stop in range(40):
        visit.page.keyboard.press("Tab")
        if visit.focused("tagName") != "BODY" and not ring_of_the_focused(visit):
            unseen.append(visit.page.evaluate("document.activeElement.outerHTML.slice(0, 120)"))
    assert unseen == []


COVERED = """() => {
    const here = document.activeElement, bar = document.querySelector(".save-bar");
    const box = here.getBoundingClientRect(), top = bar.getBoundingClientRect().top;
    return bar.closest("form").contains(here) && !bar.contains(here) && box.top < innerHeight && box.top + 4 > top;
}"""


def test_no_bar_lies_over_the_field_with_the_focus(window, researcher):
    """Not on a phone either, nor at 400 %, where a window is as narrow as one and lower."""
    story = StoryFactory(draft=True, sent_by=researcher)
    for width, height in ((1280, 800), (320, 720), (320, 256)):
        visit = window(researcher, width=width)
        visit.page.set_viewport_size({"width": width, "height": height})
        assert visit.open(f"/en/stories/{story.slug}/edit/") == 200
        covered = []
        for _stop in range(60):
            visit.page.keyboard.press("Tab")
            if visit.page.evaluate(COVERED):
                covered.append(visit.page.evaluate("document.activeElement.outerHTML.slice(0, 80)"))
        assert covered == [], (width, height)


def test_a_slot_is_chosen_and_booked_by_keyboard(window, focal_point, award):
    visit = window(focal_point)
    visit.open(week_of(award, next_monday_at(9)))
    press_until(visit, "Tab", lambda: visit.focused("name") == "slot")
    slots = visit.page.evaluate("[...document.querySelectorAll('[name=slot]')].map((slot) => slot.value)")
    first = visit.focused("value")
    assert first == slots[0]
    assert ring_of_the_focused(visit)
    visit.page.keyboard.press("ArrowDown")
    visit.page.keyboard.press("ArrowDown")
    chosen = visit.focused("value")
    assert chosen == slots[2]
    assert visit.page.locator("[name=slot]:checked").get_attribute("value") == chosen
    visit.page.keyboard.press("Tab")
    assert visit.focused("name") != "slot", "all slots are one stop of the Tab key"
    visit.page.keyboard.press("Enter")
    visit.page.wait_for_url("**/book/check/**")
    press_until(visit, "Tab", lambda: visit.focused("innerText") == "Book this time")
    visit.page.keyboard.press("Enter")
    visit.page.wait_for_url("**/bookings/**")
    assert visit.title() == "Booked"


def test_a_mistake_takes_the_focus_to_the_summary_and_from_there_to_the_field(window, site):
    visit = window()
    visit.open("/en/interest/")
    visit.page.get_by_label("Your email address").fill("ada@")
    with visit.page.expect_navigation():
        visit.page.keyboard.press("Enter")
    assert visit.focused("className") == "error-summary"
    visit.page.keyboard.press("Tab")
    visit.page.keyboard.press("Enter")
    assert visit.focused("name") == "address"
    assert visit.focused("value") == "ada@"


def test_the_menu_of_a_phone_opens_with_and_without_script(window, site):
    for script in (True, False):
        visit = window(script=script, width=320)
        visit.open("/en/")
        calls = visit.page.get_by_role("navigation", name="Main").get_by_role("link", name="Calls")
        assert not calls.is_visible()
        visit.page.locator("summary").first.press("Enter")
        assert calls.is_visible()


SCROLLED = """() => new Promise((done) => {
    const box = document.activeElement;
    if (box.scrollLeft > 0) done(true);
    box.addEventListener("scroll", () => done(box.scrollLeft > 0));
    setTimeout(() => done(box.scrollLeft > 0), 5000);
})"""


def test_a_wide_table_that_scrolls_is_reached_by_keys_and_only_then(window, cast, world):
    visit = window(cast["operator"], width=768)
    visit.open("/fr/lab/utilisation/")
    wide = visit.page.locator(".table-scroll[tabindex='0'][role=region]")
    wide.first.wait_for()
    assert wide.first.evaluate("box => box.scrollWidth > box.clientWidth")
    assert wide.first.get_attribute("aria-label") == wide.first.locator("caption").text_content().strip()
    wide.first.focus()
    visit.page.keyboard.press("ArrowRight")
    assert visit.page.evaluate(SCROLLED)
    visit.page.set_viewport_size({"width": 1600, "height": 900})
    wide.first.wait_for(state="detached")

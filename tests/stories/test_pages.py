"""Pages about the portal: what it ships, what staff write in its place, and back again."""

import re
from threading import Barrier, Thread

import pytest
from django.conf import settings
from django.db import connection
from django.urls import reverse
from django.utils import translation

from portal.audit.models import Record
from portal.core.errors import Forbidden, Refused
from portal.stories import placeholders, shipped
from portal.stories.actions import page as actions
from portal.stories.models import Page, PageVersion
from tests.factories.stories import PageFactory

pytestmark = pytest.mark.django_db
TEXTS = {
    "title_en": "House rules",
    "summary_en": "",
    "body_en": "# Be kind\n\nTo **all**.\n",
    "title_fr": "Règles",
    "summary_fr": "",
    "body_fr": "# Courtoisie\n",
    "section": "about",
    "position": "50",
}


def body_of(client, path, status=200):
    response = client.get(path)
    assert response.status_code == status
    return response.content.decode()


# --- Shipped texts ------------------------------------------------------------------------------------


@pytest.mark.parametrize("slug", sorted(shipped.slugs()))
def test_every_shipped_page_is_whole_in_both_languages(slug):
    texts = shipped.texts_of(slug)
    for name in ("title", "summary", "body"):
        assert len({texts[f"{name}_{code}"] for code in shipped.LANGUAGES} - {""}) == 2 or name == "title"
    assert texts["body_en"].count("\n# ") == texts["body_fr"].count("\n# ")
    for code in shipped.LANGUAGES:
        assert placeholders.unknown_marks(texts[f"body_{code}"]) == []
        assert len(texts[f"title_{code}"]) <= 120
        assert len(texts[f"summary_{code}"]) <= 300
    french = texts["body_fr"]
    assert re.findall(r" [;?!»]|« |'| :(?: |$)", french, re.MULTILINE) == []


@pytest.mark.parametrize("code", ["en", "fr"])
def test_every_address_in_shipped_texts_leads_somewhere(client, code):
    with translation.override(code):
        texts = "".join(placeholders.filled(shipped.texts_of(slug)[f"body_{code}"]) for slug in shipped.slugs())
        addresses = set(re.findall(r"\]\((/[^)]+)\)", texts))
        assert {
            address for address in addresses if not address.startswith((f"/{code}/", "/api/", "/.well-known/"))
        } == set()
        statuses = {address: client.get(address).status_code for address in addresses}
    assert {address for address, status in statuses.items() if status not in (200, 302)} == set()


def test_lasting_pages_are_shipped():
    assert shipped.slugs() >= shipped.LASTING


# --- For everybody ------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [1, 3])
def test_the_index_lists_shipped_and_own_pages_in_one_statement(client, django_assert_num_queries, number):
    pages = [PageFactory() for _ in range(number)]
    PageFactory(slug="hidden", title_en="Not for all", is_shown=False)
    with django_assert_num_queries(1):
        text = body_of(client, "/en/about/")
    assert all(f'href="/en/about/{page.slug}/"' in text for page in pages)
    assert 'href="/en/about/prepare-samples/"' in text
    assert "Not for all" not in text


def test_a_page_is_read_in_the_readers_language_in_one_statement(client, django_assert_num_queries):
    with django_assert_num_queries(1):
        text = body_of(client, "/fr/about/accessibility/")
    assert "<h1>Accessibilité</h1>" in text
    assert f'href="mailto:{settings.CONTACT_EMAIL}"' in text
    assert "<h2>" in text
    assert "{{" not in text


def test_a_page_leads_to_those_beside_it_in_its_section(client):
    PageFactory(slug="ours", title_en="Ours too", section="prepare")
    PageFactory(slug="hidden", title_en="Not for all", section="prepare", is_shown=False)
    text = body_of(client, "/en/about/prepare-samples/")
    beside = text.partition('aria-labelledby="beside"')[2].partition("</aside>")[0]
    assert ">How to prepare</h2>" in beside
    assert [f'href="/en/about/{slug}/"' in beside for slug in ("ours", "prepare-session")] == [True, True]
    assert not any(f'href="/en/about/{slug}/"' in beside for slug in ("prepare-samples", "hidden", "privacy"))


def test_a_page_of_staff_stands_in_the_place_of_the_shipped_one(client):
    PageFactory(slug="privacy", title_en="Our privacy", body_en="Nothing is kept, says {{brand}}.")
    text = body_of(client, "/en/about/privacy/")
    assert "Our privacy" in text
    assert f"Nothing is kept, says {settings.BRAND_NAME}." in text


def test_a_page_in_one_language_says_so_in_the_other(client):
    PageFactory(slug="rules", title_en="Rules", body_en="Be kind.", title_fr="", body_fr="", summary_fr="")
    text = body_of(client, "/fr/about/rules/")
    assert '<span lang="en" dir="ltr">Rules</span>' in text
    assert 'class="prose" lang="en" dir="ltr"' in text


def test_a_hidden_page_is_for_staff_alone(client, staff, researcher):
    PageFactory(slug="rules", is_shown=False)
    seen = [client.get("/en/about/rules/").status_code]
    for person in (researcher, staff):
        client.force_login(person)
        seen.append(client.get("/en/about/rules/").status_code)
    assert seen == [404, 404, 200]
    body_of(client, "/en/about/nowhere/", 404)


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        "![x](https://evil.example/x.png)",
        '<img src=x onerror="alert(1)">',
        "{{contact}}<iframe src=//evil.example></iframe>",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
    ],
)
def test_markdown_does_no_harm(client, hostile):
    PageFactory(slug="rules", body_en=hostile)
    prose = body_of(client, "/en/about/rules/").split('<div class="prose"')[1].split("</main>")[0]
    assert not re.search(r"<(script|img|iframe)|href=\"(javascript|data)", prose)


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("{{ brand }}", "A \\*B\\* \\<i\\>"),
        ("{{calls}}", "/en/calls/"),
        ("{{about:privacy}}", "/en/about/privacy/"),
        ("{{secret_key}} {{calls:x}} {{about}}", "{{secret_key}} {{calls:x}} {{about}}"),
    ],
)
def test_marks_stand_for_a_closed_list(settings, typed, shown):
    settings.BRAND_NAME = "A *B* <i>"
    with translation.override("en"):
        assert placeholders.filled(typed) == shown


@pytest.mark.parametrize("name", sorted(placeholders.ADDRESSES))
def test_every_mark_of_an_address_leads_to_a_page(name):
    with translation.override("fr"):
        assert placeholders.filled(f"{{{{{name}}}}}").startswith(("/fr/", "/api/"))


# --- Deeds --------------------------------------------------------------------------------------------


def test_the_first_saving_takes_the_place_of_the_shipped_text(staff):
    page = actions.save_page("privacy", by=staff, version=0, note="Shorter", body_en="Less.\n")
    assert (page.version, page.body_en, page.title_fr) == (1, "Less.\n", shipped.texts_of("privacy")["title_fr"])
    version = page.versions.get()
    assert (version.number, version.note, version.made_by, version.texts["body_en"]) == (1, "Shorter", staff, "Less.\n")
    entry = Record.objects.get(model="stories.page")
    assert (entry.verb, entry.by, entry.details["fields"]) == ("edit", staff, ["body_en"])


def test_saving_the_same_writes_nothing(staff):
    page = PageFactory()
    actions.save_page(page.slug, by=staff, version=99, title_en=page.title_en, summary_fr="", position=0)
    assert not PageVersion.objects.exists()
    assert not Record.objects.exists()


def test_nobody_is_overwritten(staff, admin_user):
    actions.save_page("privacy", by=admin_user, version=0, body_en="One.\n")
    with pytest.raises(actions.Conflict) as refusal:
        actions.save_page("privacy", by=staff, version=0, body_en="Two.\n")
    assert (refusal.value.status, refusal.value.version) == (409, 1)
    assert Page.objects.get().body_en == "One.\n"
    actions.save_page("privacy", by=staff, version=1, body_en="Two.\n")
    assert Page.objects.get().version == 2


@pytest.mark.django_db(transaction=True)
def test_two_who_save_a_shipped_page_at_once_make_one_version(staff):
    gate, outcomes = Barrier(2), []

    def save(words):
        gate.wait()
        try:
            actions.save_page("privacy", by=staff, version=0, body_en=words)
            outcomes.append("saved")
        except actions.Conflict:
            outcomes.append("conflict")
        finally:
            connection.close()

    threads = [Thread(target=save, args=(words,)) for words in ("One.\n", "Two.\n")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["conflict", "saved"]
    assert PageVersion.objects.count() == 1


def test_a_version_is_restored_as_a_new_one(staff):
    page = actions.save_page("privacy", by=staff, version=0, body_en="One.\n")
    actions.save_page("privacy", by=staff, version=1, body_en="Two.\n")
    page = actions.restore_version(page, 1, by=staff)
    assert (page.version, page.body_en) == (3, "One.\n")
    page = actions.restore_version(page, 0, by=staff)
    assert (page.version, page.body_en) == (4, shipped.texts_of("privacy")["body_en"])
    assert [entry.verb for entry in Record.objects.order_by("pk")] == ["edit", "edit", "restore", "restore"]


@pytest.mark.parametrize(("number", "code"), [(7, "no_such_version"), (1, "same_text")])
def test_what_cannot_be_restored(staff, number, code):
    page = actions.save_page("privacy", by=staff, version=0, body_en="One.\n")
    with pytest.raises(Refused) as refusal:
        actions.restore_version(page, number, by=staff)
    assert refusal.value.codes == [code]


def test_the_shipped_text_stands_again_once_and_its_section_stays(client, staff):
    page = actions.save_page("for-donors", by=staff, version=0, body_en="One.\n", section="about")
    page = actions.restore_version(page, 0, by=staff)
    assert (page.version, page.section) == (2, "about")
    with pytest.raises(Refused) as refusal:
        actions.restore_version(page, 0, by=staff)
    assert refusal.value.codes == ["same_text"]
    client.force_login(staff)
    assert "This is what the page says now." in body_of(client, "/en/desk/pages/for-donors/history/0/")


def test_pages_are_hidden_and_shown_and_the_foots_are_not(client, staff):
    actions.hide_page("prepare-samples", by=staff)
    assert client.get("/en/about/prepare-samples/").status_code == 404
    actions.show_page("prepare-samples", by=staff)
    assert client.get("/en/about/prepare-samples/").status_code == 200
    with pytest.raises(Refused) as refusal:
        actions.hide_page("privacy", by=staff)
    assert refusal.value.codes == ["lasting"]
    assert [entry.verb for entry in Record.objects.order_by("pk")] == ["hide", "show"]


def test_a_new_page_gets_an_address_that_nothing_has(staff):
    slugs = [actions.create_page(by=staff, title_en=title, body_en="x").slug for title in ("Privacy", "Privacy", "New")]
    assert slugs == ["privacy-2", "privacy-3", "new-2"]


@pytest.mark.parametrize("deed", ["create", "save", "restore", "hide", "show"])
def test_deeds_are_for_staff(operator, deed):
    page = PageFactory()
    deeds = {
        "create": lambda: actions.create_page(by=operator, title_en="x"),
        "save": lambda: actions.save_page(page.slug, by=operator, version=1, title_en="x"),
        "restore": lambda: actions.restore_version(page, 1, by=operator),
        "hide": lambda: actions.hide_page(page.slug, by=operator),
        "show": lambda: actions.show_page(page.slug, by=operator),
    }
    with pytest.raises(Forbidden):
        deeds[deed]()
    assert not Record.objects.exists()


# --- The desk -----------------------------------------------------------------------------------------


def test_staff_write_a_page_after_a_look_at_it(client, staff):
    client.force_login(staff)
    looked = client.post("/en/desk/pages/new/", TEXTS | {"preview": "1"})
    assert looked.status_code == 200
    assert "<h3>Be kind</h3>" in looked.content.decode()
    assert "<h3>Courtoisie</h3>" in looked.content.decode()
    assert not Page.objects.exists()
    saved = client.post("/en/desk/pages/new/", TEXTS)
    assert saved["Location"] == "/en/about/house-rules/"
    assert "<h2>Courtoisie</h2>" in body_of(client, "/fr/about/house-rules/")


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"title_en": ""}, "Give the page a title."),
        ({"body_fr": ""}, "Write the text."),
        (dict.fromkeys(["title_en", "title_fr", "body_en", "body_fr"], ""), "Give the page a title."),
        ({"body_en": "{{password}} is"}, "{{password}} stands for nothing."),
        ({"body_en": "x" * 40_001}, "at most 40000"),
        ({"section": "elsewhere"}, "Select a valid choice"),
        ({"position": "-1"}, "greater than or equal to 0"),
    ],
)
def test_what_is_typed_wrongly_is_said_and_kept(client, staff, changes, sentence):
    client.force_login(staff)
    response = client.post("/en/desk/pages/new/", TEXTS | changes | {"note": "Kept"})
    text = response.content.decode()
    assert response.status_code == 400
    assert sentence in text
    assert 'value="Kept"' in text
    assert "<title>Error: " in text
    assert not Page.objects.exists()


def test_a_conflict_shows_both_texts_and_can_be_settled(client, staff, admin_user):
    client.force_login(staff)
    form = {**shipped.texts_of("privacy"), "section": "legal", "position": "20", "version": "0"}
    actions.save_page("privacy", by=admin_user, version=0, title_en="Theirs")
    response = client.post("/en/desk/pages/privacy/", form | {"title_en": "Mine"})
    text = response.content.decode()
    assert response.status_code == 409
    assert "Theirs" in text
    assert 'value="Mine"' in text
    assert f"{admin_user} saved this page" in text
    assert 'name="version" value="1"' in text
    assert client.post("/en/desk/pages/privacy/", form | {"title_en": "Mine", "version": "1"}).status_code == 302
    assert Page.objects.get().title_en == "Mine"


def test_what_a_browser_sends_back_unchanged_is_no_change(client, staff):
    """Browsers end lines with two letters, files with one."""
    client.force_login(staff)
    texts = {name: text.replace("\n", "\r\n") for name, text in shipped.texts_of("privacy").items()}
    client.post("/en/desk/pages/privacy/", texts | {"section": "legal", "position": "20", "version": "0"})
    assert not Page.objects.exists()


@pytest.mark.parametrize("number", [1, 3])
def test_lists_of_the_desk_take_a_fixed_number_of_statements(client, staff, django_assert_num_queries, number):
    client.force_login(staff)
    page = actions.save_page("privacy", by=staff, version=0, body_en="0\n")
    for version in range(1, number):
        actions.save_page("privacy", by=staff, version=version, body_en=f"{version}\n")
        PageFactory()
    with django_assert_num_queries(3):
        assert "Questions and answers" in body_of(client, "/en/desk/pages/")
    with django_assert_num_queries(5):
        text = body_of(client, reverse("desk_pages:history", args=[page.slug]))
    assert len(re.findall(r'href="/en/desk/pages/privacy/history/\d', text)) == number + 1  # and the shipped text


def test_a_version_is_looked_at_and_restored_by_hand(client, staff):
    client.force_login(staff)
    actions.save_page("privacy", by=staff, version=0, body_en="First words.\n")
    actions.save_page("privacy", by=staff, version=1, body_en="Second words.\n")
    assert "First words." in body_of(client, "/en/desk/pages/privacy/history/1/")
    assert "This is what the page says now." in body_of(client, "/en/desk/pages/privacy/history/2/")
    assert client.post("/en/desk/pages/privacy/history/1/").status_code == 302
    assert "First words." in body_of(client, "/en/about/privacy/")
    assert client.post("/en/desk/pages/privacy/history/3/").status_code == 422
    body_of(client, "/en/desk/pages/privacy/history/9/", 404)


def test_hiding_by_hand(client, staff):
    client.force_login(staff)
    assert client.get("/en/desk/pages/prepare-session/shown/").status_code == 405
    client.post("/en/desk/pages/prepare-session/shown/")
    assert "hidden" in body_of(client, "/en/desk/pages/prepare-session/")
    client.post("/en/desk/pages/prepare-session/shown/", {"shown": "1"})
    assert Page.objects.get().is_shown
    refused = client.post("/en/desk/pages/privacy/shown/", follow=True).content.decode()
    assert "it cannot be hidden" in refused
    assert client.post("/en/desk/pages/nowhere/shown/").status_code == 404

"""The search: what it finds, for whom, how it forgives, and what it does with odd questions."""

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client

from calls.models import Call
from portal.pages.models import SearchWord
from portal.pages.search.finding import MOST, find
from portal.pages.search.highlighting import fragment, marked, plain, terms_of
from portal.pages.search.words import corrected, distance, gather_all, trigrams
from tests.factories.accounts import OrganisationFactory
from tests.factories.calls import CallFactory
from tests.factories.instruments import InstrumentFactory, TechniqueFactory
from tests.factories.stories import EventFactory, PageFactory, StoryFactory
from tests.support.waiting import quickest, seconds_of

VISITOR = AnonymousUser()


def page(client: Client, question: str, **asked: str) -> str:
    response = client.get("/en/search/", {"q": question, **asked})
    assert response.status_code == 200
    return response.content.decode()


def one_of_each(word: str) -> None:
    CallFactory(title_en=f"{word} call")
    InstrumentFactory(name_en=f"{word} bench")
    EventFactory(title_en=f"{word} school")
    StoryFactory(title_en=f"{word} from afar")
    OrganisationFactory(name=f"{word} institute")


# --- What is found --------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_word_finds_every_kind(client: Client) -> None:
    one_of_each("Diffraction")
    text = page(client, "diffraction")
    for words in ("call", "bench", "school", "from afar", "institute"):
        assert f"<mark>Diffraction</mark> {words}" in text
    for kind in ("calls", "instruments", "events", "stories", "organisations"):
        assert f"?q=diffraction&amp;in={kind}" in text


@pytest.mark.django_db
def test_nobody_finds_what_they_may_not_see(client: Client, staff: Any) -> None:
    CallFactory(title_en="Zirconium of the draft call", draft=True)
    InstrumentFactory(name_en="Zirconium of the proposed one", state="proposed")
    StoryFactory(title_en="Zirconium of the story in review", draft=True)
    EventFactory(title_en="Zirconium of the coming event", state="draft", published_at=None)
    kept = OrganisationFactory(name="Kept house")
    OrganisationFactory(name="Zirconium of the proposed house", state="proposed")
    OrganisationFactory(name="Zirconium of the double", state="merged", merged_into=kept)
    assert find("zirconium", VISITOR, "en").total == 0
    assert "Nothing found" in page(client, "zirconium")
    found = find("zirconium", staff, "en")
    assert {kind: len(keys) for kind, keys in found.keys.items()} == {
        "calls": 1,
        "instruments": 1,
        "events": 1,
        "stories": 1,
        "organisations": 1,
    }
    client.force_login(staff)
    text = page(client, "zirconium")
    assert "of the double" not in text
    assert text.count('class="status') >= 5  # each says that it is not public


@pytest.mark.django_db
def test_titles_come_before_texts_and_the_latest_before_older_ones() -> None:
    in_text = StoryFactory(title_en="A morning", body_en="All about diffraction.")
    in_title = StoryFactory(title_en="Diffraction", summary_en="")
    again = StoryFactory(title_en="Diffraction", summary_en="")
    assert find("diffraction", VISITOR, "en").keys["stories"] == [again.pk, in_title.pk, in_text.pk]


@pytest.mark.django_db
def test_techniques_and_countries_are_found_by_their_names() -> None:
    technique = TechniqueFactory(slug="sem", name_en="Scanning electron microscopy", name_fr="Microscopie à balayage")
    house = OrganisationFactory(name="Some house", country="KE")
    bench = InstrumentFactory(name_en="The big one", techniques=[technique], organisation=house)
    call = CallFactory(title_en="Hours for all", techniques=[technique])
    found = find("microscopy", VISITOR, "en").keys
    assert (found["instruments"], found["calls"]) == ([bench.pk], [call.pk])
    found = find("Kenya", VISITOR, "en").keys
    assert (found["instruments"], found["organisations"]) == ([bench.pk], [house.pk])


@pytest.mark.django_db
@pytest.mark.parametrize("question", ["diffractions", "diffraction school", "diffraction schools"])
def test_a_title_in_whatever_form_comes_before_a_technique(question: str) -> None:
    technique = TechniqueFactory(slug="school", name_en="Diffraction school", name_fr="École de diffraction")
    in_title = EventFactory(title_en="A school of diffraction", title_fr="")
    by_technique = EventFactory(title_en="Summer", title_fr="", body_en="", body_fr="")
    by_technique.techniques.add(technique)
    assert find(question, VISITOR, "en").keys["events"] == [in_title.pk, by_technique.pk]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("question", "language"), [("metabolomique", "fr"), ("MÉTABOLOMIQUES", "fr"), ("métabol", "fr"), ("lome", "en")]
)
def test_accents_endings_and_beginnings_do_not_matter(question: str, language: str) -> None:
    story = StoryFactory(title_fr="La métabolomique des feuilles", summary_en="From Lomé.")
    assert find(question, VISITOR, language).keys["stories"] == [story.pk]


@pytest.mark.django_db
def test_pages_about_the_portal_are_found_as_shipped_and_as_staff_wrote_them(client: Client) -> None:
    assert "/en/about/cookies/" in page(client, "cookies")
    PageFactory(slug="cookies", title_en="Biscuits", body_en="Nothing else.", summary_en="")
    PageFactory(slug="secret", title_en="Cookies in secret", is_shown=False)
    text = page(client, "biscuits")
    assert "<mark>Biscuits</mark>" in text
    assert "/en/about/secret/" not in page(client, "cookies secret")
    gather_all()
    assert SearchWord.objects.filter(word="biscuits", language="en").exists()
    assert not SearchWord.objects.filter(word="secret", language="en").exists()


@pytest.mark.django_db
@pytest.mark.parametrize("number", [1, 7])
def test_a_search_takes_seven_statements_whatever_it_finds(
    client: Client, django_assert_num_queries: Any, number: int
) -> None:
    for _ in range(number):
        one_of_each("Diffraction")
    with django_assert_num_queries(7):
        page(client, "diffraction")
    with django_assert_num_queries(3):
        page(client, "diffraction", **{"in": "events"})


@pytest.mark.django_db
def test_a_corrected_search_takes_eight_statements(client: Client, django_assert_num_queries: Any) -> None:
    one_of_each("Diffraction")
    gather_all()
    with django_assert_num_queries(8):
        assert "<mark>Diffraction</mark> call" in page(client, "difraction")


@pytest.mark.django_db
def test_all_results_of_one_kind_are_paged(client: Client) -> None:
    Call.objects.bulk_create(CallFactory.build(title_en=f"Diffraction {n}", slug=f"c{n}") for n in range(25))
    assert "All 25 results" in page(client, "diffraction")
    assert page(client, "diffraction", **{"in": "calls", "page": "2"}).count("<h3>") == 5


@pytest.mark.django_db
def test_counts_stay_honest_where_they_end(client: Client) -> None:
    Call.objects.bulk_create(CallFactory.build(title_en="Diffraction", slug=f"c{n}") for n in range(MOST + 1))
    text = page(client, "diffraction")
    assert f"(more than {MOST})" in text
    assert f"More than {MOST} results" in text
    assert len(find("diffraction", VISITOR, "en").keys["calls"]) == MOST


@pytest.mark.django_db
@pytest.mark.parametrize("asked", [{"in": "people"}, {"in": "calls", "page": "x"}, {"in": "calls", "page": "99"}])
def test_odd_parameters_give_the_nearest_page(client: Client, asked: dict[str, str]) -> None:
    CallFactory(title_en="Diffraction")
    assert "<mark>Diffraction</mark>" in page(client, "diffraction", **asked)


@pytest.mark.django_db
def test_from_a_result_to_a_wish_with_its_techniques(client: Client) -> None:
    technique = TechniqueFactory(slug="sem", name_en="SEM")
    CallFactory(title_en="Hours", techniques=[technique])
    InstrumentFactory(name_en="Hours machine", techniques=[technique])
    text = page(client, "hours")
    assert 'href="/en/interest/?technique=sem&amp;kind=remote_access"' in text
    assert 'href="/en/interest/?technique=sem"' in text
    asked = client.get("/en/interest/?technique=sem&kind=remote_access").content.decode()
    assert asked.count(" checked") >= 2


# --- Odd questions ---------------------------------------------------------------------------------------

ODD = [
    *(
        "",
        "   ",
        "!!!",
        "*",
        "%",
        "a",
        "the",
        "\x00",
        "a\x00b",
        "' OR 1=1 --",
        '"',
        '"""',
        "&|!():*",
        "<->",
        "__",
        "-x",
    ),
    *(
        "zzzz",
        "\u202eabc\u202c",
        "مجهر",
        "显微镜",
        "🔬",
        "\ud83d".encode("utf-8", "replace").decode(),
        "x" * 10_000,
        "or or or",
    ),
    *("word " * 2000, "(" * 5000, "-" * 300, "%s %(x)s {0}", "\\", "a:*b", "!a & b", "é" * 300),
]


@pytest.mark.django_db
@pytest.mark.parametrize("question", ODD)
def test_odd_questions_find_nothing_and_break_nothing(client: Client, question: str) -> None:
    CallFactory()
    gather_all()
    text = page(client, question)
    assert "Diffraction time" not in text
    assert 'href="/en/calls/"' in text


@pytest.mark.django_db
def test_long_questions_are_cut_and_that_is_said(client: Client) -> None:
    assert "Only the first 200 letters were searched." in page(client, "diffraction " * 900)


@pytest.mark.django_db
def test_what_was_asked_and_what_was_found_are_shown_as_text(client: Client) -> None:
    StoryFactory(title_en="<script>alert(1)</script> crystals", summary_en="<img src=x onerror=alert(2)>")
    assert "<script>alert" not in page(client, "<script>alert")
    text = page(client, "crystals")
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt; <mark>crystals</mark>" in text
    assert "<img src=x" not in text
    assert "<mark>crystals</mark>" in text


# --- Mistyped words --------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_what_was_probably_meant_is_searched_and_said(client: Client) -> None:
    CallFactory(title_en="Tomography of zebrafish")
    gather_all()
    text = page(client, "tomografy")
    assert "Nothing was found for “<bdi>tomografy</bdi>”" in text
    assert "results for “<bdi>tomography</bdi>”" in text
    assert "<mark>Tomography</mark>" in text
    assert "?q=tomografy&amp;exactly=1" in text
    exactly = page(client, "tomografy", exactly="1")
    assert "Nothing found" in exactly
    assert "Tomography" not in exactly


@pytest.mark.django_db
def test_words_that_stand_nowhere_together_are_offered_apart(client: Client) -> None:
    CallFactory(title_en="Tomography")
    StoryFactory(title_en="Zebrafish")
    gather_all()
    text = page(client, "tomography zebrafish qqqqqq")
    assert "Nothing found" in text
    assert 'href="?q=tomography"' in text
    assert 'href="?q=zebrafish"' in text
    assert 'href="?q=qqqqqq"' not in text


@pytest.mark.django_db
def test_words_of_what_is_not_public_are_never_suggested() -> None:
    CallFactory(title_en="Zirconium", draft=True, instruments=[])
    OrganisationFactory(name="Palladium", state="proposed")
    gather_all()
    assert not SearchWord.objects.filter(word__in=["zirconium", "palladium"]).exists()
    assert corrected("zirconum", "en") == ""


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("tomografy", "tomography"),
        ("Tomogrpahy", "tomography"),
        ("tomogrpahi", "tomography"),
        ("zebrafsh", "zebrafish"),
        ("tomografy zebarfish", "tomography zebrafish"),
        ("tomography zebrafish zebrfish", "tomography zebrafish zebrafish"),
        ("tomography", ""),
        ("tomogr", ""),
        ("thermometer", ""),
        ("ses", ""),
        ("12345", ""),
    ],
)
def test_the_nearest_word_is_meant(typed: str, meant: str) -> None:
    CallFactory(title_en="Tomography of zebrafish")
    gather_all()
    assert corrected(typed, "en") == meant


@pytest.mark.django_db
def test_words_are_gathered_by_language_again_and_again(django_assert_num_queries: Any) -> None:
    story = StoryFactory(title_en="Seeds", title_fr="Graines", summary_en="", summary_fr="", body_en="", body_fr="")
    StoryFactory(title_en="More seeds", title_fr="", summary_en="", summary_fr="", body_en="", body_fr="")
    gather_all()
    words = SearchWord.objects
    assert dict(words.filter(word="seeds").values_list("language", "texts")) == {"en": 2, "fr": 1}
    assert list(words.filter(word="graines").values_list("language", flat=True)) == ["fr"]
    before = set(words.values_list("pk", "texts"))
    gather_all()
    assert set(words.values_list("pk", "texts")) == before
    story.delete()
    gather_all()
    assert dict(words.filter(word="seeds").values_list("language", "texts")) == {"en": 1, "fr": 1}
    assert not words.filter(word="graines").exists()


@pytest.mark.parametrize(
    ("one", "other", "letters"),
    [
        ("crystal", "crystal", 0),
        ("crystal", "cristal", 1),
        ("crytsal", "crystal", 1),
        ("cystl", "crystal", 2),
        ("", "ab", 2),
    ],
)
def test_distance_counts_letters(one: str, other: str, letters: int) -> None:
    assert distance(one, other, 2) == letters
    assert distance(other, one, 2) == letters


def test_distance_gives_up_beyond_the_most() -> None:
    assert distance("diffraction", "metabolomic", 2) > 2


def test_runs_of_three_letters_know_the_ends_of_a_word() -> None:
    assert trigrams("seed") == [" se", "ed ", "eed", "see"]


# --- Marks -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "question", "html"),
    [
        ("Two crystals & one", "crystal", "Two <mark>crystals</mark> &amp; one"),
        ("Métabolomique", "metabolomiques", "<mark>Métabolomique</mark>"),
        ("Crystallography", "crystal", "<mark>Crystallography</mark>"),
        ("a <b>", "b", "a &lt;<mark>b</mark>&gt;"),
        ("cat and category", "cat", "<mark>cat</mark> and <mark>category</mark>"),
        ("Light and light", "-light", "Light and light"),
        ("nothing", "", "nothing"),
    ],
)
def test_words_asked_for_are_marked_and_all_is_escaped(text: str, question: str, html: str) -> None:
    assert marked(text, terms_of(question)) == html


def test_of_a_long_text_the_part_around_the_word_is_shown() -> None:
    text = "# Head\n\n" + "word " * 100 + "the **crystal** [here](https://example.org) " + "more " * 100
    part = fragment(text, ["crystal"])
    assert part.startswith("… ")
    assert part.endswith(" …")
    assert "the crystal here more" in part
    assert len(part) < 260
    assert fragment(text, ["absent"]) == ""


def test_markdown_is_left_out_of_what_is_shown() -> None:
    text = "## Head\n\n\n- one\n\n  + two\n12. three\n> *four* [five](https://example.org/six?seven)\n- \n-eight 9.5"
    assert plain(text) == "Head one two three four five -eight 9.5"


@pytest.mark.parametrize("marks", ["\n", " \n", "](", "1", "- "])
def test_a_long_text_of_marks_is_read_as_fast_as_one_of_words(marks: str) -> None:
    text = f"a{marks * (40_000 // len(marks))}b"
    assert quickest(lambda: seconds_of(lambda: plain(text)), 0.5) < 0.5

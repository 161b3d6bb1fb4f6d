"""Pages of calls: the public list with its filters, and one call."""

import html
import json
from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from calls.enums import CallState
from tests.factories.applications import ApplicationFactory
from tests.factories.calls import CallFactory, DocumentFactory, LateAccessFactory
from tests.factories.instruments import InstrumentFactory, TechniqueFactory

pytestmark = pytest.mark.django_db
LIST = "/en/calls/"


def titles(response) -> list[str]:
    return [call.title for call in response.context["page_obj"]]


def text_of(response) -> str:
    return response.content.decode()


@pytest.fixture
def tree():
    """Diffraction with two branches below it, and microscopy."""
    diffraction = TechniqueFactory(slug="diffraction")
    return {
        "diffraction": diffraction,
        "single-crystal-x-ray": TechniqueFactory(slug="single-crystal-x-ray", parent=diffraction),
        "powder-x-ray": TechniqueFactory(slug="powder-x-ray", parent=diffraction),
        "microscopy": TechniqueFactory(slug="microscopy"),
    }


# --- The list -----------------------------------------------------------------------------------


def test_open_calls_come_first_by_what_closes_soonest(client):
    now = timezone.now()
    for title, opens, closes, state in [
        ("closed early", -60, -20, "published"),
        ("closed late", -60, -5, "published"),
        ("decided", -90, -70, "decided"),
        ("upcoming late", 20, 50, "published"),
        ("upcoming soon", 5, 60, "published"),
        ("open late", -5, 30, "published"),
        ("open soon", -5, 3, "published"),
        ("draft", -5, 3, "draft"),
        ("withdrawn", -5, 3, "withdrawn"),
        ("archived", -90, -70, "archived"),
    ]:
        CallFactory(
            title_en=title, opens_at=now + timedelta(days=opens), closes_at=now + timedelta(days=closes), state=state
        )
    assert titles(client.get(LIST)) == [
        "open soon",
        "open late",
        "upcoming soon",
        "upcoming late",
        "closed late",
        "closed early",
        "decided",
    ]


@pytest.mark.parametrize("status", ["open", "upcoming", "closed", "decided"])
def test_filter_by_status(client, status):
    CallFactory(title_en="open")
    CallFactory(title_en="upcoming", upcoming=True)
    CallFactory(title_en="closed", closed=True)
    CallFactory(title_en="decided", closed=True, state=CallState.DECIDED)
    assert titles(client.get(LIST, {"status": status})) == [status]


@pytest.mark.parametrize(
    ("technique", "found"),
    [
        ("diffraction", {"single", "powder"}),
        ("powder-x-ray", {"powder"}),
        ("microscopy", {"microscopy"}),
    ],
)
def test_filter_by_technique_takes_what_is_below_it(client, tree, technique, found):
    CallFactory(title_en="single", techniques=[tree["single-crystal-x-ray"]])
    CallFactory(title_en="powder", techniques=[tree["powder-x-ray"]])
    CallFactory(title_en="microscopy", techniques=[tree["microscopy"]])
    assert set(titles(client.get(LIST, {"technique": technique}))) == found


def test_filter_by_country_keeps_calls_for_all(client):
    CallFactory(title_en="for all", countries=[])
    CallFactory(title_en="for two", countries=["KE", "TZ"])
    CallFactory(title_en="for one", countries=["SN"])
    assert set(titles(client.get(LIST, {"country": "TZ"}))) == {"for all", "for two"}


def test_filter_by_kind(client):
    CallFactory(title_en="hours")
    CallFactory(title_en="places", kind="training")
    assert titles(client.get(LIST, {"kind": "training"})) == ["places"]


@pytest.mark.parametrize(
    ("language", "words", "found"),
    [
        ("en", "crystal", ["Crystals for all"]),
        ("en", "quantum", []),
        ("fr", "cristal", ["Des cristaux pour tous"]),
        ("fr", "metabolomique", ["Métabolomique"]),
    ],
)
def test_search_in_the_readers_language(client, language, words, found):
    plain = {"summary_en": "", "summary_fr": "", "description_en": "", "description_fr": ""}
    CallFactory(title_en="Crystals for all", title_fr="Des cristaux pour tous", **plain)
    CallFactory(title_en="Metabolomics", title_fr="Métabolomique", **plain)
    assert titles(client.get(f"/{language}/calls/", {"q": words})) == found


@pytest.mark.parametrize(
    "query",
    [{"status": "nonsense"}, {"technique": "no-such"}, {"country": "XX"}, {"kind": "x"}, {"q": "a\x00b"}],
)
def test_a_filter_that_makes_no_sense_is_named(client, query):
    CallFactory()
    response = client.get(LIST, query)
    assert response.status_code == 400
    assert titles(response) == []
    assert "There is a problem" in text_of(response)
    assert "<title>Error:" in text_of(response)


def test_empty_lists_say_what_to_do(client):
    assert reverse("interest:declare") in text_of(client.get(LIST))
    assert "No call fits these filters" in text_of(client.get(LIST, {"q": "quantum"}))


@pytest.mark.parametrize("page", ["0", "999", "nonsense"])
def test_pages_that_do_not_exist_show_the_nearest(client, page):
    CallFactory()
    assert client.get(LIST, {"page": page}).status_code == 200


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_takes_four_statements_whatever_its_length(client, tree, rows, django_assert_num_queries):
    for _ in range(rows):
        CallFactory(techniques=[tree["single-crystal-x-ray"], tree["powder-x-ray"]])
    client.get(LIST)
    with django_assert_num_queries(4):
        client.get(LIST, {"technique": "diffraction", "country": "KE", "status": "open"})


# --- One call -----------------------------------------------------------------------------------


def test_a_call_says_everything_on_two_clocks(client, instrument):
    call = CallFactory(
        opens_at=datetime(2027, 1, 10, 8, 0, tzinfo=UTC),
        closes_at=datetime(2027, 2, 28, 22, 59, tzinfo=UTC),
        countries=["KE", "TZ"],
        instruments=[instrument],
        techniques=list(instrument.techniques.all()),
    )
    client.cookies["time_zone"] = "Africa/Nairobi"
    text = text_of(client.get(call.get_absolute_url()))
    for words in (
        "1 March 2027, 01:59",
        "Nairobi time",
        "28 February 2027, 23:59",
        "Paris time",
        "Kenya, Tanzania",
        "100 h",
        instrument.name,
        "calls@example.org",
        f"?call={call.slug}",
    ):
        assert words in text


def test_the_text_is_in_the_language_of_the_page(client):
    call = CallFactory(title_en="Crystals", title_fr="Cristaux")
    assert "Cristaux" in text_of(client.get(f"/fr/calls/{call.slug}/"))
    assert "Crystals" in text_of(client.get(f"/en/calls/{call.slug}/"))


def test_a_text_nobody_translated_is_marked_as_english(client):
    call = CallFactory(description_fr="", covers_en="Travel", covers_fr="Voyage")
    text = text_of(client.get(f"/fr/calls/{call.slug}/"))
    assert '<section class="prose" lang="en">' in text
    assert '<div class="prose" lang="fr">' in text


def test_markdown_cannot_harm_the_page(client):
    call = CallFactory(description_en="## Who\n\n<script>alert(1)</script>")
    text = text_of(client.get(call.get_absolute_url()))
    assert "<h2>Who</h2>" in text
    assert "<script>alert" not in text


@pytest.mark.parametrize(
    ("who", "status"),
    [(None, 404), ("researcher", 404), ("focal_point", 404), ("operator", 404), ("staff", 200), ("admin_user", 200)],
)
def test_a_draft_is_seen_by_staff_alone_as_a_preview(client, who, status, request):
    call = CallFactory(draft=True, title_en="Secret plan")
    if who:
        client.force_login(request.getfixturevalue(who))
    response = client.get(call.get_absolute_url())
    assert response.status_code == status
    assert ("Preview" in text_of(response)) == (status == 200)
    assert "Secret plan" not in text_of(client.get(LIST))


def test_a_withdrawn_call_says_why_at_its_address(client):
    call = CallFactory(state=CallState.WITHDRAWN, state_note="The instrument is broken.")
    response = client.get(call.get_absolute_url())
    assert response.status_code == 200
    assert "The instrument is broken." in text_of(response)
    assert "?call=" not in text_of(response)


def test_a_draft_withdrawn_before_anybody_saw_it_is_not_shown(client):
    call = CallFactory(state=CallState.WITHDRAWN, published_at=None)
    assert client.get(call.get_absolute_url()).status_code == 404


def test_countries_stand_in_the_order_of_their_names(client):
    call = CallFactory(countries=["ZM", "BJ", "CI", "EG"])
    names = "Benin, Côte d’Ivoire, Egypt, Zambia"
    page = html.unescape(text_of(client.get(call.get_absolute_url()))).replace("'", "’")
    assert names in page


# --- Whether the reader may apply ---------------------------------------------------------------

FITS = "<h2>You can apply</h2>"


def see(client, call, user=None) -> str:
    if user is not None:
        client.force_login(user)
    return html.unescape(text_of(client.get(call.get_absolute_url())))


def test_a_visitor_is_told_that_signing_in_tells(client):
    call = CallFactory()
    text = see(client, call)
    assert "Once you are signed in" in text
    assert f'href="/en/calls/{call.slug}/apply/"' in text
    assert FITS not in text


def test_who_fits_is_told_at_once(client, researcher):
    call = CallFactory(countries=["KE"], career_stages=["doctoral"])
    text = see(client, call, researcher)
    assert FITS in text
    assert f'href="/en/calls/{call.slug}/apply/"' in text


def test_who_does_not_fit_reads_every_reason_and_where_to_fill_in_what_is_missing(client, researcher):
    call = CallFactory(countries=["TZ"], career_stages=["senior"], is_for_women=True)
    text = see(client, call, researcher)
    assert "people who work in other countries" in text
    assert "other career stages than yours: Senior faculty" in text
    assert 'href="/en/me/profile/#id_gender_0"' in text
    assert f"/en/calls/{call.slug}/apply/" not in text


@pytest.mark.parametrize("phase", ["upcoming", "closed"])
def test_nobody_is_led_to_apply_outside_its_time(client, researcher, phase):
    call = CallFactory(**{phase: True})
    for user in (None, researcher):
        text = see(client, call, user)
        assert f"/en/calls/{call.slug}/apply/" not in text
    assert ("You can apply once it opens" in text) == (phase == "upcoming")


def test_the_way_to_one_s_own_application(client, researcher):
    call = CallFactory(closed=True)
    application = ApplicationFactory(call=call, applicant=researcher, screening=True)
    assert f'href="{application.get_absolute_url()}"' in see(client, call, researcher)


def test_a_late_access_opens_a_closed_call_for_its_taker(client, researcher, stranger_researcher):
    call = CallFactory(closed=True)
    LateAccessFactory(call=call, user=researcher)
    assert "open for you by the link" in see(client, call, researcher)
    assert "/apply/" not in see(client, call, stranger_researcher)


def test_the_page_says_what_the_call_asks_gives_and_weighs(client):
    call = CallFactory(
        most_minutes=600,
        years_since_phd=7,
        women_share=40,
        priority_countries=["MW", "BJ"],
        priority_stages=["doctoral"],
        priority_why_en="No instrument there.",
        criteria=[60, 40],
    )
    document = DocumentFactory(call=call)
    text = see(client, call)
    for words in (
        "up to 10 h",
        "at most 7 years old",
        "40 % of what it gives",
        "Benin, Malawi",
        "Doctoral researcher",
        "No instrument there.",
        "60 %",
        f"/en/calls/{call.slug}/documents/{document.pk}/",
    ):
        assert words in text


@pytest.mark.parametrize(("kind", "words"), [("training", "Places"), ("equipment", "Verified needs")])
def test_what_other_kinds_give(client, kind, words):
    text = see(client, CallFactory(kind=kind, minutes_offered=0, places_offered=12))
    assert f"<dt>{words}</dt><dd>12</dd>" in text
    assert "Instrument time" not in text


def test_search_engines_get_the_call_as_data_that_cannot_end_its_element(client):
    call = CallFactory(title_en="</script><script>alert(1)</script>", time_zone="Africa/Nairobi")
    page = text_of(client.get(call.get_absolute_url()))
    assert "<script>alert" not in page
    data = json.loads(page.split('<script type="application/ld+json">')[1].split("</script>")[0])
    assert data["name"] == call.title_en
    assert data["potentialAction"]["endTime"].endswith("+03:00")
    assert datetime.fromisoformat(data["potentialAction"]["endTime"]) == call.closes_at


@pytest.mark.parametrize("rows", [1, 3])
def test_a_call_takes_the_same_statements_however_much_it_says(client, researcher, rows, django_assert_num_queries):
    call = CallFactory(criteria=[10] * rows, instruments=[InstrumentFactory() for _ in range(rows)])
    for _ in range(rows):
        DocumentFactory(call=call)
    with django_assert_num_queries(6):  # the call, techniques, instruments, their hosts, criteria, documents
        client.get(call.get_absolute_url())
    client.force_login(researcher)
    with django_assert_num_queries(9):  # and session, person, their own application
        client.get(call.get_absolute_url())


def test_the_feed_has_what_the_list_has_in_the_language_asked_for(client, django_assert_num_queries):
    call = CallFactory(title_fr="Cristaux & co")
    CallFactory(draft=True, title_en="Secret plan")
    with django_assert_num_queries(1):
        response = client.get("/feeds/calls.atom?language=fr")
    text = text_of(response)
    assert response["Content-Type"].startswith("application/atom+xml")
    assert response["Content-Language"] == "fr"
    assert "<title>Cristaux &amp; co</title>" in text
    assert f"/fr/calls/{call.slug}/" in text
    assert "Secret plan" not in text
    assert "/feeds/calls.atom" in text_of(client.get(LIST))

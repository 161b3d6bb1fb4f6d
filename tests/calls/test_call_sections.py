"""Writing a draft: section by section, its criteria and documents, and what publishing asks for."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from calls.actions import call as deeds
from calls.actions.criteria import CriterionLine, set_criteria
from calls.actions.document import add_document, remove_document
from calls.completeness import missing_to_publish
from calls.enums import CallKind, CallState
from calls.models import Call, CallDocument
from calls.sections import SECTIONS
from portal.audit.models import Record
from portal.core.errors import Refused
from portal.core.files import check_upload
from tests.factories.calls import CallFactory, DocumentFactory
from tests.support import uploads

pytestmark = pytest.mark.django_db
NAMES = [section.name for section in SECTIONS]
DATES = {"time_zone": "Europe/Paris", "opens": "2027-01-10T09:00", "closes": "2027-03-05T23:59"}
TYPED: dict[str, dict[str, Any]] = {
    "texts": {"title_en": "Better crystals", "title_fr": "Cristaux", "summary_en": "Hours", "summary_fr": "Heures"},
    "offer": {"kind": "remote_access", "minutes_offered": "37.5", "most_minutes": "10"},
    "dates": DATES | {"use_from": "2027-04-01", "use_until": "2027-12-31", "decision_on": "2027-04-01"},
    "who": {
        "countries": ["KE", "TZ"],
        "career_stages": ["student", "doctoral"],
        "years_since_phd": "5",
        "women_share": "30",
        "priority_countries": ["TZ"],
        "priority_why_en": "No instrument within 2,000 km.",
        "priority_why_fr": "Aucun instrument à moins de 2 000 km.",
        "needs_endorsement": "on",
    },
}


def page(call: Call, section: str) -> str:
    return reverse("desk_calls:call_edit", args=[call.slug, section])


def text_of(response: Any) -> str:
    return str(response.content.decode())


def rows(*criteria: dict[str, Any], reviews: int = 2) -> dict[str, Any]:
    """What the page of criteria sends."""
    typed: dict[str, Any] = {"reviews_wanted": reviews}
    for place, row in enumerate(criteria):
        typed |= {f"row-{place}-{name}": value for name, value in row.items()}
    return typed


def merit(weight: int, name: str = "Merit", **more: Any) -> dict[str, Any]:
    return {"name_en": name, "name_fr": f"{name} (fr)", "weight": weight} | more


@pytest.fixture
def draft(db: None) -> Call:
    return CallFactory(draft=True)


@pytest.fixture
def desk(client: Any, staff: Any) -> Any:
    client.force_login(staff)
    return client


# --- Sections -----------------------------------------------------------------------------------


@pytest.mark.parametrize("section", NAMES)
@pytest.mark.parametrize(("who", "status"), [(None, 302), ("researcher", 403), ("operator", 403), ("staff", 200)])
def test_sections_are_staff_s(client, draft, section, who, status, request):
    if who:
        client.force_login(request.getfixturevalue(who))
    assert client.get(page(draft, section)).status_code == status


def test_a_section_that_is_none_is_not_found(desk, draft):
    assert desk.get(page(draft, "budget")).status_code == 404


def test_a_new_draft_leads_to_its_texts(desk):
    typed = DATES | {"title_en": "Crystals", "kind": "training"}
    response = desk.post(reverse("desk_calls:call_new"), typed)
    call = Call.objects.get()
    assert response.url == page(call, "texts")
    assert (call.slug, call.kind, call.state) == ("crystals", "training", CallState.DRAFT)
    assert call.opens_at == datetime(2027, 1, 10, 8, 0, tzinfo=UTC)
    assert call.closes_at == datetime(2027, 3, 5, 22, 59, tzinfo=UTC)


@pytest.mark.parametrize("section", TYPED)
def test_each_section_saves_and_leads_to_the_next(desk, draft, section):
    response = desk.post(page(draft, section), TYPED[section])
    assert response.status_code == 302
    assert response.url == page(draft, NAMES[NAMES.index(section) + 1])
    back = desk.post(page(draft, section), TYPED[section] | {"back": "1"})
    assert back.url == reverse("desk_calls:call", args=[draft.slug])


def test_what_was_saved_is_shown_again_and_nothing_else_changed(desk, draft, instrument):
    draft.instruments.set([instrument])
    slug = draft.slug
    for section, typed in TYPED.items():
        sent = typed | ({"instruments": [instrument.pk]} if section == "offer" else {})
        desk.post(page(draft, section), sent)
        shown = text_of(desk.get(page(draft, section)))
        for value in typed.values():
            for word in value if isinstance(value, list) else [value]:
                assert word in shown or word == "on"
    draft.refresh_from_db()
    assert (draft.title_en, draft.slug) == ("Better crystals", slug)
    assert (draft.minutes_offered, draft.most_minutes) == (2250, 600)
    assert (draft.use_from, draft.use_until) == (date(2027, 4, 1), date(2027, 12, 31))
    assert [country.code for country in draft.countries] == ["KE", "TZ"]
    assert (draft.career_stages, draft.years_since_phd) == (["student", "doctoral"], 5)
    assert (draft.women_share, draft.is_for_women, draft.needs_endorsement) == (30, False, True)
    assert draft.priority_why_fr.startswith("Aucun")
    assert list(draft.instruments.all()) == [instrument]
    assert draft.description_en == "", "the form of texts was sent without it"


@pytest.mark.parametrize(
    ("section", "changes", "sentence"),
    [
        ("texts", {"title_en": ""}, "This field is required"),
        ("texts", {"title_en": "x" * 161}, "at most 160 characters"),
        ("texts", {"contact": "nobody"}, "Enter a valid email address"),
        ("dates", {"opens": "2027-03-28T02:30", "closes": "2027-05-01T12:00"}, "There is no 02:30 on"),
        ("dates", {"closes": "2027-10-31T02:30"}, "02:30 comes twice on"),
        ("dates", {"closes": "2027-01-09T12:00"}, "must close after it opens"),
        ("dates", {"closes": "tomorrow"}, "Enter a day and time such as"),
        ("dates", {"closes": "2027-03-05T23:59+09:00"}, "Enter a day and time such as"),
        ("dates", {"use_until": "2027-03-31"}, "comes before the first"),
        ("dates", {"decision_on": "9999-12-31"}, "Enter a valid date"),
        ("dates", {"time_zone": "Mars/Olympus"}, "Select a valid choice"),
        ("offer", {"minutes_offered": "0.333"}, "whole minutes"),
        ("offer", {"minutes_offered": "-1"}, "greater than or equal to 0"),
        ("offer", {"minutes_offered": "many"}, "Enter hours as a number"),
        ("offer", {"techniques": ["999999"]}, "Select a valid choice"),
        ("offer", {"places_offered": "3"}, "gives hours, not places"),
        ("offer", {"kind": "training"}, "Only remote access gives hours"),
        ("offer", {"kind": "lottery"}, "Select a valid choice"),
        ("who", {"countries": ["XX"]}, "Select a valid choice"),
        ("who", {"career_stages": ["king"]}, "Select a valid choice"),
        ("who", {"years_since_phd": "-1"}, "greater than or equal to 0"),
        ("who", {"women_share": "101"}, "less than or equal to 100"),
        ("who", {"is_for_women": "on"}, "keeps no share"),
        ("who", {"priority_countries": ["FR"]}, "may not apply at all"),
        ("who", {"priority_stages": ["senior"]}, "may not apply at all"),
    ],
)
def test_what_makes_no_sense_is_sent_back_and_changes_nothing(desk, draft, section, changes, sentence):
    before = Call.objects.filter(pk=draft.pk).values().get()
    response = desk.post(page(draft, section), TYPED[section] | changes)
    assert response.status_code == 400
    assert sentence in text_of(response)
    assert Call.objects.filter(pk=draft.pk).values().get() == before


@pytest.mark.parametrize("section", TYPED)
def test_a_call_that_is_out_keeps_what_people_read(desk, section):
    call = CallFactory()
    assert "can no longer be edited" in text_of(desk.get(page(call, section)))
    assert desk.post(page(call, section), TYPED[section]).status_code == 422
    assert not Record.objects.exists()


def test_the_desk_page_says_what_each_section_lacks(desk):
    call = CallFactory(draft=True, title_fr="", minutes_offered=0, criteria=[60])
    text = text_of(desk.get(reverse("desk_calls:call", args=[call.slug])))
    assert "The title in French is missing." in text
    assert "Say how many hours" in text
    assert "The weights of the criteria come to 60 %" in text
    assert "2 things missing" not in text
    assert "1 thing missing" in text_of(desk.get(page(call, "dates")))


# --- Criteria -----------------------------------------------------------------------------------


def test_criteria_are_written_in_their_order(desk):
    call = CallFactory(draft=True, criteria=[])
    typed = rows(merit(40, "Plan", position=2), merit(60, "Question", position=1, hint_en="Is it new?"), reviews=3) | {
        "is_blind": "on"
    }
    assert desk.post(page(call, "criteria"), typed).url == page(call, "documents")
    found = [(row.name_en, row.weight, row.hint_en) for row in call.criteria.all()]
    assert found == [("Question", 60, "Is it new?"), ("Plan", 40, "")]
    call.refresh_from_db()
    assert (call.reviews_wanted, call.is_blind) == (3, True)


def test_criteria_are_changed_and_removed(desk):
    call = CallFactory(draft=True, criteria=[60, 40])
    first, second = call.criteria.all()
    typed = rows(merit(100, "Merit", pk=first.pk), merit(40, pk=second.pk, remove="on"))
    assert desk.post(page(call, "criteria"), typed).status_code == 302
    assert [(row.pk, row.weight) for row in call.criteria.all()] == [(first.pk, 100)]


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ({"name_en": "Merit", "weight": 50}, "Give the criterion a name in French."),
        ({"name_en": "Merit", "name_fr": "Mérite"}, "Say how much it counts"),
        (merit(0), "greater than or equal to 1"),
        (merit(101), "less than or equal to 100"),
        (merit(10, "x" * 81), "at most 80 characters"),
    ],
)
def test_a_criterion_that_makes_no_sense_is_sent_back(desk, draft, row, sentence):
    response = desk.post(page(draft, "criteria"), rows(row))
    assert response.status_code == 400
    assert sentence in text_of(response)
    assert text_of(response).count("<title>Error:") == 1
    assert [criterion.weight for criterion in draft.criteria.all()] == [100]


def test_criteria_of_another_call_are_not_touched(desk, draft):
    other = CallFactory(draft=True).criteria.get()
    desk.post(page(draft, "criteria"), rows(merit(100, "Stolen", pk=other.pk)))
    other.refresh_from_db()
    assert other.name_en == "Merit 0"
    assert draft.criteria.get().name_en == "Stolen"


def test_criteria_of_a_call_that_is_out_stay(desk):
    call = CallFactory(criteria=[100])
    assert desk.post(page(call, "criteria"), rows(merit(50))).status_code == 422
    assert call.criteria.get().weight == 100


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(st.lists(st.integers(1, 100), min_size=1, max_size=6))
def test_only_weights_that_come_to_100_are_published(draft, staff, weights):
    lines = [CriterionLine(name_en=f"C{n}", name_fr=f"K{n}", weight=weight) for n, weight in enumerate(weights)]
    set_criteria(draft, lines, by=staff, is_blind=False, reviews_wanted=2)
    lacks = [lack for lack in missing_to_publish(draft, timezone.now()) if lack.code == "weights"]
    assert bool(lacks) == (sum(weights) != 100)
    assert all(f"{sum(weights)} %" in lack.message for lack in lacks)


# --- Documents ----------------------------------------------------------------------------------


def send(client, call, content=None, title="Rules", name="rules.pdf"):
    file = SimpleUploadedFile(name, uploads.pdf(1) if content is None else content)
    return client.post(page(call, "documents"), {"title": title, "file": file})


def test_a_document_is_added_fetched_and_removed(desk, draft, client):
    assert send(desk, draft).status_code == 302
    document = draft.documents.get()
    address = reverse("calls:document", args=[draft.slug, document.pk])
    response = desk.get(address)
    assert b"".join(response.streaming_content) == uploads.pdf(1)
    assert response["Content-Disposition"] == 'attachment; filename="rules.pdf"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Type"] == "application/pdf"
    remove = reverse("desk_calls:document_remove", args=[draft.slug, document.pk])
    assert desk.get(remove).status_code == 405
    assert desk.post(remove).status_code == 302
    assert not draft.documents.exists()
    assert [record.verb for record in Record.objects.order_by("pk")] == ["add_document", "remove_document"]


def test_a_document_removed_twice_is_removed_once(draft, staff):
    document = DocumentFactory(call=draft)
    for _ in range(2):
        remove_document(CallDocument(pk=document.pk, call=draft), by=staff)
    assert [record.verb for record in Record.objects.all()] == ["remove_document"]


def test_a_document_that_cannot_be_noted_leaves_no_file(draft, staff, monkeypatch, settings, tmp_path):
    def fail(*args, **options):
        raise OSError("disk full")

    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setattr("calls.actions.document.record", fail)
    checked = check_upload(SimpleUploadedFile("rules.pdf", uploads.pdf(1)))
    with pytest.raises(OSError, match="disk full"):
        add_document(draft, "Rules", checked, by=staff)
    assert not draft.documents.exists()
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize(
    ("content", "sentence"),
    [(b"MZ not a PDF", "this file is something else"), (b"%PDF-1.7 nothing", "damaged"), (b"", "empty")],
)
def test_a_document_that_lies_is_sent_back(desk, draft, content, sentence):
    response = send(desk, draft, content)
    assert response.status_code == 400
    assert sentence in text_of(response)
    assert not draft.documents.exists()


def test_a_huge_document_is_sent_back(desk, draft):
    response = send(desk, draft, uploads.pdf(1) + b" " * (10 * 1024 * 1024))
    assert response.status_code == 400
    assert "may have up to" in text_of(response)


def test_the_same_file_twice_and_an_eleventh_are_refused(desk, draft):
    assert send(desk, draft).status_code == 302
    assert send(desk, draft).status_code == 422
    for _ in range(9):
        DocumentFactory(call=draft)
    assert send(desk, draft, uploads.pdf(2)).status_code == 422
    assert draft.documents.count() == 10


def test_documents_of_a_call_that_is_out_stay(desk):
    call = CallFactory()
    document = DocumentFactory(call=call)
    assert send(desk, call).status_code == 422
    desk.post(reverse("desk_calls:document_remove", args=[call.slug, document.pk]))
    assert list(call.documents.all()) == [document]


@pytest.mark.parametrize(("state", "status"), [(CallState.PUBLISHED, 200), (CallState.DRAFT, 404)])
def test_a_document_is_read_by_whoever_reads_the_call(client, state, status):
    call = CallFactory(state=state)
    document = DocumentFactory(call=call)
    response = client.get(reverse("calls:document", args=[call.slug, document.pk]))
    assert response.status_code == status
    assert not response.streaming or b"".join(response.streaming_content) == b"%PDF-1.7"
    other = CallFactory()
    assert client.get(reverse("calls:document", args=[other.slug, document.pk])).status_code == 404


# --- What publishing asks for -------------------------------------------------------------------


def days(number: int) -> date:
    return (timezone.now() + timedelta(days=number)).date()


@pytest.mark.parametrize("kind", CallKind.values)
def test_a_whole_call_of_each_kind_is_published(staff, kind):
    gives = {"minutes_offered": 600} if kind == CallKind.REMOTE_ACCESS else {"minutes_offered": 0, "places_offered": 8}
    call = CallFactory(draft=True, kind=kind, **gives)
    assert deeds.publish_call(call, by=staff).state == CallState.PUBLISHED


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"minutes_offered": 0}, "gives_nothing"),
        ({"kind": "training", "minutes_offered": 0}, "gives_nothing"),
        ({"kind": "equipment", "minutes_offered": 0}, "gives_nothing"),
        ({"most_minutes": 6001}, "most_above_all"),
        ({"instruments": []}, "no_instruments"),
        ({"use_from": None}, "no_use_window"),
        ({"use_from": days(1)}, "use_too_early"),
        ({"review_on": days(1)}, "review_before_closing"),
        ({"review_on": days(50), "decision_on": days(40)}, "decision_too_early"),
        ({"decision_on": days(100)}, "use_too_early"),
        ({"priority_stages": ["doctoral"]}, "no_priority_why"),
        ({"priority_stages": ["doctoral"], "priority_why_en": "Few."}, "no_priority_why"),
        ({"priority_why_en": "Few.", "priority_why_fr": "Peu."}, "priority_of_nobody"),
        ({"criteria": [60, 30]}, "weights"),
        ({"criteria": []}, "no_criteria"),
        ({"kind": "training", "minutes_offered": 0, "places_offered": 5, "criteria": []}, "no_criteria"),
        ({"reviews_wanted": 0}, "no_reviews"),
    ],
)
def test_a_call_that_is_not_whole_is_not_published(staff, fields, code):
    call = CallFactory(draft=True, **fields)
    with pytest.raises(Refused) as refusal:
        deeds.publish_call(call, by=staff)
    assert refusal.value.codes == [code]
    assert Call.objects.get().state == CallState.DRAFT


def test_calls_that_nobody_scores_need_no_criteria(staff):
    call = CallFactory(draft=True, kind="other", minutes_offered=0, criteria=[])
    assert deeds.publish_call(call, by=staff).state == CallState.PUBLISHED

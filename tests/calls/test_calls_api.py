"""Calls and awards for programs: the same rows, filters and limits as on the pages."""

from datetime import UTC, date, datetime

import pytest

from calls.enums import CallState
from tests.factories.calls import AwardFactory, CallFactory, DocumentFactory
from tests.factories.instruments import TechniqueFactory

pytestmark = pytest.mark.django_db
CALLS, AWARDS = "/api/v1/calls/", "/api/v1/awards/"


def slugs(response) -> set[str]:
    return {row["slug"] for row in response.json()["results"]}


def test_a_call_in_the_list(client, instrument, time_machine):
    time_machine.move_to(datetime(2027, 2, 1, 12, 0, tzinfo=UTC), tick=False)
    call = CallFactory(
        slug="crystals",
        countries=["KE"],
        techniques=list(instrument.techniques.all()),
        opens_at=datetime(2027, 1, 10, 8, 0, tzinfo=UTC),
        closes_at=datetime(2027, 2, 28, 22, 59, tzinfo=UTC),
        minutes_offered=2250,
    )
    row = client.get(CALLS).json()["results"][0]
    assert row == {
        "slug": "crystals",
        "kind": "remote_access",
        "status": "open",
        "title": call.title_en,
        "summary": call.summary_en,
        "techniques": ["single-crystal-x-ray"],
        "countries": ["KE"],
        "hours_offered": 37.5,
        "time_zone": "Europe/Paris",
        "opens_at": "2027-01-10T08:00:00Z",
        "closes_at": "2027-02-28T22:59:00Z",
        "decision_on": None,
        "url": "http://testserver/api/v1/calls/crystals/",
    }


def test_one_call_says_more(client, instrument):
    call = CallFactory(instruments=[instrument])
    row = client.get(f"{CALLS}{call.slug}/").json()
    assert row["instruments"] == [instrument.slug]
    assert row["description"] == call.description_en
    assert row["contact"] == "calls@example.org"


def test_one_call_says_who_may_apply_what_it_gives_and_how_it_is_judged(client):
    call = CallFactory(
        career_stages=["doctoral"],
        years_since_phd=5,
        women_share=30,
        priority_countries=["MW"],
        priority_why_en="No instrument there.",
        most_minutes=90,
        needs_endorsement=True,
        criteria=[60, 40],
        use_from=date(2027, 4, 1),
        use_until=date(2027, 12, 31),
    )
    document = DocumentFactory(call=call)
    row = client.get(f"{CALLS}{call.slug}/").json()
    assert row["eligibility"] == {
        "countries": [],
        "career_stages": ["doctoral"],
        "years_since_phd": 5,
        "is_for_women": False,
        "women_share": 30,
        "needs_endorsement": True,
        "priority": {"countries": ["MW"], "career_stages": [], "reason": "No instrument there."},
    }
    assert row["gives"] == {"hours": 100.0, "most_hours": 1.5, "places": 0}
    assert [criterion["weight"] for criterion in row["criteria"]] == [60, 40]
    assert [criterion["id"] for criterion in row["criteria"]] == [criterion.pk for criterion in call.criteria.all()]
    assert row["documents"] == [
        {
            "title": "Rules of the call",
            "name": "rules.pdf",
            "content_type": "application/pdf",
            "size": 8,
            "sha256": document.sha256,
            "url": f"http://testserver/en/calls/{call.slug}/documents/{document.pk}/",
        }
    ]
    assert (row["use_from"], row["use_until"]) == ("2027-04-01", "2027-12-31")


@pytest.mark.parametrize("rows", [1, 3])
def test_one_call_takes_the_same_statements_however_much_it_says(client, rows, django_assert_num_queries):
    call = CallFactory(criteria=[10] * rows)
    for _ in range(rows):
        DocumentFactory(call=call)
    with django_assert_num_queries(5):  # the call, techniques, instruments, criteria, documents
        client.get(f"{CALLS}{call.slug}/")


def test_the_language_that_is_asked_for(client):
    call = CallFactory()
    response = client.get(f"{CALLS}{call.slug}/", headers={"accept-language": "fr"})
    assert response.json()["title"] == call.title_fr


def test_filters_are_those_of_the_page(client):
    branch = TechniqueFactory(slug="diffraction")
    CallFactory(slug="leaf", techniques=[TechniqueFactory(slug="powder-x-ray", parent=branch)], countries=["KE"])
    CallFactory(slug="soon", upcoming=True, countries=["SN"], title_en="Metabolomics")
    for query, found in [
        ({"technique": "diffraction"}, {"leaf"}),
        ({"technique": "no-such"}, set()),
        ({"country": "ke"}, {"leaf"}),
        ({"status": "upcoming"}, {"soon"}),
        ({"q": "metabolomics"}, {"soon"}),
        ({}, {"leaf", "soon"}),
    ]:
        assert slugs(client.get(CALLS, query)) == found, query


@pytest.mark.parametrize("query", [{"status": "nonsense"}, {"kind": "x"}, {"q": "a\x00"}, {"country": "KEN"}])
def test_a_filter_that_makes_no_sense_is_malformed(client, query):
    response = client.get(CALLS, query)
    assert response.status_code == 400
    assert response.json()["status"] == 400


def test_drafts_are_for_staff(client, staff, researcher):
    draft = CallFactory(draft=True)
    assert client.get(f"{CALLS}{draft.slug}/").status_code == 404
    client.force_login(researcher)
    assert client.get(f"{CALLS}{draft.slug}/").status_code == 404
    client.force_login(staff)
    assert client.get(f"{CALLS}{draft.slug}/").status_code == 200
    assert slugs(client.get(CALLS)) == set()


def test_a_withdrawn_call_keeps_its_address(client):
    call = CallFactory(state=CallState.WITHDRAWN)
    assert client.get(f"{CALLS}{call.slug}/").json()["status"] == "withdrawn"
    assert slugs(client.get(CALLS)) == set()


def test_an_unchanged_list_is_not_sent_twice(client):
    CallFactory()
    tag = client.get(CALLS)["ETag"]
    assert client.get(CALLS, headers={"if-none-match": tag}).status_code == 304


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_takes_two_statements_whatever_its_length(client, rows, django_assert_num_queries):
    for _ in range(rows):
        CallFactory(techniques=[TechniqueFactory()])
    with django_assert_num_queries(2):
        client.get(CALLS)


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nothing_can_be_written(client, staff, method):
    client.force_login(staff)
    call, award = CallFactory(), AwardFactory()
    for address in (f"{CALLS}{call.slug}/", f"{AWARDS}{award.ref}/"):
        assert getattr(client, method)(address, {}, content_type="application/json").status_code == 405


@pytest.mark.parametrize(
    ("who", "is_seen"),
    [
        ("researcher", True), ("focal_point", True), ("staff", True), ("operator", False),
        ("stranger_researcher", False), ("stranger_focal_point", False), ("donor", False),
    ],
)  # fmt: skip
def test_awards_are_those_of_the_pages(client, who, is_seen, researcher, institute, instrument, request):
    award = AwardFactory(holder=researcher, organisation=institute, instrument=instrument, granted_minutes=750)
    client.force_login(request.getfixturevalue(who))
    rows = client.get(AWARDS).json()["results"]
    assert client.get(f"{AWARDS}{award.ref}/").status_code == (200 if is_seen else 404)
    expected = {
        "ref": award.ref,
        "kind": "hours",
        "title": award.title,
        "instrument": "alpine-diffractometer",
        "organisation": "lakeside-university",
        "application": None,
        "granted_hours": 12.5,
        "balance_hours": 12.5,
        "valid_from": award.valid_from.isoformat(),
        "valid_until": award.valid_until.isoformat(),
        "state": "active",
        "report_due_on": None,
    }
    assert rows == ([expected] if is_seen else [])


def test_visitors_have_no_awards(client):
    award = AwardFactory()
    for address in (AWARDS, f"{AWARDS}{award.ref}/"):
        assert client.get(address).status_code in (401, 403)


@pytest.mark.parametrize("rows", [1, 3])
def test_awards_take_the_same_statements_whatever_their_number(
    client, focal_point, institute, rows, django_assert_num_queries
):
    for _ in range(rows):
        AwardFactory(organisation=institute)
    client.force_login(focal_point)
    with django_assert_num_queries(3):  # session, person, awards
        assert len(client.get(AWARDS).json()["results"]) == rows

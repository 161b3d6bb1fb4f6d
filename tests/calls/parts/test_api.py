"""Applications for programs: the same rows, rules and deeds as on the pages."""

import json
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from calls.actions.application.endorsement import ask
from calls.enums import ApplicationState
from calls.models import Application
from calls.steps import steps_of
from portal.audit.models import Record
from tests.factories.accounts import UserFactory
from tests.factories.applications import (
    ApplicationFactory,
    AttachmentFactory,
    ReviewFactory,
    SampleFactory,
    TeamMemberFactory,
)
from tests.factories.calls import CallFactory

pytestmark = pytest.mark.django_db
LIST = "/api/v1/applications/"


class Program:
    """Speaks JSON as one person: `get`, `post`, `patch`, `delete` answer (status, body)."""

    def __init__(self, person: Any = None) -> None:
        self.client = Client()
        if person is not None:
            self.client.force_login(person)

    def __getattr__(self, method: str) -> Any:
        def ask(path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
            data = {} if method == "get" else {"data": json.dumps(body), "content_type": "application/json"}
            answer = getattr(self.client, method)(path, headers=headers, **data)
            return answer.status_code, answer.json() if answer.content else None

        return ask


def at(application: Application, deed: str = "") -> str:
    return f"{LIST}{application.ref}/{deed}"


def codes(body: Any) -> list[tuple[str | None, str]]:
    return [(error["field"], error["code"]) for error in body["errors"]]


def test_each_sees_what_the_pages_show(draft, researcher, staff, focal_point, stranger_researcher, reviewer):
    for person, count in ((researcher, 1), (staff, 1), (focal_point, 0), (stranger_researcher, 0), (reviewer, 0)):
        status, body = Program(person).get(LIST)
        assert (status, len(body["results"])) == (200, count), person
        assert Program(person).get(at(draft))[0] == (200 if count else 404)
    assert Program().get(LIST)[0] in (401, 403)


def test_all_of_it_is_told(draft, researcher, reviewer):
    SampleFactory(application=draft, label="Cu-1", hazards=["toxic"])
    TeamMemberFactory(application=draft, user=reviewer, accepted_at=timezone.now())
    AttachmentFactory(application=draft)
    ask(draft, by=researcher)
    body = Program(researcher).get(at(draft))[1]
    assert (body["call"], body["instrument"], body["organisation"]) == (
        draft.call.slug, "alpine-diffractometer", "lakeside-university",
    )  # fmt: skip
    assert (body["hours_requested"], body["state"], body["receipt"]) == (10.0, "draft", None)
    assert body["samples"][0]["hazards"] == ["toxic"]
    assert body["team"][0]["name"] == "Rui Reviewer"
    assert body["attachments"][0]["name"] == "figure.pdf"
    assert body["endorsement"] == {"is_given": None, "note": "", "at": None}


def test_the_address_of_a_co_applicant_is_for_the_applicant_and_staff(draft, researcher, operator, staff):
    TeamMemberFactory(
        application=draft, user=UserFactory(name="Zuri"), address="zuri@example.org", accepted_at=timezone.now()
    )
    Application.objects.update(
        state=ApplicationState.FEASIBILITY, submitted_at=timezone.now(), receipt="R", country="KE"
    )
    shown = {who.pk: Program(who).get(at(draft))[1]["team"][0] for who in (researcher, staff, operator)}
    assert {member["name"] for member in shown.values()} == {"Zuri"}
    assert shown[researcher.pk]["address"] == shown[staff.pk]["address"] == "zuri@example.org"
    assert shown[operator.pk]["address"] == ""


def test_what_is_prepared_stays_unseen(draft, researcher):
    Application.objects.update(
        state=ApplicationState.PREPARED, decision="award", rank=1, minutes_decided=60,
        decision_note="You win", submitted_at=timezone.now(), receipt="R",
    )  # fmt: skip
    body = Program(researcher).get(at(draft))[1]
    assert body["state"] == "judged"
    assert "You win" not in str(body)
    assert len(Program(researcher).get(f"{LIST}?state=declined")[1]["results"]) == 1, "there is no filter to probe with"


def test_one_is_started_once(draft, researcher, instrument):
    call = CallFactory(instruments=[instrument])
    program = Program(researcher)
    first, body = program.post(LIST, {"call": call.slug})
    second, again = program.post(LIST, {"call": call.slug}, **{"Idempotency-Key": "a"})
    assert (first, second, body["ref"]) == (201, 201, again["ref"])
    for nowhere in ("nowhere", CallFactory(state="draft").slug):
        status, body = program.post(LIST, {"call": nowhere})
        assert (status, codes(body)) == (400, [("call", "does_not_exist")])
    assert program.post(LIST, {})[0] == 400
    closed = CallFactory(closed=True)
    status, body = program.post(LIST, {"call": closed.slug})
    assert (status, codes(body)) == (422, [(None, "closed")])


def test_a_section_is_changed_and_a_stale_change_is_told_what_is_stored(draft, researcher, reviewer):
    TeamMemberFactory(application=draft, user=reviewer, accepted_at=timezone.now(), role="edit")
    sent = {"step": "instrument", "version": 0, "done": True, "hours_requested": "12.5", "why_instrument": "Small."}
    status, body = Program(researcher).patch(at(draft), sent)
    assert (status, body["hours_requested"], body["versions"], body["done"]) == (
        200, 12.5, {"instrument": 1}, ["instrument"],
    )  # fmt: skip
    stale = {"step": "instrument", "version": 0, "why_instrument": "Mine."}
    status, body = Program(reviewer).patch(at(draft), stale)
    assert (status, body["version"], codes(body)) == (409, 1, [(None, "conflict")])
    assert body["stored"] == {
        "instrument": "alpine-diffractometer", "why_instrument": "Small.", "hours_requested": 12.5,
    }  # fmt: skip
    assert Program(reviewer).patch(at(draft), stale | {"version": 1})[0] == 200
    draft.refresh_from_db()
    assert (draft.why_instrument, draft.minutes_requested, draft.instrument is not None) == ("Mine.", 750, True)


@pytest.mark.parametrize(("sent", "field"), [
    ({"step": "nothing", "version": 0}, "step"),
    ({"step": "plan", "version": -1}, "version"),
    ({"step": "plan", "plan": "x"}, "version"),
    ({"step": "plan", "version": 0, "title": "x"}, "title"),
    ({"step": "plan", "version": 0, "plan": "x" * 3001}, "plan"),
    ({"step": "instrument", "version": 0, "instrument": "nowhere"}, "instrument"),
    ({"step": "instrument", "version": 0, "hours_requested": "0.0001"}, "hours_requested"),
    ({"step": "instrument", "version": 0, "hours_requested": "99999"}, "hours_requested"),
    ({"step": "organisation", "version": 0, "organisation": "coastal-institute"}, "organisation"),
    ({"step": "samples", "version": 0, "has_samples": "perhaps"}, "has_samples"),
])  # fmt: skip
def test_what_cannot_be_understood_changes_nothing(draft, researcher, elsewhere, sent, field):
    before = Record.objects.count()
    status, body = Program(researcher).patch(at(draft), sent)
    assert status == 400
    assert field in [error["field"] for error in body["errors"]]
    draft.refresh_from_db()
    assert (draft.steps, Record.objects.count()) == ({}, before)


def test_only_writers_write(draft, researcher, donor, staff, stranger_researcher):
    TeamMemberFactory(application=draft, user=donor, accepted_at=timezone.now())
    sent = {"step": "plan", "version": 0, "plan": "Theirs."}
    for person, status in ((donor, 403), (staff, 403), (stranger_researcher, 404)):
        assert Program(person).patch(at(draft), sent)[0] == status
        assert Program(person).post(at(draft, "submit/"))[0] == status
        assert Program(person).post(at(draft, "withdraw/"), {})[0] == status


def test_it_is_handed_in_once_and_withdrawn(draft, researcher, focal_point):
    status, body = Program(researcher).post(at(draft, "submit/"))
    assert status == 422
    assert {"project", "plan", "organisation"} <= {code for _field, code in codes(body)}
    draft.steps = {step.name: {"version": 1, "done": True} for step in steps_of(draft.call)}
    draft.save()
    assert Program(researcher).post(at(draft, "ask-endorsement/"))[0] == 200
    assert Program(focal_point).post(at(draft, "endorse/"), {"is_given": True})[0] == 200
    status, body = Program(researcher).post(at(draft, "submit/"))
    assert (status, body["state"]) == (200, "screening")
    assert Program(researcher).post(at(draft, "submit/"))[1]["receipt"] == body["receipt"]
    assert Program(researcher).post(at(draft, "answer/"))[0] == 422
    status, body = Program(researcher).post(at(draft, "withdraw/"), {"why": "No crystals"})
    assert (status, body["state"]) == (200, "withdrawn")


def test_a_focal_point_of_another_organisation_endorses_nothing(
    draft, researcher, focal_point, stranger_focal_point, staff
):
    ask(draft, by=researcher)
    before = Record.objects.count()
    for person, status in ((stranger_focal_point, 404), (researcher, 403), (staff, 403)):
        assert Program(person).post(at(draft, "endorse/"), {"is_given": True})[0] == status
    assert Record.objects.count() == before
    program = Program(focal_point)
    assert program.post(at(draft, "endorse/"), {})[0] == 400
    status, body = program.post(at(draft, "endorse/"), {"is_given": False})
    assert (status, codes(body)) == (422, [(None, "no_note")])
    status, body = program.post(at(draft, "endorse/"), {"is_given": False, "note": "Not yet"})
    assert (status, body["endorsement"]["is_given"]) == (200, False)
    assert program.post(at(draft, "endorse/"), {"is_given": True})[0] == 409


def test_samples_are_declared_and_removed(draft, researcher, stranger_researcher):
    sent = {"label": "Cu-1", "composition": "CuO", "form": "powder", "hazards": ["toxic"]}
    status, body = Program(researcher).post(at(draft, "samples/"), sent)
    assert (status, body["label"], body["hazards"]) == (201, "Cu-1", ["toxic"])
    assert Program(researcher).post(at(draft, "samples/"), sent)[0] == 422
    assert Program(researcher).post(at(draft, "samples/"), sent | {"hazards": ["fun"]})[0] == 400
    assert Program(stranger_researcher).post(at(draft, "samples/"), sent)[0] == 404
    foreign = SampleFactory()
    assert Program(researcher).delete(at(draft, f"samples/{foreign.pk}/"))[0] == 404
    assert Program(researcher).delete(at(draft, f"samples/{body['id']}/"))[0] == 204
    assert not draft.samples.exists()


def test_a_blind_reviewer_finds_no_names_here(draft, reviewer):
    draft.call.is_blind = True
    draft.call.save()
    Application.objects.update(state=ApplicationState.REVIEW, submitted_at=timezone.now(), receipt="R")
    draft.refresh_from_db()
    ReviewFactory(application=draft, reviewer=reviewer)
    assert Program(reviewer).get(at(draft))[0] == 404
    assert Program(reviewer).get(LIST)[1]["results"] == []


@pytest.mark.parametrize("many", [1, 3])
def test_lists_take_the_same_statements_whatever_their_length(researcher, many, django_assert_num_queries):
    for _number in range(many):
        row = ApplicationFactory(applicant=researcher)
    for _number in range(many):
        SampleFactory(application=row)
        TeamMemberFactory(application=row)
        AttachmentFactory(application=row)
    program = Program(researcher)
    program.get(LIST)
    with django_assert_num_queries(3):
        listed = program.get(LIST)
    with django_assert_num_queries(6):
        shown = program.get(at(row))
    assert (len(listed[1]["results"]), len(shown[1]["samples"])) == (many, many)

"""Samples, files and team for programs: the deeds and checks of the pages."""

from hashlib import sha256
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from calls.actions.application.limits import MOST_FILES
from calls.enums import ApplicationState
from calls.models import Application, Attachment
from portal.accounts.actions.tokens import make_token
from tests.calls.parts.conftest import kept_files, told
from tests.calls.parts.test_api import Program, at, codes
from tests.factories.applications import AttachmentFactory, ReviewFactory, SampleFactory, TeamMemberFactory
from tests.support import uploads

pytestmark = pytest.mark.django_db


def send(person: Any, application: Application, content: bytes, name: str = "plan.pdf", **headers: str) -> Any:
    client = Client()
    client.force_login(person)
    return client.post(at(application, "attachments/"), {"file": uploads.upload(content, name)}, headers=headers)


def test_a_file_is_attached_fetched_with_a_token_and_removed(draft, researcher, media):
    content = uploads.pdf(title="A plan")
    answer = send(researcher, draft, content)
    body = answer.json()
    assert (answer.status_code, body["name"], body["sha256"]) == (201, "plan.pdf", sha256(content).hexdigest())
    _token, secret = make_token("script", can_write=False, by=researcher)
    headers = {"Authorization": f"Token {secret}", "Accept": "application/pdf"}
    fetched = Client().get(body["url"].removeprefix("http://testserver"), headers=headers)
    assert (fetched.status_code, b"".join(fetched.streaming_content)) == (200, content)
    assert fetched["Content-Type"] == "application/pdf"
    assert 'attachment; filename="plan.pdf"' in fetched["Content-Disposition"]
    assert "no-store" in fetched["Cache-Control"]
    assert Program(researcher).get(at(draft))[1]["attachments"][0]["id"] == body["id"]
    assert Program(researcher).delete(at(draft, f"attachments/{body['id']}/"))[0] == 204
    assert not Attachment.objects.exists()


def test_an_upload_sent_twice_with_its_key_is_kept_once(draft, researcher, media):
    large = uploads.pdf(title="x" * 3_000_000)  # more than is read of a body at once
    first, again = (send(researcher, draft, large, **{"Idempotency-Key": "k"}) for _time in range(2))
    assert (first.status_code, again.status_code, first.json()) == (201, 201, again.json())
    assert again["Idempotency-Replayed"] == "true"
    other = send(researcher, draft, uploads.pdf(title="Another"), **{"Idempotency-Key": "k"})
    assert other.status_code == 422
    unkeyed = send(researcher, draft, large)
    assert (unkeyed.status_code, codes(unkeyed.json())) == (409, [(None, "attached_already")])
    assert (Attachment.objects.count(), len(kept_files())) == (1, 1)


def test_what_is_no_file_that_we_take_changes_nothing(draft, researcher, media):
    for content, code in ((b"MZ lies", "unknown_type"), (uploads.scripted_pdf(), "active"), (b"", "empty")):
        answer = send(researcher, draft, content)
        assert (answer.status_code, codes(answer.json())) == (400, [("file", code)]), code
    client = Client()
    client.force_login(researcher)
    assert client.post(at(draft, "attachments/"), {}).status_code == 400
    status, _body = Program(researcher).post(at(draft, "attachments/"), {"file": "plan.pdf"})
    assert status == 415
    assert not Attachment.objects.exists()
    AttachmentFactory.create_batch(MOST_FILES, application=draft)
    answer = send(researcher, draft, uploads.pdf())
    assert (answer.status_code, codes(answer.json())) == (422, [(None, "too_many")])


def test_files_are_those_of_their_application_and_its_readers(draft, researcher, stranger_researcher, donor, media):
    file, foreign = AttachmentFactory(application=draft), AttachmentFactory()
    TeamMemberFactory(application=draft, user=donor, accepted_at=timezone.now())
    here = at(draft, f"attachments/{file.pk}/")
    for person, reading, writing in ((stranger_researcher, 404, 404), (donor, 200, 403)):
        client = Client()
        client.force_login(person)
        answer = client.get(here)
        is_whole = b"".join(answer) == b"%PDF"
        assert (answer.status_code, is_whole) == (reading, reading == 200)
        assert client.delete(here).status_code == writing
        assert send(person, draft, uploads.pdf()).status_code == writing
    assert Client().get(here).status_code in (401, 403)
    assert Program(researcher).get(at(draft, f"attachments/{foreign.pk}/"))[0] == 404
    assert Program(researcher).delete(at(draft, f"attachments/{foreign.pk}/"))[0] == 404
    assert draft.attachments.count() == 1


def test_a_blind_reviewer_fetches_a_file_without_its_name(draft, reviewer, media):
    file = AttachmentFactory(application=draft, name="ada-plan.pdf")
    draft.call.is_blind = True
    draft.call.save()
    Application.objects.update(state=ApplicationState.REVIEW, submitted_at=timezone.now(), receipt="R")
    ReviewFactory(application=draft, reviewer=reviewer)
    client = Client()
    client.force_login(reviewer)
    answer = client.get(at(draft, f"attachments/{file.pk}/"))
    assert (answer.status_code, b"".join(answer.streaming_content)) == (200, b"%PDF")
    assert 'filename="Attachment 1.pdf"' in answer["Content-Disposition"]


def test_a_sample_is_corrected(draft, researcher):
    sample, foreign = SampleFactory(application=draft, label="Cu-1"), SampleFactory()
    program = Program(researcher)
    status, body = program.patch(at(draft, f"samples/{sample.pk}/"), {"label": "Cu-2"})
    assert (status, body["label"], body["composition"]) == (200, "Cu-2", sample.composition)
    SampleFactory(application=draft, label="Cu-3")
    status, body = program.patch(at(draft, f"samples/{sample.pk}/"), {"label": "cu-3"})
    assert (status, codes(body)) == (422, [(None, "label_taken")])
    status, body = program.patch(at(draft, f"samples/{sample.pk}/"), {"hazards": [], "hazard_words": "It bites"})
    assert (status, codes(body)) == (400, [("hazards", "required")])
    assert program.patch(at(draft, f"samples/{foreign.pk}/"), {"label": "x"})[0] == 404
    sample.refresh_from_db()
    assert (sample.label, sample.hazard_words) == ("Cu-2", "")


def test_a_team_is_invited_changed_and_left(draft, researcher, donor):
    program = Program(researcher)
    status, body = program.post(at(draft, "team/"), {"address": "New@Example.org", "role": "edit"})
    assert (status, body["address"], body["role"], body["name"]) == (201, "new@example.org", "edit", "")
    assert told("team_invited") == {"new@example.org"}
    for sent, answer in (
        ({"address": "new@example.org"}, 409), ({"address": researcher.email}, 422), ({"address": "x"}, 400),
        ({"address": "b@example.org", "role": "owner"}, 400),
    ):  # fmt: skip
        assert program.post(at(draft, "team/"), sent)[0] == answer
    status, body = program.patch(at(draft, f"team/{body['id']}/"), {"role": "view"})
    assert (status, body["role"]) == (200, "view")
    assert program.patch(at(draft, f"team/{body['id']}/"), {})[0] == 400
    member = TeamMemberFactory(application=draft, user=donor, role="edit", accepted_at=timezone.now())
    theirs = Program(donor)
    assert theirs.post(at(draft, "team/"), {"address": "c@example.org"})[0] == 403
    assert theirs.patch(at(draft, f"team/{member.pk}/"), {"role": "view"})[0] == 403
    assert theirs.delete(at(draft, f"team/{body['id']}/"))[0] == 403
    assert theirs.post(at(draft, "leave/"))[0] == 204
    assert theirs.post(at(draft, "leave/"))[0] == 404
    assert program.post(at(draft, "leave/"))[0] == 403
    foreign = TeamMemberFactory()
    assert program.delete(at(draft, f"team/{foreign.pk}/"))[0] == 404
    assert program.delete(at(draft, f"team/{body['id']}/"))[0] == 204
    assert not draft.team.exists()

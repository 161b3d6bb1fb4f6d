"""Pages of samples, team, files, endorsement and the PDF, each with bad input and the wrong people."""

import io
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from calls.actions.application.endorsement import answer, ask
from calls.enums import ApplicationState, Hazard
from calls.models import Application, Attachment, Endorsement, TeamMember
from portal.audit.models import Record
from portal.core.files import MOST_BYTES
from tests.calls.parts.conftest import kept_files, told
from tests.factories.accounts import MembershipFactory
from tests.factories.applications import ReviewFactory, SampleFactory, TeamMemberFactory
from tests.support import uploads

pytestmark = pytest.mark.django_db
SAMPLE = {"label": "Cu-1", "composition": "C12H10CuN4O2", "form": "crystal", "hazards": ["toxic"]}


def url(name: str, application: Application, *more: Any) -> str:
    return reverse(f"applications:{name}", args=[application.ref, *more])


@pytest.fixture
def signed_in() -> Any:
    def client(person: Any) -> Client:
        made = Client()
        made.force_login(person)
        return made

    return client


def fetched(client: Client, address: str) -> Any:
    """The answer, its file read and closed."""
    answer = client.get(address)
    if answer.streaming:
        answer.body = b"".join(answer.streaming_content)
    return answer


def entered(application: Application, state: ApplicationState) -> None:
    Application.objects.filter(pk=application.pk).update(
        state=state, submitted_at=timezone.now(), receipt=f"R-{application.pk}"
    )


def test_a_sample_is_declared_changed_and_removed(signed_in, draft, researcher):
    client = signed_in(researcher)
    page = client.get(url("step", draft, "samples")).content.decode()
    assert "Save and declare a sample" in page
    saved = client.post(url("step", draft, "samples"), {"version": 0, "has_samples": "True", "then": "add"})
    assert saved["Location"] == url("sample_add", draft)
    assert client.get(saved["Location"]).status_code == 200
    assert client.post(url("sample_add", draft), SAMPLE)["Location"] == url("step", draft, "samples")
    sample = draft.samples.get()
    assert (sample.label, sample.hazards) == ("Cu-1", ["toxic"])
    assert "Toxic" in client.get(url("step", draft, "samples")).content.decode()
    client.post(url("sample", draft, sample.pk), SAMPLE | {"quantity": "3", "hazards": []})
    sample.refresh_from_db()
    assert (sample.quantity, sample.hazards) == ("3", [])
    client.post(url("sample_remove", draft, sample.pk))
    assert not draft.samples.exists()


@pytest.mark.parametrize(("typed", "says"), [
    ({"label": ""}, "This field is required"),
    ({"form": "plasma"}, "not one of the available choices"),
    ({"hazards": ["fun"]}, "not one of the available choices"),
    ({"label": "x" * 61}, "at most 60"),
    ({"hazards": [], "hazard_words": "Smells"}, "Tick the hazard"),
])  # fmt: skip
def test_a_sample_that_cannot_be_understood_is_said_so(signed_in, draft, researcher, typed, says):
    page = signed_in(researcher).post(url("sample_add", draft), SAMPLE | typed)
    assert page.status_code == 400
    assert says in page.content.decode()
    assert "There is a problem" in page.content.decode()
    assert not draft.samples.exists()


def test_a_second_sample_of_one_label_is_refused(signed_in, draft, researcher):
    SampleFactory(application=draft, label="CU-1")
    other = SampleFactory(application=draft, label="Zn-1")
    client = signed_in(researcher)
    assert client.post(url("sample_add", draft), SAMPLE).status_code == 422
    page = client.post(url("sample", draft, other.pk), SAMPLE)
    assert page.status_code == 422
    other.refresh_from_db()
    assert other.label == "Zn-1"


def test_samples_of_others_are_not_found(signed_in, draft, researcher, stranger_researcher):
    foreign = SampleFactory()
    client = signed_in(researcher)
    assert client.get(url("sample", draft, foreign.pk)).status_code == 404
    assert client.post(url("sample_remove", draft, foreign.pk)).status_code == 404
    assert signed_in(stranger_researcher).post(url("sample_add", draft), SAMPLE).status_code == 404


def test_a_file_is_sent_fetched_and_removed(signed_in, draft, researcher):
    client, content = signed_in(researcher), uploads.pdf()
    sent = client.post(url("file_send", draft), {"file": uploads.upload(content, "Plan d'été.pdf")})
    assert sent["Location"] == url("step", draft, "files")
    kept = draft.attachments.get()
    assert "Plan d&#x27;été.pdf" in client.get(sent["Location"]).content.decode()
    sent = fetched(client, url("file", draft, kept.pk))
    assert sent.body == content
    assert sent["Content-Disposition"].startswith("attachment; filename*=utf-8''Plan")
    assert sent["X-Content-Type-Options"] == "nosniff"
    assert sent["Cache-Control"] == "private, no-store"
    assert sent["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert sent["Content-Type"] == "application/pdf"
    client.post(url("file_remove", draft, kept.pk))
    assert client.get(url("file", draft, kept.pk)).status_code == 404


@pytest.mark.parametrize(("content", "says"), [
    (b"MZ not a pdf", "this file is something else"),
    (b"", "This file is empty"),
    (uploads.scripted_pdf(), "scripts"),
    (b"%PDF-1.7" + bytes(MOST_BYTES), "up to 10.0"),
])  # fmt: skip
def test_a_lying_or_hostile_file_is_refused_with_a_sentence(signed_in, draft, researcher, content, says):
    page = signed_in(researcher).post(url("file_send", draft), {"file": uploads.upload(content)})
    assert page.status_code == 400
    text = page.content.decode()
    assert says in text
    assert "<title>Error:" in text.replace("\n", "")
    assert (Attachment.objects.count(), kept_files()) == (0, [])


def test_no_file_at_all(signed_in, draft, researcher):
    page = signed_in(researcher).post(url("file_send", draft), {})
    assert page.status_code == 400
    assert "Choose a file." in page.content.decode()


def test_files_are_fetched_by_those_who_may_read_the_application(
    signed_in, draft, researcher, focal_point, operator, staff, reviewer, donor, stranger_focal_point
):
    kept = Attachment(application=draft, **kept_fields("secret-name.pdf"))
    kept.save()
    address = url("file", draft, kept.pk)
    seen = {person.email: fetched(signed_in(person), address).status_code for person in
            (researcher, staff, focal_point, operator, reviewer, donor, stranger_focal_point)}  # fmt: skip
    assert list(seen.values()) == [200, 200, 404, 404, 404, 404, 404]
    ask(draft, by=researcher)
    assert fetched(signed_in(focal_point), address).status_code == 200
    entered(draft, ApplicationState.REVIEW)
    ReviewFactory(application=draft, reviewer=reviewer)
    assert "secret-name" in fetched(signed_in(reviewer), address)["Content-Disposition"]
    assert Client().get(address).status_code == 302


def test_who_reviews_without_names_reads_none(signed_in, draft, reviewer):
    draft.call.is_blind = True
    draft.call.save()
    first, second = (Attachment(application=draft, **kept_fields(f"amina-{n}.pdf", str(n))) for n in (1, 2))
    first.save()
    second.save()
    entered(draft, ApplicationState.REVIEW)
    ReviewFactory(application=draft, reviewer=reviewer)
    client = signed_in(reviewer)
    assert (
        fetched(client, url("file", draft, second.pk))["Content-Disposition"]
        == 'attachment; filename="Attachment 2.pdf"'
    )
    assert client.get(url("pdf", draft)).status_code == 404


def kept_fields(name: str, title: str = "") -> dict[str, Any]:
    content = uploads.pdf(title=title)
    digest = f"{len(name)}{title}".ljust(64, "0")
    return {
        "name": name, "content_type": "application/pdf", "size": len(content), "sha256": digest,
        "file": ContentFile(content, name=name),
    }  # fmt: skip


def test_a_co_applicant_is_invited_joins_and_leaves(signed_in, draft, researcher, reviewer):
    client = signed_in(researcher)
    saved = client.post(url("step", draft, "team"), {"version": 0, "team_words": "Both of us.", "then": "add"})
    assert saved["Location"] == url("invite", draft)
    client.post(url("invite", draft), {"address": "partner@example.net", "role": "edit"})
    member = draft.team.get()
    assert told("team_invited") == {"partner@example.net"}
    assert "partner@example.net" in client.get(url("step", draft, "team")).content.decode()
    link = reverse("applications:join", args=[member.token])
    shown = Client().get(link).content.decode()
    assert "Amina Researcher" in shown
    assert f"/accounts/login/?next={link}" in shown
    other = signed_in(reviewer)
    assert "Take part" in other.get(link).content.decode()
    member.refresh_from_db()
    assert member.user is None, "a GET accepts nothing"
    assert other.post(link)["Location"] == draft.get_absolute_url()
    assert other.get(link)["Location"] == draft.get_absolute_url()
    assert other.get(url("step", draft, "plan")).status_code == 200
    page = client.get(url("step", draft, "team")).content.decode()
    assert "Rui Reviewer" in page
    assert other.post(url("leave", draft))["Location"] == reverse("applications:list")
    assert other.get(draft.get_absolute_url()).status_code == 404


def test_a_visitor_is_asked_to_sign_in_and_nothing_happens(draft):
    member = TeamMemberFactory(application=draft)
    link = reverse("applications:join", args=[member.token])
    assert Client().post(link)["Location"] == f"/en/accounts/login/?next={link}"
    member.refresh_from_db()
    assert member.user is None
    assert Client().get(reverse("applications:join", args=["unknown"])).status_code == 404


def test_a_used_link_says_so(signed_in, draft, donor, reviewer, researcher):
    member = TeamMemberFactory(application=draft, user=donor, accepted_at=timezone.now())
    link = reverse("applications:join", args=[member.token])
    page = signed_in(reviewer).get(link).content.decode()
    assert "Somebody else has accepted" in page
    assert draft.title not in page
    assert signed_in(reviewer).post(link).status_code == 422
    assert "This is your own application" in signed_in(researcher).get(link).content.decode()


def test_a_link_that_was_never_written_is_not_found(client):
    for token in ("%00", "x%00", "A" * 43, "A" * 5000):
        assert client.get(f"/en/applications/join/{token}/").status_code == 404


def test_bad_invitations(signed_in, draft, researcher):
    client = signed_in(researcher)
    for typed, status in (
        ({"address": "nonsense", "role": "view"}, 400),
        ({"address": "a@example.net", "role": "owner"}, 400),
        ({"address": researcher.email, "role": "view"}, 422),
    ):
        assert client.post(url("invite", draft), typed).status_code == status
    assert not TeamMember.objects.exists()


def test_an_invitation_says_the_same_of_known_and_unknown_addresses(signed_in, draft, researcher, reviewer):
    client = signed_in(researcher)
    pages = []
    for address in (reviewer.email, "nobody.reviewer@example.org"):
        client.post(url("invite", draft), {"address": address, "role": "view"})
        pages.append(client.get(url("step", draft, "team")).content.decode())
        draft.team.all().delete()
    known, unknown = (page.replace(address, "X") for page, address in
                      zip(pages, (reviewer.email, "nobody.reviewer@example.org"), strict=True))  # fmt: skip
    assert reviewer.name not in known
    assert known.count("has not accepted yet") == unknown.count("has not accepted yet") == 1


def test_writers_do_not_choose_the_team(signed_in, draft, donor):
    TeamMemberFactory(application=draft, user=donor, accepted_at=timezone.now(), role="edit")
    member = TeamMemberFactory(application=draft)
    client = signed_in(donor)
    assert client.get(url("step", draft, "team")).status_code == 200
    assert client.get(url("invite", draft)).status_code == 403
    assert client.post(url("uninvite", draft, member.pk)).status_code == 403
    assert client.post(url("role", draft, member.pk), {"role": "edit"}).status_code == 403


def test_endorsement_is_asked_for_and_given(signed_in, draft, researcher, focal_point):
    client = signed_in(researcher)
    assert "Ask for the endorsement" in client.get(url("step", draft, "organisation")).content.decode()
    assert client.get(url("ask_endorsement", draft)).status_code == 405
    client.post(url("ask_endorsement", draft))
    page = client.get(url("step", draft, "organisation")).content.decode()
    assert "has not answered yet" in page
    assert "Ask for the endorsement" not in page
    other = signed_in(focal_point)
    assert draft.title in other.get(url("endorse", draft)).content.decode()
    assert other.post(url("endorse", draft), {}).status_code == 400
    assert other.post(url("endorse", draft), {"is_given": "False"}).status_code == 422
    assert draft.endorsement.is_given is None
    answered = other.post(url("endorse", draft), {"is_given": "True", "note": "Good work"})
    assert answered["Location"] == url("endorse", draft)
    assert Endorsement.objects.get().is_given is True
    assert "Good work" in client.get(url("step", draft, "organisation")).content.decode()
    late = other.post(url("endorse", draft), {"is_given": "False", "note": "No"})
    assert late.status_code == 409


def test_nobody_else_endorses(signed_in, draft, researcher, staff, admin_user, stranger_focal_point, donor):
    MembershipFactory(user=donor, organisation=draft.organisation, role="focal_point")
    TeamMemberFactory(application=draft, user=donor, accepted_at=timezone.now())
    focal = MembershipFactory(organisation=draft.organisation, role="focal_point").user
    ask(draft, by=researcher)
    before = Record.objects.count()
    for person, status in (
        (researcher, 403), (donor, 403), (staff, 403), (admin_user, 403), (stranger_focal_point, 404),
    ):  # fmt: skip
        client = signed_in(person)
        assert client.get(url("endorse", draft)).status_code == status, person
        assert client.post(url("endorse", draft), {"is_given": "True"}).status_code == status, person
    assert Record.objects.count() == before
    assert signed_in(focal).get(url("endorse", draft)).status_code == 200


def test_choosing_where_one_does_not_work_is_refused(signed_in, draft, researcher, elsewhere):
    page = signed_in(researcher).post(url("step", draft, "organisation"), {"version": 0, "organisation": elsewhere.pk})
    assert page.status_code == 400
    draft.refresh_from_db()
    assert draft.organisation != elsewhere


def test_the_whole_as_a_pdf(signed_in, draft, researcher, focal_point, reviewer):
    researcher.name = "Zoé Ñandú عمر"
    researcher.save()
    draft.question = "Première ligne\n\n" + "Long. " * 900
    draft.save()
    SampleFactory(application=draft, label="Cu-1", hazards=[Hazard.TOXIC], is_return_wanted=True)
    TeamMemberFactory(application=draft, user=reviewer, accepted_at=timezone.now())
    TeamMemberFactory(application=draft, address="waiting@example.net")
    Attachment(application=draft, **kept_fields("figure.pdf")).save()
    ask(draft, by=researcher)
    answer(draft, is_given=True, note="We stand behind it.", by=focal_point)
    entered(draft, ApplicationState.REVIEW)
    Application.objects.update(decision="decline", decision_note="Prepared unseen", state="prepared")
    answered = signed_in(researcher).get(url("pdf", draft))
    assert answered["Content-Type"] == "application/pdf"
    assert answered["Cache-Control"] == "private, no-store"
    document = PdfReader(io.BytesIO(answered.content))
    text = "\n".join(page.extract_text() for page in document.pages)
    for words in (
        draft.title, f"R-{draft.pk}", "Zoé Ñandú", "Première ligne", "Cu-1", "Toxic", "To be sent back",
        "Rui Reviewer", "waiting@example.net (invited)", "Endorsed", "We stand behind it.", "figure.pdf",
        f"Page 1 of {len(document.pages)}", "Lakeside University",
    ):  # fmt: skip
        assert words in text, words
    assert "Prepared unseen" not in text
    assert "outcome prepared" not in text
    assert len(document.pages) >= 2


def test_the_pdf_is_for_those_who_may_read_it(signed_in, draft, staff, stranger_researcher, focal_point):
    assert signed_in(staff).get(url("pdf", draft)).status_code == 200
    for person in (stranger_researcher, focal_point):
        assert signed_in(person).get(url("pdf", draft)).status_code == 404
    assert Client().get(url("pdf", draft)).status_code == 302


@pytest.mark.parametrize("many", [1, 3])
def test_pages_take_the_same_statements_whatever_they_list(
    signed_in, draft, researcher, many, django_assert_num_queries
):
    for number in range(many):
        SampleFactory(application=draft)
        TeamMemberFactory(application=draft)
        Attachment(application=draft, **kept_fields("figure.pdf", str(number))).save()
    client = signed_in(researcher)
    client.get(url("step", draft, "samples"))
    for step, statements in (("samples", 4), ("team", 4), ("files", 4)):
        with django_assert_num_queries(statements):
            page = client.get(url("step", draft, step))
        assert page.status_code == 200

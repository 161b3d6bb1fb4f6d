"""Pages of applications: applying, the task list, sections, conflicts, check, receipt, who sees what."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from calls.actions.application import draft
from calls.models import Application
from calls.steps import steps_of
from tests.factories.accounts import UserFactory
from tests.factories.applications import ApplicationFactory, ReviewFactory, SampleFactory, TeamMemberFactory
from tests.factories.calls import CallFactory

pytestmark = pytest.mark.django_db


def signed_in(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def call(instrument):
    return CallFactory(instruments=[instrument], slug="alpine-time", most_minutes=1200, needs_endorsement=False)


@pytest.fixture
def application(call, researcher, institute, instrument) -> Application:
    """A finished draft."""
    done = {step.name: {"version": 1, "done": True} for step in steps_of(call)}
    return ApplicationFactory(
        call=call, applicant=researcher, organisation=institute, instrument=instrument, steps=done
    )


def url(application, *parts) -> str:
    return f"/en/applications/{application.ref}/" + "".join(f"{part}/" for part in parts)


def test_a_get_starts_nothing_and_a_post_starts_one(call, researcher):
    client = signed_in(researcher)
    page = client.get("/en/calls/alpine-time/apply/")
    assert page.status_code == 200
    assert "You can apply." in page.content.decode()
    assert not Application.objects.exists()
    answer = client.post("/en/calls/alpine-time/apply/")
    application = Application.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, url(application))
    assert client.post("/en/calls/alpine-time/apply/")["Location"] == url(application)
    assert "Continue the application" in client.get("/en/calls/alpine-time/apply/").content.decode()


def test_who_may_not_apply_reads_why(call, researcher):
    call.countries, call.closes_at = ["SN"], timezone.now() - timedelta(days=1)
    call.save()
    client = signed_in(researcher)
    page = client.get("/en/calls/alpine-time/apply/").content.decode()
    assert "This call closed on" in page
    assert "people who work in other countries" in page
    assert client.post("/en/calls/alpine-time/apply/").status_code == 422
    assert not Application.objects.exists()


def test_visitors_are_asked_to_sign_in(call):
    answer = Client().get("/en/calls/alpine-time/apply/")
    assert answer["Location"] == "/en/accounts/login/?next=/en/calls/alpine-time/apply/"


def test_the_task_list_says_how_far_each_section_is(call, researcher):
    ApplicationFactory(applicant=researcher, state="withdrawn", team_words="Two of us.", plan="")
    application = draft.start(call, by=researcher)
    draft.save_step(application, "project", {"title": "Copper"}, version=0, by=researcher, done=None)
    draft.save_step(application, "plan", {"plan": "A paper."}, version=0, by=researcher)
    page = signed_in(researcher).get(url(application)).content.decode()
    lines = [line.split("</li>")[0] for line in page.split('<ol class="tasks">')[1].split("<li>")[1:8]]
    words = ["In progress", "Filled in for you", "Not started", "Filled in for you", "Completed", "Filled in for you"]
    assert len(lines) == 7
    for line, word in zip(lines, [*words, "Optional"], strict=True):
        assert word in line


def test_continue_saves_and_leads_to_the_next_section(call, researcher):
    application = draft.start(call, by=researcher)
    client = signed_in(researcher)
    words = {"title": "Copper", "question": "Which?\r\nWhy?", "language": "fr", "version": 0}
    answer = client.post(url(application, "project"), words)
    assert answer["Location"] == url(application, "instrument")
    application.refresh_from_db()
    assert (application.question, application.language) == ("Which?\nWhy?", "fr")
    assert application.is_done("project")
    answer = client.post(url(application, "project") + "?check=1", words | {"version": 1, "title": "Zinc"})
    assert answer["Location"] == url(application, "check")


def test_finishing_later_asks_for_nothing(call, researcher):
    application = draft.start(call, by=researcher)
    client = signed_in(researcher)
    answer = client.post(url(application, "project"), {"title": "Copper", "version": 0, "language": "en", "later": 1})
    assert answer["Location"] == url(application)
    application.refresh_from_db()
    assert (application.title, application.is_done("project")) == ("Copper", False)


def test_bad_input_is_explained_and_typed_words_stay(call, researcher):
    application = draft.start(call, by=researcher)
    client = signed_in(researcher)
    typed = {"instrument": "0", "why_instrument": "Because.", "minutes_requested": "21", "version": 0}
    answer = client.post(url(application, "instrument"), typed)
    page = answer.content.decode()
    assert answer.status_code == 400
    assert "<title>Error: " in page
    assert "This call gives at most 20 h" in page
    assert "Because." in page
    application.refresh_from_db()
    assert application.steps == {}
    assert client.post(url(application, "instrument"), typed | {"minutes_requested": "a lot"}).status_code == 400
    assert client.post(url(application, "plan"), {"plan": "x" * 3001, "version": 0}).status_code == 400
    assert client.post(url(application, "plan"), {"plan": "x\x00y", "version": 0}).status_code == 400


def test_two_people_editing_one_draft_see_both_texts(application, researcher, focal_point):
    TeamMemberFactory(application=application, user=focal_point, role="edit", accepted_at=timezone.now())
    hers, his = signed_in(researcher), signed_in(focal_point)
    assert hers.post(url(application, "plan"), {"plan": "Her words", "version": 1}).status_code == 302
    answer = his.post(url(application, "plan"), {"plan": "His words", "version": 1})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Her words" in page
    assert "His words" in page
    assert "Amina Researcher saved this section" in page
    assert 'name="version" value="2"' in page
    application.refresh_from_db()
    assert application.plan == "Her words"
    assert his.post(url(application, "plan"), {"plan": "Both", "version": 2}).status_code == 302
    application.refresh_from_db()
    assert application.plan == "Both"


def test_a_conflict_names_what_was_chosen(application, researcher, instrument):
    client = signed_in(researcher)
    typed = {"instrument": instrument.pk, "why_instrument": "Small", "minutes_requested": "10.5", "version": 1}
    assert client.post(url(application, "instrument"), typed).status_code == 302
    answer = client.post(url(application, "instrument"), typed | {"minutes_requested": "12"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert '<p class="theirs" dir="auto">10.5</p>' in page
    assert page.count('class="theirs"') == 1


def test_what_is_typed_is_saved_while_typing(application, researcher):
    client = signed_in(researcher)
    answer = client.post(url(application, "instrument", "save"), {"why_instrument": "Sma", "version": 1})
    assert (answer.status_code, answer.json()["version"]) == (200, 2)
    answer = client.post(
        url(application, "instrument", "save"), {"why_instrument": "Small", "minutes_requested": "ten", "version": 2}
    )
    assert "Enter hours as a number" in answer.json()["message"]
    application.refresh_from_db()
    assert application.why_instrument == "Small"
    answer = client.post(url(application, "instrument", "save"), {"why_instrument": "Other", "version": 2})
    assert answer.status_code == 409
    assert "Nothing is lost" in answer.json()["message"]
    application.refresh_from_db()
    assert application.why_instrument == "Small"
    assert client.get(url(application, "instrument", "save")).status_code == 405


def test_check_submit_receipt_and_again(application, researcher):
    client = signed_in(researcher)
    page = client.get(url(application, "check")).content.decode()
    assert "Hand in the application" in page
    assert page.count("?check=1") == 6
    answers = [client.post(url(application, "submit")) for _ in range(2)]
    assert [answer["Location"] for answer in answers] == [url(application)] * 2
    application.refresh_from_db()
    receipt = client.get(url(application)).content.decode()
    assert "Received" in receipt
    assert application.receipt in receipt
    assert "What happens next" in receipt


def test_what_is_missing_is_linked_and_refused(application, researcher):
    application.plan = ""
    application.save()
    client = signed_in(researcher)
    page = client.get(url(application, "check")).content.decode()
    assert f'<a href="{url(application, "plan")}?check=1">Not finished: Plan for the results.</a>' in page
    assert "Hand in the application" not in page
    answer = client.post(url(application, "submit"))
    assert answer.status_code == 422
    assert "<title>Error: " in answer.content.decode()


def test_a_returned_one_is_changed_and_handed_in_again(application, researcher):
    Application.objects.filter(pk=application.pk).update(
        state="returned",
        submitted_at=timezone.now(),
        receipt="2026-TEST",
        return_note="Say how many crystals.",
        answer_by=timezone.now() + timedelta(days=7),
    )
    client = signed_in(researcher)
    assert "Say how many crystals." in client.get(url(application)).content.decode()
    assert "Hand in again" in client.get(url(application, "check")).content.decode()
    assert client.post(url(application, "answer")).status_code == 302
    application.refresh_from_db()
    assert application.state == "screening"


def test_withdrawing_asks_first(application, researcher):
    client = signed_in(researcher)
    assert "Withdraw this application?" in client.get(url(application, "withdraw")).content.decode()
    assert client.post(url(application, "withdraw"), {"why": ""})["Location"] == url(application)
    application.refresh_from_db()
    assert application.state == "withdrawn"
    assert client.post(url(application, "withdraw"), {"why": ""}).status_code == 422


def test_what_is_prepared_stays_unseen(application, researcher):
    Application.objects.filter(pk=application.pk).update(
        state="prepared",
        decision="decline",
        decision_note="Too weak.",
        rank=9,
        submitted_at=timezone.now(),
        receipt="2026-TEST",
    )
    client = signed_in(researcher)
    for page in (client.get(url(application)).content.decode(), client.get("/en/applications/").content.decode()):
        assert "Being judged" in page or "being judged" in page
        assert "prepared" not in page
        assert "Too weak." not in page
        assert "declined" not in page.lower()


def test_who_sees_and_who_writes(
    application, researcher, focal_point, stranger_researcher, staff, reviewer, admin_user
):
    viewer = UserFactory()
    TeamMemberFactory(application=application, user=viewer, role="view", accepted_at=timezone.now())
    TeamMemberFactory(application=application, address=stranger_researcher.email, role="edit")
    reads = {viewer: 200, staff: 200, admin_user: 200, stranger_researcher: 404, focal_point: 404, reviewer: 404}
    for person, status in reads.items():
        client = signed_in(person)
        assert client.get(url(application)).status_code == status, person
        for page in ("plan", "check", "withdraw"):
            assert client.get(url(application, page)).status_code == (403 if status == 200 else 404), (person, page)
        for deed in ("plan", "submit", "answer", "withdraw"):
            answer = client.post(url(application, deed), {"plan": "Mine", "version": 1})
            assert answer.status_code in (403, 404), (person, deed)
        assert client.post(url(application, "plan", "save"), {"plan": "Mine", "version": 1}).status_code in (403, 404)
    application.refresh_from_db()
    assert (application.state, application.plan) == ("draft", "Structures go to an open database, then a joint paper.")


def test_a_reviewer_of_a_blind_call_finds_no_page_with_names(reviewer):
    review = ReviewFactory(reviewer=reviewer, application__call__is_blind=True)
    assert signed_in(reviewer).get(url(review.application)).status_code == 404


def test_a_section_that_the_form_does_not_have_is_unknown(application, researcher):
    assert signed_in(researcher).get(url(application, "nonsense")).status_code == 404


def test_words_are_marked_with_their_language(application, focal_point, researcher):
    Application.objects.filter(pk=application.pk).update(
        language="fr", state="screening", submitted_at=timezone.now(), receipt="2026-TEST"
    )
    page = signed_in(focal_point).get(url(application)).content.decode()
    assert page.count('<dd lang="fr" dir="auto">') >= 4


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_asks_the_same_number_of_questions(number, researcher, django_assert_num_queries):
    client = signed_in(researcher)
    for _ in range(number):
        ApplicationFactory(applicant=researcher)
    client.get("/en/applications/")
    with django_assert_num_queries(4):
        page = client.get("/en/applications/").content.decode()
    assert page.count("<tr>") == number + 1


@pytest.mark.parametrize("number", [1, 3])
def test_a_page_asks_the_same_number_of_questions(number, application, researcher, django_assert_num_queries):
    """Whatever there is in it: people, samples and the lines of its history."""
    client = signed_in(researcher)
    for _ in range(number):
        TeamMemberFactory(application=application)
        SampleFactory(application=application)
        draft.touch_step(application, "files", by=researcher, done=True)
    Application.objects.filter(pk=application.pk).update(
        state="screening", submitted_at=timezone.now(), receipt="2026-TEST"
    )
    client.get(url(application))
    with django_assert_num_queries(9):
        client.get(url(application))

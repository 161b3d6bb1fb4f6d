"""Pages of judging: the board and its deeds, an application at the desk, the panel, the laboratory, the reviewer."""

import csv
import io
from datetime import time, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from calls.actions.judging import review as deeds
from calls.actions.judging.review import Opinion
from calls.enums import ApplicationState, AwardState, CallState, CheckKind, ReviewState
from calls.models import Application, Attachment, Call, Check, Review
from calls.waiting import waiting_for
from portal.audit.actions import history_of
from portal.core.waiting import written
from tests.factories.accounts import MembershipFactory, UserFactory
from tests.factories.applications import (
    CheckFactory,
    PanelMemberFactory,
    ReviewFactory,
    SampleFactory,
    TeamMemberFactory,
)
from tests.factories.calls import AwardFactory

pytestmark = pytest.mark.django_db


def text_of(response) -> str:
    parts = response.streaming_content if response.streaming else [response.content]
    return b"".join(parts).decode()


def desk(name: str, *args) -> str:
    return reverse(f"desk_calls:{name}", args=args)


# --- The board ------------------------------------------------------------------------------------


def fill(apply, criteria, number) -> None:
    """Applications in review, each with two reviews handed in, one given, and all checks."""
    for _ in range(number):
        application = apply(review=True, applicant=UserFactory(gender="woman"))
        for kind in CheckKind:
            CheckFactory(application=application, kind=kind)
        ReviewFactory(application=application, scores=dict.fromkeys(criteria, 4))
        ReviewFactory(application=application, scores=dict.fromkeys(criteria, 5))
        ReviewFactory(application=application)


@pytest.mark.parametrize("rows", [1, 3])
def test_the_board_takes_the_same_statements_whatever_its_length(
    client, staff, call, apply, criteria, rows, django_assert_num_queries
):
    fill(apply, criteria, rows)
    PanelMemberFactory(call=call)
    client.force_login(staff)
    with django_assert_num_queries(9):  # session, person, call, count, rows, checks, states, instruments, panel
        response = client.get(desk("board", call.slug))
    assert len(response.context["lines"]) == rows
    text = text_of(response)
    for words in ("4.50", "2/2", "KE", "yes", "Alpine diffractometer", "10 h"):
        assert words in text


def test_the_board_is_filtered_and_says_how_many_are_in_each_state(client, staff, call, apply):
    apply(review=True, title="Copper")
    apply(screening=True, applicant=UserFactory(name="Zuri Zinc"), title="Tin")
    apply(applicant=UserFactory(), title="A draft")
    client.force_login(staff)
    for query, found in (
        ({}, {"Copper", "Tin"}),
        ({"state": "review"}, {"Copper"}),
        ({"q": "zinc zuri"}, {"Tin"}),
        ({"q": "nothing"}, set()),
        ({"state": "nonsense", "order": "nonsense", "instrument": "x"}, {"Copper", "Tin"}),
        ({"order": "score", "instrument": str(call.instruments.get().pk)}, {"Copper", "Tin"}),
    ):
        response = client.get(desk("board", call.slug), query)
        assert {row.title for row, _marks, _is_woman in response.context["lines"]} == found
        assert response.context["counts"] == [(ApplicationState.SCREENING, 1), (ApplicationState.REVIEW, 1)]


def test_an_application_of_ones_own_is_on_nobodys_board_but_others(client, staff, admin_user, call, apply, criteria):
    application = apply(review=True, title="Copper")
    TeamMemberFactory(application=application, address=staff.email)
    ReviewFactory(application=application, scores=dict.fromkeys(criteria, 4))
    client.force_login(staff)
    assert "Copper" not in text_of(client.get(desk("board", call.slug)))
    assert "Copper" not in text_of(client.get(desk("board_export", call.slug)))
    assert "Copper" not in text_of(client.get(desk("reviews_export", call.slug)))
    assert client.get(desk("application", application.ref)).status_code == 403
    client.force_login(admin_user)
    assert "Copper" in text_of(client.get(desk("board", call.slug)))


def test_a_review_by_somebody_who_turned_out_to_be_in_conflict_does_not_count(
    client, staff, call, application, institute, criteria
):
    good = ReviewFactory(application=application, scores=dict.fromkeys(criteria, 2))
    bad = ReviewFactory(application=application, scores=dict.fromkeys(criteria, 5))
    MembershipFactory(user=bad.reviewer, organisation=institute)
    client.force_login(staff)
    ((row, _marks, _is_woman),) = client.get(desk("board", call.slug)).context["lines"]
    assert (row.reviews_done, row.mean_score) == (1, 2.0)
    exported = text_of(client.get(desk("reviews_export", call.slug)))
    assert good.reviewer.name in exported
    assert bad.reviewer.name not in exported


def test_many_at_once_with_each_refusal_told(client, staff, call, apply, member):
    fresh, moved = apply(screening=True), apply(review=True, applicant=UserFactory(), title="Tin")
    client.force_login(staff)
    sent = {"deed": "eligible", "row": [fresh.ref, moved.ref], "query": "state=screening"}
    response = client.post(desk("board_do", call.slug), sent, follow=True)
    text = text_of(response)
    assert response.redirect_chain[0][0].endswith("?state=screening")
    assert "Done: 1." in text
    assert "Tin" in text
    assert "no longer possible" in text
    assert Application.objects.get(pk=fresh.pk).state == ApplicationState.FEASIBILITY
    sent = {"deed": "assign", "row": [fresh.ref, moved.ref], "reviewer": member.user.pk}
    client.post(desk("board_do", call.slug), sent)
    assert [review.application for review in Review.objects.all()] == [moved]


@pytest.mark.parametrize(
    "sent",
    [{"deed": "eligible"}, {"deed": "assign", "row": "x"}, {"deed": "x", "row": "x"}, {"deed": "x", "row": "\0"}, {}],
)
def test_half_a_bulk_deed_is_explained(client, staff, call, application, sent):
    client.force_login(staff)
    sent = {name: application.ref if value == "x" and name == "row" else value for name, value in sent.items()}
    text = text_of(client.post(desk("board_do", call.slug), sent, follow=True))
    assert "Tick the applications first." in text or "Choose a reviewer of the panel." in text
    assert not Review.objects.exists()


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_spreadsheet_formula_in_a_name_stays_a_name(client, staff, call, apply, form):
    apply(review=True, title='=HYPERLINK("http://evil.example")', applicant=UserFactory(name="@SUM(A1)"))
    client.force_login(staff)
    response = client.get(desk("board_export", call.slug), {"as": form})
    assert response["Content-Disposition"].endswith(f'.{form}"')
    body = b"".join(response.streaming_content)
    if form == "csv":
        _header, row = csv.reader(io.StringIO(body.decode("utf-8-sig")))
        assert row[2:4] == ['\'=HYPERLINK("http://evil.example")', "'@SUM(A1)"]
        assert row[10] == "10.0"


# --- An application at the desk -------------------------------------------------------------------


def test_staff_judge_an_application_on_its_page(client, staff, apply):
    application = apply(screening=True)
    client.force_login(staff)
    page = desk("application", application.ref)
    assert "Is it eligible?" in text_of(client.get(page))
    assert client.post(desk("application_check", application.ref), {"eligible": "no"}).status_code == 422
    assert client.post(desk("application_check", application.ref), {}).status_code == 400
    assert client.post(desk("application_check", application.ref), {"eligible": "yes"}).status_code == 302
    assert Check.objects.get().is_passed
    again = client.post(desk("application_check", application.ref), {"eligible": "yes"})
    assert again.status_code == 422
    assert "no longer possible" in text_of(again)


def test_staff_ask_for_changes(client, staff, apply):
    application = apply(screening=True)
    client.force_login(staff)
    address = desk("application_ask", application.ref)
    assert client.post(address, {"note": "", "answer_on": "2020-01-01"}).status_code == 400
    assert client.post(address, {"note": "x", "answer_on": "2020-01-01"}).status_code == 422
    day = timezone.now().date() + timedelta(days=9)
    assert client.post(address, {"note": "How many crystals?", "answer_on": day.isoformat()}).status_code == 302
    row = Application.objects.get()
    assert row.state == ApplicationState.RETURNED
    assert row.answer_by.astimezone(row.call.zone).time() == time()


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_takes_the_same_statements_whatever_was_written(
    client, staff, application, criteria, rows, django_assert_num_queries
):
    for _ in range(rows):
        ReviewFactory(application=application, scores=dict.fromkeys(criteria, 4))
    client.force_login(staff)
    client.get(desk("application", application.ref))
    # session, person, application, overdue, checks, reviews, scores, panel, history, samples, team, files, endorsement
    with django_assert_num_queries(13):
        text = text_of(client.get(desk("application", application.ref)))
    assert "4.00 of 5" in text


def test_giving_taking_back_and_opening_again(client, staff, application, member, criteria, institute, call):
    client.force_login(staff)
    assert client.post(desk("application_assign", application.ref), {"reviewer": member.user.pk}).status_code == 302
    review = Review.objects.get()
    assert client.post(desk("review_unassign", review.ref)).status_code == 302
    colleague = PanelMemberFactory(call=call, user=MembershipFactory(organisation=institute).user).user
    refused = client.post(desk("application_assign", application.ref), {"reviewer": colleague.pk})
    assert refused.status_code == 422
    assert "conflict of interest" in text_of(refused)
    assert not Review.objects.exists()
    review = ReviewFactory(application=application, reviewer=member.user, scores=dict.fromkeys(criteria, 4))
    assert client.post(desk("review_unassign", review.ref)).status_code == 422
    too_long = client.post(desk("review_reopen", review.ref), {"why": "x" * 301})
    assert (too_long.status_code, f'id="id_{review.ref}_why"' in too_long.content.decode()) == (400, True)
    assert client.post(desk("review_reopen", review.ref), {"why": "The plan is not scored."}).status_code == 302
    review.refresh_from_db()
    assert review.state == ReviewState.ASSIGNED
    assert history_of(review).first().why == "The plan is not scored."


def test_an_overdue_report_of_the_applicant_is_said_at_the_desk(client, staff, application):
    day = timezone.now().date() - timedelta(days=9)
    client.force_login(staff)
    assert "report due" not in text_of(client.get(desk("application", application.ref)))
    AwardFactory(holder=application.applicant, title="Zinc", state=AwardState.ENDED, report_due_on=day)
    text = text_of(client.get(desk("application", application.ref)))
    assert "Zinc</a>, report due" in text


def test_staff_who_review_do_not_read_the_others_before_they_wrote(client, staff, application, criteria):
    other = ReviewFactory(application=application, scores=dict.fromkeys(criteria, 4), to_panel="A secret word")
    own = ReviewFactory(application=application, reviewer=staff)
    client.force_login(staff)
    assert "A secret word" not in text_of(client.get(desk("application", application.ref)))
    assert other.reviewer.name not in text_of(client.get(desk("reviews_export", application.call.slug)))
    deeds.submit_review(own, Opinion({criterion.pk: 3 for criterion in criteria}), by=staff)
    assert "A secret word" in text_of(client.get(desk("application", application.ref)))


# --- The panel ------------------------------------------------------------------------------------


def test_the_panel_is_kept_on_its_page(client, staff, call, reviewer, apply):
    client.force_login(staff)
    assert client.post(desk("panel_spread", call.slug)).status_code == 422
    assert client.post(desk("panel", call.slug), {"email": "nobody@example.org"}).status_code == 422
    assert client.post(desk("panel", call.slug), {"email": "nonsense"}).status_code == 400
    assert client.post(desk("panel", call.slug), {"email": reviewer.email}).status_code == 302
    apply(review=True)
    text = text_of(client.post(desk("panel_spread", call.slug), follow=True))
    assert "1 review was given out." in text
    assert "Rui Reviewer" in text
    member = call.panel.get()
    assert client.post(desk("panel_remove", call.slug, member.pk)).status_code == 302
    assert not call.panel.exists()
    assert not Review.objects.exists()


@pytest.mark.parametrize("rows", [1, 3])
def test_the_panel_takes_the_same_statements_whatever_its_size(client, staff, call, rows, django_assert_num_queries):
    for _ in range(rows):
        PanelMemberFactory(call=call)
    client.force_login(staff)
    with django_assert_num_queries(5):  # session, person, call, in review, members
        client.get(desk("panel", call.slug))


# --- The laboratory -------------------------------------------------------------------------------


def test_an_operator_says_whether_it_is_feasible_and_safe(client, operator, apply):
    application = apply(feasibility=True)
    address = reverse("applications:feasibility", args=[application.ref])
    client.force_login(operator)
    assert "Is it safe" in text_of(client.get(address))
    assert client.post(address, {"feasible": "yes"}).status_code == 400
    assert client.post(address, {"feasible": "yes", "safe": "no"}).status_code == 422
    assert not Check.objects.exists()
    assert client.post(address, {"feasible": "yes", "safe": "yes"}).status_code == 302
    assert Application.objects.get().state == ApplicationState.REVIEW
    assert "no longer waits" in text_of(client.get(address))
    assert client.post(address, {"feasible": "yes", "safe": "yes"}).status_code == 422


@pytest.mark.parametrize(
    ("who", "status"), [("researcher", 403), ("staff", 403), ("stranger_operator", 404), ("reviewer", 404), (None, 302)]
)
def test_nobody_else_speaks_for_the_laboratory(client, apply, who, status, request):
    application = apply(feasibility=True)
    if who:
        client.force_login(request.getfixturevalue(who))
    address = reverse("applications:feasibility", args=[application.ref])
    assert client.get(address).status_code == status
    assert client.post(address, {"feasible": "yes", "safe": "yes"}).status_code == status
    assert not Check.objects.exists()


# --- The reviewer ---------------------------------------------------------------------------------


def test_a_reviewer_writes_saves_and_hands_in(client, reviewer, review, criteria):
    merit, plan = criteria
    client.force_login(reviewer)
    assert "Copper complexes" in text_of(client.get(reverse("reviews:list")))
    page = review.get_absolute_url()
    assert "Which of three polymorphs" in text_of(client.get(page))
    assert client.post(page, {f"points_{merit.pk}": "5", "to_panel": "Later"}).status_code == 302
    text = text_of(client.get(page))
    assert "Later" in text
    lacking = client.post(page, {f"points_{merit.pk}": "5", "do": "submit", "to_panel": "Kept words"})
    assert lacking.status_code == 422
    assert "Give points for: Plan." in text_of(lacking)
    assert "Kept words" in text_of(lacking)
    sent = {f"points_{merit.pk}": "5", f"points_{plan.pk}": "2", "to_applicant": "Well asked", "do": "submit"}
    assert client.post(page, {**sent, f"points_{plan.pk}": "9"}).status_code == 400
    assert client.post(page, sent).status_code == 302
    review.refresh_from_db()
    assert (review.state, review.to_applicant) == (ReviewState.SUBMITTED, "Well asked")
    assert client.post(page, sent).status_code == 422
    assert "3.80" in text_of(client.get(reverse("reviews:list")))


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_takes_the_same_statements_whatever_its_length(
    client, reviewer, apply, criteria, rows, django_assert_num_queries
):
    for _ in range(rows):
        application = apply(review=True, applicant=UserFactory())
        ReviewFactory(application=application, reviewer=reviewer, scores=dict.fromkeys(criteria, 3))
    client.force_login(reviewer)
    with django_assert_num_queries(4):  # session, person, count, page
        assert len(client.get(reverse("reviews:list")).context["page_obj"]) == rows


def test_a_declared_conflict_ends_access_at_once(client, reviewer, review):
    client.force_login(reviewer)
    address = reverse("reviews:conflict", args=[review.ref])
    assert client.post(address, {"why": ""}).status_code == 400
    assert client.post(address, {"why": "My student"}).status_code == 302
    for page in (review.get_absolute_url(), address, review.application.get_absolute_url()):
        assert client.get(page).status_code == 404
    assert "Copper complexes" not in text_of(client.get(reverse("reviews:list")))


def test_a_conflict_that_came_about_later_closes_every_door(client, reviewer, review, institute, criteria):
    MembershipFactory(user=reviewer, organisation=institute)
    client.force_login(reviewer)
    api = reverse("api:review-detail", args=[review.ref])
    points = {"scores": [{"criterion": criterion.pk, "points": 5} for criterion in criteria]}
    assert client.get(review.get_absolute_url()).status_code == 404
    assert client.post(review.get_absolute_url(), {"do": "submit"}).status_code == 404
    assert client.get(api).status_code == 404
    for address in (api, f"{api}submit/"):
        send = client.post if address.endswith("submit/") else client.put
        assert send(address, points, content_type="application/json").status_code == 404
    assert client.get(reverse("api:review-list")).json()["results"] == []
    assert written(waiting_for(reviewer)) == []
    review.refresh_from_db()
    assert review.state == ReviewState.ASSIGNED
    assert not review.scores.exists()


@pytest.mark.parametrize("who", ["researcher", "operator", "donor", "staff", "stranger_researcher"])
def test_a_review_is_its_reviewers_alone(client, review, who, request):
    client.force_login(request.getfixturevalue(who))
    assert client.get(review.get_absolute_url()).status_code == 404
    assert client.post(review.get_absolute_url(), {"do": "submit"}).status_code == 404
    assert client.get(reverse("api:review-detail", args=[review.ref])).status_code == 404


def test_after_the_decision_a_review_is_only_read(client, reviewer, review, criteria):
    Call.objects.update(state=CallState.DECIDED)
    client.force_login(reviewer)
    text = text_of(client.get(review.get_absolute_url()))
    assert "It can no longer be written" in text
    assert "Hand it in" not in text
    assert client.post(review.get_absolute_url(), {"do": "submit"}).status_code == 422


# --- Blind ----------------------------------------------------------------------------------------


@pytest.fixture
def blind(review, institute, researcher) -> list[str]:
    """A call that hides names; what must then be nowhere."""
    Call.objects.update(is_blind=True)
    application = review.application
    member = UserFactory(name="Tabitha Teammate", email="tabitha@example.org")
    TeamMemberFactory(application=application, user=member, address=member.email, accepted_at=timezone.now())
    TeamMemberFactory(application=application, address="invited.soul@example.org")
    Application.objects.update(team_words="Professor Wanjiku leads")
    SampleFactory(application=application)
    Attachment.objects.create(
        application=application, file="private/x.pdf", name="cv-amina.pdf", content_type="application/pdf", size=1,
        sha256="0" * 64, uploaded_by=researcher,
    )  # fmt: skip
    return [
        researcher.name, researcher.email, institute.name, institute.slug, member.name, member.email,
        "invited.soul", "Wanjiku", "cv-amina", application.ref,
    ]  # fmt: skip


def test_blind_reviewers_find_no_name_anywhere(client, blind, reviewer, review):
    client.force_login(reviewer)
    names = blind[:-1]
    api = reverse("api:review-detail", args=[review.ref])
    for address in (
        reverse("reviews:list"), review.get_absolute_url(), reverse("reviews:conflict", args=[review.ref]), api,
        reverse("api:review-list"), reverse("pages:me"),
    ):  # fmt: skip
        response = client.get(address)
        assert response.status_code == 200
        assert [name for name in names if name in text_of(response)] == [], address
    assert "Copper complexes" in text_of(client.get(api))
    for address in (review.application.get_absolute_url(), reverse("applications:pdf", args=[review.application.ref])):
        assert client.get(address).status_code == 404


def test_the_reviews_of_a_blind_call_are_exported_without_names(client, blind, staff, criteria):
    review = Review.objects.get()
    deeds.submit_review(review, Opinion({criterion.pk: 4 for criterion in criteria}), by=review.reviewer)
    client.force_login(staff)
    for form in ("csv", "xlsx"):
        body = b"".join(
            client.get(desk("reviews_export", review.application.call.slug), {"as": form}).streaming_content
        )
        text = body.decode("utf-8", "replace")
        assert [name for name in blind[:-1] if name in text] == []
        assert (review.application.ref in text) is (form == "csv")  # the other is compressed
    Call.objects.update(is_blind=False)
    assert blind[0] in text_of(client.get(desk("reviews_export", review.application.call.slug)))


# --- By API ---------------------------------------------------------------------------------------


def test_reviews_by_api(client, reviewer, review, criteria):
    merit, plan = criteria
    client.force_login(reviewer)
    address = reverse("api:review-detail", args=[review.ref])
    shown = client.get(address).json()
    assert (shown["ref"], shown["state"], shown["application"]["title"]) == (review.ref, "assigned", "Copper complexes")

    def send(method, to, data):
        return getattr(client, method)(to, data, content_type="application/json")

    kept = send("patch", address, {"scores": [{"criterion": merit.pk, "points": 5}], "to_panel": "Good"})
    assert kept.json()["scores"] == [{"criterion": merit.pk, "points": 5}]
    assert send("patch", address, {"to_applicant": "Hello"}).json()["to_panel"] == "Good"
    assert send("put", address, {"scores": [{"criterion": merit.pk, "points": 6}]}).status_code == 400
    assert send("put", address, {"scores": [{"criterion": 10**12, "points": 5}]}).status_code == 422
    lacking = send("post", f"{address}submit/", {})
    assert (lacking.status_code, [error["code"] for error in lacking.json()["errors"]]) == (422, ["no_points"])
    both = {"scores": [{"criterion": one.pk, "points": 5} for one in (merit, plan)]}
    assert send("post", f"{address}submit/", both).json()["state"] == "submitted"
    assert send("patch", address, {"to_panel": "Late"}).status_code == 422
    assert send("post", f"{address}conflict/", {}).status_code == 400
    assert send("post", f"{address}conflict/", {"why": "My student"}).status_code == 204
    assert client.get(address).status_code == 404


# --- Waiting --------------------------------------------------------------------------------------


def titles(user) -> list[str]:
    return [line.title for line in written(waiting_for(user))]


def test_what_waits_for_those_who_judge(call, apply, review, reviewer, operator, staff, criteria):
    apply(screening=True, applicant=UserFactory())
    checked = apply(feasibility=True, applicant=UserFactory(), title="Tin")
    assert titles(reviewer) == ["1 review to write: Diffraction time"]
    assert titles(operator) == ["Feasible and safe? Tin"]
    assert "1 application to screen: Diffraction time" in titles(staff)
    for kind in (CheckKind.FEASIBLE, CheckKind.SAFE):
        CheckFactory(application=checked, kind=kind, is_passed=False, note="Too small")
    assert titles(operator) == []
    assert "1 application refused by a laboratory: Diffraction time" in titles(staff)


def test_nothing_waits_for_those_who_judged_a_withdrawn_call(call, apply, review, reviewer, operator, staff):
    apply(feasibility=True, applicant=UserFactory())
    assert titles(reviewer) != []
    assert titles(operator) != []
    Call.objects.update(state=CallState.WITHDRAWN)
    assert titles(reviewer) == titles(operator) == titles(staff) == []


def test_staff_hear_when_all_reviews_are_in(call, apply, review, staff, criteria):
    Call.objects.update(reviews_wanted=1)
    line = "1 application is reviewed: Diffraction time"
    assert line not in titles(staff)
    deeds.submit_review(review, Opinion({criterion.pk: 4 for criterion in criteria}), by=review.reviewer)
    assert line in titles(staff)
    apply(screening=True, applicant=UserFactory())
    assert line not in titles(staff)
    Call.objects.update(state=CallState.DECIDED)
    assert [title for title in titles(staff) if "Diffraction" in title] == []

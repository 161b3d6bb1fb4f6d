"""What `sample_data` brings about applications: every state, judges with work to do, awards that came of them."""

from collections import Counter

import pytest
from django.test import Client
from django.utils import timezone

from bookings.models import Outcome
from calls import conflicts
from calls.completeness import missing_to_publish
from calls.enums import ApplicationState, AwardState, CallState, EntryKind, ReviewState
from calls.models import Application, Award, Call, Interest, LedgerEntry, Review
from calls.querysets.application import JUDGED
from calls.words import HAPPENED_TO_APPLICATION
from portal.audit.actions import history_of
from portal.audit.models import Record
from portal.notifications.enums import Frequency
from tests.samples.conftest import account

pytestmark = pytest.mark.usefixtures("programme")

NEVER_HANDED_IN = (ApplicationState.DRAFT, ApplicationState.LAPSED)


def call(slug: str) -> Call:
    return Call.objects.get(slug=slug)


def test_applications_are_in_every_state() -> None:
    assert set(Application.objects.values_list("state", flat=True)) == set(ApplicationState.values)
    closed = Counter(call("molecules-of-plants").applications.values_list("state", flat=True))
    assert closed.total() == 14
    assert closed["review"] == 6


def test_published_calls_lack_nothing_that_publishing_asks_for() -> None:
    for row in Call.objects.filter(state__in=[CallState.PUBLISHED, CallState.DECIDED]):
        assert missing_to_publish(row, row.opens_at) == [], row.slug


def test_what_was_handed_in_came_in_time_with_a_receipt_and_whole() -> None:
    for row in Application.objects.select_related("call"):
        if row.state in NEVER_HANDED_IN:
            assert row.receipt is None
            continue
        assert row.receipt
        assert row.call.opens_at < row.submitted_at < min(row.call.closes_at, timezone.now())
        assert row.country
        assert all([row.title, row.question, row.team_words, row.plan, row.steps])
        assert hasattr(row, "endorsement") == row.call.needs_endorsement


def test_history_tells_of_every_state_but_a_draft() -> None:
    for row in Application.objects.exclude(state=ApplicationState.DRAFT):
        assert history_of(row).filter(after=row.state).exists(), row
        moments = list(history_of(row).values_list("at", flat=True))
        assert moments == sorted(moments, reverse=True)


def test_the_desk_has_words_for_whatever_happened_to_an_application() -> None:
    verbs = set(Record.objects.filter(model="calls.application").values_list("verb", flat=True))
    assert len(verbs) > 15
    assert verbs - set(HAPPENED_TO_APPLICATION) == set()


def test_reviews_are_of_the_panel_scored_whole_and_free_of_conflict() -> None:
    assert set(Review.objects.values_list("state", flat=True)) == set(ReviewState.values)
    for review in Review.objects.select_related("application__call"):
        application = review.application
        assert application.call.panel.filter(user=review.reviewer_id).exists()
        is_declared = review.state == ReviewState.CONFLICT
        assert conflicts.exists_between(application, review.reviewer) == is_declared
        wanted = application.call.criteria.count() if review.state == ReviewState.SUBMITTED else 0
        assert review.scores.count() == wanted


def test_the_judged_have_passed_what_comes_before() -> None:
    for row in Application.objects.filter(state=ApplicationState.REVIEW).select_related("call"):
        kinds = set(row.checks.filter(is_passed=True).values_list("kind", flat=True))
        assert kinds == ({"eligible", "feasible", "safe"} if row.instrument_id else {"eligible"})


def test_awards_of_the_decided_call_came_of_applications() -> None:
    rows = call("crystals-1").awards.exclude(application=None).select_related("application")
    assert rows.count() == 6
    for award in rows:
        application = award.application
        about = (application.applicant_id, application.title, application.minutes_decided)
        assert about == (award.holder_id, award.title, award.granted_minutes)
        granted = LedgerEntry.objects.get(award=award, kind=EntryKind.GRANTED)
        assert granted.at == application.released_at
    waiting = call("crystals-1").applications
    assert waiting.filter(state=ApplicationState.RESERVED).count() == 2
    assert waiting.filter(state=ApplicationState.DECLINED).count() == 1


def test_two_awards_are_reported_and_one_report_is_overdue() -> None:
    assert [row.award.state for row in Outcome.objects.all()] == [AwardState.REPORTED] * 2
    overdue = Award.objects.get(state=AwardState.ENDED)
    assert overdue.holder == account("researcher")
    assert overdue.is_report_overdue(timezone.now().date())


def test_each_account_has_its_part_of_the_work() -> None:
    draft = Application.objects.to_hand_in(account("researcher"), timezone.now()).get()
    assert (draft.team.count(), draft.attachments.count()) == (1, 2)
    assert not draft.team.filter(accepted_at__isnull=False).exists()
    focal = account("focalpoint")
    asked = Application.objects.visible_to(focal).filter(endorsement__is_given=None, endorsement__isnull=False)
    assert [row.applicant.name for row in asked] == ["Njeri Mutua"]
    assert Application.objects.to_check_by(account("operator")).count() == 3
    to_write = Review.objects.to_write(account("reviewer"))
    assert {review.application.call.is_blind for review in to_write} == {True, False}
    assert Application.objects.filter(state=ApplicationState.SCREENING).count() == 4


def test_interests_come_through_three_doors_and_at_three_paces() -> None:
    rows = Interest.objects.active()
    assert set(rows.values_list("frequency", flat=True)) == set(Frequency.values)
    assert rows.exclude(offering="").count() > 5
    assert rows.exclude(categories=None).distinct().count() == rows.filter(standing="donor").count()


def test_board_and_outcomes_show_the_closed_call(client: Client) -> None:
    client.force_login(account("staff"))
    board = client.get("/en/desk/calls/molecules-of-plants/board/").content.decode()
    outcomes = client.get("/en/desk/calls/molecules-of-plants/outcomes/").content.decode()
    judged = call("molecules-of-plants").applications.filter(state__in=JUDGED)
    assert judged.count() == 11
    for row in judged:
        assert row.ref in outcomes
    assert all(row.ref in board for row in judged.filter(state=ApplicationState.REVIEW))


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_application_opens_to_its_people_and_to_staff(client: Client, language: str) -> None:
    staff = account("staff")
    for row in Application.objects.select_related("applicant"):
        client.force_login(row.applicant)
        assert client.get(f"/{language}/applications/{row.ref}/").status_code == 200, row
        client.force_login(staff)
        expected = 200 if row.submitted_at else 404
        assert client.get(f"/{language}/desk/applications/{row.ref}/").status_code == expected, row

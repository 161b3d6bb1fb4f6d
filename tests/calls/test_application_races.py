"""Two at once: real transactions on real connections."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, connections, transaction
from django.utils import timezone

from calls.actions.application import clock, draft, submit
from calls.actions.call import extend_call
from calls.models import Application
from calls.steps import steps_of
from portal.audit.actions import history_of
from portal.notifications.models import Notification
from tests.factories.applications import ApplicationFactory, TeamMemberFactory
from tests.factories.calls import CallFactory

pytestmark = pytest.mark.django_db(transaction=True)
CROWD = 6


@pytest.fixture
def application(instrument, researcher, institute) -> Application:
    """A finished draft."""
    call = CallFactory(instruments=[instrument], needs_endorsement=False)
    done = {step.name: {"version": 1, "done": True} for step in steps_of(call)}
    return ApplicationFactory(
        call=call, applicant=researcher, organisation=institute, instrument=instrument, steps=done
    )


def all_at_once(*deeds):
    """Do all deeds at the same moment, each on a connection of its own; return what each came to."""
    ready = threading.Barrier(len(deeds))

    def run(deed):
        try:
            ready.wait(timeout=60)
            return deed()
        except Exception as error:  # noqa: BLE001 the outcome is what the test looks at
            return error
        finally:
            connections["default"].close()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(run, deeds))


def test_submissions_at_once_are_one(application, researcher):
    outcomes = all_at_once(*[lambda: submit.submit(application, by=researcher)] * CROWD)
    assert {outcome.receipt for outcome in outcomes} == {Application.objects.get().receipt}
    assert history_of(application).filter(verb="submit").count() == 1
    assert Notification.objects.count() == 1


def test_starting_at_once_makes_one_draft(application, instrument, stranger_researcher):
    outcomes = all_at_once(*[lambda: draft.start(application.call, by=stranger_researcher)] * CROWD)
    assert {outcome.pk for outcome in outcomes} == {Application.objects.get(applicant=stranger_researcher).pk}


def test_of_words_saved_at_once_one_stays_and_the_other_is_told(application, researcher, focal_point):
    TeamMemberFactory(application=application, user=focal_point, role="edit", accepted_at=timezone.now())
    outcomes = all_at_once(
        lambda: draft.save_step(application, "plan", {"plan": "Hers"}, version=1, by=researcher),
        lambda: draft.save_step(application, "plan", {"plan": "His"}, version=1, by=focal_point),
    )
    assert Counter(type(outcome) for outcome in outcomes) == {Application: 1, draft.StepConflict: 1}
    application.refresh_from_db()
    (clash,) = (outcome for outcome in outcomes if isinstance(outcome, draft.StepConflict))
    assert clash.stored == {"plan": application.plan}
    assert application.version_of("plan") == 2


def test_a_submission_waits_for_an_extension_under_way(application, researcher, staff):
    """Read before its turn, the old closing would turn it away; the row of the call is held, so it is read after."""
    call = application.call
    call.closes_at = timezone.now() - timedelta(minutes=5)
    call.save()
    began = threading.Event()

    def submit_meanwhile():
        began.set()
        try:
            return submit.submit(application, by=researcher)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            extend_call(call, timezone.now() + timedelta(days=7), by=staff)
            outcome = pool.submit(submit_meanwhile)
            assert began.wait(timeout=30)
            assert not outcome.done()
        assert outcome.result(timeout=60).state == "screening"


def test_the_clock_and_a_submission_leave_one_of_the_two(application, researcher):
    """Whoever comes first, nothing is both lapsed and in."""
    call = application.call
    call.closes_at = timezone.now() + timedelta(minutes=10)
    call.save()
    later = call.closes_at + timedelta(minutes=2)
    _lapsed, submitted = all_at_once(
        lambda: clock.lapse_drafts(later), lambda: submit.submit(application, by=researcher)
    )
    application.refresh_from_db()
    is_in = isinstance(submitted, Application)
    assert (application.state, bool(application.receipt)) == (("screening", True) if is_in else ("lapsed", False))
    assert history_of(application).filter(verb__in=["submit", "lapse"]).count() == 1

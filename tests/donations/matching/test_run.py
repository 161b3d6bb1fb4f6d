"""Runs of the matcher: asked for, carried out once, kept, and over also when something goes wrong."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from donations.actions import matching
from donations.actions.matching import ask_for_run, run_due, run_matching
from donations.matching import solver
from donations.matching.facts import last_pairs
from donations.models import MatchingRun
from portal.audit.actions import history_of
from portal.core.errors import Forbidden
from tests.factories.donations import NeedFactory, OfferFactory

pytestmark = pytest.mark.django_db


def test_a_run_keeps_what_it_found(staff):
    need, offer = NeedFactory(organisation__country="TG", quantity=2), OfferFactory(quantity=2)
    left_out = NeedFactory(voltage=110)
    run = run_matching(by=staff)
    assert (run.needs, run.offers, run.trouble, run.asked_by) == (2, 1, "", staff)
    assert run.started_at <= run.finished_at
    [pair], [near] = run.pairs, run.near
    assert (pair["need"], pair["offer"], pair["quantity"]) == (need.pk, offer.pk, 2)
    assert ["mains", {"volts": 230, "hertz": 50}] in pair["reasons"]
    assert (near["need"], near["lacks"]) == (left_out.pk, [["voltage", {"volts": 110, "low": 220, "high": 240}]])
    assert [entry.verb for entry in history_of(run)] == ["finish", "ask"]


def test_staff_ask_and_a_worker_answers(staff):
    run = ask_for_run(by=staff)
    assert run.started_at is None
    assert ask_for_run(by=staff) == run
    assert run_due() == 1
    run.refresh_from_db()
    assert run.finished_at is not None
    assert run_due() == 0


def test_only_staff_ask(stranger_focal_point):
    with pytest.raises(Forbidden):
        ask_for_run(by=stranger_focal_point)
    assert not MatchingRun.objects.exists()


def test_the_clock_runs_it_once_a_day(time_machine):
    moment = timezone.now()
    time_machine.move_to(moment, tick=False)
    assert [run_due(), run_due()] == [1, 0]
    time_machine.move_to(moment + timedelta(hours=23, minutes=50), tick=False)
    assert run_due() == 0
    time_machine.move_to(moment + timedelta(days=1), tick=False)
    assert run_due() == 1
    assert MatchingRun.objects.count() == 2


def test_a_run_that_somebody_took_is_not_done_twice():
    run = MatchingRun.objects.create()
    MatchingRun.objects.filter(pk=run.pk).update(started_at=timezone.now())
    assert not matching._carry_out(run)


def test_a_run_whose_worker_died_is_over():
    dead = MatchingRun.objects.create(started_at=timezone.now() - timedelta(minutes=16))
    fresh = MatchingRun.objects.create(started_at=timezone.now() - timedelta(minutes=14))
    run_matching()
    dead.refresh_from_db()
    fresh.refresh_from_db()
    assert dead.finished_at is not None
    assert dead.trouble
    assert fresh.finished_at is None


def test_a_run_that_fails_says_why_and_is_over(staff, monkeypatch, caplog):
    NeedFactory()
    OfferFactory()
    monkeypatch.setattr(solver, "linear_sum_assignment", no_memory)
    run = run_matching()
    assert run.finished_at is not None
    assert run.trouble == "MemoryError: all of it is taken"
    assert run.pairs == []
    assert "failed" in caplog.text
    assert last_pairs() == frozenset()
    assert ask_for_run(by=staff).pk != run.pk


def no_memory(*args):
    raise MemoryError("all of it is taken")


def test_a_question_whose_record_fails_leaves_nothing(staff, monkeypatch):
    monkeypatch.setattr(matching, "record", no_memory_for)
    with pytest.raises(MemoryError), transaction.atomic():
        ask_for_run(by=staff)
    assert not MatchingRun.objects.exists()


def no_memory_for(*args, **details):
    raise MemoryError


def test_what_an_older_version_wrote_stops_no_run():
    NeedFactory(customs="once")
    OfferFactory(condition="once")
    run = run_matching()
    assert (len(run.pairs), run.trouble) == (1, "")


def test_old_runs_are_forgotten():
    for _ in range(matching.KEPT + 3):
        MatchingRun.objects.create(started_at=timezone.now(), finished_at=timezone.now())
    run = run_matching()
    assert MatchingRun.objects.count() == matching.KEPT
    assert MatchingRun.objects.first() == run

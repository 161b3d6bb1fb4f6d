"""Sent twice, done once, answered twice the same."""

import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client

from instruments.models import Technique
from portal.api.actions import (
    ABANDONED_AFTER,
    Answer,
    Asked,
    InProgress,
    claim_key,
    forget_old_answers,
    keep_answer,
)
from portal.api.models import IdempotencyRecord
from portal.core.errors import Refused
from tests.api.test_problems import codes, problem_of
from tests.api.urls import gate
from tests.support.waiting import PATIENCE

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.api.urls")]
NOW = datetime(2027, 3, 1, 12, tzinfo=UTC)
ASKED = Asked("account 1", "k", "POST /api/v1/techniques/", "0" * 64)


def post(client: Client, key: str | None, slug: str = "sem", path: str = "/api/v1/techniques/", **more: Any) -> Any:
    headers = {"Idempotency-Key": key} if key is not None else {}
    return client.post(path, {"slug": slug, "name": "x"}, content_type="application/json", headers=headers, **more)


def test_the_same_request_is_done_once_and_answered_twice(client: Client) -> None:
    first, second = post(client, "a"), post(client, "a")
    assert first.status_code == second.status_code == 201
    assert first.content == second.content
    assert first["Content-Type"] == second["Content-Type"] == "application/json"
    assert ("Idempotency-Replayed" in first, second["Idempotency-Replayed"]) == (False, "true")
    assert Technique.objects.count() == 1


def test_without_a_key_nothing_is_kept(client: Client) -> None:
    post(client, None)
    assert problem_of(post(client, None), 400)["errors"][0]["field"] == "slug"
    assert not IdempotencyRecord.objects.exists()


def test_another_body_under_the_key_is_refused(client: Client) -> None:
    post(client, "a")
    assert codes(problem_of(post(client, "a", slug="tem"), 422)) == ["idempotency_key_reused"]
    assert Technique.objects.count() == 1


def test_keys_of_one_caller_are_nothing_to_another(client: Client, researcher: Any, focal_point: Any) -> None:
    for number, user in enumerate((None, researcher, focal_point)):
        if user:
            client.force_login(user)
        assert post(client, "a", slug=f"t{number}").status_code == 201
    assert post(client, "a", slug="t9", REMOTE_ADDR="127.0.0.9").status_code == 422
    client.logout()
    assert post(client, "a", slug="t9", REMOTE_ADDR="127.0.0.9").status_code == 201
    assert "127.0.0" not in "".join(IdempotencyRecord.objects.values_list("who", flat=True))


@pytest.mark.parametrize("key", ["", "x" * 256, "tab\there", "é"])
def test_malformed_keys(client: Client, key: str) -> None:
    body = problem_of(post(client, key), 400)
    assert [(error["code"], error["field"]) for error in body["errors"]] == [("malformed_key", "Idempotency-Key")]
    assert not Technique.objects.exists()


def test_a_refusal_is_kept_and_leaves_nothing_behind(client: Client) -> None:
    first, second = post(client, "a", slug="refused"), post(client, "a", slug="refused")
    assert codes(problem_of(first, 422)) == codes(problem_of(second, 422)) == ["closed"]
    assert second["Idempotency-Replayed"] == "true"


def test_a_fault_is_not_kept_and_what_it_wrote_is_gone(client: Client) -> None:
    client.raise_request_exception = False
    assert post(client, "a", slug="fault").status_code == 500
    assert not Technique.objects.exists()
    assert not IdempotencyRecord.objects.exists()


def test_who_may_not_ask_leaves_no_record(client: Client) -> None:
    assert post(client, "a", path="/api/v1/own/").status_code == 401
    assert not IdempotencyRecord.objects.exists()


def test_an_answer_without_content(client: Client, researcher: Any) -> None:
    client.force_login(researcher)
    assert [post(client, "a", path="/api/v1/own/").status_code for _ in range(2)] == [204, 204]


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_works_and_the_other_is_told(client: Client) -> None:
    gate.shut()
    answers: list[Any] = []

    def ask() -> None:
        answers.append(post(Client(), "a"))
        connection.close()

    first = threading.Thread(target=ask)
    first.start()
    assert gate.entered.wait(PATIENCE)
    during = post(client, "a")
    gate.is_shut = False
    gate.may_go.set()
    first.join()
    assert codes(problem_of(during, 409)) == ["in_progress"]
    assert answers[0].status_code == 201
    assert post(client, "a").content == answers[0].content
    assert Technique.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_many_at_once_leave_one_row(client: Client) -> None:
    barrier, statuses = threading.Barrier(8), []

    def ask() -> None:
        barrier.wait()
        statuses.append(post(Client(), "a").status_code)
        connection.close()

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(statuses) == 8
    assert set(statuses) <= {201, 409}
    assert Technique.objects.count() == 1


def test_a_claim_whose_worker_died_is_taken_over_and_the_dead_cannot_answer() -> None:
    answer = Answer(201, "application/json", "", "{}")
    with time_machine.travel(NOW, tick=False) as clock:
        dead = claim_key(ASKED)
        with pytest.raises(InProgress):
            claim_key(ASKED)
        clock.shift(ABANDONED_AFTER + timedelta(seconds=1))
        heir = claim_key(ASKED)
        with pytest.raises(InProgress):
            keep_answer(dead, answer)
        keep_answer(heir, answer)
        assert claim_key(ASKED).status == 201


def test_answers_are_forgotten_after_48_hours() -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        claim_key(ASKED)
        clock.shift(timedelta(hours=48))
        assert forget_old_answers() == 0
        clock.shift(timedelta(seconds=1))
        assert forget_old_answers() == 1


def test_a_key_stands_for_one_address_too() -> None:
    claim_key(ASKED)
    elsewhere = Asked(ASKED.who, ASKED.key, "POST /api/v1/own/", ASKED.body_digest)
    with pytest.raises(Refused) as refusal:
        claim_key(elsewhere)
    assert refusal.value.codes == ["idempotency_key_reused"]

"""Codes and tokens: what pairs a PC, once, and what everybody else is answered."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from instruments.actions.connector import (
    BadCode,
    digest_of,
    make_code,
    note_contact,
    note_contacts,
    note_gone,
    pair,
    revoke_connector,
)
from instruments.models import Connector, Unit
from portal.accounts.enums import Role
from portal.audit.models import Record
from portal.core.errors import Forbidden, Refused
from portal.notifications.models import Notification
from tests.factories.accounts import MembershipFactory, UserFactory
from tests.factories.instruments import ConnectorFactory

SAID = {"name": "Hutch PC", "system": "Windows 11, Python 3.13.1", "version": "1.0", "target": "127.0.0.1:5900"}


@pytest.fixture
def unit(instrument) -> Unit:
    return instrument.units.get()


def ask(**changed: Any) -> Any:
    body = {"code": "AAAA-BBBB-CCCC", **SAID, **changed}
    return Client().post("/connectors/pair/", json.dumps(body), content_type="application/json")


@pytest.fixture(autouse=True)
def _nobody_counted(broker) -> None:
    """Tries of other tests do not count."""


def test_a_code_pairs_one_pc_and_only_digests_stay(unit, operator, laboratory):
    colleague = UserFactory()
    MembershipFactory(user=colleague, organisation=laboratory, role=Role.OPERATOR)
    made, code = make_code(unit, by=operator)
    assert made.code_hash == digest_of(code.replace("-", ""))
    connector, token = pair(code, SAID)
    assert (connector.pk, connector.name, connector.target) == (made.pk, "Hutch PC", "127.0.0.1:5900")
    kept = {str(value) for value in Connector.objects.filter(pk=made.pk).values().get().values()}
    assert digest_of(token) in kept
    assert not kept & {code, code.replace("-", ""), token}
    assert [*Record.objects.filter(model="instruments.connector").values_list("verb", "by").order_by("pk")] == [
        ("make_code", operator.pk),
        ("pair", None),
    ]
    assert {row.user_id for row in Notification.objects.filter(kind="instruments.connector_paired")} == {
        operator.pk,
        colleague.pk,
    }


def test_a_code_works_as_people_type_it(unit, operator):
    _made, code = make_code(unit, by=operator)
    assert pair(f" {code.lower().replace('-', ' ')} ", SAID)[0].unit == unit


def test_a_code_works_once(unit, operator):
    _made, code = make_code(unit, by=operator)
    pair(code, SAID)
    with pytest.raises(BadCode):
        pair(code, SAID)


def test_a_code_works_for_fifteen_minutes(unit, operator, time_machine):
    time_machine.move_to(timezone.now(), tick=False)
    _made, code = make_code(unit, by=operator)
    time_machine.shift(timedelta(minutes=15))
    with pytest.raises(BadCode):
        pair(code, SAID)
    time_machine.shift(-timedelta(seconds=1))
    assert pair(code, SAID)[0].unit == unit


def test_a_new_code_ends_the_one_before(unit, operator):
    _made, first = make_code(unit, by=operator)
    _made, second = make_code(unit, by=operator)
    with pytest.raises(BadCode):
        pair(first, SAID)
    assert pair(second, SAID)[0].unit == unit


def test_a_paired_unit_takes_no_second_pc_until_the_first_is_revoked(unit, operator):
    connector = ConnectorFactory(unit=unit)
    with pytest.raises(Refused) as error:
        make_code(unit, by=operator)
    assert error.value.codes == ["paired"]
    revoke_connector(connector, by=operator)
    assert make_code(unit, by=operator)[0].pk != connector.pk


def test_a_revoked_connector_keeps_nothing_that_opens_anything(unit, operator):
    connector = ConnectorFactory(unit=unit, is_online=True)
    revoked = revoke_connector(connector, by=operator)
    assert (revoked.token_hash, revoked.code_hash, revoked.is_online, revoked.revoked_by) == (None, "", False, operator)
    with pytest.raises(Refused):
        revoke_connector(connector, by=operator)
    assert Record.objects.filter(model="instruments.connector", verb="revoke", by=operator).count() == 1
    note_contact(connector.pk, SAID, timezone.now())
    note_contacts([connector.pk], timezone.now())
    assert not Connector.objects.get().is_online


def test_a_revoked_code_is_void(unit, operator):
    made, code = make_code(unit, by=operator)
    revoke_connector(made, by=operator)
    with pytest.raises(BadCode):
        pair(code, SAID)


@pytest.mark.parametrize("name", ["stranger_operator", "researcher", "focal_point", "donor"])
def test_nobody_else_makes_codes_or_revokes(name, unit, request):
    person, connector = request.getfixturevalue(name), ConnectorFactory(unit=unit)
    with pytest.raises(Forbidden):
        make_code(unit, by=person)
    with pytest.raises(Forbidden):
        revoke_connector(connector, by=person)
    assert Connector.objects.get().revoked_at is None


def test_contact_is_noted_and_holds_three_minutes(unit):
    connector, now = ConnectorFactory(unit=unit), timezone.now()
    note_contact(connector.pk, {**SAID, "name": "x" * 200 + "\n"}, now)
    connector.refresh_from_db()
    assert connector.name == "x" * 80
    assert connector.is_connected_at(now + timedelta(minutes=2))
    assert not connector.is_connected_at(now + timedelta(minutes=3))  # its relay was killed
    note_gone(connector.pk, now)
    connector.refresh_from_db()
    assert not connector.is_connected_at(now)


def test_the_program_s_address_answers_with_a_token(unit, operator, settings):
    settings.SITE_URL = "https://portal.example.org"
    _made, code = make_code(unit, by=operator)
    answer = ask(code=code)
    assert answer.status_code == 201
    assert answer["Cache-Control"].count("no-store") == 1
    assert answer.json()["address"] == "wss://portal.example.org/ws/connectors/"
    assert Connector.objects.paired().get().token_hash == digest_of(answer.json()["token"])


@pytest.mark.django_db
def test_a_used_an_old_and_an_invented_code_are_answered_alike(unit, operator):
    _made, used = make_code(unit, by=operator)
    connector, _token = pair(used, SAID)
    revoke_connector(connector, by=operator)
    _made, old = make_code(unit, by=operator)
    Connector.objects.in_use().update(code_until=timezone.now())
    answers = [ask(code=code) for code in (used, old, "AAAA-BBBB-CCCC", "", "x" * 1000)]
    assert {answer.status_code for answer in answers} == {403}
    assert len({answer.content for answer in answers}) == 1


@pytest.mark.django_db
def test_who_guesses_is_stopped(unit, operator):
    _made, code = make_code(unit, by=operator)
    assert [ask().status_code for _try in range(11)] == [403] * 10 + [429]
    assert ask(code=code).status_code == 429  # even the right one waits


@pytest.mark.django_db
@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{", b"\xff", b'{"code": 5}', b'{"code": "A"}', b"[" * 4000, b" " * 9000]
)
def test_what_is_no_message_is_answered_400(body):
    answer = Client().post("/connectors/pair/", body, content_type="application/json")
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["code"] == "malformed"


@pytest.mark.django_db
def test_a_get_pairs_nothing():
    assert Client().get("/connectors/pair/").status_code == 405


def test_of_many_who_show_one_code_at_once_one_is_paired(transactional_db, unit, operator):
    """A race of threads, each with a connection of its own."""
    _made, code = make_code(unit, by=operator)

    def try_it(number: int) -> str | None:
        try:
            return pair(code, {**SAID, "name": f"PC {number}"})[1]
        except BadCode:
            return None
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        tokens = [token for token in pool.map(try_it, range(8)) if token]
    assert [digest_of(token) for token in tokens] == [Connector.objects.get().token_hash]

"""The laboratory's pages about connectors."""

import io
import zipfile
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from bookings.desktop.packing import program
from instruments.models import Connector, Desktop, Instrument
from tests.factories.instruments import ConnectorFactory, InstrumentFactory

PAGE = reverse("lab:connectors")


@pytest.fixture
def at_lab(client: Client, operator) -> Client:
    client.force_login(operator)
    return client


def page(client: Client) -> str:
    answer = client.get(PAGE)
    assert answer.status_code == 200
    return answer.content.decode()


def test_each_state_is_said_in_words(at_lab, instrument):
    unit = instrument.units.get()
    assert "no PC is paired" in page(at_lab)
    row = Connector.objects.create(unit=unit, code_hash="0" * 64, code_until=timezone.now() + timedelta(minutes=9))
    assert "waiting for its PC" in page(at_lab)
    Connector.objects.filter(pk=row.pk).update(code_until=timezone.now())
    assert "no PC is paired" in page(at_lab)
    row.delete()
    row = ConnectorFactory(unit=unit)
    said = page(at_lab)
    assert "not connected" in said
    assert "Sessions do not use this connector" in said
    Desktop.objects.create(unit=unit, route="connector")
    Connector.objects.filter(pk=row.pk).update(is_online=True, seen_at=timezone.now())
    said = page(at_lab)
    assert "not connected" not in said
    assert "Sessions do not use this connector" not in said
    assert "127.0.0.1:5900" in said


def test_a_code_is_shown_once(at_lab, instrument):
    unit = instrument.units.get()
    answer = at_lab.post(reverse("lab:connector_code", args=[unit.pk]))
    code = answer.context["code"]
    assert code in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    assert code not in page(at_lab)
    assert Connector.objects.get().made_by_id == int(at_lab.session["_auth_user_id"])


def test_revoking_is_asked_for_and_done(at_lab, instrument):
    connector = ConnectorFactory(instrument=instrument)
    address = reverse("lab:connector_revoke", args=[connector.pk])
    assert "at once" in at_lab.get(address).content.decode()
    assert not Connector.objects.exclude(revoked_at=None).exists()
    assert at_lab.post(address).url == PAGE
    assert Connector.objects.exclude(revoked_at=None).exists()
    assert at_lab.post(address).status_code == 404


@pytest.mark.parametrize("name", ["stranger_operator", "researcher"])
def test_somebody_else_s_unit_is_not_there(client, request, instrument, name):
    if name == "stranger_operator":
        InstrumentFactory(organisation=request.getfixturevalue("elsewhere"))
    connector = ConnectorFactory(instrument=instrument)
    client.force_login(request.getfixturevalue(name))
    wanted = 404 if name == "stranger_operator" else 403
    assert client.post(reverse("lab:connector_code", args=[instrument.units.get().pk])).status_code == wanted
    assert client.post(reverse("lab:connector_revoke", args=[connector.pk])).status_code == 404
    assert Connector.objects.get().revoked_at is None


def test_units_without_a_screen_of_their_own_are_left_out(at_lab, laboratory, instrument):
    mailed = InstrumentFactory(organisation=laboratory, access_mode="mail_in")
    practice = InstrumentFactory(organisation=laboratory)
    Desktop.objects.create(unit=practice.units.get(), route="practice")
    said = page(at_lab)
    assert instrument.name in said
    assert mailed.name not in said
    assert practice.name not in said


def test_the_program_is_downloaded_as_it_is_announced(at_lab, instrument):
    assert program().sha256 in at_lab.get(reverse("lab:connector_guide")).content.decode()
    answer = at_lab.get(reverse("lab:connector_program"))
    assert program().name in answer["Content-Disposition"]
    names = zipfile.ZipFile(io.BytesIO(answer.content)).namelist()
    assert {"__main__.py", "connector/main.py", "websockets/asyncio/client.py", "websockets/LICENSE"} <= set(names)
    assert not [name for name in names if name.endswith(".so") or "django" in name]


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_asks_as_often_whatever_its_length(
    at_lab, laboratory, instrument: Instrument, rows: int, django_assert_num_queries: DjangoAssertNumQueries
):
    ConnectorFactory(instrument=instrument)
    for _row in range(rows - 1):
        ConnectorFactory(instrument=InstrumentFactory(organisation=laboratory))
    at_lab.get(PAGE)
    with django_assert_num_queries(6):
        at_lab.get(PAGE)

"""A read that has not changed costs no bytes."""

import pytest
from django.test import Client

from instruments.models import Technique

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.api.urls")]


def test_unchanged_reads_answer_304_until_they_change(client: Client) -> None:
    technique = Technique.objects.create(slug="sem", name="SEM", path="sem")
    for address in ("/api/v1/techniques/", "/api/v1/techniques/sem/"):
        tag = client.get(address)["ETag"]
        again = client.get(address, headers={"If-None-Match": tag})
        assert (again.status_code, again.content) == (304, b"")
        technique.name += " changed"
        technique.save()
        changed = client.get(address, headers={"If-None-Match": tag})
        assert changed.status_code == 200
        assert changed["ETag"] != tag


def test_reads_may_be_kept_but_not_trusted(client: Client) -> None:
    response = client.get("/api/v1/techniques/")
    assert response["Cache-Control"] == "no-cache"
    assert "Accept-Language" in response["Vary"]

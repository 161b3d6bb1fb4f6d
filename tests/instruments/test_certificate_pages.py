"""The pages of certificates: the public check, the own ones, those a laboratory gave."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from instruments.models import Certificate, Instrument, Policy
from portal.accounts.models import User
from tests.factories.trainings import CertificateFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def certificate(instrument: Instrument, researcher: User) -> Certificate:
    return CertificateFactory(
        instrument=instrument, person=researcher, name="Amina as printed", valid_until=date(2099, 5, 1)
    )


def test_anybody_can_check_one_and_learns_no_more(client: Client, certificate: Certificate) -> None:
    answer = client.get(certificate.get_absolute_url())
    page = answer.content.decode()
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    assert '<meta name="robots" content="noindex">' in page
    for shown in ("Amina as printed", "Alpine diffractometer", "Alpine Crystallography Laboratory", "1 May 2099"):
        assert shown in page
    for hidden in (certificate.person.email, certificate.person.name, certificate.issued_by.name, "History"):
        assert hidden not in page


@pytest.mark.parametrize(
    ("fields", "word"),
    [
        ({}, "genuine and valid today"),
        ({"valid_until": date(2026, 1, 6)}, "it has ended"),
        ({"revoked_at": timezone.now(), "revoked_why": "A secret reason"}, "was revoked on"),
    ],
)
def test_how_it_stands(client: Client, certificate: Certificate, fields: dict[str, Any], word: str) -> None:
    Certificate.objects.update(**fields)
    page = client.get(certificate.get_absolute_url()).content.decode()
    assert word in page
    assert "A secret reason" not in page
    client.force_login(certificate.person)
    page = client.get(certificate.get_absolute_url()).content.decode()
    assert ("A secret reason" in page) is ("revoked_at" in fields)


def test_codes_are_found_as_people_type_them(client: Client, certificate: Certificate) -> None:
    code = certificate.code.lower()
    answer = client.get("/en/certificates/", {"code": f" {code[:4]}-{code[4:]} "})
    assert (answer.status_code, answer["Location"]) == (302, f"/en/certificates/{certificate.code}/")
    assert client.get(f"/en/certificates/{code}/").status_code == 200
    for unknown in ("", "AAAAAAAA", "x" * 50, "a\0b"):
        assert client.get("/en/certificates/", {"code": unknown}).status_code == 404
    answer = client.get("/en/certificates/AAAAAAAA/")
    assert (answer.status_code, answer["X-Robots-Tag"]) == (404, "noindex, nofollow")
    assert "No certificate has this code" in answer.content.decode()


def test_given_renewed_and_revoked(client: Client, instrument: Instrument, operator: User, researcher: User) -> None:
    client.force_login(operator)
    typed = {"email": researcher.email, "instrument": instrument.pk, "valid_until": timezone.now().date()}
    answer = client.post("/en/certificates/new/", typed)
    certificate = Certificate.objects.get()
    assert answer["Location"] == certificate.get_absolute_url()
    later = timezone.now().date() + timedelta(days=90)
    assert client.post(f"{certificate.get_absolute_url()}renew/", {"valid_until": "2020-01-01"}).status_code == 422
    assert client.post(f"{certificate.get_absolute_url()}renew/", {"valid_until": later}).status_code == 302
    assert client.post(f"{certificate.get_absolute_url()}revoke/", {"why": ""}).status_code == 422
    assert client.post(f"{certificate.get_absolute_url()}revoke/", {"why": "Left it on"}).status_code == 302
    certificate.refresh_from_db()
    assert (certificate.valid_until, certificate.revoked_why) == (later, "Left it on")
    assert client.post(f"{certificate.get_absolute_url()}renew/", {"valid_until": ""}).status_code == 422


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"email": "nobody@example.org"}, "email"),
        ({"email": "odile.operator@example.org"}, "email"),  # oneself
        ({"email": "no address"}, "email"),
        ({"instrument": ""}, "instrument"),
        ({"valid_until": "2020-01-01"}, "valid_until"),
        ({"valid_until": "9999-12-31"}, "valid_until"),
        ({"valid_until": "soon"}, "valid_until"),
    ],
)
def test_what_makes_no_sense(
    client: Client, instrument: Instrument, operator: User, researcher: User, fields: dict[str, str], field: str
) -> None:
    client.force_login(operator)
    typed = {"email": researcher.email, "instrument": instrument.pk, "valid_until": ""} | fields
    answer = client.post("/en/certificates/new/", typed)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert not Certificate.objects.exists()


def test_whose_they_are(client: Client, certificate: Certificate, operator: User, stranger_operator: User) -> None:
    for person, path, is_shown in (
        (certificate.person, "", True),
        (operator, "", False),
        (operator, "given/", True),
        (stranger_operator, "given/", False),
    ):
        client.force_login(person)
        assert (certificate.code in client.get(f"/en/certificates/{path}").content.decode()) is is_shown


@pytest.mark.parametrize(
    ("standing", "expected"), [("", 4), ("valid", 2), ("ending", 1), ("ended", 1), ("revoked", 1), ("odd", 0)]
)
def test_the_filter(client: Client, instrument: Instrument, staff: User, standing: str, expected: int) -> None:
    soon, past = timezone.now().date() + timedelta(days=5), date(2026, 1, 6)
    for fields in ({}, {"valid_until": soon}, {"valid_until": past}, {"revoked_at": timezone.now()}):
        CertificateFactory(instrument=instrument, **fields)
    client.force_login(staff)
    page = client.get("/en/certificates/given/", {"standing": standing}).context["page"]
    assert page.paginator.count == expected


@pytest.mark.parametrize("count", [1, 3])
def test_lists_ask_the_same_whatever_their_length(
    client: Client, instrument: Instrument, researcher: User, staff: User, count: int, django_assert_num_queries: Any
) -> None:
    for _ in range(count):
        CertificateFactory(instrument=instrument, person=researcher)
    for person, path, expected in ((researcher, "", OWN), (staff, "given/", GIVEN)):
        client.force_login(person)
        with django_assert_num_queries(expected):
            client.get(f"/en/certificates/{path}")


OWN, GIVEN = 4, 4


@pytest.mark.parametrize("is_needed", [True, False])
def test_the_line_on_the_instruments_page(
    client: Client, certificate: Certificate, donor: User, is_needed: bool
) -> None:
    Policy.objects.update(needs_certificate=is_needed)
    for person, word in ((certificate.person, "Yours is valid until 1 May 2099"), (donor, "You hold none.")):
        client.force_login(person)
        page = client.get(certificate.instrument.get_absolute_url()).content.decode()
        assert (word in page) is is_needed


def test_the_same_line_where_one_chooses_a_time(client: Client, certificate: Certificate, donor: User) -> None:
    Policy.objects.update(needs_certificate=True)
    url = f"{certificate.instrument.get_absolute_url()}book/"
    for person, word in ((certificate.person, "Yours is valid until 1 May 2099"), (donor, "You hold none.")):
        client.force_login(person)
        assert word in client.get(url).content.decode()

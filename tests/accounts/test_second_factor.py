"""REQUIRE_MFA: staff, admins and operators set up a second factor before anything else."""

import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.signals import authenticator_removed
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.test import Client, RequestFactory

from portal.accounts.models import User

pytestmark = pytest.mark.django_db
SETUP = "/en/accounts/2fa/"


@pytest.fixture(autouse=True)
def _required(settings: object) -> None:
    settings.REQUIRE_MFA, settings.DEMO = True, False


def add_factor(user: User, kind: str = "totp") -> Authenticator:
    return Authenticator.objects.create(user=user, type=kind, data={"secret": "x", "name": "key"})


@pytest.mark.parametrize("member", ["staff", "admin_user", "operator"])
@pytest.mark.parametrize("path", ["/en/me/profile/", "/en/network/", "/en/desk/", "/en/admin/"])
def test_the_entrusted_are_led_to_set_one_up(
    member: str, path: str, client: Client, request: pytest.FixtureRequest
) -> None:
    client.force_login(request.getfixturevalue(member))
    answer = client.get(path)
    assert (answer.status_code, answer["Location"]) == (302, SETUP)


@pytest.mark.parametrize("member", ["researcher", "focal_point", "donor", "reviewer"])
def test_others_are_not_asked(member: str, client: Client, request: pytest.FixtureRequest) -> None:
    client.force_login(request.getfixturevalue(member))
    assert client.get("/en/me/profile/").status_code == 200


def test_visitors_are_not_asked(client: Client) -> None:
    assert client.get("/en/network/").status_code == 200


@pytest.mark.parametrize("kind", ["totp", "webauthn"])
def test_with_one_the_way_is_free(kind: str, client: Client, staff: User) -> None:
    add_factor(staff, kind)
    client.force_login(staff)
    assert client.get("/en/me/profile/").status_code == 200


def test_recovery_codes_alone_are_no_second_factor(client: Client, staff: User) -> None:
    add_factor(staff, "recovery_codes")
    client.force_login(staff)
    assert client.get("/en/me/profile/").status_code == 302


@pytest.mark.parametrize("path", [SETUP, "/en/accounts/logout/", "/en/accounts/reauthenticate/", "/en/accounts/email/"])
def test_the_way_to_set_one_up_is_open(path: str, client: Client, staff: User) -> None:
    client.force_login(staff)
    answer = client.get(path)
    assert answer.get("Location", "") != SETUP


def test_nothing_is_written_on_the_way(client: Client, staff: User) -> None:
    client.force_login(staff)
    client.post("/en/me/time-zone/", {"time_zone": "Africa/Accra"})
    staff.refresh_from_db()
    assert staff.time_zone == "Europe/Paris"


def test_the_api_says_so_in_its_own_words(client: Client, operator: User) -> None:
    client.force_login(operator)
    answer = client.get("/api/v1/organisations/")
    assert (answer.status_code, answer["Content-Type"]) == (403, "application/problem+json")
    assert answer.json()["errors"][0]["code"] == "second_factor_required"
    assert answer.json()["setup"].endswith(SETUP)


@pytest.mark.parametrize(("required", "demo"), [(False, False), (True, True)])
def test_it_can_be_off_and_is_off_in_the_demo(
    required: bool, demo: bool, client: Client, staff: User, settings: object
) -> None:
    settings.REQUIRE_MFA, settings.DEMO = required, demo
    client.force_login(staff)
    assert client.get("/en/me/profile/").status_code == 200


def test_the_answer_is_remembered_for_some_minutes(client: Client, operator: User) -> None:
    factor = add_factor(operator)
    client.force_login(operator)
    client.get("/en/me/profile/")
    factor.delete()
    assert client.get("/en/me/profile/").status_code == 200
    session = client.session
    session["second_factor_seen"] = int(time.time()) - 301
    session.save()
    assert client.get("/en/me/profile/").status_code == 302


def test_whoever_removes_it_is_asked_at_once(client: Client, operator: User) -> None:
    factor = add_factor(operator)
    client.force_login(operator)
    client.get("/en/me/profile/")
    request = RequestFactory().get("/")
    request.session = client.session
    factor.delete()
    authenticator_removed.send(Authenticator, request=request, user=operator, authenticator=factor)
    request.session.save()
    assert client.get("/en/me/profile/").status_code == 302


def test_keys_lie_sealed_and_still_work(client: Client, researcher: User) -> None:
    secret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
    TOTP.activate(researcher, secret)
    RecoveryCodes.activate(researcher)
    stored = {row.type: row.data for row in Authenticator.objects.all()}
    assert secret not in str(stored)
    assert stored["totp"]["secret"].startswith("sealed:")
    assert stored["recovery_codes"]["seed"].startswith("sealed:")
    totp = Authenticator.objects.get(type="totp").wrap()
    assert totp.validate_code(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))
    codes = Authenticator.objects.get(type="recovery_codes").wrap()
    assert codes.validate_code(codes.get_unused_codes()[0])

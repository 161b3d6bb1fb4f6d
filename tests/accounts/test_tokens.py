"""API tokens: shown once, kept as a digest, read or write, revoked."""

import hashlib
from datetime import UTC, date, datetime

import pytest
import time_machine
from django.test import Client, RequestFactory
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.request import Request

from portal.accounts import actions
from portal.accounts.actions.tokens import MOST
from portal.accounts.models import ApiToken, User
from portal.accounts.tokens import TokenAuthentication
from portal.audit.models import Record
from portal.core.errors import Forbidden, Refused

pytestmark = pytest.mark.django_db
API = "/api/v1/organisations/"


def sign_in(header: str, method: str = "GET") -> tuple[User, ApiToken] | None:
    request = RequestFactory().generic(method, "/", headers={"authorization": header})
    return TokenAuthentication().authenticate(Request(request))


def test_a_token_is_kept_as_a_digest_only(researcher: User) -> None:
    token, secret = actions.make_token("laptop", can_write=False, by=researcher)
    assert secret.startswith("rap_")
    assert len(secret) == 47
    assert token.digest == hashlib.sha256(secret.encode()).hexdigest()
    assert secret not in str(list(ApiToken.objects.values())) + str(list(Record.objects.values()))


def test_a_token_signs_its_person_in(researcher: User) -> None:
    token, secret = actions.make_token("laptop", can_write=False, by=researcher)
    assert sign_in(f"Token {secret}") == (researcher, token)
    assert sign_in(f"token {secret}") == (researcher, token)


def test_other_ways_of_signing_in_are_left_to_others() -> None:
    assert sign_in("Bearer rap_x") is None
    assert sign_in("") is None


@pytest.mark.parametrize("secret", ["", "rap_", "rap_nothing", "x" * 5000, "Zürich", "a b"])
def test_what_is_no_token_is_refused(secret: str) -> None:
    with pytest.raises(AuthenticationFailed):
        sign_in(f"Token {secret}")


def test_one_altered_character_is_refused(researcher: User) -> None:
    _token, secret = actions.make_token("laptop", can_write=False, by=researcher)
    with pytest.raises(AuthenticationFailed):
        sign_in(f"Token {secret[:-1]}{'a' if secret[-1] != 'a' else 'b'}")


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_a_reading_token_writes_nothing(method: str, researcher: User) -> None:
    _token, secret = actions.make_token("laptop", can_write=False, by=researcher)
    with pytest.raises(PermissionDenied):
        sign_in(f"Token {secret}", method)
    _token, secret = actions.make_token("robot", can_write=True, by=researcher)
    assert sign_in(f"Token {secret}", method)


def test_a_closed_account_is_refused(researcher: User) -> None:
    _token, secret = actions.make_token("laptop", can_write=False, by=researcher)
    User.objects.update(is_active=False)
    with pytest.raises(AuthenticationFailed):
        sign_in(f"Token {secret}")


def test_the_day_of_last_use_is_written_once_a_day(researcher: User, django_assert_num_queries: object) -> None:
    _token, secret = actions.make_token("laptop", can_write=False, by=researcher)
    with time_machine.travel(datetime(2027, 3, 22, 9, tzinfo=UTC), tick=False):
        with django_assert_num_queries(2):
            sign_in(f"Token {secret}")
        with django_assert_num_queries(1):
            sign_in(f"Token {secret}")
    with time_machine.travel(datetime(2027, 3, 23, 0, 1, tzinfo=UTC), tick=False):
        sign_in(f"Token {secret}")
    assert ApiToken.objects.get().last_used_on == date(2027, 3, 23)


def test_a_revoked_token_is_gone_and_remembered(researcher: User) -> None:
    token, secret = actions.make_token("laptop", can_write=False, by=researcher)
    actions.revoke_token(token, by=researcher)
    with pytest.raises(AuthenticationFailed):
        sign_in(f"Token {secret}")
    assert [entry.verb for entry in Record.objects.order_by("pk")] == ["make", "revoke"]


@pytest.mark.parametrize("member", ["focal_point", "staff", "stranger_researcher"])
def test_nobody_revokes_anothers(member: str, researcher: User, request: pytest.FixtureRequest) -> None:
    token, _secret = actions.make_token("laptop", can_write=False, by=researcher)
    with pytest.raises(Forbidden):
        actions.revoke_token(token, by=request.getfixturevalue(member))
    assert ApiToken.objects.exists()


def test_a_person_has_only_so_many(researcher: User) -> None:
    for number in range(MOST):
        actions.make_token(f"script {number}", can_write=False, by=researcher)
    with pytest.raises(Refused) as refusal:
        actions.make_token("one more", can_write=False, by=researcher)
    assert refusal.value.codes == ["too_many_tokens"]


# --- Over HTTP ------------------------------------------------------------------------------------------


def test_the_api_asks_for_a_token_when_one_is_wrong(client: Client) -> None:
    answer = client.get(API, headers={"authorization": "Token rap_wrong"})
    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Token")
    assert answer.json()["errors"][0]["code"] == "invalid_token"


def test_the_api_refuses_to_write_with_a_reading_token(client: Client, researcher: User) -> None:
    _token, secret = actions.make_token("laptop", can_write=False, by=researcher)
    answer = client.post(API, {}, content_type="application/json", headers={"authorization": f"Token {secret}"})
    assert answer.status_code == 403
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["errors"][0]["code"] == "read_only"


def test_the_page_shows_a_new_token_once(client: Client, researcher: User) -> None:
    client.force_login(researcher)
    answer = client.post("/en/me/tokens/", {"name": "laptop", "scope": "read"})
    secret = answer.context["secret"]
    assert secret in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    page = client.get("/en/me/tokens/").content.decode()
    assert "laptop" in page
    assert secret not in page
    client.post(f"/en/me/tokens/{ApiToken.objects.get().pk}/revoke/")
    assert not ApiToken.objects.exists()


@pytest.mark.parametrize(
    "data", [{}, {"name": "", "scope": "read"}, {"name": "x", "scope": "all"}, {"name": "x" * 81, "scope": "read"}]
)
def test_a_token_needs_a_name_and_a_scope(data: dict, client: Client, researcher: User) -> None:
    client.force_login(researcher)
    assert client.post("/en/me/tokens/", data).status_code == 422
    assert not ApiToken.objects.exists()


def test_another_persons_token_is_not_there(client: Client, researcher: User, stranger_researcher: User) -> None:
    token, _secret = actions.make_token("laptop", can_write=False, by=researcher)
    client.force_login(stranger_researcher)
    assert client.post(f"/en/me/tokens/{token.pk}/revoke/").status_code == 404
    assert client.get(f"/en/me/tokens/{token.pk}/revoke/").status_code == 405
    assert ApiToken.objects.exists()

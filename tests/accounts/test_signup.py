"""Signing up, confirming the address, signing in, resetting the password: through the pages and the outbox."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from portal.accounts.adapter import AccountAdapter
from portal.accounts.models import User
from portal.accounts.notices import opened
from portal.notifications.delivery import drain
from portal.notifications.models import Notification
from tests.cast import PASSWORD
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db

DETAILS = {
    "name": "Nia Newcomer",
    "email": "Nia@Example.org",
    "country": "KE",
    "password1": "a-quiet-lake-at-dawn",
    "password2": "a-quiet-lake-at-dawn",
    "agrees": "on",
}


@pytest.fixture(autouse=True)
def _fresh_limits() -> None:
    cache.clear()


MAILS = {
    "email_confirmation_signup": {"activate_url": "http://testserver/en/accounts/confirm-email/k/"},
    "email_confirmation": {"activate_url": "http://testserver/en/accounts/confirm-email/k/"},
    "password_reset_key": {"password_reset_url": "http://testserver/en/accounts/password/reset/key/1-set-a/"},
    "account_already_exists": {"password_reset_url": "http://testserver/en/accounts/password/reset/"},
    "unknown_account": {"signup_url": "http://testserver/en/accounts/signup/"},
    "password_changed": {"timestamp": datetime(2027, 3, 22, 9, tzinfo=UTC), "ip": "192.0.2.1", "user_agent": "Lynx"},
}


def test_marks_that_nobody_sees_are_left_out_of_the_address(client: Client) -> None:
    assert client.post("/en/accounts/signup/", DETAILS | {"email": "Nia@Example.org\u200b"}).status_code == 302
    assert User.objects.get().email == "nia@example.org"


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("name", MAILS)
def test_each_mail_has_subject_text_and_html_in_the_readers_language(name: str, language: str, client: Client) -> None:
    user = UserFactory(email="amina@example.org", language=language)
    AccountAdapter().send_mail(f"account/email/{name}", user.email, {"user": user} | MAILS[name])
    mail = opened(Notification.objects.get().data)
    assert mail["subject"]
    assert "\n" not in mail["subject"]
    assert f'<html lang="{language}"' in mail["html"]
    assert "\n-- \n" in mail["text"]
    assert "\n-- \n" not in mail["html"]
    if links := [value for value in MAILS[name].values() if str(value).startswith("http")]:
        address = links[0].replace("/en/", f"/{language}/")
        assert address in mail["text"]
        assert f'href="{address}"' in mail["html"]


def link_in(mail: Notification) -> str:
    """The path of the one link to a page of accounts in a mail."""
    (address,) = re.findall(r"http://testserver(/\S*accounts/\S*)", opened(mail.data)["text"])
    return address


def sign_up(client: Client, language: str = "en", **changes: str) -> object:
    details = {name: value for name, value in (DETAILS | changes).items() if value}
    return client.post(f"/{language}/accounts/signup/", details)


def test_from_sign_up_to_the_first_page(client: Client) -> None:
    answer = sign_up(client)
    assert (answer.status_code, answer["Location"]) == (302, "/en/accounts/confirm-email/")
    user = User.objects.get()
    assert (user.email, user.name, user.country.code) == ("nia@example.org", "Nia Newcomer", "KE")
    assert (user.language, user.time_zone) == ("en", "Africa/Nairobi")
    assert user.agreed_at is not None
    mail = Notification.objects.get()
    assert (mail.kind, mail.address, mail.user) == ("accounts.mail", "nia@example.org", user)
    link = link_in(mail)
    assert client.get(link).status_code == 200
    assert not user.emailaddress_set.get().verified, "a mail scanner that follows the link confirms nothing"
    assert client.post(link).status_code == 302
    assert user.emailaddress_set.get().verified


def test_an_unconfirmed_address_opens_nothing(client: Client) -> None:
    sign_up(client)
    Client().post("/en/accounts/login/", {"login": DETAILS["email"], "password": DETAILS["password1"]})
    assert client.get("/en/me/profile/").status_code == 302


def test_sign_up_remembers_language_and_zone(client: Client) -> None:
    client.cookies["time_zone"] = "Africa/Accra"
    sign_up(client, "fr")
    user = User.objects.get()
    assert (user.language, user.time_zone) == ("fr", "Africa/Accra")
    mail = Notification.objects.get()
    assert (mail.language, mail.time_zone) == ("fr", "Africa/Accra")
    assert link_in(mail).startswith("/fr/")


def test_a_zone_cookie_of_nonsense_is_not_kept(client: Client) -> None:
    client.cookies["time_zone"] = "Africa/Atlantis"
    sign_up(client)
    assert User.objects.get().time_zone == "Africa/Nairobi"


@pytest.mark.parametrize("missing", ["name", "country", "agrees", "email", "password1"])
def test_what_is_missing_is_asked_for_and_nothing_is_kept(missing: str, client: Client) -> None:
    answer = sign_up(client, **{missing: ""})
    assert missing in answer.context["form"].errors
    assert not User.objects.exists()
    assert not Notification.objects.exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [("country", "XX"), ("name", "Nia\u202e"), ("name", "x" * 151), ("email", "nia@"), ("password1", "123")],
)
def test_bad_details_are_refused(field: str, value: str, client: Client) -> None:
    changes = {field: value} | ({"password2": value} if field == "password1" else {})
    assert sign_up(client, **changes).context["form"].errors
    assert not User.objects.exists()


def test_sign_up_answers_the_same_for_a_known_address(client: Client, researcher: User) -> None:
    unknown = sign_up(client)
    cache.clear()
    known = sign_up(Client(), email=researcher.email)
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    assert User.objects.filter(email=researcher.email).count() == 1
    mail = Notification.objects.get(address=researcher.email)
    assert "/accounts/password/reset/" in opened(mail.data)["text"], "its owner learns of the attempt and how to get in"


def test_reset_answers_the_same_for_an_unknown_address(client: Client, researcher: User) -> None:
    known = client.post("/en/accounts/password/reset/", {"email": researcher.email})
    unknown = client.post("/en/accounts/password/reset/", {"email": "nobody@example.org"})
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])


def test_sign_in_answers_the_same_for_an_unknown_address(client: Client, researcher: User) -> None:
    known = client.post("/en/accounts/login/", {"login": researcher.email, "password": "wrong-horse"})
    unknown = client.post("/en/accounts/login/", {"login": "nobody@example.org", "password": "wrong-horse"})
    assert known.context["form"].errors == unknown.context["form"].errors


def test_a_forgotten_password_is_replaced_by_the_mails_link(client: Client, researcher: User) -> None:
    client.post("/en/accounts/password/reset/", {"email": researcher.email})
    link = link_in(Notification.objects.get())
    page = client.get(link, follow=True)
    form_path = page.redirect_chain[-1][0]
    client.post(form_path, {"password1": "a-quiet-lake-at-dawn", "password2": "a-quiet-lake-at-dawn"})
    researcher.refresh_from_db()
    assert researcher.check_password("a-quiet-lake-at-dawn")
    page = Client().get(link, follow=True)
    assert page.status_code == 200
    assert page.context["token_fail"], "a link works once"


def test_an_altered_link_confirms_nothing(client: Client) -> None:
    sign_up(client)
    link = link_in(Notification.objects.get())
    altered = link[:-2] + ("a" if link[-2] != "a" else "b") + "/"
    client.post(altered)
    assert not User.objects.get().emailaddress_set.get().verified


def test_links_follow_the_site_whatever_host_the_request_names(client: Client, settings: object) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    client.post("/en/accounts/password/reset/", {"email": "nobody@example.org"}, headers={"host": "evil.example"})
    text = opened(Notification.objects.get().data)["text"]
    assert "http://testserver/en/accounts/signup/" in text
    assert "evil" not in text


def test_mails_are_in_the_language_of_whoever_has_the_address(client: Client) -> None:
    user = UserFactory(email="fatou@example.org", language="fr", time_zone="Africa/Dakar")
    user.emailaddress_set.create(email=user.email, verified=True, primary=True)
    client.post("/en/accounts/password/reset/", {"email": user.email})
    mail = Notification.objects.get()
    assert (mail.language, mail.time_zone, mail.user) == ("fr", "Africa/Dakar", user)
    assert link_in(mail).startswith("/fr/accounts/")


def test_signing_in_switches_to_the_persons_language(client: Client, researcher: User) -> None:
    researcher.language = "fr"
    researcher.save()
    answer = client.post("/en/accounts/login/?next=/en/me/profile/", {"login": researcher.email, "password": PASSWORD})
    assert answer["Location"] == "/fr/me/profile/"
    assert client.cookies["django_language"].value == "fr"


def test_sign_in_does_not_lead_elsewhere(client: Client, researcher: User) -> None:
    answer = client.post(
        "/en/accounts/login/?next=https://evil.example/", {"login": researcher.email, "password": PASSWORD}
    )
    assert answer["Location"].startswith("/")


def test_failed_sign_ins_are_limited_by_address(client: Client, researcher: User) -> None:
    answers = [
        client.post("/en/accounts/login/", {"login": researcher.email, "password": f"wrong-{n}"}) for n in range(6)
    ]
    codes = [answer.context["form"].errors.as_data()["__all__"][0].code for answer in answers]
    assert codes == ["email_password_mismatch"] * 5 + ["too_many_login_attempts"]
    right = client.post("/en/accounts/login/", {"login": researcher.email, "password": PASSWORD})
    assert right.status_code == 200, "not even the right password gets through meanwhile"


def test_the_limit_counts_the_client_behind_our_proxy(client: Client, settings: object) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    details = {"login": "nobody@example.org", "password": "wrong"}
    spoofed = {"x-forwarded-for": "10.9.8.7, 192.0.2.1"}
    answers = [
        client.post("/en/accounts/login/", details | {"login": f"n{n}@example.org"}, headers=spoofed) for n in range(11)
    ]
    assert answers[-1].context["form"].errors.as_data()["__all__"][0].code == "too_many_login_attempts"
    other = client.post("/en/accounts/login/", details, headers={"x-forwarded-for": "10.9.8.7, 192.0.2.2"})
    assert other.context["form"].errors.as_data()["__all__"][0].code == "email_password_mismatch"


def test_getting_the_sign_out_page_signs_nobody_out(client: Client, researcher: User) -> None:
    client.force_login(researcher)
    client.get("/en/accounts/logout/")
    assert client.get("/en/me/profile/").status_code == 200
    client.post("/en/accounts/logout/")
    assert client.get("/en/me/profile/").status_code == 302


def test_links_that_open_doors_lie_sealed_in_the_outbox_and_arrive_readable(
    client: Client, researcher: User, mail_sink: Any
) -> None:
    client.post("/en/accounts/password/reset/", {"email": researcher.email})
    row = Notification.objects.get()
    assert list(row.data) == ["sealed"]
    assert "http" not in str(row.data)
    drain()
    (message,) = mail_sink.to(researcher.email)
    assert "http://testserver/en/accounts/password/reset/key/" in message.get_body(("plain",)).get_content()

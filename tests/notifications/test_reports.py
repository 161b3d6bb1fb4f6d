"""Bounces and complaints as mail providers report them: signed, once, and never more than they say."""

import hashlib
import hmac
import json
from base64 import b64encode
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from portal.notifications import reports
from portal.notifications.actions import Recipient, notify
from portal.notifications.delivery import drain
from portal.notifications.models import DeliveryReport, Notification, Suppression
from tests.factories.interests import InterestFactory
from tests.notifications.kinds import SECRET

pytestmark = pytest.mark.django_db
WORD = "postmark:a-long-random-word"
KEY = "mailgun-signing-key"


@pytest.fixture(autouse=True)
def anymail(settings: Any) -> None:
    settings.ANYMAIL = {"WEBHOOK_SECRET": [WORD], "MAILGUN_WEBHOOK_SIGNING_KEY": KEY}


def basic(word: str = WORD) -> str:
    return "Basic " + b64encode(word.encode()).decode()


def post(provider: str, body: Any, authorization: str | None = None) -> int:
    headers = {"HTTP_AUTHORIZATION": basic() if authorization is None else authorization}
    text = body if isinstance(body, str | bytes) else json.dumps(body)
    client = Client(enforce_csrf_checks=True)
    return client.post(f"/anymail/{provider}/tracking/", text, content_type="application/json", **headers).status_code


def bounce(**changes: Any) -> dict[str, Any]:
    """What Postmark posts; https://postmarkapp.com/developer/webhooks/bounce-webhook"""
    return {
        "RecordType": "Bounce",
        "MessageID": "883953f4-6105-42a2-a16a-77a8eac79483",
        "ID": 4323372036854775807,
        "Type": "HardBounce",
        "TypeCode": 1,
        "Email": "ada@example.org",
        "Description": "The server was unable to deliver your message (ex: unknown user).",
        "Details": "smtp;550 5.1.1 unknown user",
        "BouncedAt": timezone.now().isoformat(),
        **changes,
    }


def complaint(**changes: Any) -> dict[str, Any]:
    return bounce(RecordType="SpamComplaint", Type="SpamComplaint", **changes)


def failed(token: str = "t" * 50, key: str = KEY, signed: float | None = None, **changes: Any) -> dict[str, Any]:
    """What Mailgun posts; https://documentation.mailgun.com/docs/mailgun/user-manual/webhooks/"""
    stamp = str(int(timezone.now().timestamp() if signed is None else signed))
    signature = hmac.new(key.encode(), f"{stamp}{token}".encode(), hashlib.sha256).hexdigest()
    event = {
        "event": "failed",
        "severity": "permanent",
        "timestamp": timezone.now().timestamp(),
        "recipient": "ada@example.org",
        "reason": "bounce",
        "delivery-status": {"code": 550, "message": "5.1.1 no such user"},
        **changes,
    }
    return {"signature": {"timestamp": stamp, "token": token, "signature": signature}, "event-data": event}


def nothing_changed(interest: Any) -> bool:
    interest.refresh_from_db()
    return interest.is_active and not Suppression.objects.exists() and not DeliveryReport.objects.exists()


@pytest.mark.parametrize(
    ("provider", "make", "why"),
    [("postmark", bounce, "bounced"), ("postmark", complaint, "complained"), ("mailgun", failed, "bounced")],
)
def test_a_report_ends_every_interest_of_the_address(provider, make, why):
    mine = [InterestFactory(address="Ada@example.org"), InterestFactory(address="ada@example.org", kinds=["other"])]
    other = InterestFactory()
    assert post(provider, make()) == 200
    for interest in mine:
        interest.refresh_from_db()
        assert (interest.state, interest.ended_why) == ("ended", why)
    other.refresh_from_db()
    assert other.is_active
    assert Suppression.objects.get().why.startswith(why)


def test_account_mail_still_reaches_it(mail_sink):
    post("postmark", bounce())
    notify(SECRET, "event:1", [Recipient("ada@example.org")], {"subject": "Reset your password", "text": "A key"})
    drain()
    assert [message["Subject"] for message in mail_sink.wait_for(1)] == ["Reset your password"]


@pytest.mark.parametrize(
    "authorization", ["", basic("postmark:wrong"), basic(""), basic(":"), "Basic ???", "Bearer " + WORD]
)
def test_a_wrong_secret_changes_nothing(authorization):
    interest = InterestFactory(address="ada@example.org")
    assert post("postmark", bounce(), authorization) == 400
    assert nothing_changed(interest)


@pytest.mark.parametrize(
    "body",
    [
        failed(key="guessed"),
        {**failed(), "signature": {}},
        {"event-data": {}},
        {**failed(), "signature": "x"},
        {**failed(), "signature": {"token": "ü", "timestamp": "1", "signature": "x"}},
    ],
    ids=["forged", "empty", "none", "text", "letters"],
)
def test_a_forged_signature_changes_nothing(body):
    interest = InterestFactory(address="ada@example.org")
    assert post("mailgun", body) == 400
    assert nothing_changed(interest)


@pytest.mark.parametrize("hours", [-25, 25])
def test_an_old_signature_is_not_good_for_ever(hours):
    interest = InterestFactory(address="ada@example.org")
    assert post("mailgun", failed(signed=timezone.now().timestamp() + hours * 3600)) == 400
    assert nothing_changed(interest)


@pytest.mark.parametrize(
    "body",
    ["", "{", "[]", "7", "null", '"x"', b"\xff\xfe", '{"RecordType": 7}', '{"RecordType": "Bounce"}', "[" * 9999],
)
@pytest.mark.parametrize("provider", ["postmark", "mailgun", "brevo", "mailjet", "sparkpost"])
def test_nonsense_never_breaks_and_changes_nothing(provider, body):
    interest = InterestFactory(address="ada@example.org")
    assert post(provider, body) in (200, 400)
    assert nothing_changed(interest)


@pytest.mark.parametrize("make", [bounce, complaint])
def test_a_replay_changes_nothing_twice(make):
    """Not even after the person came back and confirmed anew."""
    body = make()
    assert post("postmark", body) == 200
    interest = InterestFactory(address="ada@example.org")
    Suppression.objects.all().delete()
    assert post("postmark", body) == 200
    interest.refresh_from_db()
    assert interest.is_active
    assert not Suppression.objects.exists()
    assert DeliveryReport.objects.count() == 1


def test_a_token_of_mailgun_is_good_for_one_report():
    """Its signature covers token and time, not the words: the same token with another address is a replay."""
    body = failed()
    post("mailgun", body)
    interest = InterestFactory(address="bo@example.org")
    body["event-data"]["recipient"] = "bo@example.org"
    assert post("mailgun", body) == 200
    interest.refresh_from_db()
    assert interest.is_active


@pytest.mark.parametrize(
    "changes",
    [
        {"Type": "SoftBounce"},
        {"Type": "Transient"},
        {"Type": "DnsError"},
        {"Type": "AutoResponder"},
        {"Type": "Blocked"},
        {"Details": "451 4.7.1 try again later", "Description": ""},
        {"RecordType": "Delivery"},
        {"RecordType": "Open"},
        {"Email": "not an address"},
        {"Email": ""},
        {"Email": None},
        {"BouncedAt": (timezone.now() - timedelta(days=91)).isoformat()},
    ],
)
def test_passing_troubles_and_other_events_end_nothing(changes):
    interest = InterestFactory(address="ada@example.org")
    assert post("postmark", bounce(**changes)) == 200
    assert nothing_changed(interest)


@pytest.mark.parametrize("secret", [None, []])
@pytest.mark.parametrize("method", ["post", "head"])
def test_without_a_secret_there_is_nothing(client, settings, secret, method):
    settings.ANYMAIL = {} if secret is None else {"WEBHOOK_SECRET": secret}
    assert getattr(client, method)("/anymail/postmark/tracking/").status_code == 404


@pytest.mark.parametrize("provider", ["nobody", "mailersend", "postal"])
def test_unknown_providers_and_those_without_their_key_are_not_there(provider):
    assert post(provider, bounce()) == 404


def test_the_address_can_be_tried_and_not_read(client):
    assert client.head("/anymail/postmark/tracking/").status_code == 200
    assert client.get("/anymail/postmark/tracking/").status_code == 405


@pytest.mark.filterwarnings("ignore:django-anymail has dropped official support for SendGrid")
def test_sendgrid_is_told_soft_from_hard():
    about = {"email": "ada@example.org", "timestamp": int(timezone.now().timestamp()), "event": "bounce"}
    soft = [{**about, "type": "blocked", "sg_event_id": "a", "reason": "550 policy"}]
    hard = [{**about, "type": "bounce", "sg_event_id": "b", "reason": "550 5.1.1 no such user"}]
    interest = InterestFactory(address="ada@example.org")
    assert post("sendgrid", soft) == 200
    assert nothing_changed(interest)
    assert post("sendgrid", hard) == 200
    interest.refresh_from_db()
    assert interest.ended_why == "bounced"


def test_reports_are_forgotten_when_they_are_no_longer_believed():
    post("postmark", bounce())
    with time_machine.travel(timezone.now() + timedelta(days=89)):
        assert reports.forget() == 0
    with time_machine.travel(timezone.now() + timedelta(days=91)):
        assert reports.forget() == 1


def test_when_the_interests_cannot_be_ended_nothing_is_noted(monkeypatch):
    from calls.actions.interest import deeds

    InterestFactory(address="ada@example.org")

    def broken(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError("no history")

    monkeypatch.setattr(deeds, "record", broken)
    with pytest.raises(RuntimeError, match="no history"):
        post("postmark", bounce())
    assert not DeliveryReport.objects.exists()
    assert not Suppression.objects.exists()
    assert not Notification.objects.exists()

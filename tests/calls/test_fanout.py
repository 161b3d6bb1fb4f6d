"""A call speaks: one message a person, in one statement, once, and through the death of a worker."""

import time
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from email.message import Message
from email.parser import BytesHeaderParser

import pytest
import time_machine
from celery import current_app
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from calls.actions import interest as actions
from calls.actions.call import withdraw_call
from calls.models import Interest
from calls.tasks import announce_due
from portal.audit.actions import history_of
from portal.notifications.enums import State
from portal.notifications.models import Notification
from tests.factories.calls import CallFactory
from tests.factories.instruments import TechniqueFactory
from tests.factories.interests import InterestFactory
from tests.support.machines import Inbox

MANY = 2000


def told() -> Counter[str]:
    return Counter(Notification.objects.values_list("address", flat=True))


# --- The outbox --------------------------------------------------------------------------------


@pytest.mark.django_db
def test_one_message_a_person_in_their_language():
    call = CallFactory()
    oldest = InterestFactory(address="Ada@Example.org", language="fr", time_zone="Africa/Dakar")
    InterestFactory(address="ada@example.org", call=call)
    assert actions.count_for(call) == actions.announce(call) == 1
    mail = Notification.objects.get()
    assert (mail.kind, mail.address, mail.state) == ("calls.call_open", "Ada@Example.org", State.PENDING)
    assert (mail.language, mail.time_zone) == ("fr", "Africa/Dakar")
    assert mail.data == {"call": call.pk, "token": oldest.token}
    assert mail.key == f"calls.call_open:call:{call.pk}:ada@example.org"


@pytest.mark.django_db
def test_the_account_of_a_reader_goes_along(researcher):
    InterestFactory(address=researcher.email, user=researcher)
    actions.announce(CallFactory())
    assert Notification.objects.get().user == researcher


@pytest.mark.django_db
def test_announcing_twice_tells_once(staff):
    call = CallFactory()
    InterestFactory()
    assert [actions.announce(call, by=staff), actions.announce(call, by=staff)] == [1, 0]
    announce_due()
    assert set(told().values()) == {1}
    call.refresh_from_db()
    assert call.announced_at is not None
    entry = history_of(call).get(verb="announce")
    assert (entry.by, entry.details) == (staff, {"told": 1})


@pytest.mark.django_db
@pytest.mark.parametrize("traits", [{"draft": True}, {"closed": True}, {"state": "withdrawn"}, {"state": "decided"}])
def test_only_published_calls_that_are_not_over_speak(traits):
    InterestFactory()
    assert actions.announce(CallFactory(**traits)) == 0
    announce_due()
    assert not told()


@pytest.mark.django_db
def test_who_came_between_announcement_and_opening_hears_at_the_opening():
    call = CallFactory(upcoming=True)
    InterestFactory(address="early@example.org")
    actions.announce(call)
    InterestFactory(address="late@example.org", call=call)
    announce_due()
    assert told() == {"early@example.org": 1}
    with time_machine.travel(call.opens_at + timedelta(minutes=1)):
        announce_due()
        announce_due()
    assert told() == {"early@example.org": 1, "late@example.org": 1}


@pytest.mark.django_db
def test_who_waits_for_this_very_call_hears_when_it_opens():
    call = CallFactory(upcoming=True)
    InterestFactory(address="ada@example.org")
    actions.announce(call)
    InterestFactory(address="ADA@example.org", call=call)
    InterestFactory(address="bo@example.org")
    InterestFactory(address="bo@example.org", call=call)
    with time_machine.travel(call.opens_at + timedelta(minutes=1)):
        announce_due()
        announce_due()
    assert told() == {"ada@example.org": 1, "ADA@example.org": 1, "bo@example.org": 1}


@pytest.mark.django_db
def test_every_extension_is_told_once():
    call = CallFactory()
    InterestFactory()
    for days in (1, 1, 2):
        call.closes_at = call.created_at + timedelta(days=60 + days)
        call.save()
        actions.tell_extended(call)
    assert Counter(Notification.objects.values_list("kind", flat=True)) == {"calls.call_extended": 2}


@pytest.mark.django_db
def test_who_was_told_of_a_call_hears_that_it_is_withdrawn(staff):
    call, quiet = CallFactory(), CallFactory()
    InterestFactory(address="ada@example.org")
    InterestFactory(address="bo@example.org", techniques=[TechniqueFactory(slug="sem")], frequency="weekly")
    actions.announce(call)
    for each in (call, quiet):
        withdraw_call(each, why="The beam is off.", by=staff)
    told = Notification.objects.filter(kind="calls.call_taken_back")
    assert {row.address: row.state for row in told} == {"ada@example.org": "pending", "bo@example.org": "held"}
    assert {row.data["call"] for row in told} == {call.pk}


@pytest.mark.django_db
@pytest.mark.parametrize("readers", [1, 30])
def test_the_number_of_statements_does_not_grow(readers):
    call = CallFactory()
    for _ in range(readers):
        InterestFactory()
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert actions.tell_extended(call) == readers
    statements = [query["sql"] for query in queries]
    assert len(statements) == 2  # the call's techniques, then all the rest
    assert sum("interest" in sql for sql in statements) == 1


@pytest.mark.django_db
def test_an_address_of_full_length_does_not_stop_the_others():
    InterestFactory(address="a" * 64 + "@" + ("b" * 60 + ".") * 3 + "org")
    InterestFactory()
    assert actions.announce(CallFactory()) == 2


# --- The mails ---------------------------------------------------------------------------------


@pytest.fixture
def delivered(mail_sink, transactional_db, broker):
    """Deliver what is due in this process; the messages by address."""

    def deliver() -> dict[str, object]:
        from portal.notifications.delivery import drain

        drain()
        return {message["To"]: message for message in mail_sink.messages()}

    return deliver


def body_of(message) -> str:
    return message.get_body(("plain",)).get_content()


def test_the_mail_of_a_call(delivered):
    call = CallFactory(title_en="Beam time", title_fr="Temps de faisceau", closes_at=timezone.now() + timedelta(days=9))
    english = InterestFactory(address="en@example.org")
    french = InterestFactory(address="fr@example.org", language="fr", time_zone="UTC")
    actions.announce(call)
    mails = delivered()
    assert "Beam time" in mails["en@example.org"]["Subject"]
    assert "Temps de faisceau" in mails["fr@example.org"]["Subject"]
    body = body_of(mails["en@example.org"])
    assert f"http://testserver/en/calls/{call.slug}/" in body
    assert "(Nairobi time)" in body
    assert "(Paris time)" in body
    for interest in (english, french):
        message = mails[interest.address]
        assert message["List-Unsubscribe"].strip() == f"<http://testserver/interest/unsubscribe/{interest.token}/>"
        assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert interest.token in body_of(message)
        assert interest.token in message.get_body(("html",)).get_content()
    assert english.token not in str(mails["fr@example.org"])


def test_the_mail_to_confirm_opens_the_page(delivered, client):
    wish = actions.Criteria(standing="beneficiary", language="fr")
    actions.declare("ada@example.org", wish, actions.Consent("Oui.", "1"))
    message = delivered()["ada@example.org"]
    address = f"http://testserver/fr/interest/{Interest.objects.get().token}/confirm/"
    assert address in body_of(message)
    assert address in message.get_body(("html",)).get_content()
    assert message["List-Unsubscribe"] is None
    assert client.get(address).status_code == 200


def test_a_call_withdrawn_before_the_mail_left_is_not_told(delivered):
    call = CallFactory()
    InterestFactory()
    actions.announce(call)
    call.state = "withdrawn"
    call.save()
    assert delivered() == {}
    assert Notification.objects.get().state == State.SUPPRESSED


def test_already_known_and_extended_have_words(delivered):
    known = InterestFactory(address="known@example.org", kinds=["other"])
    wish = actions.Criteria("beneficiary", "en", kinds=["other"])
    actions.declare(known.address, wish, actions.Consent("Yes.", "1"))
    InterestFactory(address="extended@example.org")
    actions.tell_extended(CallFactory(title_en="Beam time", kind="training"))
    mails = delivered()
    assert f"/en/interest/{known.token}/" in body_of(mails["known@example.org"])
    assert "closes later" in body_of(mails["extended@example.org"])


# --- The proof ---------------------------------------------------------------------------------


@pytest.mark.fault
@pytest.mark.timeout(400)
def test_two_thousand_mails_through_the_death_of_a_worker(celery_worker_process, mail_sink):
    """A worker is killed half-way with -9; another goes on. Nobody is left out; who hears twice was in its hands."""
    addresses = {f"reader{number}@example.org" for number in range(MANY)}
    now = timezone.now()
    Interest.objects.bulk_create(
        Interest(address=address, consent="Yes.", consent_version="1", state="active", confirmed_at=now)
        for address in sorted(addresses)
    )
    call = CallFactory()
    assert actions.announce(call) == MANY
    wait_until(lambda: mail_sink.count() >= MANY // 3)
    celery_worker_process.kill()
    assert mail_sink.count() < MANY, "the worker was not killed half-way"
    in_hand = set(Notification.objects.filter(state=State.SENDING).values_list("address", flat=True))

    time_passes()
    celery_worker_process.start()
    current_app.send_task("notifications.sweep")
    wait_until(lambda: not Notification.objects.exclude(state=State.SENT).exists())

    heard = Counter(headers["X-Envelope-To"] for headers in headers_of(mail_sink))
    assert set(heard) == addresses
    twice = {address for address, times in heard.items() if times > 1}
    assert twice <= in_hand
    assert len(in_hand) <= 2, "a worker process has one message in its hands at most"
    assert sum(heard.values()) == MANY + len(twice)
    assert actions.announce(call) == 0


def wait_until(is_so: Callable[[], bool], seconds: float = 150) -> None:
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, Counter(Notification.objects.values_list("state", flat=True))
        time.sleep(0.05)


def headers_of(inbox: Inbox) -> list[Message]:
    """Only the headers: the bodies of two thousand messages take longer to read than to send."""
    return [BytesHeaderParser().parsebytes(path.read_bytes()) for path in inbox.folder.glob("*.eml")]


def time_passes() -> None:
    """Move what the dead worker held into the past, as if the lease and the longest task were over."""
    past = timezone.now() - timedelta(hours=1)
    Notification.objects.filter(state=State.PENDING).update(due_at=past)
    Notification.objects.filter(state=State.SENDING).update(sending_at=past)

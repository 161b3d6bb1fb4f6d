"""Delivery against a real mail server: what leaves, what comes back, what waits."""

from datetime import timedelta

import pytest
from django.utils import timezone

from portal.notifications import delivery
from portal.notifications.actions import Recipient, notify, suppress
from portal.notifications.enums import State
from portal.notifications.mail import message_id
from portal.notifications.models import Notification, Suppression
from tests.factories.interests import InterestFactory
from tests.notifications.kinds import OPENED, PLAIN, SECRET

pytestmark = pytest.mark.django_db
AMINA = Recipient("amina@example.org")
BEN = Recipient("ben@example.org")


def row_of(recipient: Recipient) -> Notification:
    return Notification.objects.get(address=recipient.address)


def test_due_messages_leave_once(mail_sink) -> None:
    notify(PLAIN, "event:1", [AMINA, BEN], {"title": "News"})

    assert delivery.drain() == 2
    assert delivery.drain() == 0

    messages = mail_sink.wait_for(2)
    assert sorted(message["X-Envelope-To"] for message in messages) == [AMINA.address, BEN.address]
    row = row_of(AMINA)
    assert (row.state, row.attempts, row.attempt_token, row.sending_at) == (State.SENT, 1, None, None)
    assert row.settled_at is not None
    assert mail_sink.to(AMINA.address)[0]["Message-ID"] == message_id(row)


def test_a_chunk_travels_on_one_connection(server) -> None:
    notify(PLAIN, "event:1", [Recipient(f"p{number}@example.org") for number in range(30)], {"title": "News"})

    assert delivery.drain() == 30
    assert (len(server.received), server.connections) == (30, 1)


def test_a_message_is_not_sent_before_it_is_due(mail_sink) -> None:
    notify(PLAIN, "event:1", [AMINA], {"title": "News"}, due_at=timezone.now() + timedelta(hours=1))

    assert delivery.drain() == 0
    assert mail_sink.count() == 0


def test_refused_for_now_it_is_tried_again_later(server) -> None:
    server.refusals[AMINA.address] = ["450 4.2.1 mailbox busy"]
    notify(PLAIN, "event:1", [AMINA, BEN], {"title": "News"})

    delivery.drain()

    row = row_of(AMINA)
    assert (row.state, row.attempts) == (State.PENDING, 1)
    assert "mailbox busy" in row.last_error
    assert timedelta(seconds=40) < row.due_at - timezone.now() < timedelta(seconds=80)
    assert server.addresses == [BEN.address], "one bad row must not stop the others"

    Notification.objects.update(due_at=timezone.now())
    delivery.drain()

    assert server.addresses == [BEN.address, AMINA.address]
    row = row_of(AMINA)
    assert (row.state, row.attempts, row.last_error) == (State.SENT, 2, "")


def test_refused_for_good_it_fails(server) -> None:
    server.refusals[AMINA.address] = ["550 5.1.1 no such user"]
    notify(PLAIN, "event:1", [AMINA, BEN], {"title": "News"})

    delivery.drain()

    assert (row_of(AMINA).state, row_of(BEN).state) == (State.FAILED, State.SENT)
    assert "no such user" in row_of(AMINA).last_error
    assert not Suppression.objects.exists(), "only subscriptions learn from a bounce"


def test_a_subscription_that_bounces_suppresses_the_address(server) -> None:
    server.refusals[AMINA.address] = ["550 5.1.1 no such user"]
    notify(OPENED, "event:1", [AMINA], {"title": "News", "token": "t"})

    delivery.drain()

    assert row_of(AMINA).state == State.FAILED
    assert "no such user" in Suppression.objects.get(address=AMINA.address).why


def test_a_bounce_at_the_hand_over_ends_the_interests_of_the_address(server) -> None:
    interest = InterestFactory(address=AMINA.address.upper())
    server.refusals[AMINA.address] = ["550 5.1.1 no such user"]
    notify(OPENED, "event:1", [AMINA], {"title": "News", "token": "t"})

    delivery.drain()

    interest.refresh_from_db()
    assert (interest.state, interest.ended_why) == ("ended", "bounced")


def test_a_refused_text_fails_and_does_not_blame_the_address(server) -> None:
    server.data_answers = ["554 5.6.0 looks like spam"]
    notify(OPENED, "event:1", [AMINA], {"title": "News", "token": "t"})

    delivery.drain()

    assert row_of(AMINA).state == State.FAILED
    assert not Suppression.objects.exists()


def test_a_suppressed_address_gets_no_subscription_but_its_account_mail(mail_sink) -> None:
    suppress("amina@example.org", "complained")
    recipient = Recipient("Amina@example.org")
    notify(OPENED, "event:1", [recipient], {"title": "News", "token": "t"})
    notify(SECRET, "event:1", [recipient], {"subject": "Reset your password", "text": "Here is the key"})

    delivery.drain()

    assert [message["Subject"] for message in mail_sink.wait_for(1)] == ["Reset your password"]
    assert Notification.objects.get(kind=OPENED.name).state == State.SUPPRESSED
    assert Notification.objects.get(kind=SECRET.name).state == State.SENT


def test_nothing_left_to_say_is_suppressed_with_the_reason(mail_sink) -> None:
    notify(PLAIN, "event:1", [AMINA], {"title": "News", "is_gone": True})
    notify(OPENED, "event:1", [AMINA], {"title": "News", "is_gone": True, "token": "t"})

    delivery.drain()

    assert set(Notification.objects.values_list("state", "last_error")) == {(State.SUPPRESSED, "nothing left to say")}
    assert mail_sink.count() == 0


def test_a_message_that_cannot_be_rendered_waits_and_stops_nobody(mail_sink, caplog) -> None:
    notify(PLAIN, "broken", [AMINA], {"no title": ""})
    notify(PLAIN, "event:1", [BEN], {"title": "News"})

    delivery.drain()

    row = row_of(AMINA)
    assert (row.state, row.attempts) == (State.PENDING, 1)
    assert "KeyError" in row.last_error
    assert f"notification {row.pk} of kind testing.plain" in caplog.text
    assert row_of(BEN).state == State.SENT


def test_a_kind_this_worker_does_not_know_waits(mail_sink) -> None:
    notify(PLAIN, "event:1", [AMINA], {"title": "News"})
    Notification.objects.update(kind="testing.of_a_newer_version")

    delivery.drain()

    assert row_of(AMINA).state == State.PENDING


def test_attempts_are_bounded_and_spread_over_two_days(server) -> None:
    server.refusals[AMINA.address] = ["450 busy"] * delivery.ATTEMPTS
    notify(PLAIN, "event:1", [AMINA], {"title": "News"})
    waited = timedelta()

    for _ in range(delivery.ATTEMPTS - 1):
        delivery.drain()
        row = row_of(AMINA)
        assert row.state == State.PENDING
        waited += row.due_at - timezone.now()
        Notification.objects.update(due_at=timezone.now())
    delivery.drain()

    assert row_of(AMINA).state == State.FAILED
    assert timedelta(days=1.5) < waited < timedelta(days=2.5)


def test_while_the_mail_server_is_down_rows_wait(settings, server, caplog) -> None:
    notify(PLAIN, "event:1", [AMINA, BEN], {"title": "News"})
    settings.EMAIL_PORT = 1  # nothing listens there

    assert delivery.drain() == 1, "no use in trying the second while nobody answers"
    assert set(Notification.objects.values_list("state", flat=True)) == {State.PENDING}
    assert not Notification.objects.due(timezone.now()).exists()
    assert "does not answer" in caplog.text

    settings.EMAIL_PORT = server.port
    Notification.objects.update(due_at=timezone.now())
    assert delivery.drain() == 2
    assert sorted(server.addresses) == [AMINA.address, BEN.address]


def test_keys_are_forgotten_once_the_message_is_settled(mail_sink) -> None:
    notify(SECRET, "event:1", [AMINA], {"subject": "Key", "text": "open sesame"})
    notify(PLAIN, "event:1", [BEN], {"title": "News"})

    delivery.drain()

    assert row_of(AMINA).data == {}
    assert row_of(BEN).data == {"title": "News"}


def test_keys_are_kept_while_the_message_waits(server) -> None:
    server.refusals[AMINA.address] = ["450 busy"]
    notify(SECRET, "event:1", [AMINA], {"subject": "Key", "text": "open sesame"})

    delivery.drain()

    assert row_of(AMINA).data["text"] == "open sesame"


def test_a_claimed_row_is_not_claimed_again_until_its_lease_is_over() -> None:
    notify(PLAIN, "event:1", [AMINA], {"title": "News"})

    [row] = delivery.claim()

    assert delivery.claim() == []
    Notification.objects.update(due_at=timezone.now())
    [again] = delivery.claim()
    assert not delivery.mark(row), "whoever lost the lease must not send"
    assert delivery.mark(again)


def test_a_row_is_marked_by_one_worker_only() -> None:
    notify(PLAIN, "event:1", [AMINA], {"title": "News"})
    [row] = delivery.claim()

    assert delivery.mark(row)
    assert not delivery.mark(row)


def test_a_row_taken_by_the_sweeper_is_not_settled_by_its_first_worker(caplog) -> None:
    notify(PLAIN, "event:1", [AMINA], {"title": "News"})
    [row] = delivery.claim()
    delivery.mark(row)
    Notification.objects.update(sending_at=timezone.now() - delivery.STUCK - timedelta(seconds=1))

    assert delivery.sweep() == 1
    delivery.settle(row, delivery.SENT)

    assert row_of(AMINA).state == State.PENDING
    assert "taken from this worker" in caplog.text


def test_the_sweeper_leaves_alone_what_is_being_handed_over() -> None:
    notify(PLAIN, "event:1", [AMINA], {"title": "News"})
    [row] = delivery.claim()
    delivery.mark(row)

    assert delivery.sweep() == 0
    assert row_of(AMINA).state == State.SENDING


def test_a_message_that_kills_every_worker_is_given_up() -> None:
    notify(PLAIN, "event:1", [AMINA], {"title": "News"})
    long_ago = timezone.now() - delivery.STUCK - timedelta(seconds=1)
    Notification.objects.update(state=State.SENDING, attempts=delivery.ATTEMPTS, sending_at=long_ago)

    delivery.sweep()

    assert row_of(AMINA).state == State.FAILED


def test_the_sweeper_wakes_the_delivery_when_rows_are_due(django_capture_on_commit_callbacks) -> None:
    notify(PLAIN, "event:1", [AMINA], {"title": "News"})
    with django_capture_on_commit_callbacks() as wakeups:
        delivery.sweep()
    assert len(wakeups) == 1

    delivery.claim()
    with django_capture_on_commit_callbacks() as wakeups:
        delivery.sweep()
    assert wakeups == []


def test_out_of_time_the_rest_is_given_back_and_somebody_woken(server, django_capture_on_commit_callbacks) -> None:
    server.pause = 0.05
    notify(PLAIN, "event:1", [Recipient(f"p{number}@example.org") for number in range(20)], {"title": "News"})

    with django_capture_on_commit_callbacks() as wakeups:
        done = delivery.drain(seconds=0.2)

    assert 0 < done < 20
    assert len(wakeups) == 1
    assert Notification.objects.due(timezone.now()).count() == 20 - done
    assert delivery.drain(seconds=30) == 20 - done
    assert len(set(server.addresses)) == len(server.addresses) == 20

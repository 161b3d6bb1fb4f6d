"""Writing messages, sending failed ones again, keeping addresses out of subscriptions."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from portal.audit.actions import history_of
from portal.core.errors import Refused, WrongState
from portal.notifications.actions import Recipient, lift, notify, reader, retry, suppress
from portal.notifications.enums import State
from portal.notifications.models import Notification, Suppression
from tests.notifications.kinds import OPENED, PLAIN, SECRET

pytestmark = pytest.mark.django_db
AMINA = Recipient("Amina@example.org", "fr", "Africa/Nairobi")


def test_one_event_is_one_message_to_one_address() -> None:
    notify(PLAIN, "event:1", [AMINA, Recipient("other@example.org")], {"title": "first"})
    notify(PLAIN, "event:1", [Recipient("amina@EXAMPLE.org")], {"title": "second"})

    assert sorted(Notification.objects.values_list("address", "data")) == [
        ("Amina@example.org", {"title": "first"}),
        ("other@example.org", {"title": "first"}),
    ]


def test_another_event_or_kind_is_another_message() -> None:
    notify(PLAIN, "event:1", [AMINA], {"title": "a"})
    notify(PLAIN, "event:2", [AMINA], {"title": "a"})
    notify(OPENED, "event:1", [AMINA], {"title": "a", "token": "t"})

    assert Notification.objects.count() == 3


def test_the_row_remembers_how_its_reader_reads(admin_user) -> None:
    admin_user.language, admin_user.time_zone = "fr", "Africa/Nairobi"

    notify(PLAIN, "event:1", [reader(admin_user)], {"title": "a"})

    row = Notification.objects.get()
    assert (row.user, row.address, row.language, row.time_zone) == (
        admin_user,
        admin_user.email,
        "fr",
        "Africa/Nairobi",
    )
    assert row.state == State.PENDING


def test_the_longest_address_fits() -> None:
    address = f"{'a' * 64}@{'b' * 60}.{'c' * 60}.{'d' * 58}.example"

    notify(PLAIN, "k" * 80, [Recipient(address)], {"title": "a"})

    assert Notification.objects.get().address == address


def test_an_event_that_is_rolled_back_tells_nobody(django_capture_on_commit_callbacks) -> None:
    class SecondWriteFailed(Exception):
        pass

    @transaction.atomic
    def event() -> None:
        notify(PLAIN, "event:1", [AMINA], {"title": "a"})
        raise SecondWriteFailed

    with django_capture_on_commit_callbacks() as wakeups, pytest.raises(SecondWriteFailed):
        event()

    assert not Notification.objects.exists()
    assert wakeups == []


def test_a_message_for_later_wakes_nobody_now(django_capture_on_commit_callbacks) -> None:
    with django_capture_on_commit_callbacks() as wakeups:
        notify(PLAIN, "event:1", [AMINA], {"title": "a"}, due_at=timezone.now() + timedelta(days=1))

    assert wakeups == []
    assert not Notification.objects.due(timezone.now()).exists()
    assert Notification.objects.due(timezone.now() + timedelta(days=2)).exists()


def failed(kind=PLAIN) -> Notification:
    notify(kind, "event:1", [AMINA], {"title": "a"})
    Notification.objects.update(state=State.FAILED, attempts=8, settled_at=timezone.now(), last_error="550 no")
    return Notification.objects.get()


def test_a_failed_message_goes_out_again_with_all_its_attempts(admin_user, django_capture_on_commit_callbacks) -> None:
    with django_capture_on_commit_callbacks() as wakeups:
        row = retry(failed(), by=admin_user)

    row.refresh_from_db()
    assert (row.state, row.attempts, row.settled_at, row.last_error) == (State.PENDING, 0, None, "")
    assert Notification.objects.due(timezone.now()).exists()
    assert len(wakeups) == 2  # of notify and of retry
    entry = history_of(row).get()
    assert (entry.verb, entry.by, entry.before, entry.after) == ("retry", admin_user, "failed", "pending")


@pytest.mark.parametrize("state", [State.PENDING, State.SENDING, State.SENT, State.SUPPRESSED])
def test_only_a_failed_message_is_sent_again(state: State, admin_user) -> None:
    row = failed()
    Notification.objects.update(state=state)

    with pytest.raises(WrongState):
        retry(row, by=admin_user)

    row.refresh_from_db()
    assert row.state == state
    assert not history_of(row).exists()


def test_a_message_whose_keys_are_gone_is_not_sent_again(admin_user) -> None:
    row = failed(SECRET)

    with pytest.raises(Refused) as refused:
        retry(row, by=admin_user)

    assert refused.value.codes == ["secret_gone"]
    row.refresh_from_db()
    assert row.state == State.FAILED


def test_an_address_is_suppressed_once_and_the_deed_recorded(admin_user) -> None:
    first = suppress("Gone@example.org", "550 no such user")
    second = suppress("gone@EXAMPLE.org", "again", by=admin_user)

    assert first == second
    assert Suppression.objects.get().why == "550 no such user"
    assert history_of(first).get().actor == "clock"


def test_lifting_a_suppression_is_recorded(admin_user) -> None:
    suppression = suppress("gone@example.org", "complained")
    pk = suppression.pk

    lift(suppression, by=admin_user)

    assert not Suppression.objects.exists()
    suppression.pk = pk
    assert [entry.verb for entry in history_of(suppression)] == ["lift", "suppress"]

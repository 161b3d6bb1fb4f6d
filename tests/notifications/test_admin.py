"""The back office: the outbox to look at and repair, addresses to suppress."""

import pytest
from django.test import Client
from django.urls import reverse

from portal.audit.actions import history_of
from portal.audit.models import Record
from portal.notifications.actions import Recipient, notify, suppress
from portal.notifications.enums import State
from portal.notifications.models import Notification, Suppression
from tests.notifications.kinds import PLAIN, SECRET

pytestmark = pytest.mark.django_db
OUTBOX = "admin:notifications_notification_changelist"


@pytest.fixture
def failed() -> Notification:
    notify(PLAIN, "event:1", [Recipient("amina@example.org")], {"title": "key-of-the-door"})
    Notification.objects.update(state=State.FAILED)
    return Notification.objects.get()


def send_again(client: Client, *rows: Notification):
    data = {"action": "send_again", "_selected_action": [row.pk for row in rows]}
    return client.post(reverse(OUTBOX), data, follow=True)


def test_the_outbox_is_searched_and_shows_no_keys(admin_client: Client, failed: Notification) -> None:
    found = admin_client.get(reverse(OUTBOX), {"q": "amina", "state": "failed"}).content.decode()
    row = admin_client.get(reverse("admin:notifications_notification_change", args=[failed.pk])).content.decode()

    assert "amina@example.org" in found
    assert "amina@example.org" in row
    assert "key-of-the-door" not in found + row
    assert "amina@example.org" not in admin_client.get(reverse(OUTBOX), {"q": "ben"}).content.decode()


def test_a_failed_message_is_sent_again(admin_client: Client, admin_user, failed: Notification) -> None:
    page = send_again(admin_client, failed).content.decode()

    failed.refresh_from_db()
    assert failed.state == State.PENDING
    assert history_of(failed).get().by == admin_user
    assert "Done: 1." in page


def test_what_cannot_be_sent_again_is_said_and_stays(admin_client: Client, failed: Notification) -> None:
    notify(SECRET, "event:1", [Recipient("ben@example.org")], {"subject": "Key", "text": "sesame"})
    waiting = Notification.objects.get(kind=SECRET.name)

    page = send_again(admin_client, failed, waiting).content.decode()

    assert "Done: 1." in page
    assert "no longer possible" in page
    assert not history_of(waiting).exists()


def test_nothing_is_typed_over(admin_client: Client, failed: Notification) -> None:
    change = admin_client.post(reverse("admin:notifications_notification_change", args=[failed.pk]), {"state": "sent"})

    assert change.status_code == 403
    assert admin_client.get(reverse("admin:notifications_notification_add")).status_code == 403
    failed.refresh_from_db()
    assert failed.state == State.FAILED


def test_an_address_is_suppressed_by_hand(admin_client: Client, admin_user) -> None:
    page = reverse("admin:notifications_suppression_add")
    admin_client.post(page, {"address": "Gone@example.org", "why": "asked by letter"})

    suppression = Suppression.objects.get()
    assert suppression.address == "gone@example.org"
    assert history_of(suppression).get().by == admin_user

    again = admin_client.post(page, {"address": "gone@EXAMPLE.org", "why": "asked by letter"})
    assert (again.status_code, Suppression.objects.count()) == (200, 1)


@pytest.mark.parametrize("way", ["one", "selected"])
def test_a_suppression_is_lifted_by_hand(admin_client: Client, admin_user, way: str) -> None:
    suppression = suppress("gone@example.org", "550")
    if way == "one":
        admin_client.post(reverse("admin:notifications_suppression_delete", args=[suppression.pk]), {"post": "yes"})
    else:
        data = {"action": "delete_selected", "_selected_action": [suppression.pk], "post": "yes"}
        admin_client.post(reverse("admin:notifications_suppression_changelist"), data)

    assert not Suppression.objects.exists()
    entry = Record.objects.get(verb="lift")
    assert (entry.by, entry.row_id) == (admin_user, suppression.pk)

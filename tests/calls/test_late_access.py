"""A late access: given by staff, mailed, taken by whoever is first, over, taken back."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from calls.actions import late_access as deeds
from calls.eligibility import may_submit
from calls.enums import CallState
from calls.models import LateAccess
from portal.audit.models import Record
from portal.core.errors import Forbidden, Refused
from portal.notifications.kinds import KINDS
from portal.notifications.models import Notification
from portal.notifications.rendering import Renderer
from tests.factories.calls import CallFactory, LateAccessFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def call() -> Any:
    return CallFactory(closed=True)


def soon() -> Any:
    return timezone.now() + timedelta(days=2)


def link(access: LateAccess) -> str:
    return reverse("calls:late", args=[access.call.slug, access.token])


def text_of(response: Any) -> str:
    return str(response.content.decode())


def test_giving_mails_the_link_and_writes_the_history(call, staff):
    access = deeds.give(call, "late@example.org", soon(), "Three days without power.", by=staff)
    row = Notification.objects.get()
    letter = Renderer().letter(KINDS[row.kind], row)
    assert (row.address, row.language, row.time_zone) == ("late@example.org", "en", staff.time_zone)
    assert link(access) in letter.text
    assert link(access) in letter.html
    assert "without power" not in letter.text
    record = Record.objects.get()
    assert (record.verb, record.row_id, record.why, record.by) == (
        "give_late_access", call.pk, "Three days without power.", staff
    )  # fmt: skip


def test_an_account_behind_the_address_is_written_to_as_it_reads(call, staff, researcher):
    deeds.give(call, researcher.email.upper(), soon(), "Power cut", by=staff)
    row = Notification.objects.get()
    assert (row.user, row.time_zone) == (researcher, "Africa/Nairobi")


def test_only_staff_give_and_take_back(call, researcher):
    with pytest.raises(Forbidden):
        deeds.give(call, "late@example.org", soon(), "Power cut", by=researcher)
    with pytest.raises(Forbidden):
        deeds.revoke(LateAccessFactory(call=call), by=researcher)
    assert not Record.objects.exists()


@pytest.mark.parametrize(
    ("fields", "days", "why", "code"),
    [
        ({"state": CallState.DECIDED}, 2, "Power cut", "not_published"),
        ({"state": CallState.DRAFT}, 2, "Power cut", "not_published"),
        ({}, 2, " ", "no_reason"),
        ({}, -1, "Power cut", "not_later"),
    ],
)
def test_what_cannot_be_given(staff, fields, days, why, code):
    call = CallFactory(closed=True, **fields)
    with pytest.raises(Refused) as refusal:
        deeds.give(call, "late@example.org", timezone.now() + timedelta(days=days), why, by=staff)
    assert refusal.value.codes == [code]
    assert not LateAccess.objects.exists()
    assert not Notification.objects.exists()


def test_of_an_open_call_it_lasts_longer_than_the_call(staff):
    call = CallFactory()
    with pytest.raises(Refused) as refusal:
        deeds.give(call, "late@example.org", call.closes_at, "Power cut", by=staff)
    assert refusal.value.codes == ["not_later"]


def test_one_at_a_time_for_an_address(call, staff):
    deeds.give(call, "late@example.org", soon(), "Power cut", by=staff)
    with pytest.raises(Refused) as refusal:
        deeds.give(call, "Late@example.org", soon(), "Power cut", by=staff)
    assert refusal.value.codes == ["already_given"]


# --- The link -----------------------------------------------------------------------------------


def test_the_link_asks_to_sign_in_first(client, call):
    access = LateAccessFactory(call=call)
    response = client.get(link(access))
    assert response.status_code == 302
    assert response.url.endswith(f"?next={link(access)}")


def test_looking_takes_nothing_and_the_button_takes_it(client, call, researcher):
    access = LateAccessFactory(call=call)
    client.force_login(researcher)
    assert "Use it with this account" in text_of(client.get(link(access)))
    access.refresh_from_db()
    assert access.user is None
    response = client.post(link(access))
    assert response.url == reverse("calls:apply", args=[call.slug])
    access.refresh_from_db()
    assert access.user == researcher
    assert may_submit(call, researcher, timezone.now()) is None
    assert client.post(link(access)).status_code == 302, "twice is no harm"
    assert Record.objects.filter(verb="take_late_access").count() == 1


def test_somebody_else_is_told_who_to_ask(client, call, researcher, stranger_researcher):
    access = LateAccessFactory(call=call, user=researcher)
    client.force_login(stranger_researcher)
    response = client.get(link(access))
    assert response.status_code == 410
    assert "Somebody else has used this link" in text_of(response)
    assert "calls@example.org" in text_of(response)
    assert client.post(link(access)).status_code == 422
    access.refresh_from_db()
    assert access.user == researcher


def test_a_link_that_is_over_or_whose_call_is_withdrawn_gives_nothing(client, call, researcher):
    client.force_login(researcher)
    over = LateAccessFactory(call=call, until=timezone.now() - timedelta(seconds=1))
    gone = LateAccessFactory(call=CallFactory(state=CallState.WITHDRAWN))
    for access, words in ((over, "a time that is over"), (gone, "takes no applications")):
        response = client.post(link(access))
        assert response.status_code == 422
        assert words in text_of(response)
        access.refresh_from_db()
        assert access.user is None


def test_a_wrong_token_or_call_is_not_found(client, call, researcher):
    access = LateAccessFactory(call=call)
    client.force_login(researcher)
    assert client.get(reverse("calls:late", args=[call.slug, "x" * 43])).status_code == 404
    assert client.get(reverse("calls:late", args=[CallFactory().slug, access.token])).status_code == 404
    assert client.get(f"/en/calls/{call.slug}/late/%00/").status_code == 404


def test_the_mail_says_nothing_once_taken_over_or_taken_back(call, staff, researcher):
    access = deeds.give(call, "late@example.org", soon(), "Power cut", by=staff)
    row = Notification.objects.get()
    deeds.take(access, by=researcher)
    assert Renderer().letter(KINDS[row.kind], row) is None
    deeds.revoke(access, by=staff)
    assert Renderer().letter(KINDS[row.kind], row) is None


def test_taking_back_twice_is_taking_back_once(call, staff):
    access = deeds.give(call, "late@example.org", soon(), "Power cut", by=staff)
    for _ in range(2):
        deeds.revoke(LateAccess(pk=access.pk, call=call), by=staff)
    assert not call.late_accesses.exists()
    assert Record.objects.filter(verb="revoke_late_access").count() == 1


# --- The desk -----------------------------------------------------------------------------------


def test_the_desk_gives_on_the_call_s_clock_and_takes_back(client, call, staff, researcher):
    client.force_login(staff)
    desk = reverse("desk_calls:call_late", args=[call.slug])
    typed = {"address": "late@example.org", "until": "2027-06-30T12:00", "why": "Power cut"}
    assert client.post(desk, typed).status_code == 302
    access = LateAccess.objects.get()
    assert access.until.isoformat() == "2027-06-30T10:00:00+00:00"
    deeds.take(access, by=researcher)
    assert "Amina Researcher" in text_of(client.get(desk))
    revoke = reverse("desk_calls:late_revoke", args=[call.slug, access.pk])
    assert client.get(revoke).status_code == 405
    assert client.post(revoke).status_code == 302
    assert may_submit(call, researcher, timezone.now()) is not None
    assert client.post(revoke).status_code == 404
    verbs = [record.verb for record in Record.objects.order_by("pk")]
    assert verbs == ["give_late_access", "take_late_access", "revoke_late_access"]


@pytest.mark.parametrize(
    ("changes", "status", "sentence"),
    [
        ({"until": "2027-03-28T02:30"}, 400, "There is no 02:30"),
        ({"until": "2027-10-31T02:30"}, 400, "comes twice"),
        ({"until": "2020-01-01T12:00"}, 422, "a time to come"),
        ({"address": "nobody"}, 400, "valid email"),
        ({"why": ""}, 400, "required"),
    ],
)
def test_what_makes_no_sense_is_sent_back(client, call, staff, changes, status, sentence):
    client.force_login(staff)
    typed = {"address": "late@example.org", "until": "2027-06-30T12:00", "why": "Power cut"} | changes
    response = client.post(reverse("desk_calls:call_late", args=[call.slug]), typed)
    assert response.status_code == status
    assert sentence in text_of(response)
    assert not LateAccess.objects.exists()


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_takes_the_same_statements_whatever_its_length(client, call, staff, rows, django_assert_num_queries):
    for _ in range(rows):
        LateAccessFactory(call=call)
    client.force_login(staff)
    with django_assert_num_queries(5):  # session, person, call, count, page
        client.get(reverse("desk_calls:call_late", args=[call.slug]))

"""News of a call to those with an application or an interest: one mail a person; reminders, each once."""

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from calls.actions import call as deeds
from calls.actions.call_news import remind_closing
from calls.models import Application, Interest
from calls.tasks.call import remind_closing_calls
from portal.notifications.kinds import KINDS
from portal.notifications.models import Notification
from portal.notifications.rendering import Renderer
from tests.factories.applications import ApplicationFactory, TeamMemberFactory
from tests.factories.calls import CallFactory
from tests.factories.interests import InterestFactory

pytestmark = pytest.mark.django_db


def told() -> Counter[tuple[str, str]]:
    return Counter(Notification.objects.values_list("kind", "address"))


def letter(kind: str) -> Any:
    row = Notification.objects.get(kind=kind)
    found = Renderer().letter(KINDS[kind], row)
    assert found is not None
    return found


def aged(row: Any, days: float) -> Any:
    """Let a row have been there for so many days."""
    moment = timezone.now() - timedelta(days=days)
    fields = {"confirmed_at": moment} if isinstance(row, Interest) else {"created_at": moment}
    type(row).objects.filter(pk=row.pk).update(**fields)
    return row


def test_an_extension_is_told_once_to_each_with_a_draft_or_an_interest(staff, researcher, stranger_researcher):
    call = CallFactory()
    draft = ApplicationFactory(call=call, applicant=researcher)
    TeamMemberFactory(application=draft, user=stranger_researcher, accepted_at=timezone.now())
    TeamMemberFactory(application=draft, address="invited@example.org")
    ApplicationFactory(call=call, screening=True)
    InterestFactory(address=researcher.email.title(), call=call)
    InterestFactory(address="private@example.org", user=stranger_researcher, call=call)
    InterestFactory(address="else@example.org", call=call)
    deeds.extend_call(call, call.closes_at + timedelta(days=7), by=staff)
    assert told() == {
        ("calls.call_draft_extended", researcher.email): 1,
        ("calls.call_draft_extended", stranger_researcher.email): 1,
        ("calls.call_extended", "else@example.org"): 1,
    }


def test_the_mail_of_an_extension_leads_to_the_own_application(staff, researcher):
    draft = ApplicationFactory(applicant=researcher)
    deeds.extend_call(draft.call, draft.call.closes_at + timedelta(days=7), by=staff)
    words = letter("calls.call_draft_extended")
    assert draft.get_absolute_url() in words.text
    assert draft.get_absolute_url() in words.html
    assert "Nairobi time" in words.text
    assert "Paris time" in words.text


def test_a_withdrawal_is_told_to_those_whose_applications_are_not_decided(staff, researcher):
    call = CallFactory()
    draft = ApplicationFactory(call=call, applicant=researcher)
    in_review = ApplicationFactory(call=call, review=True)
    ApplicationFactory(call=call, state="withdrawn")
    ApplicationFactory(call=call, state="declined")
    InterestFactory(call=call)
    deeds.withdraw_call(call, why="The tube broke.", by=staff)
    assert told() == {
        ("calls.call_withdrawn", researcher.email): 1,
        ("calls.call_withdrawn", in_review.applicant.email): 1,
    }
    Notification.objects.exclude(address=researcher.email).delete()
    assert "The tube broke." in letter("calls.call_withdrawn").text
    assert Application.objects.visible_to(researcher).get() == draft, "it stays readable"


def test_of_a_call_that_was_announced_interests_are_told_too_but_nobody_twice(staff, researcher):
    call = CallFactory(announced_at=timezone.now())
    ApplicationFactory(call=call, applicant=researcher)
    InterestFactory(address=researcher.email)
    InterestFactory(address="else@example.org")
    deeds.withdraw_call(call, why="The tube broke.", by=staff)
    assert told() == {("calls.call_withdrawn", researcher.email): 1, ("calls.call_taken_back", "else@example.org"): 1}


def test_withdrawing_a_draft_call_tells_nobody(staff):
    InterestFactory()
    deeds.withdraw_call(CallFactory(draft=True), why="Not needed.", by=staff)
    assert not Notification.objects.exists()


def closing_in(**left: Any) -> Any:
    now = timezone.now()
    return CallFactory(opens_at=now - timedelta(days=40), closes_at=now + timedelta(**left))


@pytest.mark.parametrize(
    ("left", "kinds"),
    [
        ({"days": 8}, []),
        ({"days": 6}, ["calls.call_draft_unfinished"]),
        ({"days": 2}, ["calls.call_closing", "calls.call_draft_unfinished"]),
        ({"hours": 20}, ["calls.call_closing", "calls.call_draft_unfinished"]),
        ({"hours": -1}, []),
    ],
)
def test_who_is_reminded_when(researcher, left, kinds):
    call = closing_in(**left)
    aged(ApplicationFactory(call=call, applicant=researcher), 30)
    aged(InterestFactory(call=call), 30)
    aged(InterestFactory(), 30)  # in everything: no reminder of one call
    remind_closing_calls()
    remind_closing_calls()
    assert sorted(Notification.objects.values_list("kind", flat=True)) == kinds


def test_a_week_and_a_day_before_are_two_reminders_and_no_more(researcher):
    call = closing_in(days=6)
    draft = aged(ApplicationFactory(call=call, applicant=researcher), 30)
    for days in (6.5, 5, 2, 0.9, 0.5, 0.1):
        remind_closing(call, call.closes_at - timedelta(days=days))
    assert told() == {("calls.call_draft_unfinished", researcher.email): 2}
    Notification.objects.order_by("pk").last().delete()
    assert draft.get_absolute_url() in letter("calls.call_draft_unfinished").text


def test_who_began_after_a_reminder_fell_due_is_not_sent_it():
    call = closing_in(hours=20)
    ApplicationFactory(call=call)
    InterestFactory(call=call)
    assert remind_closing(call, timezone.now()) == 0


def test_who_handed_in_is_not_reminded(researcher):
    call = closing_in(hours=20)
    aged(ApplicationFactory(call=call, applicant=researcher, screening=True), 30)
    aged(InterestFactory(call=call, address=researcher.email), 30)
    assert remind_closing(call, timezone.now()) == 0


def test_after_an_extension_the_reminders_begin_anew(researcher, staff):
    call = closing_in(days=6)
    aged(ApplicationFactory(call=call, applicant=researcher), 30)
    assert remind_closing(call, timezone.now()) == 1
    call = deeds.extend_call(call, timezone.now() + timedelta(days=6, hours=12), by=staff)
    assert remind_closing(call, timezone.now()) == 1


@pytest.mark.parametrize("rows", [1, 3])
def test_reminders_take_the_same_statements_however_many_are_reminded(rows, django_assert_max_num_queries):
    call = closing_in(hours=20)
    for _ in range(rows):
        aged(ApplicationFactory(call=call), 30)
        aged(InterestFactory(call=call), 30)
    with django_assert_max_num_queries(6):  # two statements, each in its transaction
        assert remind_closing(call, timezone.now()) == 2 * rows

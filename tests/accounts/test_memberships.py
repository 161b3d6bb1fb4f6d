"""Asking to join, and who answers: outcome, history, mails, signals, races."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, connections
from django.dispatch import Signal

from portal.accounts import actions, rules
from portal.accounts.enums import MembershipState, Role
from portal.accounts.models import Membership, Organisation, User
from portal.accounts.signals import membership_confirmed, membership_ended
from portal.accounts.states import MEMBERSHIP_MOVES
from portal.audit.actions import history_of
from portal.audit.models import Record
from portal.core.errors import Forbidden, Refused, Taken, WrongState
from portal.notifications.models import Notification
from tests.factories.accounts import MembershipFactory, OrganisationFactory, UserFactory

pytestmark = pytest.mark.django_db

DEEDS = {
    "confirm": actions.confirm_membership,
    "refuse": actions.refuse_membership,
    "withdraw": actions.withdraw_membership,
    "end": actions.end_membership,
}


def mails(kind: str) -> list[str]:
    """To whom mails of a kind lie in the outbox."""
    return sorted(Notification.objects.filter(kind=f"accounts.{kind}").values_list("address", flat=True))


@pytest.fixture
def newcomer(db: None) -> User:
    return UserFactory(name="Nia Newcomer", email="nia@example.org")


class Heard:
    def __init__(self, signal: Signal) -> None:
        self.events: list[dict[str, Any]] = []
        signal.connect(self._hear, weak=False, dispatch_uid=id(self))
        self._signal = signal

    def _hear(self, sender: Any, **event: Any) -> None:
        self.events.append(event)

    def stop(self) -> None:
        self._signal.disconnect(dispatch_uid=id(self))


# --- Asking ---------------------------------------------------------------------------------------


def test_a_request_waits_and_the_focal_point_hears_of_it(
    newcomer: User, institute: Organisation, focal_point: User, staff: User
) -> None:
    membership = actions.request_membership(institute, Role.RESEARCHER, by=newcomer)
    assert membership.state == MembershipState.REQUESTED
    assert mails("membership_requested") == [focal_point.email]
    assert [(entry.verb, entry.by, entry.after) for entry in history_of(membership)] == [
        ("request", newcomer, "requested")
    ]


def test_operators_hear_of_operators(newcomer: User, laboratory: Organisation, operator: User, staff: User) -> None:
    actions.request_membership(laboratory, Role.OPERATOR, by=newcomer)
    assert mails("membership_requested") == [operator.email]


@pytest.mark.parametrize("role", Role.values)
def test_staff_hear_of_the_first_of_each(role: str, newcomer: User, staff: User) -> None:
    actions.request_membership(OrganisationFactory(), Role(role), by=newcomer)
    assert mails("membership_requested") == [staff.email]


def test_staff_hear_of_every_focal_point(
    newcomer: User, institute: Organisation, focal_point: User, staff: User
) -> None:
    actions.request_membership(institute, Role.FOCAL_POINT, by=newcomer)
    assert mails("membership_requested") == [staff.email]


def test_a_focal_point_is_not_told_of_their_own_request(
    institute: Organisation, focal_point: User, staff: User
) -> None:
    actions.request_membership(institute, Role.RESEARCHER, by=focal_point)
    assert mails("membership_requested") == [staff.email]


def test_asking_twice_is_answered_with_a_sentence_and_leaves_one_request(
    newcomer: User, institute: Organisation
) -> None:
    actions.request_membership(institute, Role.RESEARCHER, by=newcomer)
    with pytest.raises(Taken) as refusal:
        actions.request_membership(institute, Role.RESEARCHER, by=newcomer)
    assert refusal.value.codes == ["membership_open"]
    assert Membership.objects.filter(user=newcomer).count() == 1
    assert Record.objects.filter(verb="request").count() == 1


def test_nobody_asks_to_join_what_they_cannot_see(newcomer: User) -> None:
    with pytest.raises(Forbidden):
        actions.request_membership(OrganisationFactory(state="proposed"), Role.RESEARCHER, by=newcomer)


# --- Every state and verb ---------------------------------------------------------------------------


@pytest.mark.parametrize("state", MembershipState.values)
@pytest.mark.parametrize("verb", MEMBERSHIP_MOVES)
def test_a_deed_moves_the_row_or_changes_nothing(state: str, verb: str, institute: Organisation, staff: User) -> None:
    membership = MembershipFactory(organisation=institute, state=state)
    by = membership.user if verb == "withdraw" else staff
    sources, target = MEMBERSHIP_MOVES[verb]
    if state in sources:
        DEEDS[verb](membership, by=by)
        entry = history_of(membership).get()
        assert (entry.verb, entry.by, entry.before, entry.after) == (verb, by, state, target)
    else:
        with pytest.raises(WrongState):
            DEEDS[verb](membership, by=by)
        assert not Record.objects.exists()
        assert not Notification.objects.exists()
    membership.refresh_from_db()
    assert membership.state == (target if state in sources else state)


def test_every_verb_of_the_table_has_its_deed_and_its_rule() -> None:
    assert set(MEMBERSHIP_MOVES) == set(DEEDS) == set(rules.MAY)


# --- Who hears -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("verb", "state", "kind"),
    [
        ("confirm", "requested", "membership_confirmed"),
        ("refuse", "requested", "membership_refused"),
        ("end", "confirmed", "membership_ended"),
    ],
)
def test_the_person_is_told(
    verb: str, state: str, kind: str, newcomer: User, institute: Organisation, staff: User
) -> None:
    membership = MembershipFactory(user=newcomer, organisation=institute, state=state)
    why = {} if verb == "confirm" else {"why": "Not on our staff list."}
    DEEDS[verb](membership, by=staff, **why)
    assert mails(kind) == ["nia@example.org"]
    assert Notification.objects.get().data == {"membership": membership.pk, **why}
    assert history_of(membership).get().why == why.get("why", "")


def test_the_apps_above_hear_of_confirmation_and_end(institute: Organisation, staff: User) -> None:
    begun, over = Heard(membership_confirmed), Heard(membership_ended)
    try:
        membership = MembershipFactory(organisation=institute, state="requested")
        actions.confirm_membership(membership, by=staff)
        actions.end_membership(membership, by=staff)
    finally:
        begun.stop()
        over.stop()
    assert [(event["membership"], event["by"]) for event in begun.events + over.events] == [(membership, staff)] * 2


def test_staff_are_told_when_the_last_focal_point_leaves(
    institute: Organisation, focal_point: User, staff: User
) -> None:
    other = MembershipFactory(organisation=institute, role=Role.FOCAL_POINT)
    actions.end_membership(other, by=other.user)
    assert mails("organisation_stranded") == []
    actions.end_membership(focal_point.memberships.get(), by=focal_point)
    assert mails("organisation_stranded") == [staff.email]


# --- Races and second writes --------------------------------------------------------------------------------


@pytest.mark.parametrize(("verb", "state"), [("confirm", "requested"), ("refuse", "requested"), ("end", "confirmed")])
def test_a_second_write_that_fails_leaves_nothing(verb: str, state: str, institute: Organisation, staff: User) -> None:
    membership = MembershipFactory(organisation=institute, state=state)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE notifications_notification RENAME COLUMN due_at TO due_later")
    try:
        with pytest.raises(Exception, match="due_at"):
            DEEDS[verb](membership, by=staff)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE notifications_notification RENAME COLUMN due_later TO due_at")
    membership.refresh_from_db()
    assert membership.state == state
    assert not Record.objects.exists()


def _in_thread(deed: Any) -> str:
    try:
        deed()
    except Refused as error:
        return error.codes[0]
    finally:
        connections.close_all()
    return "done"


@pytest.mark.django_db(transaction=True)
def test_of_many_requests_at_once_one_is_kept(newcomer: User, institute: Organisation) -> None:
    def ask() -> None:
        actions.request_membership(institute, Role.RESEARCHER, by=newcomer)

    with ThreadPoolExecutor(6) as pool:
        answers = sorted(pool.map(lambda _n: _in_thread(ask), range(6)))
    assert answers == ["done"] + ["membership_open"] * 5
    assert Membership.objects.filter(user=newcomer).count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_confirm_and_refuse_at_once_one_wins(institute: Organisation, staff: User, focal_point: User) -> None:
    membership = MembershipFactory(organisation=institute, state="requested")
    deeds = [
        lambda: actions.confirm_membership(Membership.objects.get(pk=membership.pk), by=staff),
        lambda: actions.refuse_membership(Membership.objects.get(pk=membership.pk), by=focal_point),
    ]
    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(_in_thread, deeds))
    assert answers == ["done", "wrong_state"]
    assert Record.objects.filter(verb__in=["confirm", "refuse"]).count() == 1
    assert Notification.objects.count() == 1

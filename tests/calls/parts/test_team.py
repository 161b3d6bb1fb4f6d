"""Co-applicants: invited by mail, in once they accept, out again."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from calls.actions.application import team
from calls.actions.application.draft import save_step
from calls.actions.application.endorsement import answer, ask
from calls.actions.application.limits import MOST_A_DAY, MOST_TEAM, TooOften
from calls.actions.application.submit import submit
from calls.enums import ApplicationState, TeamRole
from calls.models import Application, TeamMember
from portal.audit.actions import history_of
from portal.core.errors import Forbidden, Refused, Taken
from portal.notifications.models import Notification
from tests.calls.parts.conftest import told
from tests.factories.accounts import UserFactory
from tests.factories.applications import ReviewFactory, TeamMemberFactory

pytestmark = pytest.mark.django_db
VIEW, EDIT = TeamRole.VIEW, TeamRole.EDIT


def test_an_invitation_is_written_to_whoever_it_names(draft, researcher, reviewer):
    for address in (reviewer.email.upper(), "nobody@example.net"):
        member = team.invite(draft, f" {address} ", VIEW, by=researcher)
        assert (member.address, member.user, member.accepted_at) == (address.lower(), None, None)
    assert told("team_invited") == {reviewer.email, "nobody@example.net"}
    assert [entry.verb for entry in history_of(draft)] == ["invite", "invite"]
    assert "example" not in str([entry.details for entry in history_of(draft)])


def test_who_cannot_be_invited(draft, researcher):
    with pytest.raises(Refused) as refused:
        team.invite(draft, researcher.email.upper(), VIEW, by=researcher)
    assert refused.value.codes == ["yourself"]
    team.invite(draft, "one@example.net", VIEW, by=researcher)
    with pytest.raises(Taken) as taken:
        team.invite(draft, "ONE@example.net", EDIT, by=researcher)
    assert taken.value.codes == ["invited_already"]
    assert draft.team.get().role == VIEW


def test_a_team_has_an_end(draft, researcher):
    TeamMemberFactory.create_batch(MOST_TEAM, application=draft)
    with pytest.raises(Refused) as refused:
        team.invite(draft, "one@example.net", VIEW, by=researcher)
    assert refused.value.codes == ["too_many"]
    assert told("team_invited") == set()


def test_mails_of_a_day_have_an_end_and_the_next_day_a_beginning(draft, researcher):
    for number in range(MOST_A_DAY):
        team.remove(team.invite(draft, f"n{number}@example.net", VIEW, by=researcher), by=researcher)
    with pytest.raises(TooOften) as refused:
        team.invite(draft, "more@example.net", VIEW, by=researcher)
    assert refused.value.status == 429
    with time_machine.travel(timezone.now() + timedelta(days=1, minutes=1)):
        team.invite(draft, "more@example.net", VIEW, by=researcher)


def test_only_the_applicant_chooses_the_team(draft, researcher, focal_point, staff, admin_user, stranger_researcher):
    member = TeamMemberFactory(application=draft, user=focal_point, accepted_at=timezone.now(), role=EDIT)
    for person in (focal_point, staff, admin_user, stranger_researcher):
        with pytest.raises(Forbidden):
            team.invite(draft, "more@example.net", VIEW, by=person)
        with pytest.raises(Forbidden):
            team.remove(member, by=person)
        with pytest.raises(Forbidden):
            team.change_role(member, VIEW, by=person)
    assert draft.team.get().role == EDIT


def test_whoever_holds_the_link_joins_once(draft, researcher, reviewer, donor):
    member = team.invite(draft, "somebody@example.net", EDIT, by=researcher)
    assert not Application.objects.visible_to(reviewer).exists()
    team.accept(member, by=reviewer)
    team.accept(member, by=reviewer)
    member.refresh_from_db()
    assert (member.user, member.accepted_at is not None) == (reviewer, True)
    assert told("team_joined") == {researcher.email}
    assert Notification.objects.filter(kind="calls.team_joined").count() == 1
    assert Application.objects.visible_to(reviewer).get() == draft
    with pytest.raises(Refused) as refused:
        team.accept(member, by=donor)
    assert refused.value.codes == ["taken_by_another"]


def test_who_cannot_join(draft, researcher, reviewer):
    member = team.invite(draft, "somebody@example.net", EDIT, by=researcher)
    with pytest.raises(Refused) as refused:
        team.accept(member, by=researcher)
    assert refused.value.codes == ["yourself"]
    TeamMemberFactory(application=draft, user=reviewer, accepted_at=timezone.now())
    with pytest.raises(Refused) as refused:
        team.accept(member, by=reviewer)
    assert refused.value.codes == ["in_team_already"]
    member.refresh_from_db()
    assert member.user is None


def test_judges_and_endorsers_cannot_join(draft, researcher, reviewer, focal_point):
    member = team.invite(draft, "somebody@example.net", EDIT, by=researcher)
    ask(draft, by=researcher)
    answer(draft, is_given=True, by=focal_point)
    ReviewFactory(application=draft, reviewer=reviewer)
    for person in (focal_point, reviewer):
        with pytest.raises(Refused) as refused:
            team.accept(member, by=person)
        assert refused.value.codes == ["judges_it"]


@pytest.mark.parametrize("state", [ApplicationState.WITHDRAWN, ApplicationState.LAPSED, ApplicationState.DECLINED])
def test_nobody_joins_or_leaves_what_is_over(draft, reviewer, donor, state):
    member = TeamMemberFactory(application=draft)
    TeamMemberFactory(application=draft, user=donor, accepted_at=timezone.now())
    Application.objects.update(state=state)
    with pytest.raises(Refused) as refused:
        team.accept(member, by=reviewer)
    assert refused.value.codes == ["over"]
    with pytest.raises(Refused):
        team.leave(draft, by=donor)
    assert TeamMember.objects.filter(user=donor).exists()


def test_writers_save_steps_and_do_not_submit(draft, reviewer, donor):
    TeamMemberFactory(application=draft, user=reviewer, accepted_at=timezone.now(), role=EDIT)
    TeamMemberFactory(application=draft, user=donor, accepted_at=timezone.now(), role=VIEW)
    save_step(draft, "plan", {"plan": "A paper."}, version=0, by=reviewer)
    with pytest.raises(Forbidden):
        submit(draft, by=reviewer)
    with pytest.raises(Forbidden):
        save_step(draft, "plan", {"plan": "Another."}, version=1, by=donor)
    draft.refresh_from_db()
    assert draft.plan == "A paper."


def test_roles_change_and_people_go(draft, researcher, reviewer, donor):
    member = TeamMemberFactory(application=draft, user=reviewer, accepted_at=timezone.now())
    TeamMemberFactory(application=draft, user=donor, accepted_at=timezone.now())
    assert team.change_role(member, EDIT, by=researcher).role == EDIT
    team.remove(member, by=researcher)
    team.remove(member, by=researcher)
    with pytest.raises(Refused):
        team.change_role(member, VIEW, by=researcher)
    assert not Application.objects.visible_to(reviewer).exists()
    team.leave(draft, by=donor)
    with pytest.raises(Forbidden):
        team.leave(draft, by=donor)
    assert (told("team_removed"), told("team_left")) == ({reviewer.email}, {researcher.email})
    verbs = [entry.verb for entry in history_of(draft)]
    assert sorted(verbs) == ["change_role", "leave", "remove_member"]


def test_nothing_of_the_team_changes_after_submission(draft, researcher):
    member = TeamMemberFactory(application=draft)
    Application.objects.update(state=ApplicationState.SCREENING, submitted_at=timezone.now(), receipt="R")
    draft.refresh_from_db()
    with pytest.raises(Forbidden):
        team.invite(draft, "more@example.net", VIEW, by=researcher)
    with pytest.raises(Forbidden):
        team.remove(member, by=researcher)


def test_a_mail_that_fails_to_be_noted_leaves_no_member(draft, researcher, monkeypatch):
    def broken(*_given, **_named):
        raise RuntimeError("no outbox")

    monkeypatch.setattr(team, "notify", broken)
    with pytest.raises(RuntimeError):
        team.invite(draft, "one@example.net", VIEW, by=researcher)
    assert not draft.team.exists()
    assert not history_of(draft).exists()


def test_an_account_elsewhere_is_written_in_its_own_language(draft, researcher):
    UserFactory(email="francophone@example.org", language="fr")
    team.invite(draft, "francophone@example.org", VIEW, by=researcher)
    team.invite(draft, "unknown@example.org", VIEW, by=researcher)
    written = dict(Notification.objects.filter(kind="calls.team_invited").values_list("address", "language"))
    assert written == {"francophone@example.org": "fr", "unknown@example.org": researcher.language}

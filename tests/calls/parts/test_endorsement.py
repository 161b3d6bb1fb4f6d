"""The focal point's word: asked for, given or refused, and by whom not."""

import pytest
from django.utils import timezone

from calls.actions.application.draft import save_step
from calls.actions.application.endorsement import answer, ask
from calls.actions.application.parts import missing_parts
from calls.enums import ApplicationState
from calls.models import Application, Endorsement
from portal.accounts.enums import MembershipState, Role
from portal.accounts.models import Membership
from portal.audit.actions import history_of
from portal.core.errors import Forbidden, Refused, Taken
from portal.notifications.models import Notification
from tests.calls.parts.conftest import told
from tests.factories.accounts import MembershipFactory, UserFactory
from tests.factories.applications import TeamMemberFactory

pytestmark = pytest.mark.django_db


def lacks(application):
    return [reason.message for reason in missing_parts(application) if "Not finished" not in reason.message]


def test_all_focal_points_are_asked_once(draft, researcher, focal_point, institute):
    second = UserFactory()
    MembershipFactory(user=second, organisation=institute, role=Role.FOCAL_POINT)
    ask(draft, by=researcher)
    ask(draft, by=researcher)
    assert told("endorsement_asked") == {focal_point.email, second.email}
    assert Notification.objects.filter(kind="calls.endorsement_asked").count() == 2
    assert "not endorsed the application yet" in lacks(draft)[0]
    assert Application.objects.visible_to(focal_point).get() == draft


def test_without_a_focal_point_staff_endorse(draft, researcher, staff, admin_user):
    ask(draft, by=researcher)
    assert told("endorsement_asked") == {staff.email, admin_user.email}
    answer(draft, is_given=True, by=staff)
    assert draft.endorsement.by == staff


def test_given_it_no_longer_stands_in_the_way(draft, researcher, focal_point):
    assert "Ask the focal point" in lacks(draft)[0]
    ask(draft, by=researcher)
    answer(draft, is_given=True, note=" We stand behind it. ", by=focal_point)
    answer(draft, is_given=True, by=focal_point)
    row = Endorsement.objects.get()
    assert (row.is_given, row.note, row.by, row.at is not None) == (True, "We stand behind it.", focal_point, True)
    assert told("endorsement_given") == {researcher.email}
    assert lacks(draft) == []
    assert ask(draft, by=researcher).is_given is True


def test_refused_with_a_reason_it_can_be_asked_for_again(draft, researcher, focal_point):
    ask(draft, by=researcher)
    with pytest.raises(Refused) as refused:
        answer(draft, is_given=False, note="  ", by=focal_point)
    assert refused.value.codes == ["no_note"]
    answer(draft, is_given=False, note="The budget is missing.", by=focal_point)
    assert told("endorsement_refused") == {researcher.email}
    assert "did not endorse" in lacks(draft)[0]
    with pytest.raises(Taken):
        answer(draft, is_given=True, by=focal_point)
    ask(draft, by=researcher)
    assert Notification.objects.filter(kind="calls.endorsement_asked").count() == 2
    answer(draft, is_given=True, by=focal_point)
    assert [entry.verb for entry in history_of(draft)] == [
        "endorse", "ask_endorsement", "refuse_endorsement", "ask_endorsement",
    ]  # fmt: skip


def test_others_never_endorse(draft, researcher, staff, admin_user, focal_point, stranger_focal_point, operator):
    ask(draft, by=researcher)
    for person in (researcher, staff, admin_user, stranger_focal_point, operator):
        with pytest.raises(Forbidden):
            answer(draft, is_given=True, by=person)
    Membership.objects.filter(user=focal_point).update(state=MembershipState.ENDED)
    with pytest.raises(Forbidden):
        answer(draft, is_given=True, by=focal_point)
    assert draft.endorsement.is_given is None


def test_nobody_endorses_their_own(draft, researcher, focal_point, institute, staff):
    MembershipFactory(user=researcher, organisation=institute, role=Role.FOCAL_POINT)
    TeamMemberFactory(application=draft, user=focal_point, accepted_at=timezone.now())
    ask(draft, by=researcher)
    assert told("endorsement_asked") == {staff.email}
    for person in (researcher, focal_point):
        with pytest.raises(Forbidden):
            answer(draft, is_given=True, by=person)
    answer(draft, is_given=True, by=staff)


def test_another_organisation_drops_it(draft, researcher, focal_point, elsewhere):
    MembershipFactory(user=researcher, organisation=elsewhere, role=Role.RESEARCHER)
    ask(draft, by=researcher)
    answer(draft, is_given=True, by=focal_point)
    row = save_step(draft, "organisation", {"organisation": elsewhere}, version=0, by=researcher)
    assert not Endorsement.objects.exists()
    assert history_of(row).filter(verb="drop_endorsement").exists()
    assert not Application.objects.visible_to(focal_point).exists()
    with pytest.raises(Forbidden):
        answer(row, is_given=True, by=focal_point)


def test_an_organisation_where_the_applicant_does_not_work_is_refused(draft, researcher, focal_point, elsewhere):
    ask(draft, by=researcher)
    with pytest.raises(Refused) as refused:
        save_step(draft, "organisation", {"organisation": elsewhere}, version=0, by=researcher)
    assert refused.value.codes == ["elsewhere"]
    draft.refresh_from_db()
    assert draft.organisation != elsewhere
    assert Endorsement.objects.exists()


def test_who_left_the_organisation_must_choose_again(draft, researcher, institute):
    Membership.objects.filter(user=researcher).update(state=MembershipState.ENDED)
    assert "not a confirmed member of Lakeside University" in lacks(draft)[0]
    with pytest.raises(Refused) as refused:
        ask(draft, by=researcher)
    assert refused.value.codes == ["elsewhere"]


def test_it_needs_an_organisation_and_a_question(draft, researcher, focal_point):
    with pytest.raises(Refused) as refused:
        answer(draft, is_given=True, by=focal_point)
    assert refused.value.codes == ["not_asked"]
    Application.objects.update(organisation=None)
    with pytest.raises(Refused) as refused:
        ask(draft, by=researcher)
    assert refused.value.codes == ["no_organisation"]


def test_what_is_over_is_not_endorsed(draft, researcher, focal_point):
    ask(draft, by=researcher)
    Application.objects.update(state=ApplicationState.WITHDRAWN)
    with pytest.raises(Refused) as refused:
        answer(draft, is_given=True, by=focal_point)
    assert refused.value.codes == ["over"]

"""Needs: begun, copied, saved a section at a time, handed in, taken back, renewed, expired."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from calls.enums import AwardKind, AwardState
from donations.actions import draft
from donations.actions import need as actions
from donations.actions.need import Wanted, set_requirements
from donations.enums import MatchState, NeedState
from donations.models import Need
from donations.need_steps import STEPS
from donations.steps import missing, named, version_of
from portal.audit.actions import history_of
from portal.audit.models import Record
from portal.core.errors import Conflict, Forbidden, Refused, WrongState
from portal.notifications.models import Notification
from tests.factories.applications import ApplicationFactory
from tests.factories.calls import AwardFactory
from tests.factories.donations import (
    AcceptedMatchFactory,
    ApprovedMatchFactory,
    CategoryFactory,
    MatchFactory,
    NeedDraftFactory,
    NeedFactory,
    PhotoFactory,
)

pytestmark = pytest.mark.django_db
WHAT, MUST = named(STEPS, "what"), named(STEPS, "must")


def told(kind: str) -> set[str]:
    return set(Notification.objects.filter(kind=f"donations.{kind}").values_list("address", flat=True))


class TestStart:
    def test_a_focal_point_begins_one(self, focal_point, institute):
        need = actions.start(institute, by=focal_point)
        assert (need.state, need.asked_by, need.organisation, need.steps) == ("draft", focal_point, institute, {})
        entry = history_of(need).get()
        assert (entry.verb, entry.by, entry.after) == ("start", focal_point, "draft")

    def test_nobody_else_does(self, researcher, stranger_focal_point, institute):
        for person in (researcher, stranger_focal_point):
            with pytest.raises(Forbidden):
                actions.start(institute, by=person)
        assert not Need.objects.exists()

    def test_the_organisation_has_to_be_verified(self, focal_point, institute):
        institute.state = "proposed"
        institute.save()
        with pytest.raises(Refused) as refused:
            actions.start(institute, by=focal_point)
        assert refused.value.codes == ["organisation_unverified"]

    def test_drafts_have_an_end(self, focal_point, institute):
        NeedDraftFactory.create_batch(20, asked_by=focal_point, organisation=institute)
        with pytest.raises(Refused) as refused:
            actions.start(institute, by=focal_point)
        assert refused.value.codes == ["too_many"]

    def test_the_holder_of_an_award_begins_its_one_need(self, researcher, institute):
        application = ApplicationFactory(applicant=researcher, title="Spinning cells", question="We have no spin.")
        award = AwardFactory(
            kind=AwardKind.NEED, holder=researcher, organisation=institute, application=application, granted_minutes=0
        )
        need = actions.start(institute, by=researcher, award=award)
        assert (need.award, need.title, need.why) == (award, "Spinning cells", "We have no spin.")
        assert actions.start(institute, by=researcher, award=award) == need
        assert Need.objects.count() == 1

    @pytest.mark.parametrize(
        ("changes", "code"),
        [
            ({"kind": AwardKind.HOURS}, "no_such_award"),
            ({"state": AwardState.OFFERED}, "no_such_award"),
            ({"organisation": None}, "other_organisation"),
        ],
    )
    def test_not_from_any_award(self, changes, code, focal_point, institute, elsewhere):
        changes = {"kind": AwardKind.NEED, "organisation": institute} | changes
        changes["organisation"] = changes["organisation"] or elsewhere
        with pytest.raises(Refused) as refused:
            actions.start(institute, by=focal_point, award=AwardFactory(**changes))
        assert refused.value.codes == [code]

    def test_a_copy_says_the_same_and_waits_to_be_looked_at(self, focal_point, institute):
        source = NeedFactory(asked_by=focal_point, organisation=institute, quantity=2, quantity_matched=1)
        source.requirements.create(feature="speed_rpm", least=4000)
        PhotoFactory(need=source)
        made = actions.copy(source, by=focal_point)
        assert (made.state, made.title, made.quantity, made.quantity_matched) == ("draft", source.title, 2, 0)
        assert (made.copied_from, made.steps, made.public_at) == (source, {}, None)
        assert made.requirements.get().least == 4000
        assert made.photos.get().file.name != source.photos.get().file.name

    def test_a_stranger_copies_nothing(self, stranger_focal_point):
        with pytest.raises(Forbidden):
            actions.copy(NeedFactory(), by=stranger_focal_point)


class TestSections:
    def test_what_is_saved_is_noted(self, focal_point, institute):
        need = actions.start(institute, by=focal_point)
        saved = draft.save_section(need, WHAT, {"title": "Two centrifuges"}, version=0, by=focal_point)
        assert (saved.title, saved.is_done("what"), version_of(saved, "what")) == ("Two centrifuges", True, 1)
        assert history_of(need).first().details["fields"] == ["title"]

    def test_typing_is_saved_without_a_line_in_the_history(self, focal_point, institute):
        need = actions.start(institute, by=focal_point)
        draft.save_section(need, WHAT, {"title": "Two"}, version=0, by=focal_point, done=None)
        saved = draft.save_section(need, WHAT, {"title": "Two cen"}, version=1, by=focal_point, done=None)
        assert (saved.is_done("what"), version_of(saved, "what")) == (False, 2)
        assert [entry.verb for entry in history_of(need)] == ["start"]

    def test_nobody_is_overwritten(self, focal_point, staff):
        need = NeedDraftFactory(asked_by=focal_point)
        draft.save_section(need, WHAT, {"title": "Mine"}, version=1, by=focal_point)
        with pytest.raises(Conflict) as conflict:
            draft.save_section(need, WHAT, {"title": "Theirs"}, version=1, by=staff)
        need.refresh_from_db()
        assert (conflict.value.version, need.title) == (2, "Mine")

    def test_rows_beside_conflict_as_columns_do(self, focal_point):
        need = NeedDraftFactory(asked_by=focal_point)
        fast = Wanted("speed_rpm", Decimal(4000), None, True)
        draft.save_section(need, MUST, {}, version=1, by=focal_point, beside=lambda row: set_requirements(row, [fast]))
        slow = Wanted("speed_rpm", None, Decimal(100), True)
        with pytest.raises(Conflict):
            draft.save_section(
                need, MUST, {}, version=1, by=focal_point, beside=lambda row: set_requirements(row, [slow])
            )
        assert need.requirements.get().least == 4000

    @pytest.mark.parametrize("state", [state for state in NeedState if state not in ("draft", "returned")])
    def test_nothing_is_written_once_it_is_handed_in(self, state, focal_point):
        need = NeedFactory(asked_by=focal_point, state=state)
        with pytest.raises(Forbidden):
            draft.save_section(need, WHAT, {"title": "Other"}, version=0, by=focal_point)

    def test_a_stranger_writes_nothing(self, stranger_focal_point):
        with pytest.raises(Forbidden):
            draft.save_section(NeedDraftFactory(), WHAT, {"title": "x"}, version=1, by=stranger_focal_point)

    def test_another_category_forgets_what_it_does_not_have(self, focal_point):
        need = NeedDraftFactory(asked_by=focal_point)
        need.requirements.create(feature="speed_rpm", least=4000)
        need.requirements.create(feature="tubes", least=4)
        pcr = CategoryFactory(slug="pcr-machines", name_en="PCR machines")
        draft.save_section(need, WHAT, {"category": pcr}, version=1, by=focal_point, beside=actions.drop_strangers)
        assert [row.feature for row in need.requirements.all()] == ["tubes"]


class TestHandIn:
    def test_it_goes_to_staff(self, focal_point):
        need = actions.hand_in(NeedDraftFactory(asked_by=focal_point), by=focal_point)
        assert (need.state, need.submitted_at is not None) == ("submitted", True)
        entry = history_of(need).get()
        assert (entry.verb, entry.before, entry.after) == ("submit", "draft", "submitted")

    def test_twice_is_once(self, focal_point):
        need = NeedDraftFactory(asked_by=focal_point)
        actions.hand_in(need, by=focal_point)
        actions.hand_in(need, by=focal_point)
        assert history_of(need).count() == 1

    def test_everything_that_is_missing_is_said(self, focal_point):
        need = NeedDraftFactory(asked_by=focal_point, title=" ", people=0, women=0, plugs=[], steps={})
        with pytest.raises(Refused) as refused:
            actions.hand_in(need, by=focal_point)
        assert refused.value.codes == ["what", "why", "place", "keeping", "delivery"]
        need.refresh_from_db()
        assert (need.state, history_of(need).count()) == ("draft", 0)

    def test_equipment_without_anybody_to_keep_it_going_is_not_asked_for(self, focal_point):
        need = NeedDraftFactory(asked_by=focal_point, budget_eur=0, maintained_by="")
        assert [step.name for step, _sentence in missing(need, STEPS)] == ["keeping", "keeping"]

    def test_what_was_returned_is_handed_in_again_in_time(self, focal_point):
        soon = timezone.now() + timedelta(days=2)
        need = NeedDraftFactory(asked_by=focal_point, state="returned", answer_by=soon)
        again = actions.hand_in(need, by=focal_point)
        assert (again.state, again.answer_by, history_of(need).get().verb) == ("submitted", None, "resubmit")

    def test_and_not_after_its_day(self, focal_point):
        need = NeedDraftFactory(asked_by=focal_point, state="returned", answer_by=timezone.now())
        with pytest.raises(Refused) as refused:
            actions.hand_in(need, by=focal_point)
        assert refused.value.codes == ["too_late"]

    def test_a_stranger_hands_nothing_in(self, stranger_focal_point):
        with pytest.raises(Forbidden):
            actions.hand_in(NeedDraftFactory(), by=stranger_focal_point)

    @pytest.mark.parametrize("state", ["open", "matched", "fulfilled", "refused", "expired", "withdrawn"])
    def test_not_from_any_state(self, state, focal_point):
        with pytest.raises(WrongState):
            actions.hand_in(NeedFactory(asked_by=focal_point, state=state), by=focal_point)

    def test_when_the_history_cannot_be_written_nothing_is(self, focal_point):
        need = NeedDraftFactory(asked_by=focal_point)
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE audit_record ADD CONSTRAINT no_verb CHECK (verb <> 'submit')")
        with pytest.raises(IntegrityError), transaction.atomic():
            actions.hand_in(need, by=focal_point)
        need.refresh_from_db()
        assert need.state == "draft"


class TestWithdraw:
    @pytest.mark.parametrize("state", ["draft", "submitted", "returned", "open"])
    def test_it_is_taken_back(self, state, focal_point):
        need = actions.withdraw(NeedFactory(asked_by=focal_point, state=state), by=focal_point, why="We bought one.")
        assert need.state == "withdrawn"
        assert history_of(need).get().why == "We bought one."

    @pytest.mark.parametrize("state", ["matched", "fulfilled", "refused", "expired", "withdrawn"])
    def test_not_from_any_state(self, state, focal_point):
        with pytest.raises(WrongState):
            actions.withdraw(NeedFactory(asked_by=focal_point, state=state), by=focal_point)

    def test_a_stranger_takes_nothing_back(self, stranger_focal_point):
        need = NeedFactory()
        with pytest.raises(Forbidden):
            actions.withdraw(need, by=stranger_focal_point)
        need.refresh_from_db()
        assert need.state == "open"

    def test_matches_under_discussion_come_to_nothing_and_the_donor_is_told(self, focal_point):
        need = NeedFactory(asked_by=focal_point, quantity=3)
        proposed, approved = MatchFactory(need=need), ApprovedMatchFactory(need=need)
        assert actions.withdraw(need, by=focal_point, why="No room").state == "withdrawn"
        for match, state in ((proposed, "rejected"), (approved, "refused")):
            match.refresh_from_db()
            match.offer.refresh_from_db()
            assert (match.state, match.why) == (state, "No room")
            assert (match.offer.state, match.offer.quantity_matched) == ("vetted", 0)
        assert approved.offer.donor.email in told("match_refused")
        assert proposed.offer.donor.email not in told("match_refused")

    def test_what_is_accepted_stays_as_the_whole_need(self, focal_point):
        need = NeedFactory(asked_by=focal_point, quantity=3)
        accepted = AcceptedMatchFactory(need=need)
        ended = actions.withdraw(need, by=focal_point)
        accepted.refresh_from_db()
        assert (ended.state, ended.quantity, ended.left, accepted.state) == ("matched", 1, 0, "accepted")
        assert [entry.verb for entry in history_of(need)] == ["match", "withdraw_rest"]

    def test_what_has_arrived_fulfils_it(self, focal_point):
        need = NeedFactory(asked_by=focal_point, quantity=3)
        match = AcceptedMatchFactory(need=need)
        match.state = MatchState.COMPLETED
        match.save()
        assert actions.withdraw(need, by=focal_point).state == "fulfilled"


class TestTheYear:
    @property
    def today(self) -> date:
        """Of the test, not of the moment at which all of them were collected."""
        return timezone.now().date()

    def test_it_is_renewed_for_a_year(self, focal_point):
        need = NeedFactory(asked_by=focal_point, expires_on=self.today + timedelta(days=5), reminded_at=timezone.now())
        again = actions.renew(need, by=focal_point)
        assert (again.expires_on, again.reminded_at) == (self.today + timedelta(days=365), None)
        assert history_of(need).get().verb == "renew"

    def test_twice_on_a_day_is_said(self, focal_point):
        need = NeedFactory(asked_by=focal_point)
        actions.renew(need, by=focal_point)
        with pytest.raises(Refused) as refused:
            actions.renew(need, by=focal_point)
        assert refused.value.codes == ["renewed_already"]

    @pytest.mark.parametrize("state", [state for state in NeedState if state != "open"])
    def test_only_what_is_open(self, state, focal_point):
        with pytest.raises(WrongState):
            actions.renew(NeedFactory(asked_by=focal_point, state=state), by=focal_point)

    def test_a_stranger_renews_nothing(self, stranger_focal_point):
        with pytest.raises(Forbidden):
            actions.renew(NeedFactory(), by=stranger_focal_point)

    def test_it_is_asked_about_thirty_and_seven_days_before(self, focal_point):
        now = timezone.now()
        need = NeedFactory(asked_by=focal_point, expires_on=now.date() + timedelta(days=31))
        assert actions.remind_expiring(now) == 0
        assert actions.remind_expiring(now + timedelta(days=1)) == 1
        assert actions.remind_expiring(now + timedelta(days=2)) == 0
        assert actions.remind_expiring(now + timedelta(days=24)) == 1
        assert actions.remind_expiring(now + timedelta(days=25)) == 0
        assert Notification.objects.filter(kind="donations.need_expiring", address=need.asked_by.email).count() == 2

    def test_a_late_tick_asks_once(self, focal_point):
        NeedFactory(asked_by=focal_point, expires_on=self.today + timedelta(days=3))
        assert actions.remind_expiring(timezone.now()) == 1

    def test_after_its_last_day_it_expires(self, focal_point):
        need = NeedFactory(asked_by=focal_point, expires_on=self.today)
        assert actions.expire_open(self.today) == 0
        assert actions.expire_open(self.today + timedelta(days=1)) == 1
        need.refresh_from_db()
        assert (need.state, history_of(need).get().actor) == ("expired", "clock")
        assert told("need_expired") == {focal_point.email}

    def test_it_waits_for_those_who_are_asked(self, focal_point):
        need = NeedFactory(asked_by=focal_point, expires_on=self.today, quantity=2)
        ApprovedMatchFactory(need=need)
        assert actions.expire_open(self.today + timedelta(days=1)) == 0

    def test_what_is_accepted_outlives_it(self, focal_point):
        need = NeedFactory(asked_by=focal_point, expires_on=self.today, quantity=2)
        AcceptedMatchFactory(need=need)
        assert actions.expire_open(self.today + timedelta(days=1)) == 1
        need.refresh_from_db()
        assert (need.state, need.quantity) == ("matched", 1)
        assert Record.objects.filter(verb="expire_rest", row_id=need.pk).exists()

"""What staff check, let through, send back and refuse."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from donations.actions import gate
from donations.actions.need import hand_in
from donations.actions.offer import extend_offer
from donations.checklist import NEED_FACTS, checklist, checks_of
from donations.enums import NeedState, OfferState
from donations.models import GateCheck, Need
from donations.need_steps import STEPS
from donations.words import history_in_words
from portal.audit.actions import history_of
from portal.core.errors import Forbidden, Refused, WrongState
from portal.notifications.models import Notification
from tests.donations.gate.passing import in_days, passed, submitted, told, verbs, vetting
from tests.factories.accounts import OrganisationFactory
from tests.factories.donations import NeedDraftFactory, NeedFactory, OfferFactory
from tests.factories.interests import InterestFactory

pytestmark = pytest.mark.django_db


class TestChecks:
    def test_a_verdict_is_kept_with_who_gave_it(self, staff):
        need = submitted()
        check = gate.check_point(need, "mains", "yes", " Seen on a photograph ", by=staff)
        assert (check.verdict, check.note, check.by) == ("yes", "Seen on a photograph", staff)
        entry = history_of(need).get()
        assert (entry.verb, entry.by, entry.before, entry.after) == ("check", staff, "", "yes")
        assert entry.details == {"point": "mains"}

    def test_the_last_one_counts_and_the_same_again_changes_nothing(self, staff):
        need = submitted()
        gate.check_point(need, "mains", "no", "No plug named", by=staff)
        first = gate.check_point(need, "mains", "yes", by=staff)
        assert gate.check_point(need, "mains", "yes", by=staff).at == first.at
        assert need.checks.get().verdict == "yes"
        assert [(entry.before, entry.after) for entry in history_of(need)] == [("no", "yes"), ("", "no")]

    @pytest.mark.parametrize(
        ("point", "verdict", "note", "code"),
        [
            ("data_wiped", "yes", "", "no_such_point"),  # of offers
            ("mains", "perhaps", "", "no_such_verdict"),
            ("mains", "no", " ", "no_reason"),
            ("mains", "yes", "x" * 301, "too_long"),
        ],
    )
    def test_nonsense_is_refused(self, point, verdict, note, code, staff):
        need = submitted()
        with pytest.raises(Refused) as refused:
            gate.check_point(need, point, verdict, note, by=staff)
        assert refused.value.codes == [code]
        assert not GateCheck.objects.exists()

    def test_all_or_none_of_several(self, staff):
        need = submitted()
        with pytest.raises(Refused):
            gate.check_points(need, {"mains": ("yes", ""), "room": ("no", "")}, by=staff)
        assert not GateCheck.objects.exists()

    def test_nobody_else_checks(self, donor, focal_point):
        for person in (donor, focal_point):
            with pytest.raises(Forbidden):
                gate.check_point(vetting(donor=donor), "owner", "yes", by=person)

    def test_its_people_do_not_read_what_staff_check(self, staff):
        need = submitted()
        gate.check_point(need, "customs", "no", "They exaggerate", by=staff)
        assert history_in_words(need) == []
        assert [words for words, _entry in history_in_words(need, is_desk=True)] == ["Who pays customs is known: No"]

    def test_what_is_doubtful_is_said(self, staff):
        offer = vetting(tested_on=timezone.now().date() - timedelta(days=800), value_eur=400, running_eur=100)
        items = {item.point.value: item for item in checklist(offer, [])}
        assert items["functional_test"].doubts == ["The test is 26 months old."]
        assert items["running_cost"].doubts == ["It costs a lot to run for what it is worth."]
        assert "25 % of its worth" in [line.words for line in items["running_cost"].facts]
        assert items["decontaminated"].doubts == []


class TestPassing:
    def test_a_verified_need_is_open_for_a_year(self, staff, focal_point, institute):
        need = passed(submitted(asked_by=focal_point, organisation=institute, note="old"), staff)
        row = gate.verify_need(need, by=staff)
        assert (row.state, row.note) == (NeedState.OPEN, "")
        assert row.expires_on == timezone.now().date() + timedelta(days=365)
        assert row.public_at is not None
        assert told("need_verified") == {focal_point.email}
        assert verbs(need)[-1] == "verify"

    def test_a_vetted_offer_stands_until_its_day(self, staff, donor):
        offer = passed(vetting(donor=donor), staff)
        row = gate.vet_offer(offer, by=staff)
        assert (row.state, row.expires_on) == (OfferState.VETTED, offer.available_until)
        assert told("offer_vetted") == {donor.email}
        extend_offer(row, timezone.now().date() + timedelta(days=200), by=donor)

    @pytest.mark.parametrize(("make", "deed"), [(submitted, gate.verify_need), (vetting, gate.vet_offer)])
    def test_every_point_has_to_pass(self, make, deed, staff):
        thing = passed(make(), staff, but="mains")
        for verdict in ("", "no"):
            if verdict:
                gate.check_point(thing, "mains", verdict, "No plug named", by=staff)
            with pytest.raises(Refused) as refused:
                deed(thing, by=staff)
            assert refused.value.codes == ["mains"]
        gate.check_point(thing, "mains", "not_needed", by=staff)
        assert deed(thing, by=staff).is_public

    def test_what_was_handed_in_again_is_looked_at_again(self, staff, focal_point, institute):
        need = NeedDraftFactory(asked_by=focal_point, organisation=institute)
        need = passed(hand_in(need, by=focal_point), staff)
        gate.ask_back(need, by=staff, why="Which plug?", answer_by=in_days(14))
        hand_in(need, by=focal_point)
        with pytest.raises(Refused) as refused:
            gate.verify_need(need, by=staff)
        assert len(refused.value.codes) == 7
        assert {item.is_old for item in checklist(Need.objects.get(pk=need.pk), checks_of(need))} == {True}
        assert gate.verify_need(passed(need, staff), by=staff).state == NeedState.OPEN

    def test_only_verified_organisations_ask_donors(self, staff):
        need = passed(submitted(organisation=OrganisationFactory(state="proposed")), staff)
        with pytest.raises(Refused) as refused:
            gate.verify_need(need, by=staff)
        assert refused.value.codes == ["organisation_unverified"]

    def test_nothing_goes_on_without_the_clearance_that_is_asked_for(self, staff, donor):
        offer = passed(vetting(donor=donor), staff)
        gate.ask_clearance(offer, True, by=staff)
        with pytest.raises(Refused) as refused:
            gate.vet_offer(offer, by=staff)
        assert refused.value.codes == ["not_cleared"]
        row = gate.clear_export(offer, by=staff, export_class="not listed", end_use="Teaching")
        assert (row.cleared_by, row.cleared_on, row.export_class) == (staff, timezone.now().date(), "not listed")
        assert gate.vet_offer(offer, by=staff).state == OfferState.VETTED
        assert gate.ask_clearance(row, False, by=staff).cleared_on is None

    @pytest.mark.parametrize(
        ("asked", "fields", "code"),
        [
            (False, {"export_class": "none", "end_use": "Teaching"}, "not_asked"),
            (True, {"export_class": " ", "end_use": "Teaching"}, "no_class"),
            (True, {"export_class": "none", "end_use": ""}, "no_end_use"),
        ],
    )
    def test_a_clearance_says_of_what_and_for_what(self, asked, fields, code, staff):
        with pytest.raises(Refused) as refused:
            gate.clear_export(vetting(needs_clearance=asked), by=staff, **fields)
        assert refused.value.codes == [code]

    def test_what_can_no_longer_be_had_is_not_vetted(self, staff):
        offer = passed(vetting(available_until=timezone.now().date()), staff)
        with pytest.raises(Refused) as refused:
            gate.vet_offer(offer, by=staff)
        assert refused.value.codes == ["too_late"]

    @pytest.mark.parametrize("state", [state.value for state in NeedState if state != NeedState.SUBMITTED])
    def test_only_what_waits_at_the_gate_is_verified_sent_back_or_refused(self, state, staff):
        need = NeedFactory(state=state)
        for deed in (
            lambda: gate.verify_need(need, by=staff),
            lambda: gate.ask_back(need, by=staff, why="Which plug?", answer_by=in_days(5)),
            lambda: gate.refuse_thing(need, by=staff, why="No"),
            lambda: gate.check_point(need, "mains", "yes", by=staff),
        ):
            with pytest.raises(WrongState):
                deed()
        assert not history_of(need).exists()

    def test_nobody_else_lets_anything_pass(self, staff, donor, focal_point):
        offer, need = passed(vetting(donor=donor), staff), passed(submitted(asked_by=focal_point), staff)
        for deed in (
            lambda: gate.vet_offer(offer, by=donor),
            lambda: gate.verify_need(need, by=focal_point),
            lambda: gate.ask_back(offer, by=donor, why="x", answer_by=in_days(5)),
            lambda: gate.refuse_thing(offer, by=donor, why="x"),
            lambda: gate.ask_clearance(offer, True, by=donor),
            lambda: gate.clear_export(offer, by=donor, export_class="x", end_use="x"),
        ):
            with pytest.raises(Forbidden):
                deed()

    def test_a_second_write_that_fails_leaves_nothing(self, staff):
        need = passed(submitted(), staff)
        with pytest.raises(IntegrityError):
            self.verify_and_fail(need, staff)
        assert Need.objects.get(pk=need.pk).state == NeedState.SUBMITTED
        assert "verify" not in verbs(need)
        assert not told("need_verified")

    @transaction.atomic
    def verify_and_fail(self, need, staff):
        gate.verify_need(need, by=staff)
        Need.objects.filter(pk=need.pk).update(quantity=0)

    def test_nobody_lets_their_own_thing_pass(self, staff, admin_user):
        need, offer = submitted(asked_by=staff), vetting(donor=staff)
        for deed, thing in ((gate.verify_need, need), (gate.vet_offer, offer)):
            passed(thing, staff)
            with pytest.raises(Refused) as refused:
                deed(thing, by=staff)
            assert refused.value.codes == ["own"]
        assert gate.verify_need(need, by=admin_user).state == NeedState.OPEN
        assert gate.vet_offer(offer, by=admin_user).state == OfferState.VETTED


class TestSendingBack:
    def test_its_people_read_what_to_change_and_may_write(self, staff, donor):
        offer = vetting(donor=donor)
        until = in_days(10)
        row = gate.ask_back(offer, by=staff, why="Which voltage?", answer_by=until)
        assert (row.state, row.note, row.answer_by) == (OfferState.RETURNED, "Which voltage?", until)
        assert told("returned") == {donor.email}
        assert donor.has_perm("donations.write_offer", row)
        assert history_of(offer).first().why == "Which voltage?"

    @pytest.mark.parametrize(
        ("why", "days", "code"),
        [("  ", 5, "no_reason"), ("Why", 0, "out_of_reach"), ("Why", 91, "out_of_reach"), ("x" * 2001, 5, "too_long")],
    )
    def test_it_says_what_and_until_when(self, why, days, code, staff):
        need = submitted()
        with pytest.raises(Refused) as refused:
            gate.ask_back(need, by=staff, why=why, answer_by=in_days(days))
        assert refused.value.codes == [code]
        assert not told("returned")

    def test_a_reminder_comes_once_three_days_before(self, staff, donor):
        offer = gate.ask_back(vetting(donor=donor), by=staff, why="Which voltage?", answer_by=in_days(10))
        assert gate.remind_returned(in_days(6)) == 0
        assert gate.remind_returned(in_days(8)) == 1
        assert gate.remind_returned(in_days(9)) == 0
        assert told("return_ending") == {donor.email}
        assert gate.expire_returned(in_days(9)) == 0
        assert gate.expire_returned(in_days(11)) == 1
        offer.refresh_from_db()
        assert offer.state == OfferState.EXPIRED
        assert told("return_lapsed") == {donor.email}
        assert (history_of(offer).first().verb, history_of(offer).first().by) == ("expire", None)

    def test_a_need_lapses_as_an_offer_does(self, staff, focal_point, institute):
        need = NeedDraftFactory(asked_by=focal_point, organisation=institute)
        need = gate.ask_back(hand_in(need, by=focal_point), by=staff, why="Which plug?", answer_by=in_days(4))
        assert gate.expire_returned(in_days(5)) == 1
        with pytest.raises(WrongState):
            hand_in(need, by=focal_point)

    def test_what_was_handed_in_again_does_not_lapse(self, staff, focal_point, institute):
        need = NeedDraftFactory(asked_by=focal_point, organisation=institute)
        gate.ask_back(hand_in(need, by=focal_point), by=staff, why="Which plug?", answer_by=in_days(4))
        hand_in(need, by=focal_point)
        assert gate.expire_returned(in_days(30)) == 0


class TestRefusing:
    def test_only_its_people_read_why_and_where_else(self, staff, donor):
        InterestFactory(standing="beneficiary")
        row = gate.refuse_thing(vetting(donor=donor), by=staff, why="It is untested.", where="The maker takes it back.")
        assert (row.state, row.note) == (OfferState.REFUSED, "It is untested.\n\nThe maker takes it back.")
        assert told("refused") == {donor.email}
        assert set(Notification.objects.values_list("kind", flat=True)) == {"donations.refused"}

    def test_a_reason_is_asked_for(self, staff):
        with pytest.raises(Refused) as refused:
            gate.refuse_thing(submitted(), by=staff, why="", where="Elsewhere")
        assert refused.value.codes == ["no_reason"]


class TestStaffAreTold:
    def test_once_in_the_morning_of_what_waits(self, staff, admin_user, clock_at):
        submitted(submitted_at=clock_at(3))
        assert gate.tell_staff(clock_at(5)) is False
        assert gate.tell_staff(clock_at(7)) is True
        assert gate.tell_staff(clock_at(8)) is True
        assert told("gate_waiting") == {staff.email, admin_user.email}
        assert Notification.objects.count() == 2

    def test_not_of_what_they_know(self, staff, clock_at):
        submitted(submitted_at=clock_at(7) - timedelta(days=3))
        OfferFactory(submitted_at=clock_at(3))
        assert gate.tell_staff(clock_at(7)) is False

    @pytest.fixture
    def clock_at(self):
        """Today at an hour, UTC."""
        today = timezone.now().replace(minute=0, second=0, microsecond=0)
        return lambda hour: today.replace(hour=hour)


def test_the_steps_that_a_need_is_handed_in_with_are_all_looked_at():
    """Whatever a laboratory has to say is before staff's eyes with one of the points, or with all that was said."""
    seen = {column for columns in NEED_FACTS.values() for column in columns}
    asked = {column for step in STEPS for column in step.required}
    assert asked - seen == {"category", "title", "quantity", "purpose"}

"""How offers end: taken back, expired, prolonged before that; loans asked back."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from donations.actions import offer as actions
from donations.enums import Giving, MatchState, OfferState
from donations.models import Offer
from portal.audit.actions import history_of
from portal.core.errors import Forbidden, Refused, WrongState
from portal.notifications.kinds import KINDS
from portal.notifications.models import Notification
from tests.factories.donations import (
    AcceptedMatchFactory,
    ApprovedMatchFactory,
    FollowUpFactory,
    MatchFactory,
    OfferFactory,
)

pytestmark = pytest.mark.django_db
TODAY = timezone.now().date()


def told(kind: str) -> set[str]:
    return set(Notification.objects.filter(kind=f"donations.{kind}").values_list("address", flat=True))


class TestWithdraw:
    @pytest.mark.parametrize("state", ["draft", "vetting", "returned", "vetted"])
    def test_it_is_taken_back(self, state, donor, staff):
        offer = actions.withdraw_offer(OfferFactory(donor=donor, state=state), by=staff, why=" Sold. ")
        assert (offer.state, history_of(offer).get().why) == ("withdrawn", "Sold.")
        assert told("offer_withdrawn") == {donor.email}

    @pytest.mark.parametrize("state", sorted(set(OfferState) - {"draft", "vetting", "returned", "vetted"}))
    def test_not_from_any_state(self, state, donor):
        with pytest.raises(WrongState):
            actions.withdraw_offer(OfferFactory(donor=donor, state=state), by=donor)

    def test_a_stranger_takes_nothing_back(self, stranger_focal_point):
        with pytest.raises(Forbidden):
            actions.withdraw_offer(OfferFactory(), by=stranger_focal_point)

    def test_laboratories_that_were_asked_are_told_and_ask_again(self, donor):
        offer = OfferFactory(donor=donor, quantity=2)
        proposed, approved = MatchFactory(offer=offer), ApprovedMatchFactory(offer=offer)
        assert offer.state == "matched"
        assert actions.withdraw_offer(offer, by=donor, why="Sold").state == "withdrawn"
        for match, state in ((proposed, "rejected"), (approved, "refused")):
            match.refresh_from_db()
            match.need.refresh_from_db()
            assert (match.state, match.need.state, match.need.quantity_matched) == (state, "open", 0)
        assert approved.need.asked_by.email in told("match_refused")
        assert proposed.need.asked_by.email not in told("match_refused")

    def test_what_is_accepted_stays_promised(self, donor):
        offer = OfferFactory(donor=donor, quantity=5, quantity_lost=1)
        AcceptedMatchFactory(offer=offer)
        ended = actions.withdraw_offer(offer, by=donor)
        assert (ended.state, ended.quantity, ended.left) == ("matched", 2, 0)
        assert [entry.verb for entry in history_of(offer)] == ["withdraw_rest", "match"]

    def test_what_has_arrived_is_handed_over(self, donor):
        offer = OfferFactory(donor=donor, quantity=3)
        match = AcceptedMatchFactory(offer=offer)
        match.state = MatchState.COMPLETED
        match.save()
        assert actions.withdraw_offer(offer, by=donor).state == "handed_over"


class TestExpiry:
    def test_reminders_come_thirty_and_seven_days_before(self, donor):
        offer = OfferFactory(donor=donor, expires_on=TODAY + timedelta(days=40))
        now = timezone.now()
        reminded = [day for day in range(41) if actions.remind_of_expiry(now + timedelta(days=day))]
        assert reminded == [10, 33]
        assert Notification.objects.filter(kind="donations.offer_expiring", address=offer.donor.email).count() == 2

    def test_it_ends_the_day_after_its_last(self, donor):
        offer = OfferFactory(donor=donor, expires_on=TODAY)
        assert actions.expire_offers(timezone.now()) == 0
        assert actions.expire_offers(timezone.now() + timedelta(days=1)) == 1
        offer.refresh_from_db()
        entry = history_of(offer).get()
        assert (offer.state, entry.verb, entry.actor) == ("expired", "expire", "clock")
        assert told("offer_expired") == {donor.email}
        assert actions.expire_offers(timezone.now() + timedelta(days=2)) == 0

    def test_it_waits_while_somebody_is_asked(self):
        offer = OfferFactory(quantity=2, expires_on=TODAY)
        ApprovedMatchFactory(offer=offer)
        assert actions.expire_offers(timezone.now() + timedelta(days=1)) == 0

    def test_only_the_rest_expires(self):
        offer = OfferFactory(quantity=2, expires_on=TODAY)
        AcceptedMatchFactory(offer=offer)
        assert actions.expire_offers(timezone.now() + timedelta(days=1)) == 1
        offer.refresh_from_db()
        assert (offer.state, offer.quantity) == ("matched", 1)

    def test_it_is_prolonged(self, donor):
        offer = OfferFactory(donor=donor, reminded_at=timezone.now())
        until = TODAY + timedelta(days=300)
        after = actions.extend_offer(offer, until, by=donor)
        assert (after.expires_on, after.available_until, after.reminded_at) == (until, until, None)
        assert history_of(offer).get().verb == "extend"

    @pytest.mark.parametrize("days", [0, -1, 366])
    def test_not_to_any_day(self, days, donor):
        with pytest.raises(Refused) as refused:
            actions.extend_offer(OfferFactory(donor=donor), TODAY + timedelta(days=days), by=donor)
        assert refused.value.codes == ["out_of_reach"]

    def test_not_from_another_state_and_not_by_a_stranger(self, donor, stranger_focal_point):
        with pytest.raises(WrongState):
            actions.extend_offer(OfferFactory(donor=donor, state="matched"), TODAY + timedelta(days=9), by=donor)
        with pytest.raises(Forbidden):
            actions.extend_offer(OfferFactory(), TODAY + timedelta(days=9), by=stranger_focal_point)

    def test_the_last_day_is_what_the_donor_said_within_a_year(self):
        year = TODAY + timedelta(days=365)
        assert actions.last_day(OfferFactory(available_until=None), TODAY) == year
        assert actions.last_day(OfferFactory(available_until=TODAY + timedelta(days=900)), TODAY) == year
        assert actions.last_day(OfferFactory(available_until=TODAY + timedelta(days=9)), TODAY).day


class TestLoans:
    @pytest.fixture
    def lent(self, donor):
        """A loan that a laboratory has."""
        offer = OfferFactory(donor=donor, giving=Giving.LOAN, loan_months=6)
        match = AcceptedMatchFactory(offer=offer)
        match.state, match.back_on = MatchState.COMPLETED, TODAY + timedelta(days=20)
        match.save()
        offer.state = OfferState.HANDED_OVER
        offer.save()
        return match

    def test_it_is_recalled_and_comes_home(self, lent, donor):
        offer = actions.recall_loan(lent.offer, by=donor, why="We need it ourselves.")
        assert (offer.state, history_of(offer).get().why) == ("recalled", "We need it ourselves.")
        assert told("loan_recalled") == {lent.need.asked_by.email}
        sent = Notification.objects.get(kind="donations.loan_recalled")
        context = KINDS[sent.kind].context(sent.data)
        assert lent.ref in context["url"], "the loan is not public any more, its match is theirs to read"
        asked = [FollowUpFactory(match=lent, months=3, state="silent"), FollowUpFactory(match=lent, months=6)]
        assert actions.give_back_loan(offer, by=donor).state == "given_back"
        assert told("loan_given_back") == {lent.need.asked_by.email}
        for row in asked:
            row.refresh_from_db()
            assert row.state == "cancelled", row.months

    def test_a_recall_says_why(self, lent, donor):
        with pytest.raises(Refused) as refused:
            actions.recall_loan(lent.offer, by=donor, why=" ")
        assert refused.value.codes == ["no_reason"]

    def test_a_gift_does_not_come_back(self, donor):
        with pytest.raises(Refused) as refused:
            actions.recall_loan(OfferFactory(donor=donor, state="handed_over"), by=donor, why="Mine")
        assert refused.value.codes == ["no_loan"]

    @pytest.mark.parametrize("state", sorted(set(OfferState) - {"handed_over"}))
    def test_only_what_is_handed_over_is_recalled(self, state, donor):
        offer = OfferFactory(donor=donor, giving=Giving.LOAN, loan_months=6, state=state)
        with pytest.raises(WrongState):
            actions.recall_loan(offer, by=donor, why="Why")

    def test_a_loan_of_which_some_is_still_to_be_had_is_recalled_as_a_whole(self, lent, donor, client):
        Offer.objects.update(state="vetted", quantity=3, quantity_matched=1)
        asked = ApprovedMatchFactory(offer=Offer.objects.get())
        actions.remind_of_loans(timezone.now())
        assert lent.need.asked_by.email in told("loan_due")
        client.force_login(donor)
        offer = Offer.objects.get()
        address = reverse("offers:recall", args=[offer.ref])
        assert address in client.get(offer.get_absolute_url()).content.decode()
        assert "no longer offered" in client.get(address).content.decode()
        assert client.post(address, {"why": "We need it ourselves."}).status_code == 302
        offer.refresh_from_db()
        asked.refresh_from_db()
        assert (offer.state, offer.quantity, asked.state) == ("recalled", 1, "refused")
        assert told("loan_recalled") == {lent.need.asked_by.email}

    def test_a_loan_whose_other_pieces_travel_is_recalled_later(self, lent, donor):
        Offer.objects.update(state="vetted", quantity=3, quantity_matched=1)
        AcceptedMatchFactory(offer=Offer.objects.get())
        with pytest.raises(Refused) as refused:
            actions.recall_loan(Offer.objects.get(), by=donor, why="Ours")
        assert (refused.value.codes, Offer.objects.get().state) == (["under_way"], "vetted")

    def test_nobody_else_recalls(self, lent, stranger_focal_point):
        for deed in (
            lambda: actions.recall_loan(lent.offer, by=stranger_focal_point, why="Mine"),
            lambda: actions.give_back_loan(lent.offer, by=stranger_focal_point),
        ):
            with pytest.raises(Forbidden):
                deed()

    def test_both_sides_hear_once_that_it_is_due(self, lent):
        for day in range(3):
            assert actions.remind_of_loans(timezone.now() + timedelta(days=day)) == 1
        assert told("loan_due") == {lent.need.asked_by.email, lent.offer.donor.email}
        assert Notification.objects.filter(kind="donations.loan_due").count() == 2

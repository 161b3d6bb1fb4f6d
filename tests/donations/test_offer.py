"""Offers: begun, saved a section at a time, with papers, handed in."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.base import ContentFile
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from donations.actions import draft
from donations.actions import offer as actions
from donations.enums import Answer, Condition, Giving, OfferState
from donations.models import Offer
from donations.offer_steps import STEPS
from donations.steps import named
from portal.audit.actions import history_of
from portal.core.errors import Conflict, Forbidden, Refused, Taken, WrongState
from portal.core.files import CheckedFile
from portal.notifications.models import Notification
from tests.factories.donations import (
    CategoryFactory,
    OfferDraftFactory,
    OfferFactory,
)

pytestmark = pytest.mark.django_db
TODAY = timezone.now().date()
THING, SUPPLY = named(STEPS, "thing"), named(STEPS, "supply")


def told(kind: str) -> set[str]:
    return set(Notification.objects.filter(kind=f"donations.{kind}").values_list("address", flat=True))


class TestStart:
    def test_an_account_is_enough(self, donor):
        offer = actions.start_offer(by=donor)
        assert (offer.state, offer.donor, offer.organisation) == ("draft", donor, None)
        entry = history_of(offer).get()
        assert (entry.verb, entry.by, entry.after) == ("start", donor, "draft")

    def test_the_next_one_stands_where_the_last_one_did(self, donor):
        OfferFactory(donor=donor)
        offer = actions.start_offer(by=donor)
        assert (offer.city, offer.pick_up, offer.title) == ("Lyon", "Loading bay 2, 5 rue des Essais, Lyon", "")

    def test_only_its_focal_points_give_in_an_organisation_s_name(self, donor, focal_point, institute):
        assert actions.start_offer(by=focal_point, organisation=institute).organisation == institute
        with pytest.raises(Forbidden):
            actions.start_offer(by=donor, organisation=institute)
        assert Offer.objects.count() == 1


class TestFeatures:
    def test_those_of_its_category_are_kept(self, donor):
        offer = OfferDraftFactory(donor=donor)
        said = {"speed_rpm": Decimal(4000), "cooled": None, "gel_cm": Decimal(3)}
        assert actions.write_features(offer, said)
        assert set(offer.features.values_list("feature", "value")) == {("speed_rpm", Decimal(4000)), ("cooled", None)}
        assert not actions.write_features(offer, said)

    def test_those_of_another_category_go_when_it_is_handed_in(self, donor):
        offer = OfferDraftFactory(donor=donor)
        actions.write_features(offer, {"speed_rpm": Decimal(4000), "cooled": None})
        offer.category = CategoryFactory(slug="cameras", name_en="Cameras", name_fr="Caméras")
        offer.save()
        actions.hand_in_offer(offer, by=donor)
        assert list(offer.features.values_list("feature", flat=True)) == ["cooled"]


class TestSections:
    def test_a_section_is_saved_and_noted(self, donor):
        offer = actions.start_offer(by=donor)
        saved = draft.save_section(offer, THING, {"title": "Balance"}, version=0, by=donor)
        assert (saved.title, saved.steps["thing"]["done"]) == ("Balance", True)

    def test_nobody_is_overwritten(self, donor):
        offer = actions.start_offer(by=donor)
        draft.save_section(offer, THING, {"title": "Balance"}, version=0, by=donor)
        with pytest.raises(Conflict) as conflict:
            draft.save_section(offer, THING, {"title": "Scales"}, version=0, by=donor)
        assert conflict.value.version == 1

    @pytest.mark.parametrize("state", ["vetting", "vetted", "matched", "refused", "withdrawn"])
    def test_nothing_is_written_once_it_is_handed_in(self, state, donor):
        with pytest.raises(Forbidden):
            draft.save_section(OfferFactory(donor=donor, state=state), SUPPLY, {"weight_kg": 3}, version=0, by=donor)

    def test_a_stranger_writes_nothing(self, stranger_focal_point):
        with pytest.raises(Forbidden):
            draft.save_section(OfferDraftFactory(), THING, {"title": "Mine"}, version=1, by=stranger_focal_point)


class TestHandIn:
    def test_staff_get_it_and_its_donor_a_receipt(self, donor):
        offer = actions.hand_in_offer(OfferDraftFactory(donor=donor), by=donor)
        assert (offer.state, offer.submitted_at is not None) == ("vetting", True)
        entry = history_of(offer).get()
        assert (entry.verb, entry.before, entry.after, entry.by) == ("offer", "draft", "vetting", donor)
        assert told("offer_received") == {donor.email}
        assert actions.hand_in_offer(offer, by=donor).submitted_at == offer.submitted_at
        assert history_of(offer).count() == 1

    def test_a_returned_one_comes_back(self, donor):
        offer = OfferDraftFactory(donor=donor, state="returned", answer_by=timezone.now() + timedelta(days=3))
        again = actions.hand_in_offer(offer, by=donor)
        assert (again.state, again.answer_by, history_of(again).get().verb) == ("vetting", None, "resubmit")

    @pytest.mark.parametrize(
        ("changes", "section", "words"),
        [
            ({"title": ""}, "thing", "title"),
            ({"category": None}, "thing", "category"),
            ({"condition": ""}, "condition", "condition"),
            ({"condition": Condition.FAULTY}, "condition", "Say which faults are known."),
            ({"tested_on": None}, "test", "counts as waste"),
            ({"test_method": " "}, "test", "Say how it was tested."),
            ({"decontaminated": Answer.NO}, "test", "It has to be decontaminated"),
            ({"decontaminated_how": ""}, "test", "how it was decontaminated"),
            ({"data_wiped": Answer.NO}, "test", "Data have to be wiped"),
            ({"voltage_low": None}, "supply", "for which voltages"),
            ({"frequencies": []}, "supply", "mains frequencies"),
            ({"weight_kg": None}, "supply", "weight"),
            ({"has_manuals": True}, "extras", "in which languages"),
            ({"giving": Giving.LOAN}, "place", "how many months"),
            ({"available_until": TODAY - timedelta(days=1)}, "place", "This day has passed."),
            ({"is_owner": False}, "rights", "Confirm that you may give it away."),
            ({"steps": {}}, "thing", "look at this section"),
        ],
    )
    def test_what_is_missing_is_said_in_words(self, changes, section, words, donor):
        offer = OfferDraftFactory(donor=donor, **changes)
        with pytest.raises(Refused) as refused:
            actions.hand_in_offer(offer, by=donor)
        assert [reason for reason in refused.value.reasons if reason.code == section and words in reason.message]
        offer.refresh_from_db()
        assert offer.state == "draft"
        assert not history_of(offer).exists()

    def test_what_is_new_needs_no_test_and_what_is_not_plugged_in_no_mains(self, donor):
        offer = OfferDraftFactory(
            donor=donor, condition=Condition.NEW, tested_on=None, test_method="", needs_mains=False, voltage_low=None,
            voltage_high=None, frequencies=[],
        )  # fmt: skip
        assert actions.hand_in_offer(offer, by=donor).state == "vetting"

    def test_not_in_the_name_of_an_organisation_that_the_donor_does_not_lead(self, donor, institute):
        offer = OfferDraftFactory(donor=donor, organisation=institute)
        with pytest.raises(Refused) as refused:
            actions.hand_in_offer(offer, by=donor)
        assert refused.value.codes == ["rights"]

    def test_a_stranger_hands_nothing_in(self, stranger_focal_point):
        with pytest.raises(Forbidden):
            actions.hand_in_offer(OfferDraftFactory(), by=stranger_focal_point)

    @pytest.mark.parametrize("state", sorted(set(OfferState) - {"draft", "returned", "vetting"}))
    def test_not_from_any_state(self, state, donor):
        months = {"loan_months": 6, "giving": Giving.LOAN}
        with pytest.raises(WrongState):
            actions.hand_in_offer(OfferFactory(donor=donor, state=state, **months), by=donor)

    def test_when_the_history_cannot_be_written_nothing_is(self, donor):
        offer = OfferDraftFactory(donor=donor)
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE audit_record ADD CONSTRAINT no_verb CHECK (verb <> 'offer')")
        with pytest.raises(IntegrityError), transaction.atomic():
            actions.hand_in_offer(offer, by=donor)
        offer.refresh_from_db()
        assert (offer.state, told("offer_received")) == ("draft", set())


class TestPapers:
    checked = CheckedFile("test.pdf", "application/pdf", b"%PDF-1.4 a test")

    def test_a_paper_is_kept_once_and_removed(self, donor):
        offer = OfferDraftFactory(donor=donor)
        paper = actions.add_paper(offer, self.checked, "Certificate of the test", by=donor)
        with pytest.raises(Taken):
            actions.add_paper(offer, self.checked, "The same again", by=donor)
        actions.remove_paper(paper, by=donor)
        actions.remove_paper(paper, by=donor)
        assert not offer.papers.exists()
        assert {"add_paper", "remove_paper"} <= {entry.verb for entry in history_of(offer)}

    def test_there_is_room_for_ten(self, donor):
        offer = OfferDraftFactory(donor=donor)
        for number in range(10):
            content = f"%PDF-1.4 {number}".encode()
            actions.add_paper(offer, CheckedFile("a.pdf", "application/pdf", content), "Paper", by=donor)
        with pytest.raises(Refused) as refused:
            actions.add_paper(offer, self.checked, "One more", by=donor)
        assert refused.value.codes == ["too_many"]

    def test_a_stranger_adds_and_removes_none(self, donor, stranger_focal_point):
        offer = OfferDraftFactory(donor=donor)
        paper = offer.papers.create(
            title="Test", name="a.pdf", size=1, sha256="0", file=ContentFile(b"x", name="a.pdf")
        )
        with pytest.raises(Forbidden):
            actions.add_paper(offer, self.checked, "Mine", by=stranger_focal_point)
        with pytest.raises(Forbidden):
            actions.remove_paper(paper, by=stranger_focal_point)
        assert offer.papers.count() == 1

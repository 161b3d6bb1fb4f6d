"""Needs, offers and gifts for tests: rows as the actions would leave them, without their checks."""

from datetime import timedelta

import factory
from django.core.files.base import ContentFile
from django.utils import timezone
from factory.django import DjangoModelFactory

from donations.enums import Answer, Condition, MatchState, NeedState, OfferState, PledgeKind, Purpose
from donations.models import FollowUp, Match, Need, Offer, Photo, Pledge, Shipment
from donations.need_steps import STEPS as NEED_STEPS
from donations.offer_steps import NAMES as OFFER_SECTIONS
from instruments.models import EquipmentCategory
from tests.factories.accounts import OrganisationFactory, UserFactory


def in_days(number: int):
    """The day that many days from today."""
    return factory.LazyFunction(lambda: timezone.now().date() + timedelta(days=number))


class CategoryFactory(DjangoModelFactory):
    """Centrifuges, unless another slug is given."""

    class Meta:
        model = EquipmentCategory
        django_get_or_create = ("slug",)

    slug = "centrifuges"
    name_en = "Centrifuges"
    name_fr = "Centrifugeuses"


class NeedFactory(DjangoModelFactory):
    """An open need that says everything."""

    class Meta:
        model = Need

    organisation = factory.SubFactory(OrganisationFactory)
    asked_by = factory.SubFactory(UserFactory)
    category = factory.SubFactory(CategoryFactory)
    title = factory.Sequence(lambda n: f"A centrifuge for course {n}")
    why = "Every second-year student spins their own sample."
    purpose = Purpose.TEACHING
    people = 120
    women = 60
    voltage = 230
    frequency = 50
    plugs = ["G"]
    run_by = "Two technicians"
    maintained_by = "The workshop of the faculty"
    budget_eur = 300
    customs_contact = "The purchasing office"
    deliver_to = "Stores, Building 4"
    state = NeedState.OPEN
    submitted_at = factory.LazyFunction(lambda: timezone.now() - timedelta(days=20))
    public_at = factory.LazyFunction(lambda: timezone.now() - timedelta(days=10))
    expires_on = in_days(355)


class NeedDraftFactory(NeedFactory):
    """A draft of which every section is finished."""

    state = NeedState.DRAFT
    submitted_at = public_at = expires_on = None
    room_words = "Teaching laboratory, ground floor"
    end_use = "Teaching of biochemistry"
    end_user = "Faculty of Science"
    steps = factory.LazyFunction(lambda: {step.name: {"version": 1, "done": True} for step in NEED_STEPS})


class OfferFactory(DjangoModelFactory):
    """A vetted offer that says everything and fits the need of NeedFactory."""

    class Meta:
        model = Offer

    donor = factory.SubFactory(UserFactory)
    category = factory.SubFactory(CategoryFactory)
    title = factory.Sequence(lambda n: f"Bench centrifuge {n}")
    maker = "Rotanova"
    model = "BC 400"
    year = 2019
    condition = Condition.GOOD
    tested_on = in_days(-30)
    test_method = "Full speed, balanced load, two hours"
    decontaminated = Answer.YES
    data_wiped = Answer.NOT_NEEDED
    voltage_low = 220
    voltage_high = 240
    frequencies = [50, 60]
    plug = "E"
    weight_kg = 28
    length_cm = 60
    width_cm = 45
    height_cm = 35
    value_eur = 2500
    running_eur = 120
    country = "FR"
    city = "Lyon"
    pick_up = "Loading bay 2, 5 rue des Essais, Lyon"
    available_from = in_days(-10)
    available_until = in_days(180)
    is_owner = True
    state = OfferState.VETTED
    submitted_at = factory.LazyFunction(lambda: timezone.now() - timedelta(days=15))
    public_at = factory.LazyFunction(lambda: timezone.now() - timedelta(days=5))
    expires_on = in_days(180)


class OfferDraftFactory(OfferFactory):
    """A draft that says everything and can be handed in."""

    state = OfferState.DRAFT
    decontaminated_how = "Wiped with 70 % ethanol"
    steps = factory.LazyFunction(lambda: {name: {"version": 1, "done": True} for name in OFFER_SECTIONS})
    submitted_at = None
    public_at = None
    expires_on = None


class MatchFactory(DjangoModelFactory):
    """A proposed match of one piece. Its numbers are put on need and offer while its state holds them."""

    class Meta:
        model = Match
        skip_postgeneration_save = True

    need = factory.SubFactory(NeedFactory)
    offer = factory.SubFactory(OfferFactory)
    quantity = 1
    proposed_by = factory.SubFactory(UserFactory, is_staff=True)
    state = MatchState.PROPOSED

    @factory.post_generation
    def numbers(self, create, extracted, **kwargs):
        if not (create and self.is_holding):
            return
        for row, whole in ((self.need, NeedState.MATCHED), (self.offer, OfferState.MATCHED)):
            row.quantity_matched += self.quantity
            row.state = row.state if row.left else whole
            row.save()


class ApprovedMatchFactory(MatchFactory):
    """Approved by staff; both sides have two weeks to accept."""

    state = MatchState.APPROVED
    approved_by = factory.SelfAttribute("proposed_by")
    approved_at = factory.LazyFunction(timezone.now)
    answer_by = factory.LazyFunction(lambda: timezone.now() + timedelta(days=14))


class AcceptedMatchFactory(ApprovedMatchFactory):
    """Accepted by both sides."""

    state = MatchState.ACCEPTED
    need_accepted_at = factory.LazyFunction(timezone.now)
    need_accepted_by = factory.SelfAttribute("need.asked_by")
    offer_accepted_at = factory.LazyFunction(timezone.now)
    offer_accepted_by = factory.SelfAttribute("offer.donor")


class ShipmentFactory(DjangoModelFactory):
    """In preparation, with the one match given as `match`."""

    class Meta:
        model = Shipment
        skip_postgeneration_save = True

    class Params:
        match = factory.SubFactory(AcceptedMatchFactory)

    donor = factory.SelfAttribute("match.offer.donor")
    organisation = factory.SelfAttribute("match.need.organisation")
    made_by = factory.SelfAttribute("match.proposed_by")

    @factory.post_generation
    def places(self, create, extracted, **kwargs):
        for match in extracted or []:
            self.places.create(match=match)


class PledgeFactory(DjangoModelFactory):
    """A declared pledge of 500 euros."""

    class Meta:
        model = Pledge

    donor = factory.SubFactory(UserFactory)
    kind = PledgeKind.MONEY
    words = "For the freight of one shipment a year."
    amount_eur = 500


class FollowUpFactory(DjangoModelFactory):
    """Due today, three months after the gift came."""

    class Meta:
        model = FollowUp

    match = factory.SubFactory(AcceptedMatchFactory)
    months = 3
    due_on = in_days(0)


class PhotoFactory(DjangoModelFactory):
    """A picture of the need, offer, shipment or follow-up that is given."""

    class Meta:
        model = Photo

    name = "bench.jpg"
    content_type = "image/jpeg"
    size = 4
    sha256 = factory.Sequence(lambda n: f"{n:064x}")
    width = 1600
    height = 1200
    alt = "The bench with its socket"
    file = factory.LazyFunction(lambda: ContentFile(b"\xff\xd8large", name="bench.jpg"))
    small = factory.LazyFunction(lambda: ContentFile(b"\xff\xd8small", name="bench.jpg"))

"""Calls and awards for tests: a call open for three more weeks; an active award of ten hours with its ledger."""

from datetime import timedelta
from typing import Any

import factory
from django.core.files.base import ContentFile
from django.utils import timezone
from factory.django import DjangoModelFactory

from calls.enums import AwardState, CallKind, CallState, EntryKind
from calls.models import Award, Call, CallDocument, LateAccess, LedgerEntry
from tests.factories.accounts import OrganisationFactory, UserFactory
from tests.factories.instruments import InstrumentFactory


class CallFactory(DjangoModelFactory):
    """`techniques` and `instruments` are lists; traits `upcoming`, `closed` and `draft`.

    A draft lacks nothing that publishing asks for: one criterion of 100 %, unless `criteria` lists weights, and an
    instrument where it gives hours and names no technique.
    """

    class Meta:
        model = Call
        skip_postgeneration_save = True

    class Params:
        upcoming = factory.Trait(
            opens_at=factory.LazyFunction(lambda: timezone.now() + timedelta(days=10)),
            closes_at=factory.LazyFunction(lambda: timezone.now() + timedelta(days=40)),
        )
        closed = factory.Trait(
            opens_at=factory.LazyFunction(lambda: timezone.now() - timedelta(days=60)),
            closes_at=factory.LazyFunction(lambda: timezone.now() - timedelta(days=5)),
        )
        draft = factory.Trait(state=CallState.DRAFT, published_at=None)

    slug = factory.Sequence(lambda n: f"call-{n}")
    title_en = factory.Sequence(lambda n: f"Diffraction time {n}")
    title_fr = factory.Sequence(lambda n: f"Temps de diffraction {n}")
    summary_en = "Hours on a single-crystal diffractometer."
    summary_fr = "Des heures sur un diffractomètre à monocristal."
    description_en = "Who may apply and how."
    description_fr = "Qui peut candidater et comment."
    minutes_offered = 6000
    needs_endorsement = False
    time_zone = "Europe/Paris"
    use_from = factory.LazyAttribute(lambda row: row.closes_at.date() + timedelta(days=30))
    use_until = factory.LazyAttribute(lambda row: row.closes_at.date() + timedelta(days=210))
    opens_at = factory.LazyFunction(lambda: timezone.now() - timedelta(days=7))
    closes_at = factory.LazyFunction(lambda: timezone.now() + timedelta(days=21))
    contact = "calls@example.org"
    state = CallState.PUBLISHED
    published_at = factory.LazyAttribute(lambda row: row.opens_at - timedelta(days=1))

    @factory.post_generation
    def techniques(self, create: bool, extracted: Any, **kwargs: Any) -> None:
        if create and extracted:
            self.techniques.set(extracted)

    @factory.post_generation
    def instruments(self, create: bool, extracted: Any, **kwargs: Any) -> None:
        lacks_one = extracted is None and self.state == CallState.DRAFT and self.kind == CallKind.REMOTE_ACCESS
        if create and lacks_one and not self.techniques.exists():
            extracted = [InstrumentFactory()]
        if create and extracted:
            self.instruments.set(extracted)

    @factory.post_generation
    def criteria(self, create: bool, extracted: Any, **kwargs: Any) -> None:
        weights = [100] if extracted is None and self.state == CallState.DRAFT else extracted or []
        for place, weight in enumerate(weights if create else []):
            self.criteria.create(name_en=f"Merit {place}", name_fr=f"Mérite {place}", weight=weight, position=place)


class DocumentFactory(DjangoModelFactory):
    """A stored file; what is in it was checked by nobody."""

    class Meta:
        model = CallDocument

    call = factory.SubFactory(CallFactory)
    title = "Rules of the call"
    name = "rules.pdf"
    content_type = "application/pdf"
    size = 8
    sha256 = factory.Sequence(lambda n: f"{n:064x}")
    file = factory.LazyFunction(lambda: ContentFile(b"%PDF-1.7", name="rules.pdf"))


class LateAccessFactory(DjangoModelFactory):
    """Not taken yet; until three days from now, and after the closing of the call."""

    class Meta:
        model = LateAccess

    call = factory.SubFactory(CallFactory)
    address = factory.Sequence(lambda n: f"late{n}@example.org")
    until = factory.LazyAttribute(lambda row: max(timezone.now(), row.call.closes_at) + timedelta(days=3))
    why = "Three days without power."


class AwardFactory(DjangoModelFactory):
    """An award with its `granted` entry; `granted_minutes` 600 by default. `members` is a list of people."""

    class Meta:
        model = Award
        skip_postgeneration_save = True

    title = factory.Sequence(lambda n: f"Copper complexes {n}")
    holder = factory.SubFactory(UserFactory)
    organisation = factory.SubFactory(OrganisationFactory)
    instrument = factory.SubFactory(InstrumentFactory)
    granted_minutes = 600
    balance_minutes = factory.SelfAttribute("granted_minutes")
    valid_from = factory.LazyFunction(lambda: timezone.now().date() - timedelta(days=30))
    valid_until = factory.LazyFunction(lambda: timezone.now().date() + timedelta(days=120))
    state = AwardState.ACTIVE

    @factory.post_generation
    def ledger(self, create: bool, extracted: Any, **kwargs: Any) -> None:
        if create:
            LedgerEntry.objects.create(
                award=self, kind=EntryKind.GRANTED, minutes=self.granted_minutes, at=timezone.now()
            )

    @factory.post_generation
    def members(self, create: bool, extracted: Any, **kwargs: Any) -> None:
        if create and extracted:
            self.members.set(extracted)

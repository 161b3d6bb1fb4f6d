"""Applications, their people and their judges, for tests. A call for them: `CallFactory(instruments=[...])`."""

from datetime import timedelta
from typing import Any

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from calls.enums import ApplicationState, CheckKind, Decision, ReviewState, SampleForm
from calls.models import (
    Application,
    ApplicationSample,
    Attachment,
    Check,
    Criterion,
    Endorsement,
    PanelMember,
    Review,
    TeamMember,
)
from tests.factories.accounts import OrganisationFactory, UserFactory
from tests.factories.calls import CallFactory


class ApplicationFactory(DjangoModelFactory):
    """A draft with all its texts; traits `screening`, `returned`, `feasibility`, `review`, `prepared`, `reserved`."""

    class Meta:
        model = Application

    class Params:
        screening = factory.Trait(state=ApplicationState.SCREENING, is_entered=True)
        returned = factory.Trait(
            state=ApplicationState.RETURNED,
            is_entered=True,
            return_note="Say how many crystals.",
            answer_by=factory.LazyFunction(lambda: timezone.now() + timedelta(days=7)),
        )
        feasibility = factory.Trait(state=ApplicationState.FEASIBILITY, is_entered=True)
        review = factory.Trait(state=ApplicationState.REVIEW, is_entered=True)
        prepared = factory.Trait(
            state=ApplicationState.PREPARED,
            is_entered=True,
            decision=Decision.AWARD,
            rank=1,
            minutes_decided=factory.SelfAttribute("minutes_requested"),
        )
        reserved = factory.Trait(
            state=ApplicationState.RESERVED,
            is_entered=True,
            decision=Decision.RESERVE,
            rank=1,
            minutes_decided=factory.SelfAttribute("minutes_requested"),
            released_at=factory.LazyFunction(timezone.now),
        )
        is_entered = factory.Trait(
            submitted_at=factory.LazyFunction(lambda: timezone.now() - timedelta(days=1)),
            receipt=factory.Sequence(lambda n: f"2026-T{n:06}"),
            country="KE",
            career_stage="doctoral",
        )

    call = factory.SubFactory(CallFactory)
    applicant = factory.SubFactory(UserFactory)
    organisation = factory.SubFactory(OrganisationFactory)
    title = factory.Sequence(lambda n: f"Copper complexes from Lake Magadi {n}")
    question = "Which of three polymorphs forms at room temperature?"
    why_instrument = "The crystals are 40 micrometres; our powder instrument cannot tell them apart."
    minutes_requested = 600
    team_words = "One doctoral researcher grows crystals, one reads the frames."
    plan = "Structures go to an open database, then a joint paper."
    has_samples = False
    language = "en"


class TeamMemberFactory(DjangoModelFactory):
    """An invited co-applicant; give `user` and `accepted_at` for one who accepted."""

    class Meta:
        model = TeamMember

    application = factory.SubFactory(ApplicationFactory)
    address = factory.Sequence(lambda n: f"team{n}@example.org")


class SampleFactory(DjangoModelFactory):
    class Meta:
        model = ApplicationSample

    application = factory.SubFactory(ApplicationFactory)
    label = factory.Sequence(lambda n: f"Crystal {n}")
    composition = "C12H10CuN4O2"
    form = SampleForm.CRYSTAL


class EndorsementFactory(DjangoModelFactory):
    """Asked for and not answered yet."""

    class Meta:
        model = Endorsement

    application = factory.SubFactory(ApplicationFactory)


class AttachmentFactory(DjangoModelFactory):
    """A kept file; its bytes are some, and no document."""

    class Meta:
        model = Attachment

    application = factory.SubFactory(ApplicationFactory)
    name = "figure.pdf"
    content_type = "application/pdf"
    size = 4
    sha256 = factory.Sequence(lambda n: f"{n:064}")
    file = factory.django.FileField(data=b"%PDF", filename="figure.pdf")


class CriterionFactory(DjangoModelFactory):
    class Meta:
        model = Criterion

    call = factory.SubFactory(CallFactory)
    name_en = factory.Sequence(lambda n: f"Merit {n}")
    name_fr = factory.Sequence(lambda n: f"Mérite {n}")
    weight = 50


class PanelMemberFactory(DjangoModelFactory):
    class Meta:
        model = PanelMember

    call = factory.SubFactory(CallFactory)
    user = factory.SubFactory(UserFactory)


class CheckFactory(DjangoModelFactory):
    class Meta:
        model = Check

    application = factory.SubFactory(ApplicationFactory, screening=True)
    kind = CheckKind.ELIGIBLE
    is_passed = True
    at = factory.LazyFunction(timezone.now)


class ReviewFactory(DjangoModelFactory):
    """An assigned review; `scores` maps a criterion to points and hands it in."""

    class Meta:
        model = Review
        skip_postgeneration_save = True

    application = factory.SubFactory(ApplicationFactory, review=True)
    reviewer = factory.SubFactory(UserFactory)

    @factory.post_generation
    def scores(self, create: bool, extracted: Any, **kwargs: Any) -> None:
        if create and extracted:
            for criterion, points in extracted.items():
                self.scores.create(criterion=criterion, points=points)
            self.state, self.submitted_at = ReviewState.SUBMITTED, timezone.now()
            self.save()

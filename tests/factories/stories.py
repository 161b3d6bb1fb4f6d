"""Stories, events, pictures and pages for tests."""

import hashlib
from datetime import date, timedelta

import factory
from django.core.files.base import ContentFile
from django.utils import timezone
from factory.django import DjangoModelFactory

from portal.stories.enums import ConsentForm, EventKind, EventState, PageSection, StoryState
from portal.stories.models import Consent, Event, EventCountry, Page, Picture, Story, Variant
from tests.factories.accounts import UserFactory


class StoryFactory(DjangoModelFactory):
    """Published yesterday, showing nobody; `draft=True`: sent in by somebody and still theirs."""

    class Meta:
        model = Story
        skip_postgeneration_save = True

    class Params:
        draft = factory.Trait(
            state=StoryState.DRAFT, published_at=None, shows_people=None, sent_by=factory.SubFactory(UserFactory)
        )

    slug = factory.Sequence(lambda n: f"story-{n}")
    title_en = factory.Sequence(lambda n: f"Crystals from afar {n}")
    title_fr = factory.Sequence(lambda n: f"Des cristaux de loin {n}")
    summary_en = "A structure solved from Lomé."
    summary_fr = "Une structure résolue depuis Lomé."
    body_en = "It began with **one** crystal."
    body_fr = "Tout a commencé avec **un** cristal."
    shows_people = False
    state = StoryState.PUBLISHED
    published_at = factory.LazyFunction(lambda: timezone.now() - timedelta(days=1))


class ConsentFactory(DjangoModelFactory):
    class Meta:
        model = Consent

    story = factory.SubFactory(StoryFactory)
    name = factory.Sequence(lambda n: f"Shown Person {n}")
    form = ConsentForm.SIGNED
    wording = "I agree to be shown in this story."
    given_on = date(2026, 1, 5)


class EventFactory(DjangoModelFactory):
    """Announced, three whole days in 30 days; `over=True`: held last week, its figures in."""

    class Meta:
        model = Event
        skip_postgeneration_save = True

    class Params:
        over = factory.Trait(
            state=EventState.CLOSED,
            starts_at=factory.LazyFunction(lambda: timezone.now() - timedelta(days=9)),
            people=30,
            women=16,
        )

    slug = factory.Sequence(lambda n: f"event-{n}")
    kind = EventKind.BOOTCAMP
    title_en = factory.Sequence(lambda n: f"Bootcamp {n}")
    title_fr = factory.Sequence(lambda n: f"École intensive {n}")
    summary_en = "From the bench to a business."
    summary_fr = "De la paillasse à l’entreprise."
    starts_at = factory.LazyFunction(lambda: timezone.now() + timedelta(days=30))
    ends_at = factory.LazyAttribute(lambda row: row.starts_at + timedelta(days=3))
    time_zone = "Africa/Cairo"
    place = "Cairo"
    country = "EG"
    state = EventState.PUBLISHED
    published_at = factory.LazyFunction(lambda: timezone.now() - timedelta(days=20))


class EventCountryFactory(DjangoModelFactory):
    class Meta:
        model = EventCountry

    event = factory.SubFactory(EventFactory)
    country = "EG"


class PageFactory(DjangoModelFactory):
    class Meta:
        model = Page

    slug = factory.Sequence(lambda n: f"page-{n}")
    section = PageSection.ABOUT
    title_en = factory.Sequence(lambda n: f"Page {n}")
    title_fr = factory.Sequence(lambda n: f"Feuille {n}")
    body_en = "Some *words*."
    body_fr = "Quelques *mots*."
    version = 1


class PictureFactory(DjangoModelFactory):
    """Waiting to be prepared; its bytes are no picture: give `content` where something draws it."""

    class Meta:
        model = Picture

    class Params:
        content = b"bytes"

    story = factory.SubFactory(StoryFactory)
    name = "crystal.jpg"
    content_type = "image/jpeg"
    size = factory.LazyAttribute(lambda row: len(row.content))
    sha256 = "0" * 64
    file = factory.LazyAttribute(lambda row: ContentFile(row.content, name="crystal.jpg"))
    width = 1600
    height = 1200
    alt_en = "A crystal on a pin"
    alt_fr = "Un cristal sur une pointe"


class VariantFactory(DjangoModelFactory):
    """A drawing of a picture; its bytes are none unless `content` is given."""

    class Meta:
        model = Variant

    class Params:
        content = b"bytes"

    picture = factory.SubFactory(PictureFactory)
    format = "jpg"
    width = 360
    height = 240
    size = factory.LazyAttribute(lambda row: len(row.content))
    digest = factory.LazyAttribute(lambda row: hashlib.sha256(row.content).hexdigest()[:16])
    file = factory.LazyAttribute(lambda row: ContentFile(row.content, name="360.jpg"))

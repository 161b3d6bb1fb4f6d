"""What stories, pictures, events and pages can be."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class StoryKind(TextChoices):
    ACCESS = "access", pgettext_lazy("kind of story", "Remote access")
    GIFT = "gift", pgettext_lazy("kind of story", "Equipment given")
    TRAINING = "training", pgettext_lazy("kind of story", "Training")
    PEOPLE = "people", pgettext_lazy("kind of story", "People and places")


class StoryState(TextChoices):
    DRAFT = "draft", pgettext_lazy("story", "draft")
    IN_REVIEW = "in_review", pgettext_lazy("story", "with our staff")
    PUBLISHED = "published", pgettext_lazy("story", "published")
    ARCHIVED = "archived", pgettext_lazy("story", "archived")


class ConsentForm(TextChoices):
    """How somebody agreed to be shown."""

    PORTAL = "portal", pgettext_lazy("how consent was given", "on this portal")
    SIGNED = "signed", pgettext_lazy("how consent was given", "on a signed form")
    MAIL = "mail", pgettext_lazy("how consent was given", "by e-mail")


class PictureState(TextChoices):
    WAITING = "waiting", pgettext_lazy("picture", "being prepared")
    READY = "ready", pgettext_lazy("picture", "ready")
    FAILED = "failed", pgettext_lazy("picture", "could not be prepared")


class Ratio(TextChoices):
    """How a picture is cropped, about the point that matters in it."""

    AS_IS = "as_is", pgettext_lazy("crop of a picture", "as it is")
    WIDE = "3:2", pgettext_lazy("crop of a picture", "wide (3:2)")
    SQUARE = "1:1", pgettext_lazy("crop of a picture", "square")


class PictureFormat(TextChoices):
    """In the order in which browsers are offered them."""

    AVIF = "avif", "AVIF"
    WEBP = "webp", "WebP"
    JPEG = "jpg", "JPEG"


class EventKind(TextChoices):
    BOOTCAMP = "bootcamp", pgettext_lazy("kind of event", "Bootcamp")
    TRAINING = "training", pgettext_lazy("kind of event", "Hands-on training")
    SEMINAR = "seminar", pgettext_lazy("kind of event", "Seminar")
    INTERNATIONAL_DAY = "international_day", pgettext_lazy("kind of event", "International day")


class EventState(TextChoices):
    DRAFT = "draft", pgettext_lazy("event", "draft")
    PUBLISHED = "published", pgettext_lazy("event", "announced")
    HELD = "held", pgettext_lazy("event", "held, figures to come")
    CLOSED = "closed", pgettext_lazy("event", "held")
    CANCELLED = "cancelled", pgettext_lazy("event", "cancelled")


class PageSection(TextChoices):
    """Under which heading a page is listed."""

    HOW = "how", _("How it works")
    PREPARE = "prepare", _("How to prepare")
    ABOUT = "about", _("About the portal")
    LEGAL = "legal", _("Statements")

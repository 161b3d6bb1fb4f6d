from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class CallKind(TextChoices):
    REMOTE_ACCESS = "remote_access", _("Remote access")
    TRAINING = "training", _("Training")
    EQUIPMENT = "equipment", _("Equipment")
    OTHER = "other", _("Other")


class CallState(TextChoices):
    DRAFT = "draft", _("draft")
    PUBLISHED = "published", _("published")
    DECIDED = "decided", _("decided")
    WITHDRAWN = "withdrawn", _("withdrawn")
    ARCHIVED = "archived", _("archived")


class CallPhase(TextChoices):
    """What a visitor sees of a call; upcoming, open and closed follow from its dates and the clock alone."""

    UPCOMING = "upcoming", _("opens soon")
    OPEN = "open", _("open")
    CLOSED = "closed", _("closed")
    DECIDED = "decided", _("decided")
    WITHDRAWN = "withdrawn", _("withdrawn")


class Standing(TextChoices):
    """As what somebody wishes to hear."""

    BENEFICIARY = "beneficiary", _("I need access")
    CONTRIBUTOR = "contributor", _("I can open an instrument")
    DONOR = "donor", _("I can give")


class InterestState(TextChoices):
    UNCONFIRMED = "unconfirmed", _("waiting for confirmation")
    ACTIVE = "active", pgettext_lazy("interest", "active")
    ENDED = "ended", pgettext_lazy("interest", "ended")


class AwardState(TextChoices):
    OFFERED = "offered", _("offered")
    ACTIVE = "active", pgettext_lazy("award", "active")
    ENDED = "ended", pgettext_lazy("award", "ended")
    REPORTED = "reported", _("reported")
    REFUSED = "refused", pgettext_lazy("award", "refused")
    LAPSED = "lapsed", pgettext_lazy("award", "lapsed")
    REVOKED = "revoked", _("revoked")


class EntryKind(TextChoices):
    GRANTED = "granted", pgettext_lazy("hours", "granted")
    BOOKED = "booked", pgettext_lazy("hours", "booked")
    RELEASED = "released", pgettext_lazy("hours", "released")
    USED = "used", pgettext_lazy("hours", "used")
    ADJUSTED = "adjusted", pgettext_lazy("hours", "adjusted")


class Combine(TextChoices):
    """How the criteria of an interest work together."""

    ALL = "all", _("All of what I chose")
    ANY = "any", _("Any of what I chose")


class ApplicationState(TextChoices):
    DRAFT = "draft", pgettext_lazy("application", "draft")
    SCREENING = "screening", _("in screening")
    RETURNED = "returned", pgettext_lazy("application", "returned for changes")
    FEASIBILITY = "feasibility", _("at the laboratory")
    REVIEW = "review", _("in review")
    PREPARED = "prepared", _("outcome prepared")
    AWARDED = "awarded", pgettext_lazy("application", "awarded")
    RESERVED = "reserved", pgettext_lazy("application", "on the reserve list")
    DECLINED = "declined", pgettext_lazy("application", "declined")
    WITHDRAWN = "withdrawn", pgettext_lazy("application", "withdrawn")
    LAPSED = "lapsed", pgettext_lazy("application", "lapsed")


class PublicState(TextChoices):
    """What the people of an application see in place of the states between screening and release."""

    JUDGED = "judged", pgettext_lazy("application", "being judged")


class Decision(TextChoices):
    """What is prepared for an application and unseen until the release."""

    AWARD = "award", _("Award")
    RESERVE = "reserve", _("Reserve list")
    DECLINE = "decline", _("Decline")


class TeamRole(TextChoices):
    VIEW = "view", _("may read")
    EDIT = "edit", _("may write")


class CheckKind(TextChoices):
    """The three records beside the reviews: staff judge the first, the host's operators the others."""

    ELIGIBLE = "eligible", _("Eligible")
    FEASIBLE = "feasible", _("Feasible")
    SAFE = "safe", _("Safe")


class ReviewState(TextChoices):
    ASSIGNED = "assigned", pgettext_lazy("review", "to be written")
    SUBMITTED = "submitted", pgettext_lazy("review", "handed in")
    CONFLICT = "conflict", pgettext_lazy("review", "conflict of interest")


class SampleForm(TextChoices):
    CRYSTAL = "crystal", _("Crystal")
    POWDER = "powder", _("Powder")
    SOLID = "solid", _("Solid piece")
    FILM = "film", _("Thin film")
    LIQUID = "liquid", _("Liquid or solution")
    TISSUE = "tissue", _("Tissue or cells")
    DATA = "data", _("Data only")
    OTHER = "other", _("Other")


class Hazard(TextChoices):
    FLAMMABLE = "flammable", _("Flammable")
    TOXIC = "toxic", _("Toxic")
    CORROSIVE = "corrosive", _("Corrosive")
    OXIDISING = "oxidising", _("Oxidising")
    EXPLOSIVE = "explosive", _("Explosive")
    REACTIVE = "reactive", _("Reacts with air or water")
    BIOLOGICAL = "biological", _("Biological agent")
    RADIOACTIVE = "radioactive", _("Radioactive")
    NANO = "nano", _("Nanomaterial")
    ENVIRONMENT = "environment", _("Harms the environment")


class AwardKind(TextChoices):
    HOURS = "hours", _("Instrument time")
    PLACE = "place", _("Place on a training")
    NEED = "need", _("Verified need")

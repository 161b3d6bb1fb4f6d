from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class CareerStage(TextChoices):
    STUDENT = "student", _("Undergraduate or master's student")
    DOCTORAL = "doctoral", _("Doctoral researcher")
    POSTDOCTORAL = "postdoctoral", _("Postdoctoral researcher")
    JUNIOR = "junior", _("Junior faculty or staff scientist")
    SENIOR = "senior", _("Senior faculty or staff scientist")
    TECHNICAL = "technical", _("Technician or engineer")
    OTHER = "other", _("Other")


class Gender(TextChoices):
    WOMAN = "woman", _("Woman")
    MAN = "man", _("Man")
    OTHER = "other", _("Other")


class OrganisationKind(TextChoices):
    UNIVERSITY = "university", _("University")
    INSTITUTE = "institute", _("Research institute")
    CATEGORY_2_CENTRE = "category_2_centre", _("Category 2 Centre")
    CHAIR = "chair", _("UNESCO Chair")
    COMPANY = "company", _("Company")
    PUBLIC_BODY = "public_body", _("Public body")
    ASSOCIATION = "association", _("Association")


class OrganisationState(TextChoices):
    PROPOSED = "proposed", pgettext_lazy("organisation", "proposed")
    VERIFIED = "verified", pgettext_lazy("organisation", "verified")
    MERGED = "merged", pgettext_lazy("organisation", "merged into another")


class Role(TextChoices):
    RESEARCHER = "researcher", _("Researcher")
    FOCAL_POINT = "focal_point", _("Focal point")
    OPERATOR = "operator", _("Operator")


class MembershipState(TextChoices):
    REQUESTED = "requested", _("waiting for confirmation")
    CONFIRMED = "confirmed", pgettext_lazy("membership", "confirmed")
    REFUSED = "refused", pgettext_lazy("membership", "refused")
    ENDED = "ended", pgettext_lazy("membership", "ended")

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _


class InstrumentState(TextChoices):
    DRAFT = "draft", _("draft")
    PROPOSED = "proposed", _("proposed")
    RETURNED = "returned", _("returned for changes")
    LISTED = "listed", _("listed")
    REFUSED = "refused", _("refused")
    SUSPENDED = "suspended", _("suspended")
    RETIRED = "retired", _("retired")


class AccessMode(TextChoices):
    REMOTE_CONTROL = "remote_control", _("Remote control: your hands on the instrument")
    OBSERVED = "observed", _("Observed: the operator drives, you watch and talk")
    MAIL_IN = "mail_in", _("Mail-in: samples go in, data come out")


class Weekday(IntegerChoices):
    MONDAY = 0, _("Monday")
    TUESDAY = 1, _("Tuesday")
    WEDNESDAY = 2, _("Wednesday")
    THURSDAY = 3, _("Thursday")
    FRIDAY = 4, _("Friday")
    SATURDAY = 5, _("Saturday")
    SUNDAY = 6, _("Sunday")

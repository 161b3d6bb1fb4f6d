from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class InstrumentState(TextChoices):
    DRAFT = "draft", _("draft")
    PROPOSED = "proposed", _("proposed")
    RETURNED = "returned", _("returned for changes")
    LISTED = "listed", _("listed")
    REFUSED = "refused", _("refused")
    WITHDRAWN = "withdrawn", pgettext_lazy("instrument", "thrown away")
    SUSPENDED = "suspended", _("suspended")
    RETIRED = "retired", _("retired")


FINAL = (InstrumentState.REFUSED, InstrumentState.WITHDRAWN, InstrumentState.RETIRED)
WRITABLE = (InstrumentState.DRAFT, InstrumentState.RETURNED)  # who proposes it may write
OPEN_PROPOSAL = (*WRITABLE, InstrumentState.PROPOSED)


class AccessMode(TextChoices):
    REMOTE_CONTROL = "remote_control", _("Remote control: your hands on the instrument")
    OBSERVED = "observed", _("Observed: the operator drives, you watch and talk")
    MAIL_IN = "mail_in", _("Mail-in: samples go in, data come out")


class DesktopRoute(TextChoices):
    DIRECT = "direct", _("directly, on a network that the portal shares with the laboratory")
    CONNECTOR = "connector", _("through the connector, a small program on the laboratory's PC")
    PRACTICE = "practice", _("the portal's own practice instrument")


class Clipboard(TextChoices):
    """Which way text may pass between the browser and the instrument."""

    NONE = "none", pgettext_lazy("clipboard", "no text passes")
    TO_INSTRUMENT = "to_instrument", pgettext_lazy("clipboard", "to the instrument only")
    FROM_INSTRUMENT = "from_instrument", pgettext_lazy("clipboard", "from the instrument only")
    BOTH = "both", pgettext_lazy("clipboard", "both ways")


class DesktopTrouble(TextChoices):
    """Why a desktop could not be reached, as its row and the log of a session keep it."""

    NO_ADDRESS = "no_address", pgettext_lazy("desktop", "its name leads nowhere")
    FORBIDDEN = "forbidden", pgettext_lazy("desktop", "its address lies outside the networks that may be reached")
    UNREACHABLE = "unreachable", pgettext_lazy("desktop", "nothing answers at its address")
    SILENT = "silent", pgettext_lazy("desktop", "it took the call and then said nothing")
    NOT_VNC = "not_vnc", pgettext_lazy("desktop", "what answers there is no VNC server")
    SECURITY = "security", pgettext_lazy("desktop", "it asks for a way to sign in that the portal does not speak")
    PASSWORD = "password", pgettext_lazy("desktop", "it refuses the password")
    REFUSED = "refused", pgettext_lazy("desktop", "it refuses the connection")
    NO_CONNECTOR = "no_connector", pgettext_lazy("desktop", "the laboratory's connector is not connected")


class Weekday(IntegerChoices):
    MONDAY = 0, _("Monday")
    TUESDAY = 1, _("Tuesday")
    WEDNESDAY = 2, _("Wednesday")
    THURSDAY = 3, _("Thursday")
    FRIDAY = 4, _("Friday")
    SATURDAY = 5, _("Saturday")
    SUNDAY = 6, _("Sunday")


class TrainingState(TextChoices):
    DRAFT = "draft", pgettext_lazy("training", "draft")
    PUBLISHED = "published", pgettext_lazy("training", "open for registration")
    HELD = "held", pgettext_lazy("training", "held, results to come")
    CLOSED = "closed", pgettext_lazy("training", "closed")
    CANCELLED = "cancelled", pgettext_lazy("training", "cancelled")


class PlaceState(TextChoices):
    REQUESTED = "requested", pgettext_lazy("training place", "asked for")
    GIVEN = "given", pgettext_lazy("training place", "given")
    REFUSED = "refused", pgettext_lazy("training place", "refused")
    WITHDRAWN = "withdrawn", pgettext_lazy("training place", "given back")


class TrainingResult(TextChoices):
    PASSED = "passed", pgettext_lazy("training result", "passed")
    FAILED = "failed", pgettext_lazy("training result", "not passed")
    ABSENT = "absent", pgettext_lazy("training result", "absent")


class WishState(TextChoices):
    WAITING = "waiting", pgettext_lazy("wish for a training", "waiting")
    ANSWERED = "answered", pgettext_lazy("wish for a training", "answered")
    LEFT = "left", pgettext_lazy("wish for a training", "taken back")


class AgreementState(TextChoices):
    DRAFT = "draft", pgettext_lazy("agreement", "draft")
    OFFERED = "offered", pgettext_lazy("agreement", "waiting for the laboratory")
    AGREED = "agreed", pgettext_lazy("agreement", "agreed")
    DECLINED = "declined", pgettext_lazy("agreement", "declined")
    WITHDRAWN = "withdrawn", pgettext_lazy("agreement", "withdrawn")
    ENDED = "ended", pgettext_lazy("agreement", "ended")

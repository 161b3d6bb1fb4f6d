from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class NeedState(TextChoices):
    DRAFT = "draft", pgettext_lazy("need", "draft")
    SUBMITTED = "submitted", pgettext_lazy("need", "being verified")
    RETURNED = "returned", pgettext_lazy("need", "returned for changes")
    OPEN = "open", pgettext_lazy("need", "open")
    MATCHED = "matched", pgettext_lazy("need", "matched")
    FULFILLED = "fulfilled", pgettext_lazy("need", "fulfilled")
    REFUSED = "refused", pgettext_lazy("need", "refused")
    EXPIRED = "expired", pgettext_lazy("need", "expired")
    WITHDRAWN = "withdrawn", pgettext_lazy("need", "withdrawn")


class OfferState(TextChoices):
    """`RETURNED` is an offer that its donor must complete; a loan that came home is `GIVEN_BACK`."""

    DRAFT = "draft", pgettext_lazy("offer of equipment", "draft")
    VETTING = "vetting", pgettext_lazy("offer of equipment", "being vetted")
    RETURNED = "returned", pgettext_lazy("offer of equipment", "returned for changes")
    VETTED = "vetted", pgettext_lazy("offer of equipment", "vetted")
    MATCHED = "matched", pgettext_lazy("offer of equipment", "matched")
    HANDED_OVER = "handed_over", pgettext_lazy("offer of equipment", "handed over")
    RECALLED = "recalled", pgettext_lazy("offer of equipment", "recalled")
    GIVEN_BACK = "given_back", pgettext_lazy("offer of equipment", "given back")
    LOST = "lost", pgettext_lazy("offer of equipment", "lost")
    REFUSED = "refused", pgettext_lazy("offer of equipment", "refused")
    EXPIRED = "expired", pgettext_lazy("offer of equipment", "expired")
    WITHDRAWN = "withdrawn", pgettext_lazy("offer of equipment", "withdrawn")


class MatchState(TextChoices):
    PROPOSED = "proposed", pgettext_lazy("match", "proposed")
    APPROVED = "approved", pgettext_lazy("match", "to be accepted by both sides")
    ACCEPTED = "accepted", pgettext_lazy("match", "accepted")
    COMPLETED = "completed", pgettext_lazy("match", "completed")
    REJECTED = "rejected", pgettext_lazy("match", "rejected")
    REFUSED = "refused", pgettext_lazy("match", "refused")
    LAPSED = "lapsed", pgettext_lazy("match", "lapsed")
    FAILED = "failed", pgettext_lazy("match", "failed")


class ShipmentState(TextChoices):
    DRAFT = "draft", pgettext_lazy("shipment", "being prepared")
    QUOTED = "quoted", pgettext_lazy("shipment", "quoted")
    FUNDED = "funded", pgettext_lazy("shipment", "funded")
    IN_TRANSIT = "in_transit", pgettext_lazy("shipment", "on its way")
    CUSTOMS = "customs", pgettext_lazy("shipment", "at customs")
    HELD = "held", pgettext_lazy("shipment", "held")
    RECEIVED = "received", pgettext_lazy("shipment", "received")
    INSTALLED = "installed", pgettext_lazy("shipment", "installed")
    IN_USE = "in_use", pgettext_lazy("shipment", "in use")
    CLOSED = "closed", pgettext_lazy("shipment", "closed")
    DAMAGED = "damaged", pgettext_lazy("shipment", "damaged")
    ABANDONED = "abandoned", pgettext_lazy("shipment", "abandoned")
    LOST = "lost", pgettext_lazy("shipment", "lost")


class PledgeState(TextChoices):
    DECLARED = "declared", pgettext_lazy("pledge", "declared")
    CONTACTED = "contacted", pgettext_lazy("pledge", "contacted")
    AGREED = "agreed", pgettext_lazy("pledge", "agreed")
    ALLOCATED = "allocated", pgettext_lazy("pledge", "allocated")
    HONOURED = "honoured", pgettext_lazy("pledge", "honoured")
    LAPSED = "lapsed", pgettext_lazy("pledge", "lapsed")
    WITHDRAWN = "withdrawn", pgettext_lazy("pledge", "withdrawn")


class FollowUpState(TextChoices):
    DUE = "due", pgettext_lazy("follow-up", "to come")
    ASKED = "asked", pgettext_lazy("follow-up", "asked")
    ANSWERED = "answered", pgettext_lazy("follow-up", "answered")
    SILENT = "silent", pgettext_lazy("follow-up", "no answer")
    CANCELLED = "cancelled", pgettext_lazy("follow-up", "cancelled")


# What is shown to everybody: the verified needs and the vetted offers, and what became of them.
PUBLIC_NEEDS = (NeedState.OPEN, NeedState.MATCHED, NeedState.FULFILLED)
PUBLIC_OFFERS = (OfferState.VETTED, OfferState.MATCHED, OfferState.HANDED_OVER)
# What its people may still write in.
WRITABLE = ("draft", "returned")
# Matches that hold numbers of their need and offer; those after them gave the numbers back or have used them up.
HOLDING = (MatchState.PROPOSED, MatchState.APPROVED, MatchState.ACCEPTED, MatchState.COMPLETED)
# Matches whose people (donor and recipient) know of each other.
TOLD = (MatchState.APPROVED, MatchState.ACCEPTED, MatchState.COMPLETED, MatchState.FAILED)
UNDER_WAY = (ShipmentState.IN_TRANSIT, ShipmentState.CUSTOMS, ShipmentState.HELD)
ARRIVED = (ShipmentState.RECEIVED, ShipmentState.INSTALLED, ShipmentState.IN_USE, ShipmentState.CLOSED)


class Purpose(TextChoices):
    TEACHING = "teaching", _("Teaching")
    RESEARCH = "research", _("Research")
    BOTH = "both", _("Teaching and research")


class Customs(TextChoices):
    """What the recipient pays at the border, as far as it knows."""

    EXEMPT = "exempt", _("Exempt from duty and tax")
    REDUCED = "reduced", _("Reduced duty or tax")
    FULL = "full", _("Full duty and tax")
    UNKNOWN = "unknown", _("Not known yet")


class Payer(TextChoices):
    """Who pays the freight, or the customs."""

    DONOR = "donor", _("The donor")
    RECIPIENT = "recipient", _("The receiving laboratory")
    PLEDGE = "pledge", _("A pledge")
    PROGRAMME = "programme", _("The programme")
    OPEN = "open", _("Still open")


class Condition(TextChoices):
    NEW = "new", _("New")
    AS_NEW = "as_new", _("As new")
    GOOD = "good", _("Good, used")
    WORN = "worn", _("Worn and working")
    FAULTY = "faulty", _("With faults")


class Giving(TextChoices):
    GIFT = "gift", _("Gift")
    LOAN = "loan", _("Loan")


class Answer(TextChoices):
    """Of a question that need not apply."""

    YES = "yes", _("Yes")
    NO = "no", _("No")
    NOT_NEEDED = "not_needed", _("Does not apply")


class Side(TextChoices):
    NEED = "need", _("The laboratory")
    OFFER = "offer", _("The donor")


class Point(TextChoices):
    """What staff check at the gate. `NEED_POINTS` and `OFFER_POINTS` say of which."""

    LABORATORY = "laboratory", _("The laboratory is what it says, and the person speaks for it")
    PEOPLE = "people", _("Somebody is named who runs and maintains it")
    RUNNING_COST = "running_cost", _("The running cost is covered, as a share of what it is worth")
    MAINS = "mains", _("Voltage, frequency and plug are known and fit the place")
    ROOM = "room", _("It goes through the door and has its place")
    CUSTOMS = "customs", _("Who pays customs is known")
    END_USE = "end_use", _("End use and end user are stated where asked for")
    FUNCTIONAL_TEST = "functional_test", _("A functional test says that it works")
    DECONTAMINATED = "decontaminated", _("It is decontaminated")
    DATA_WIPED = "data_wiped", _("Data are wiped from it")
    PAPERS = "papers", _("Manuals and licences come with it")
    EXPORT = "export", _("Export classification is stated and cleared where asked for")
    OWNER = "owner", _("The donor may give it away")


NEED_POINTS = (
    Point.LABORATORY,
    Point.PEOPLE,
    Point.RUNNING_COST,
    Point.MAINS,
    Point.ROOM,
    Point.CUSTOMS,
    Point.END_USE,
)
OFFER_POINTS = (
    Point.OWNER,
    Point.FUNCTIONAL_TEST,
    Point.DECONTAMINATED,
    Point.DATA_WIPED,
    Point.MAINS,
    Point.RUNNING_COST,
    Point.PAPERS,
    Point.EXPORT,
)


class Incoterm(TextChoices):
    """Incoterms 2020 of the International Chamber of Commerce, by their codes."""

    EXW = "EXW", _("EXW - ex works")
    FCA = "FCA", _("FCA - free carrier")
    CPT = "CPT", _("CPT - carriage paid to")
    CIP = "CIP", _("CIP - carriage and insurance paid to")
    DAP = "DAP", _("DAP - delivered at place")
    DPU = "DPU", _("DPU - delivered at place unloaded")
    DDP = "DDP", _("DDP - delivered duty paid")


class EventSource(TextChoices):
    HAND = "hand", _("by hand")
    CSV = "csv", _("from a file")


class InUse(TextChoices):
    """What a follow-up hears of a gift."""

    DAILY = "daily", _("In use, most days")
    SOMETIMES = "sometimes", _("In use now and then")
    WAITING = "waiting", _("Not in use yet")
    BROKEN = "broken", _("Not in use: it does not work")
    UNUSED = "unused", _("Not in use: nobody needs it")
    PASSED_ON = "passed_on", _("Passed on to somebody else")
    GONE = "gone", _("No longer there")


USED = (InUse.DAILY, InUse.SOMETIMES)
# It stands there and nobody uses it: somebody may help.
IDLE = (InUse.WAITING, InUse.BROKEN, InUse.UNUSED)
# It is not there any more: nothing is asked after it again.
AWAY = (InUse.PASSED_ON, InUse.GONE)


class Help(TextChoices):
    """What would bring a gift into use."""

    PARTS = "parts", _("Spare parts or consumables")
    REPAIR = "repair", _("A repair")
    TRAINING = "training", _("Training or advice")
    POWER = "power", _("Power, a transformer or a stabiliser")
    PASS_ON = "pass_on", _("We would pass it on")
    NOTHING = "nothing", _("Nothing")


class PledgeKind(TextChoices):
    MONEY = "money", _("Money")
    MOBILITY = "mobility", _("Mobility: travel and stays")
    EXPERTISE = "expertise", _("Expertise and time")


class Paper(TextChoices):
    """What the portal writes for a shipment, as PDF."""

    OFFER_LETTER = "offer-letter", _("Offer letter")
    CERTIFICATE = "certificate", _("Certificate of gift or loan")
    PRO_FORMA = "pro-forma", _("Pro-forma invoice")
    PACKING_LIST = "packing-list", _("Packing list")
    RECEIPT = "receipt", _("Receipt")

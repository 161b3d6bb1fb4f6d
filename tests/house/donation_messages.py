"""The rows that messages of donations are about, each in the state in which its message makes sense."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import partial

from django.db.models import Model

from donations.models import Batch
from tests.factories.accounts import UserFactory
from tests.factories.donations import (
    AcceptedMatchFactory,
    ApprovedMatchFactory,
    FollowUpFactory,
    MatchFactory,
    NeedFactory,
    OfferFactory,
    PledgeFactory,
    ShipmentFactory,
)

TITLES = {"need__title": "Élan 27", "offer__title": "Élan 27"}

GIVEN: dict[str, Callable[[], Model]] = {
    "donations.need_expiring": lambda: NeedFactory(title="Élan 27"),
    "donations.need_expired": lambda: NeedFactory(title="Élan 27", state="expired"),
    "donations.match_approved": lambda: ApprovedMatchFactory(**TITLES),
    "donations.match_reminder": lambda: ApprovedMatchFactory(**TITLES),
    "donations.match_accepted": lambda: ApprovedMatchFactory(**TITLES),
    "donations.match_refused": lambda: MatchFactory(**TITLES, state="refused", why=""),
    "donations.match_lapsed": lambda: MatchFactory(**TITLES, state="lapsed"),
    "donations.match_failed": lambda: MatchFactory(**TITLES, state="failed"),
}


# What is told of shipments, each with the state in which it is.
SHIPPED = {
    **{name: name for name in ("funded", "customs", "held", "received", "damaged", "installed", "in_use")},
    **{name: name for name in ("closed", "abandoned", "lost")},
    **{"prepared": "draft", "sent": "in_transit", "resumed": "in_transit", "short": "received"},
    "repaired": "received",
}


def shipment_in(state: str) -> Model:
    """A shipment in that state; no line about it is so long that it must differ between languages."""
    match = AcceptedMatchFactory(need__title="Élan", offer__title="Élan")
    return ShipmentFactory(match=match, places=[match], state=state, payer="donor")


GIVEN |= {f"donations.shipment_{name}": partial(shipment_in, state) for name, state in SHIPPED.items()}


def lent_until(day: date) -> Model:
    """A match of a loan that the laboratory has until then."""
    match = AcceptedMatchFactory(offer__giving="loan", offer__loan_months=6, **TITLES)
    match.state, match.back_on = "completed", day
    match.save()
    match.offer.state = "handed_over"
    match.offer.save()
    return match


OFFERED = {
    **{"received": "vetting", "expiring": "vetted", "expired": "expired", "withdrawn": "withdrawn"},
}
LENT = {"recalled": "recalled", "given_back": "given_back"}
GIVEN |= {
    f"donations.offer_{name}": partial(OfferFactory, title="Élan 27", state=state) for name, state in OFFERED.items()
}
GIVEN |= {
    f"donations.loan_{name}": partial(OfferFactory, title="Élan 27", giving="loan", loan_months=6, state=state)
    for name, state in LENT.items()
}
GIVEN |= {
    "donations.loan_due": partial(lent_until, date(2027, 3, 22)),
    "donations.batch_taken": lambda: Batch.objects.create(owner=UserFactory(), name="lyon.csv", rows=3, faulty=1),
}

# What the gate says to those who handed something in, and what it tells others and staff.
ANSWER_BY = datetime(2027, 3, 22, tzinfo=UTC)
PASSED_BY = {"returned": "returned", "refused": "refused", "return_ending": "returned", "return_lapsed": "expired"}
GIVEN |= {
    f"donations.{name}": partial(NeedFactory, title="Élan 27", note="", state=state, answer_by=ANSWER_BY)
    for name, state in PASSED_BY.items()
}
GIVEN |= {
    "donations.need_verified": lambda: NeedFactory(title="Élan 27"),
    "donations.need_news": lambda: NeedFactory(title="Élan 27"),
    "donations.offer_vetted": lambda: OfferFactory(title="Élan 27"),
    "donations.offer_news": lambda: OfferFactory(title="Élan 27"),
    "donations.gate_waiting": lambda: NeedFactory(state="submitted"),
}

# What is asked after a gift, and what is said of pledges.
FOLLOWED = {
    **{name: name for name in ("asked", "silent", "answered")},
    **{"reminder": "asked", "unused": "answered", "helped": "answered"},
}
PLEDGED = {
    **{name: name for name in ("declared", "agreed", "allocated", "honoured", "lapsed", "withdrawn")},
    "ending": "agreed",
}


def follow_up_in(state: str) -> Model:
    """A follow-up of a gift that came, in that state."""
    match = AcceptedMatchFactory(need__organisation__name="Élan", offer__title="Élan")
    said = {"in_use": "broken", "help": "repair", "answered_at": ANSWER_BY} if state == "answered" else {}
    return FollowUpFactory(match=match, state=state, **said)


GIVEN |= {f"donations.follow_up_{name}": partial(follow_up_in, state) for name, state in FOLLOWED.items()}
GIVEN |= {f"donations.pledge_{name}": partial(PledgeFactory, state=state) for name, state in PLEDGED.items()}

"""The desk's boards: everything that moves, by state, what has been in its state the longest first."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Case, Count, DateTimeField, F, Min, QuerySet, TextChoices, When, Window
from django.db.models.functions import Cast, Coalesce, RowNumber
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from donations.enums import FollowUpState, MatchState, NeedState, OfferState, PledgeState, ShipmentState
from donations.models import FollowUp, Match, Need, Offer, Pledge, Shipment

IN_A_COLUMN = 6


@dataclass(frozen=True)
class Board:
    """`over` are states that nobody has to do anything about; `began` are the columns that say since when a row is in
    a state, for the others it is the last change. `category` and `country` are paths in the row, or empty.

    `page` and `named` give the address of a row's page: the name of the address and the row whose reference it takes.
    """

    name: str
    title: Promise
    model: Any
    states: type[TextChoices]
    over: Collection[str]
    began: dict[str, str]
    category: str
    country: str
    page: str
    related: tuple[str, ...]
    what: Callable[[Any], Any]
    who: Callable[[Any], Any]
    place: Callable[[Any], str]
    number: Callable[[Any], int | None]
    named: Callable[[Any], Any] = lambda row: row

    def rows(self, wanted: dict[str, str]) -> QuerySet[Any]:
        """Those of a state, category and country, if given, each with `since`; the longest in its state first."""
        rows = self.model.objects.select_related(*self.related).annotate(since=self._since())
        if wanted.get("state"):
            rows = rows.filter(state=wanted["state"])
        if wanted.get("category"):
            rows = rows.filter(pk__in=self.model.objects.filter(**{self.category: wanted["category"]}).values("pk"))
        if wanted.get("country"):
            is_list = self.country.endswith("__contains")
            rows = rows.filter(**{self.country: [wanted["country"]] if is_list else wanted["country"]})
        return rows.order_by("since", "pk")

    def summary(self, wanted: dict[str, str]) -> dict[str, tuple[int, datetime]]:
        """state -> (how many rows, since when the oldest is in it), in one statement."""
        found = self.rows(wanted).order_by().values("state").annotate(number=Count("pk"), oldest=Min("since"))
        return {row["state"]: (row["number"], row["oldest"]) for row in found}

    def columns(self, wanted: dict[str, str]) -> dict[str, list[Any]]:
        """state -> its few oldest rows, for the states that are not over, in one statement."""
        place = Window(RowNumber(), partition_by=[F("state")], order_by=["since", "pk"])
        rows = self.rows(wanted).exclude(state__in=self.over).annotate(place=place).filter(place__lte=IN_A_COLUMN)
        found: dict[str, list[Any]] = {state.value: [] for state in self.open_states()}
        for row in rows.order_by("since", "pk"):
            found[row.state].append(row)
        return found

    def open_states(self) -> list[TextChoices]:
        return [state for state in self.states if state not in self.over]

    def codes(self) -> list[str]:
        """The countries that occur."""
        if self.country.endswith("__contains"):
            kept = self.model.objects.values_list(self.country.removesuffix("__contains"), flat=True)
            return sorted({code for codes in kept for code in codes})
        codes = self.model.objects.order_by().values_list(self.country, flat=True).distinct()
        return sorted(str(code) for code in codes if code)

    def _since(self) -> Coalesce:
        """Since when a row is in its state."""
        moment = DateTimeField()
        whens = [When(state=state, then=Cast(column, moment)) for state, column in self.began.items()]
        return Coalesce(Case(*whens, output_field=moment), "updated_at")


def _of_organisation(organisation: Any) -> str:
    return str(organisation.country.name) if organisation else ""


NEEDS = Board(
    "needs", _("Needs"), Need, NeedState,
    over=(NeedState.DRAFT, NeedState.FULFILLED, NeedState.REFUSED, NeedState.EXPIRED, NeedState.WITHDRAWN),
    began={NeedState.SUBMITTED: "submitted_at", NeedState.OPEN: "public_at"},
    category="category__slug", country="organisation__country", page="desk_donations:need",
    related=("organisation", "category"),
    what=str, who=lambda row: row.organisation, place=lambda row: _of_organisation(row.organisation),
    number=lambda row: row.quantity,
)  # fmt: skip
OFFERS = Board(
    "offers", _("Offers"), Offer, OfferState,
    over=(
        OfferState.DRAFT, OfferState.HANDED_OVER, OfferState.GIVEN_BACK, OfferState.LOST, OfferState.REFUSED,
        OfferState.EXPIRED, OfferState.WITHDRAWN,
    ),
    began={OfferState.VETTING: "submitted_at", OfferState.VETTED: "public_at"},
    category="category__slug", country="country", page="desk_donations:offer",
    related=("organisation", "category", "donor"),
    what=str, who=lambda row: row.organisation or row.donor, place=lambda row: str(row.country.name or ""),
    number=lambda row: row.quantity,
)  # fmt: skip
MATCHES = Board(
    "matches", _("Matches"), Match, MatchState,
    over=(MatchState.COMPLETED, MatchState.REJECTED, MatchState.REFUSED, MatchState.LAPSED, MatchState.FAILED),
    began={MatchState.PROPOSED: "created_at", MatchState.APPROVED: "approved_at"},
    category="need__category__slug", country="need__organisation__country", page="matches:detail",
    related=("need__organisation", "offer"),
    what=lambda row: row.offer, who=lambda row: row.need.organisation,
    place=lambda row: _of_organisation(row.need.organisation), number=lambda row: row.quantity,
)  # fmt: skip
SHIPMENTS = Board(
    "shipments", _("Shipments"), Shipment, ShipmentState,
    over=(ShipmentState.CLOSED, ShipmentState.ABANDONED, ShipmentState.LOST),
    began={},
    category="matches__need__category__slug", country="organisation__country", page="shipments:detail",
    related=("organisation", "donor"),
    what=str, who=lambda row: row.organisation, place=lambda row: _of_organisation(row.organisation),
    number=lambda row: None,
)  # fmt: skip
PLEDGES = Board(
    "pledges", _("Pledges"), Pledge, PledgeState,
    over=(PledgeState.HONOURED, PledgeState.LAPSED, PledgeState.WITHDRAWN),
    began={PledgeState.DECLARED: "created_at"},
    category="", country="countries__contains", page="pledges:detail", related=("donor", "organisation"),
    what=lambda row: row.get_kind_display(), who=lambda row: row.organisation or row.donor, place=lambda row: "",
    number=lambda row: row.amount_eur,
)  # fmt: skip
FOLLOW_UPS = Board(
    "follow-ups", _("Follow-ups"), FollowUp, FollowUpState,
    over=(FollowUpState.ANSWERED, FollowUpState.CANCELLED),
    began={FollowUpState.DUE: "due_on", FollowUpState.ASKED: "asked_at"},
    category="match__need__category__slug", country="match__need__organisation__country", page="matches:detail",
    related=("match__need__organisation", "match__offer"),
    what=lambda row: row.match.offer, who=lambda row: row.match.need.organisation,
    place=lambda row: _of_organisation(row.match.need.organisation), number=lambda row: row.months,
    named=lambda row: row.match,
)  # fmt: skip
BOARDS = {board.name: board for board in (NEEDS, OFFERS, MATCHES, SHIPMENTS, PLEDGES, FOLLOW_UPS)}

"""What the matcher knows, read in a fixed number of statements, whatever the number of rows.

Lengths in centimetres, weights in kilograms, money in euros, `left` pieces that no match holds.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Count, QuerySet

from donations.enums import MatchState
from donations.features import BY_KEY
from donations.models import Match, MatchingRun, Need, Offer, OfferFeature, Requirement

Pair = tuple[int, int]  # keys of need and offer
TURNED_DOWN = (MatchState.REJECTED, MatchState.REFUSED)
OPEN = (MatchState.PROPOSED, MatchState.APPROVED, MatchState.ACCEPTED)
GIVEN = (MatchState.ACCEPTED, MatchState.COMPLETED)


class Wish(NamedTuple):
    """What a need asks of one feature, in its unit."""

    least: float | None
    most: float | None
    is_must: bool


@dataclass(slots=True)
class NeedFacts:
    """`gifts`: matches that its organisation has accepted or received. `has_room`: where it would stand is said."""

    pk: int
    ref: str
    category: int | None
    organisation: int
    person: int
    country: str
    quantity: int
    left: int
    people: int | None
    women: int | None
    voltage: int | None
    frequency: int | None
    plugs: list[str]
    has_transformer: bool
    has_room: bool
    door_width: int | None
    door_height: int | None
    most_kg: int | None
    accepts_used: bool
    accepts_loan: bool
    wants_training: bool
    is_run: bool
    is_maintained: bool
    budget: int | None
    customs: str
    public_on: date | None
    expires_on: date | None
    gifts: int = 0
    wishes: dict[str, Wish] = field(default_factory=dict)


@dataclass(slots=True)
class OfferFacts:
    """`low` and `high` are volts, each standing in for the other where one is not said; lengths from short to long."""

    pk: int
    ref: str
    category: int | None
    organisation: int | None
    person: int
    country: str
    left: int
    condition: str
    year: int | None
    needs_mains: bool
    low: int | None
    high: int | None
    frequencies: list[int]
    plug: str
    kg: float | None
    lengths: list[int]
    has_manuals: bool
    gives_training: bool
    value: int | None
    running: int | None
    freight: str
    is_loan: bool
    countries: list[str]
    is_cleared: bool
    available_until: date | None
    expires_on: date | None
    features: dict[str, float | None] = field(default_factory=dict)


@dataclass(frozen=True)
class Facts:
    """`day` is today. Needs and offers are in the order of their references: the answer goes by nothing else.

    `turned_down`: pairs that somebody refused; `joined`: pairs that a match holds already; `last`: pairs of the newest
    run that went well.
    """

    day: date
    needs: list[NeedFacts]
    offers: list[OfferFacts]
    turned_down: frozenset[Pair] = frozenset()
    joined: frozenset[Pair] = frozenset()
    last: frozenset[Pair] = frozenset()


def read(day: date, needs: QuerySet[Need], offers: QuerySet[Offer]) -> Facts:
    """Read these needs and offers and what is known of their pairs: eight statements."""
    return Facts(
        day,
        read_needs(needs),
        read_offers(offers),
        _pairs(needs, offers, TURNED_DOWN),
        _pairs(needs, offers, OPEN),
        last_pairs(),
    )


def read_needs(needs: QuerySet[Need]) -> list[NeedFacts]:
    """By reference; three statements."""
    rows = needs.select_related("organisation").only(*NEED_COLUMNS).order_by("ref")
    facts = [_need(row) for row in rows]
    wishes = Requirement.objects.filter(need__in=needs.values("pk"), feature__in=BY_KEY)
    of_need: dict[int, dict[str, Wish]] = defaultdict(dict)
    for need, feature, least, most, is_must in wishes.values_list("need_id", "feature", "least", "most", "is_must"):
        of_need[need][feature] = Wish(_float(least), _float(most), is_must)
    gifts = Match.objects.filter(state__in=GIVEN, need__organisation__in=needs.values("organisation"))
    counts = dict(gifts.values_list("need__organisation").annotate(count=Count("pk")).order_by())
    for fact in facts:
        fact.wishes, fact.gifts = of_need[fact.pk], counts.get(fact.organisation, 0)
    return facts


def read_offers(offers: QuerySet[Offer]) -> list[OfferFacts]:
    """By reference; two statements."""
    facts = [_offer(row) for row in offers.only(*OFFER_COLUMNS).order_by("ref")]
    stated = OfferFeature.objects.filter(offer__in=offers.values("pk"), feature__in=BY_KEY)
    of_offer: dict[int, dict[str, float | None]] = defaultdict(dict)
    for offer, feature, value in stated.values_list("offer_id", "feature", "value"):
        of_offer[offer][feature] = _float(value)
    for fact in facts:
        fact.features = of_offer[fact.pk]
    return facts


def last_pairs() -> frozenset[Pair]:
    """What the newest run that went well put together."""
    runs = MatchingRun.objects.exclude(finished_at=None).filter(trouble="")
    lines: list[Any] = runs.order_by("-pk").values_list("pairs", flat=True).first() or []
    return frozenset((line["need"], line["offer"]) for line in lines)


def _pairs(needs: QuerySet[Need], offers: QuerySet[Offer], states: tuple[MatchState, ...]) -> frozenset[Pair]:
    rows = Match.objects.filter(state__in=states, need__in=needs.values("pk"), offer__in=offers.values("pk"))
    return frozenset(rows.values_list("need_id", "offer_id"))


NEED_COLUMNS = (
    "ref", "category_id", "organisation__country", "asked_by_id", "quantity", "quantity_matched", "people", "women",
    "voltage", "frequency", "plugs", "has_transformer", "room_words", "door_width_cm", "door_height_cm", "most_kg",
    "accepts_used", "accepts_loan", "wants_training", "run_by", "maintained_by", "budget_eur", "customs", "public_at",
    "expires_on",
)  # fmt: skip
OFFER_COLUMNS = (
    "ref", "category_id", "organisation_id", "donor_id", "country", "quantity", "quantity_matched", "quantity_lost",
    "condition", "year", "needs_mains", "voltage_low", "voltage_high", "frequencies", "plug", "weight_kg", "length_cm",
    "width_cm", "height_cm", "has_manuals", "gives_training", "value_eur", "running_eur", "freight", "giving",
    "countries", "needs_clearance", "cleared_on", "available_until", "expires_on",
)  # fmt: skip


def _need(row: Need) -> NeedFacts:
    return NeedFacts(
        pk=row.pk,
        ref=row.ref,
        category=row.category_id,
        organisation=row.organisation_id,
        person=row.asked_by_id,
        country=str(row.organisation.country),
        quantity=row.quantity,
        left=row.left,
        people=row.people,
        women=row.women,
        voltage=row.voltage,
        frequency=row.frequency,
        plugs=sorted(row.plugs),
        has_transformer=row.has_transformer,
        has_room=bool(row.room_words),
        door_width=row.door_width_cm,
        door_height=row.door_height_cm,
        most_kg=row.most_kg,
        accepts_used=row.accepts_used,
        accepts_loan=row.accepts_loan,
        wants_training=row.wants_training,
        is_run=bool(row.run_by),
        is_maintained=bool(row.maintained_by),
        budget=row.budget_eur,
        customs=row.customs,
        public_on=row.public_at.date() if row.public_at else None,
        expires_on=row.expires_on,
    )


def _offer(row: Offer) -> OfferFacts:
    low = row.voltage_high if row.voltage_low is None else row.voltage_low
    lengths = [row.length_cm, row.width_cm, row.height_cm]
    return OfferFacts(
        pk=row.pk,
        ref=row.ref,
        category=row.category_id,
        organisation=row.organisation_id,
        person=row.donor_id,
        country=str(row.country),
        left=row.left,
        condition=row.condition,
        year=row.year,
        needs_mains=row.needs_mains,
        low=low,
        high=low if row.voltage_high is None else row.voltage_high,
        frequencies=sorted(row.frequencies),
        plug=row.plug,
        kg=_float(row.weight_kg),
        lengths=sorted(one for one in lengths if one) if all(lengths) else [],
        has_manuals=row.has_manuals,
        gives_training=row.gives_training,
        value=row.value_eur,
        running=row.running_eur,
        freight=row.freight,
        is_loan=row.giving == "loan",
        countries=list(row.countries),
        is_cleared=row.is_cleared,
        available_until=row.available_until,
        expires_on=row.expires_on,
    )


def _float(value: Any) -> float | None:
    return None if value is None else float(value)

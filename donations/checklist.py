"""What staff check of a need or an offer before it goes on, beside what its people said of each point."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from donations.enums import (
    NEED_POINTS,
    OFFER_POINTS,
    Answer,
    Condition,
    Customs,
    NeedState,
    OfferState,
    Point,
)
from donations.models import GateCheck, Need, Offer
from donations.said import Line, lines_of
from donations.steps import Step
from portal.core.dates import date_format

AT_THE_GATE = (NeedState.SUBMITTED, OfferState.VETTING)
PASSES = (Answer.YES, Answer.NOT_NEEDED)
OLD_TEST = timedelta(days=365)
DEAR_SHARE = 20  # per cent of its worth a year
# The columns that speak to a point.
NEED_FACTS = {
    Point.LABORATORY: ("organisation", "asked_by", "award", "why", "people", "women"),
    Point.PEOPLE: ("run_by", "maintained_by", "wants_training"),
    Point.RUNNING_COST: ("budget_eur",),
    Point.MAINS: ("voltage", "frequency", "plugs", "has_transformer", "power_words"),
    Point.ROOM: ("room_words", "door_width_cm", "door_height_cm", "most_kg"),
    Point.CUSTOMS: ("customs", "customs_contact", "deliver_to"),
    Point.END_USE: ("end_use", "end_user"),
}
OFFER_FACTS = {
    Point.OWNER: ("donor", "organisation", "is_owner", "giving", "loan_months"),
    Point.FUNCTIONAL_TEST: ("condition", "last_used_on", "tested_on", "test_method", "faults"),
    Point.DECONTAMINATED: ("decontaminated", "decontaminated_how"),
    Point.DATA_WIPED: ("data_wiped",),
    Point.MAINS: ("needs_mains", "voltage_low", "voltage_high", "frequencies", "plug", "power_watts"),
    Point.RUNNING_COST: ("value_eur", "running_eur", "consumables", "spares"),
    Point.PAPERS: ("has_manuals", "manual_languages", "software"),
    Point.EXPORT: ("export_class", "end_use", "countries", "needs_clearance", "cleared_on"),
}


@dataclass(frozen=True)
class Item:
    """A point with what was said of it, what is doubtful, and the last verdict; `is_old`: given before a change."""

    point: Point
    facts: list[Line]
    doubts: list[str]
    check: GateCheck | None
    is_old: bool

    @property
    def passes(self) -> bool:
        return self.check is not None and not self.is_old and self.check.verdict in PASSES


def points_of(thing: Need | Offer) -> tuple[Point, ...]:
    return NEED_POINTS if isinstance(thing, Need) else OFFER_POINTS


def checklist(thing: Need | Offer, checks: Iterable[GateCheck]) -> list[Item]:
    """Every point in its order. `checks` are those of the thing."""
    by_point = {check.point: check for check in checks}
    today = timezone.now().date()
    return [
        Item(
            point,
            facts_of(thing, point),
            doubts_of(thing, point, today),
            check,
            check is not None and _old(check, thing),
        )
        for point in points_of(thing)
        for check in [by_point.get(point)]
    ]


def facts_of(thing: Need | Offer, point: Point) -> list[Line]:
    """What its people said that bears on the point."""
    columns = NEED_FACTS if isinstance(thing, Need) else OFFER_FACTS
    lines = lines_of(thing, Step(point.value, point.label, columns[point]))
    if isinstance(thing, Offer) and point == Point.RUNNING_COST and (share := share_of_worth(thing)) is not None:
        words = _("%(share)d %% of its worth") % {"share": share}
        lines.append(Line("share", _("Running cost a year, as a share"), words, is_typed=False))
    return lines


def share_of_worth(offer: Offer) -> int | None:
    """Per cent of its worth that running it costs a year; None where either is not known."""
    if not offer.value_eur or offer.running_eur is None:
        return None
    return round(100 * offer.running_eur / offer.value_eur)


def doubts_of(thing: Need | Offer, point: Point, today: date) -> list[str]:
    """What somebody should look at twice; it decides nothing."""
    return list(_of_need(thing, point) if isinstance(thing, Need) else _of_offer(thing, point, today))


def _old(check: GateCheck, thing: Need | Offer) -> bool:
    """Whether the thing was handed in again after this verdict."""
    return thing.submitted_at is not None and check.at < thing.submitted_at


def _of_need(need: Need, point: Point) -> Iterable[str]:
    if point == Point.RUNNING_COST and not need.budget_eur:
        yield _("No budget for running it is named.")
    if point == Point.CUSTOMS and need.customs == Customs.UNKNOWN:
        yield _("What customs will ask is not known yet.")
    if point == Point.LABORATORY and need.organisation.state != "verified":
        yield _("The organisation is not verified.")


def _of_offer(offer: Offer, point: Point, today: date) -> Iterable[str]:
    if point == Point.FUNCTIONAL_TEST:
        yield from _of_test(offer, today)
    if point == Point.RUNNING_COST and (share := share_of_worth(offer)) is not None and share >= DEAR_SHARE:
        yield _("It costs a lot to run for what it is worth.")
    if point == Point.EXPORT and not offer.is_cleared:
        yield _("Export clearance is asked for and has not been given.")
    if point == Point.OWNER and offer.available_until and offer.available_until <= today:
        yield _("It could be had until %(day)s only.") % {"day": date_format(offer.available_until)}
    if point == Point.PAPERS and not offer.has_manuals:
        yield _("No manuals come with it.")


def _of_test(offer: Offer, today: date) -> Iterable[str]:
    if offer.condition == Condition.FAULTY:
        yield _("It has faults.")
    if offer.tested_on is not None and today - offer.tested_on > OLD_TEST:
        months = (today - offer.tested_on).days // 30
        yield ngettext("The test is %(months)d month old.", "The test is %(months)d months old.", months) % {
            "months": months
        }
    if offer.tested_on is None and offer.condition != Condition.NEW:
        yield _("No functional test: used equipment without one counts as waste.")


def gaps(thing: Need | Offer, items: Iterable[Item]) -> list[tuple[str, str]]:
    """What stands between a thing and its going on: pairs of a code, the point's name among them, and a sentence."""
    found = [(item.point.value, _gap(item)) for item in items if not item.passes]
    if isinstance(thing, Need) and thing.organisation.state != "verified":
        found.append(("organisation_unverified", _("The organisation has to be verified first.")))
    if isinstance(thing, Offer):
        if not thing.is_cleared:
            found.append(("not_cleared", _("Export clearance is asked for and has not been given.")))
        if thing.available_until is not None and thing.available_until <= timezone.now().date():
            found.append(("too_late", _("The day until which it can be had has passed: ask the donor for another.")))
    return found


def _gap(item: Item) -> str:
    if item.check is None:
        words = _("%(point)s: not checked yet.")
    elif item.is_old:
        words = _("%(point)s: look again, it was handed in anew after the last check.")
    else:
        words = _("%(point)s: no.")
    return words % {"point": item.point.label}


def checks_of(thing: Any) -> Any:
    """Its verdicts with the people who gave them."""
    return thing.checks.select_related("by")

"""Many offers at once: a file is read for trial and kept, and taken over once its owner says yes."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from donations import notices, offer_csv
from donations.actions.offer.draft import may_give_for, refuse_too_many
from donations.enums import OfferState
from donations.models import Batch, Offer, OfferFeature
from donations.offer_steps import STEPS, is_begun
from donations.states import OFFER_MOVES
from donations.steps import Step, blanks, missing
from instruments.models import EquipmentCategory
from portal.accounts.models import Organisation
from portal.audit.actions import entry, record, record_all
from portal.audit.models import Record
from portal.core.errors import Forbidden, Reason, Refused
from portal.core.machine import next_state
from portal.core.sheets import Unreadable, decoded
from portal.notifications.actions import notify, reader

KEPT = timedelta(days=30)
MOST_FILES = 20  # of one person; older ones go when another comes


@dataclass
class Planned:
    """A good row of a file with the offer that it makes, not yet saved; `lacks` keep it from being handed in."""

    line: offer_csv.Line
    offer: Offer
    lacks: list[str]


@transaction.atomic
def keep_batch(name: str, raw: bytes, *, organisation: Organisation | None, by: Any) -> Batch:
    """Read a file for trial and keep it among the newest of its owner.

    Raises Forbidden, and Refused `unreadable` with what is wrong with it.
    """
    if organisation is not None and not may_give_for(by, organisation):
        raise Forbidden
    try:
        text = decoded(raw)
    except Unreadable as reason:
        raise Refused(Reason("unreadable", str(reason))) from reason
    lines = lines_of(text)
    number = offer_csv.counted(lines)
    batch = Batch.objects.create(
        owner=by, organisation=organisation, name=name[:120], content=text, rows=number["rows"], faulty=number["faulty"]
    )
    newest = Batch.objects.filter(owner=by).order_by("-pk").values_list("pk", flat=True)[:MOST_FILES]
    Batch.objects.filter(owner=by).exclude(pk__in=list(newest)).delete()
    record(batch, "keep", by=by, rows=batch.rows, faulty=batch.faulty)
    return batch


def lines_of(text: str) -> list[offer_csv.Line]:
    """The rows of a file as the categories and languages of today understand them. Raises Refused `unreadable`."""
    slugs = list(EquipmentCategory.objects.values_list("slug", flat=True))
    try:
        return offer_csv.read(text, slugs, [code for code, _name in settings.LANGUAGES])
    except Unreadable as reason:
        raise Refused(Reason("unreadable", str(reason))) from reason


@transaction.atomic
def take_batch(batch: Batch, *, by: Any, hand_in: bool) -> list[Offer]:
    """Make an offer of each good row, once; `hand_in`: those that lack nothing go to staff at once.

    Returns the offers. Raises Forbidden, Refused `taken_already`, `no_good_row`, `too_many`.
    """
    kept = Batch.objects.select_for_update(of=("self",)).select_related("organisation", "owner").get(pk=batch.pk)
    if kept.owner_id != by.pk:
        raise Forbidden
    if kept.organisation is not None and not may_give_for(by, kept.organisation):
        raise Forbidden  # who led it when the file came may not do so any more
    if kept.done_at is not None:
        raise Refused(Reason("taken_already", _("This file has been taken over already; nothing was done twice.")))
    plan = planned(kept, lines_of(kept.content))
    if not plan:
        raise Refused(Reason("no_good_row", _("No row of this file is free of faults.")))
    refuse_too_many(by, len(plan))
    offers = _made(kept, plan, by=by, hand_in=hand_in)
    kept.done_at = timezone.now()
    kept.save(update_fields=["done_at", "updated_at"])
    handed = sum(offer.state == OfferState.VETTING for offer in offers)
    record(kept, "take", by=by, offers=len(offers), handed_in=handed)
    notify(notices.BATCH_TAKEN, f"batch:{kept.pk}", [reader(by)], {"batch": kept.pk, "handed_in": handed})
    return offers


def planned(batch: Batch, lines: list[offer_csv.Line]) -> list[Planned]:
    """The good rows as offers, not yet saved; all categories are fetched at once."""
    categories = {category.slug: category for category in EquipmentCategory.objects.all()}
    return [_planned(batch, line, categories) for line in lines if not line.problems]


def forget_batches(now: datetime) -> int:
    """Delete files a month after they came; their offers stay."""
    count, _tables = Batch.objects.filter(created_at__lt=now - KEPT).delete()
    return count


def _planned(batch: Batch, line: offer_csv.Line, categories: dict[str, EquipmentCategory]) -> Planned:
    values: dict[str, Any] = {"language": batch.owner.language} | line.values
    values["category"] = categories[values["category"]]
    offer = Offer(donor=batch.owner, organisation=batch.organisation, batch=batch, **values)
    said = {"version": 1, "by": batch.owner_id, "at": timezone.now().isoformat(), "done": True}
    offer.steps = {step.name: said for step in STEPS if _is_said(offer, step)}
    return Planned(line, offer, [sentence for _step, sentence in missing(offer, STEPS)])


def _is_said(offer: Offer, step: Step) -> bool:
    return is_begun(offer, step) and not blanks(offer, step) and not step.check(offer)


def _made(batch: Batch, plan: list[Planned], *, by: Any, hand_in: bool) -> list[Offer]:
    """Save the planned offers with their features and history, a thousand rows a statement."""
    for each in plan:
        if hand_in and not each.lacks:
            each.offer.state = next_state(OFFER_MOVES, "offer", each.offer.state)
            each.offer.submitted_at = timezone.now()
    offers = Offer.objects.bulk_create([each.offer for each in plan], batch_size=1000)
    features = [
        OfferFeature(offer=each.offer, feature=key, value=value)
        for each in plan
        for key, value in each.line.features.items()
    ]
    OfferFeature.objects.bulk_create(features, batch_size=1000)
    record_all(line for offer in offers for line in _history(offer, batch, by))
    return offers


def _history(offer: Offer, batch: Batch, by: Any) -> list[Record]:
    begun = entry(offer, "start", by=by, after=OfferState.DRAFT, batch=batch.pk)
    if offer.state == OfferState.DRAFT:
        return [begun]
    return [begun, entry(offer, "offer", by=by, before=OfferState.DRAFT, after=offer.state)]

"""Files that speak for an offer: read by its people and by staff."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from donations.actions.draft import touch_section
from donations.models import Offer, OfferPaper
from donations.offer_steps import STEPS
from donations.steps import named
from portal.audit.actions import record
from portal.core.errors import Reason, Refused, Taken
from portal.core.files import CheckedFile, forget_after_commit, kept_only_if_saved

STEP = named(STEPS, "papers") or STEPS[-1]
MOST_PAPERS = 10


@transaction.atomic
def add_paper(offer: Offer, checked: CheckedFile, title: str, *, by: Any) -> OfferPaper:
    """Keep a checked file with the offer. Raises Forbidden, Refused `too_many`, Taken `added_already`."""
    row = touch_section(offer, STEP, by=by, done=True)
    if row.papers.count() >= MOST_PAPERS:
        sentence = _("An offer may have %(most)d papers. Remove one first, or put several into one PDF.")
        raise Refused(Reason("too_many", sentence % {"most": MOST_PAPERS}))
    if row.papers.filter(sha256=checked.sha256).exists():
        raise Taken(Reason("added_already", _("This very file is here already.")))
    paper = OfferPaper(offer=row, title=title, **checked.fields)
    with kept_only_if_saved(paper):
        paper.save()
        record(row, "add_paper", by=by, paper=paper.pk, sha256=checked.sha256)
    return paper


@transaction.atomic
def remove_paper(paper: OfferPaper, *, by: Any) -> None:
    """Remove a file while the offer is with its people; its bytes go once that is certain. Twice is once."""
    row = touch_section(paper.offer, STEP, by=by)
    kept = row.papers.filter(pk=paper.pk).first()
    if kept is None:
        return
    record(row, "remove_paper", by=by, paper=kept.pk, sha256=kept.sha256)
    kept.delete()
    forget_after_commit(kept.file)

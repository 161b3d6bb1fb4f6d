"""Staff note what they checked of a need or an offer, and whether it may leave its country."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from donations.actions.moving import locked
from donations.checklist import AT_THE_GATE, points_of
from donations.enums import Answer, OfferState, Point
from donations.models import GateCheck, Need, Offer
from portal.audit.actions import record
from portal.core.errors import Forbidden, Reason, Refused, WrongState

LONGEST_NOTE = 300
CLEARABLE = (OfferState.VETTING, OfferState.VETTED, OfferState.MATCHED)


def held(thing: Any, by: Any) -> Any:
    """The row as it is now, locked, for somebody who keeps the gate. Raises Forbidden."""
    if not by.has_perm("donations.keep_gate"):
        raise Forbidden
    return locked(thing)


@transaction.atomic
def check_point(thing: Need | Offer, point: str, verdict: str, note: str = "", *, by: Any) -> GateCheck:
    """Note the verdict on one point; the same again changes nothing unless the thing was handed in meanwhile.

    Raises Forbidden, WrongState, and Refused `no_such_point`, `no_such_verdict`, `no_reason` or `too_long`.
    """
    row = held(thing, by)
    if row.state not in AT_THE_GATE:
        raise WrongState("check", row.state)
    _refuse_nonsense(row, point, verdict, note.strip())
    kept = row.checks.filter(point=point).first()
    said = (verdict, note.strip())
    if kept is not None and (kept.verdict, kept.note) == said and kept.at >= row.submitted_at:
        return kept
    before = kept.verdict if kept else ""
    values = {"verdict": verdict, "note": said[1], "by": by, "at": timezone.now()}
    check: GateCheck
    check, _is_new = row.checks.update_or_create(point=point, defaults=values)
    record(row, "check", by=by, before=before, after=verdict, why=said[1], point=point)
    return check


@transaction.atomic
def check_points(thing: Need | Offer, verdicts: Mapping[str, tuple[str, str]], *, by: Any) -> None:
    """Note several verdicts at once, point -> (verdict, note): all of them or none. Raises as `check_point` does."""
    for point, (verdict, note) in verdicts.items():
        check_point(thing, point, verdict, note, by=by)


@transaction.atomic
def ask_clearance(offer: Offer, is_asked: bool, *, by: Any) -> Offer:
    """Ask for export clearance of an offer, or no longer; asked anew, an earlier one does not count.

    Raises Forbidden, WrongState. Its people read nothing of it but what staff write to them.
    """
    row = _clearable(offer, by)
    if row.needs_clearance == is_asked:
        return row
    row.needs_clearance, row.cleared_by, row.cleared_on = is_asked, None, None
    row.save(update_fields=["needs_clearance", "cleared_by", "cleared_on", "updated_at"])
    record(row, "ask_clearance" if is_asked else "drop_clearance", by=by, before=row.state, after=row.state)
    return row


@transaction.atomic
def clear_export(offer: Offer, *, by: Any, export_class: str, end_use: str) -> Offer:
    """Clear an offer for export, with its classification and the use that is stated for it.

    Raises Forbidden, WrongState, and Refused `not_asked`, `no_class` or `no_end_use`.
    """
    row = _clearable(offer, by)
    if not row.needs_clearance:
        raise Refused(Reason("not_asked", _("No export clearance is asked for this offer.")))
    if not export_class.strip():
        raise Refused(Reason("no_class", _("Say the export classification, or that it is not listed.")))
    if not end_use.strip():
        raise Refused(Reason("no_end_use", _("Say for which use it is cleared.")))
    row.export_class, row.end_use = export_class.strip(), end_use.strip()
    row.cleared_by, row.cleared_on = by, timezone.now().date()
    row.save(update_fields=["export_class", "end_use", "cleared_by", "cleared_on", "updated_at"])
    details = {"export_class": row.export_class, "end_use": row.end_use}
    record(row, "clear_export", by=by, before=row.state, after=row.state, **details)
    return row


def _clearable(offer: Offer, by: Any) -> Offer:
    row: Offer = held(offer, by)
    if row.state not in CLEARABLE:
        raise WrongState("clear_export", row.state)
    return row


def _refuse_nonsense(row: Need | Offer, point: str, verdict: str, note: str) -> None:
    if point not in points_of(row):
        raise Refused(Reason("no_such_point", _("There is no such point to check.")))
    if verdict not in Answer.values:
        raise Refused(Reason("no_such_verdict", _("Choose one of the answers.")))
    if len(note) > LONGEST_NOTE:
        raise Refused(Reason("too_long", _("A note has room for %(most)d letters.") % {"most": LONGEST_NOTE}))
    if verdict == Answer.NO and not note:
        label = Point(point).label
        raise Refused(Reason("no_reason", _("%(point)s: say what is missing.") % {"point": label}))

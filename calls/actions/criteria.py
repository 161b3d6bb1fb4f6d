"""Deeds on what reviewers score by."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from calls.actions.call import locked_draft
from calls.models import Call, Criterion
from portal.audit.actions import record

TEXTS = ("name_en", "name_fr", "hint_en", "hint_fr")


@dataclass(frozen=True)
class CriterionLine:
    """One criterion as typed; `pk` of the one it changes, or None for a new one."""

    name_en: str
    name_fr: str
    weight: int
    hint_en: str = ""
    hint_fr: str = ""
    pk: int | None = None


@transaction.atomic
def set_criteria(call: Call, lines: Sequence[CriterionLine], *, by: Any, is_blind: bool, reviews_wanted: int) -> Call:
    """Let a draft's criteria be these, in this order, and say how its applications are reviewed.

    Weights may come to anything while it is a draft; publishing asks for 100. Raises Forbidden, Refused `not_a_draft`.
    """
    call = locked_draft(call, by=by)
    known = {criterion.pk: criterion for criterion in call.criteria.all()}
    kept = {line.pk for line in lines if line.pk in known}
    call.criteria.exclude(pk__in=kept).delete()
    for position, line in enumerate(lines):
        criterion = known.get(line.pk or 0) or Criterion(call=call)
        criterion.position, criterion.weight = position, line.weight
        for column in TEXTS:
            setattr(criterion, column, getattr(line, column))
        criterion.save()
    call.is_blind, call.reviews_wanted = is_blind, reviews_wanted
    call.save()
    record(call, "set_criteria", by=by, before=call.state, after=call.state, weights=[line.weight for line in lines])
    return call

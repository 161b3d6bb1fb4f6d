"""Needs that wait for their people: drafts to finish, returned ones to change, open ones near their end."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from donations.enums import NeedState
from donations.models import Need
from portal.core.waiting import Lines, Waiting, each

SHOWN = 10
NEAR_END = timedelta(days=30)
URGENT = timedelta(days=3)


def needs_waiting_for(user: Any, now: datetime) -> Lines:
    """In one question, those to be answered soonest first."""
    near = Q(state=NeedState.OPEN, expires_on__lte=now.date() + NEAR_END)
    to_write = Q(state__in=[NeedState.DRAFT, NeedState.RETURNED])
    rows = Need.objects.own(user).filter(to_write | near).select_related("category")
    return Lines(rows.order_by("answer_by", "expires_on", "pk")[:SHOWN], each(_line, now))


def _line(need: Need, now: datetime) -> Waiting:
    if need.state == NeedState.RETURNED:
        title, when, detail = _("Change and hand in again: %(need)s"), need.answer_by, need.note
    elif need.state == NeedState.DRAFT:
        title, when, detail = _("Need to finish: %(need)s"), None, str(need.category or "")
    else:
        title, detail = _("Is it still needed? %(need)s"), str(need.category)
        when = datetime.combine(need.expires_on, time(), tzinfo=UTC) if need.expires_on else None
    return Waiting(
        title=title % {"need": need},
        url=need.get_absolute_url(),
        detail=detail,
        when=when,
        is_urgent=when is not None and when - now < URGENT,
    )

"""Messages that ask whether a gift is in use, and tell what was said."""

from functools import partial
from typing import Any

from django.urls import reverse

from donations.enums import FollowUpState as F
from donations.models import FollowUp
from donations.offer_words import giver
from portal.core.dates import date_format
from portal.notifications.kinds import Context, Kind, register
from portal.notifications.links import absolute


def _about(data: dict[str, Any], *, states: tuple[F, ...], page: str) -> Context | None:
    """What the words need; None when the follow-up has left the states in which the message makes sense."""
    row = FollowUp.objects.for_list().filter(pk=data["follow_up"], state__in=states).first()
    if row is None:
        return None
    match = row.match
    return {
        "follow_up": row,
        "match": match,
        "need": match.need,
        "offer": match.offer,
        "organisation": match.need.organisation,
        "giver": giver(match.offer),
        "came_on": date_format(match.completed_at, "DATE_FORMAT") if match.completed_at else "",
        "url": absolute(_url(row, page)),
    }


def _url(row: FollowUp, page: str) -> str:
    """Where the reader goes: by the link that opens the questions, to the match, or to the desk."""
    if page == "link":
        return row.get_absolute_url()
    if page == "desk":
        return reverse("desk_donations:follow_up", args=[row.pk])
    return reverse("donations:given") if page == "given" else row.match.get_absolute_url()


def _kind(name: str, page: str, *states: F) -> Kind:
    return register(Kind(f"donations.follow_up_{name}", partial(_about, states=states, page=page)))


FOLLOW_UP_ASKED = _kind("asked", "link", F.ASKED)
FOLLOW_UP_REMINDER = _kind("reminder", "link", F.ASKED)
FOLLOW_UP_SILENT = _kind("silent", "desk", F.SILENT)
FOLLOW_UP_ANSWERED = _kind("answered", "given", F.ANSWERED)
FOLLOW_UP_UNUSED = _kind("unused", "desk", F.ANSWERED)
FOLLOW_UP_HELPED = _kind("helped", "match", F.ANSWERED, F.SILENT)

"""The messages that accounts send. `data` holds ids; what they mean is looked up when the mail is written."""

import json
from dataclasses import replace
from typing import Any

from django.urls import reverse

from portal.accounts.enums import MembershipState, OrganisationState
from portal.accounts.models import Membership, Organisation
from portal.core.sealing import seal, unseal
from portal.notifications.kinds import Context, Kind, prerendered, register
from portal.notifications.links import absolute


def sealed(words: dict[str, str]) -> dict[str, str]:
    """Return the words of a mail as the outbox keeps them."""
    return {"sealed": seal(json.dumps(words))}


def opened(data: dict[str, Any]) -> Context:
    """Return the words again. Raises CannotUnseal."""
    words: Context = json.loads(unseal(data["sealed"])) if "sealed" in data else data
    return words


def _membership(data: dict[str, Any]) -> Context | None:
    found = Membership.objects.select_related("user", "organisation").filter(pk=data["membership"]).first()
    if not found:
        return None
    return {
        "membership": found,
        "person": found.user,
        "organisation": found.organisation,
        "why": data.get("why", ""),
        "url": absolute(found.organisation.get_absolute_url()),
    }


def _request(data: dict[str, Any]) -> Context | None:
    context = _membership(data)
    if not context or context["membership"].state != MembershipState.REQUESTED:
        return None
    return context | {"url": absolute(reverse("organisations:members", args=[context["organisation"].slug]))}


def _organisation(data: dict[str, Any]) -> Context | None:
    found = Organisation.objects.filter(pk=data["organisation"]).first()
    return {"organisation": found, "url": absolute(found.get_absolute_url())} if found else None


def _merged(data: dict[str, Any]) -> Context | None:
    context = _organisation(data)
    return context | {"former": data.get("former", "")} if context else None


def _proposal(data: dict[str, Any]) -> Context | None:
    context = _organisation(data)
    if not context or context["organisation"].state != OrganisationState.PROPOSED:
        return None
    return context | {"url": absolute(reverse("desk_accounts:organisations"))}


# What allauth has to say: confirm an address, reset a password, a change was made. It words and renders these itself.
# Its links open doors, so the words lie sealed in the outbox until they are sent.
MAIL = register(replace(prerendered("accounts.mail"), context=opened))

MEMBERSHIP_REQUESTED = register(Kind("accounts.membership_requested", _request))
MEMBERSHIP_CONFIRMED = register(Kind("accounts.membership_confirmed", _membership))
MEMBERSHIP_REFUSED = register(Kind("accounts.membership_refused", _membership))
MEMBERSHIP_ENDED = register(Kind("accounts.membership_ended", _membership))
ORGANISATION_PROPOSED = register(Kind("accounts.organisation_proposed", _proposal))
ORGANISATION_VERIFIED = register(Kind("accounts.organisation_verified", _organisation))
ORGANISATION_STRANDED = register(Kind("accounts.organisation_stranded", _organisation))
ORGANISATION_MERGED = register(Kind("accounts.organisation_merged", _merged))

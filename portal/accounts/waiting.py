"""What waits for a person among people and organisations."""

from typing import Any

from django.db.models import Count, Min
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.accounts.enums import MembershipState, Role
from portal.accounts.models import Membership, Organisation
from portal.accounts.standing import held, memberships_of
from portal.core.waiting import Lines, Waiting, each

ANSWERING = {Role.FOCAL_POINT, Role.OPERATOR}  # who confirms others, besides staff


def waiting_for(user: Any) -> list[Waiting | Lines]:
    memberships = memberships_of(user)
    lines: list[Waiting | Lines] = [*_profile(user)]
    if user.is_staff or not ANSWERING.isdisjoint(held(memberships)):
        lines.append(_to_answer(user))
    lines += _asked(memberships)
    return [*lines, _to_verify()] if user.is_staff else lines


def _profile(user: Any) -> list[Waiting]:
    if user.is_complete:
        return []
    detail = _("Calls ask for your country of work and career stage.")
    return [Waiting(_("Complete your profile"), reverse("people:profile"), detail)]


def _to_answer(user: Any) -> Lines:
    """One line an organisation, oldest request first."""
    rows = Membership.objects.to_answer_by(user).select_related("user", "organisation").order_by("created_at", "pk")
    return Lines(rows[:200], _answer_lines)


def _answer_lines(rows: list[Membership]) -> list[Waiting]:
    by_organisation: dict[Organisation, list[Membership]] = {}
    for row in rows:
        by_organisation.setdefault(row.organisation, []).append(row)
    return [_answer_line(organisation, asked) for organisation, asked in by_organisation.items()]


def _answer_line(organisation: Organisation, asked: list[Membership]) -> Waiting:
    title = ngettext(
        "%(count)d person asks to join %(organisation)s", "%(count)d people ask to join %(organisation)s", len(asked)
    ) % {"count": len(asked), "organisation": organisation.name}
    url = reverse("organisations:members", args=[organisation.slug])
    return Waiting(title, url, ", ".join(row.user.name for row in asked[:3]), asked[0].created_at)


def _asked(memberships: list[Membership]) -> list[Waiting]:
    """The person's own requests that nobody has answered yet, the oldest first."""
    rows = [row for row in memberships if row.state == MembershipState.REQUESTED]
    return [
        Waiting(
            _("Your request to be %(role)s at %(organisation)s waits for an answer")
            % {"role": row.get_role_display().lower(), "organisation": row.organisation.name},
            row.organisation.get_absolute_url(),
            when=row.created_at,
        )
        for row in sorted(rows, key=lambda row: row.created_at)
    ]


def _to_verify() -> Lines:
    """One line for all, if there are any."""
    proposed = Organisation.objects.proposed().order_by()
    return Lines(proposed.values("state").annotate(count=Count("pk"), oldest=Min("created_at")), each(_proposed))


def _proposed(found: Any) -> Waiting:
    count = found["count"]
    title = ngettext("%(count)d organisation to verify", "%(count)d organisations to verify", count) % {"count": count}
    return Waiting(title, reverse("desk_accounts:organisations"), when=found["oldest"])

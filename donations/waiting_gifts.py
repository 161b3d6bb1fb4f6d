"""Follow-ups to answer or to see to, and pledges that wait for staff: a statement each."""

from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from donations.enums import FollowUpState, PledgeState
from donations.models import FollowUp, Pledge
from donations.querysets.people import own_needs
from portal.core.waiting import Waiting

SHOWN = 10


def gifts_waiting_for(user: Any) -> list[Waiting]:
    """What the person's laboratory is asked; to staff what stands idle and who has pledged something."""
    mine = FollowUp.objects.filter(Q(own_needs(user, "match__need__"), state=FollowUpState.ASKED))
    if user.is_staff:
        mine = mine | FollowUp.objects.to_help()
    rows = mine.select_related("match__offer", "match__need__organisation").order_by("due_on", "pk")
    return [*(_line(row) for row in rows[:SHOWN]), *(_declared() if user.is_staff else [])]


def _line(row: FollowUp) -> Waiting:
    values = {"offer": row.match.offer, "organisation": row.match.need.organisation}
    if row.state == FollowUpState.ASKED:
        return Waiting(_("Is it in use? %(offer)s") % values, row.get_absolute_url(), str(values["organisation"]))
    if row.state == FollowUpState.SILENT:
        title = _("%(organisation)s does not say whether it uses %(offer)s") % values
    else:
        title = _("Not in use at %(organisation)s: %(offer)s") % values
    url = reverse("desk_donations:follow_up", args=[row.pk])
    return Waiting(title, url, str(row.get_help_display()), is_urgent=row.state == FollowUpState.ANSWERED)


def _declared() -> list[Waiting]:
    number = Pledge.objects.filter(state=PledgeState.DECLARED).count()
    if not number:
        return []
    title = ngettext("%(number)d pledge waits for an answer", "%(number)d pledges wait for an answer", number)
    url = f"{reverse('desk_donations:board', args=['pledges'])}?state={PledgeState.DECLARED}"
    return [Waiting(title % {"number": number}, url)]

"""Follow-ups to answer or to see to, and pledges that wait for staff: a question each."""

from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from donations.enums import FollowUpState, PledgeState
from donations.models import FollowUp, Pledge
from donations.querysets.people import own_needs
from portal.core.waiting import Lines, Waiting, each

SHOWN = 10


def gifts_waiting_for(user: Any) -> list[Lines]:
    """What the person's laboratory is asked; to staff what stands idle and who has pledged something."""
    mine = FollowUp.objects.filter(Q(own_needs(user, "match__need__"), state=FollowUpState.ASKED))
    if user.is_staff:
        mine = mine | FollowUp.objects.to_help()
    rows = mine.select_related("match__offer", "match__need__organisation").order_by("due_on", "pk")
    lines = [Lines(rows[:SHOWN], each(_line))]
    return [*lines, _declared()] if user.is_staff else lines


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


def _declared() -> Lines:
    """One line for all, if there are any."""
    declared = Pledge.objects.filter(state=PledgeState.DECLARED).order_by()
    return Lines(declared.values("state").annotate(number=Count("pk")), each(_pledges))


def _pledges(found: Any) -> Waiting:
    number = found["number"]
    title = ngettext("%(number)d pledge waits for an answer", "%(number)d pledges wait for an answer", number)
    url = f"{reverse('desk_donations:board', args=['pledges'])}?state={PledgeState.DECLARED}"
    return Waiting(title % {"number": number}, url)

"""What of shipments waits for their people and for staff: two questions."""

from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from donations.enums import ShipmentState as S
from donations.models import Match, Shipment
from portal.core.waiting import Lines, Waiting, each

MOST = 10
URGENT = (S.HELD, S.DAMAGED)
FOR_STAFF = (*URGENT, S.IN_USE)


def shipments_waiting_for(user: Any) -> list[Lines]:
    """What a donor has to send, what a laboratory expects or has not put to use yet; what staff settle or close."""
    mine = (
        Q(donor=user, state=S.FUNDED)
        | Q(received_by=user, state=S.RECEIVED)
        | Q(
            pk__in=Shipment.objects.received_by_people_of(user).values("pk"),
            state__in=[S.IN_TRANSIT, S.CUSTOMS],
            expected_on__lte=timezone.localdate(),
        )
    )
    rows = Shipment.objects.filter(mine | Q(state__in=FOR_STAFF) if user.is_staff else mine)
    lines = [Lines(rows.select_related("organisation").order_by("updated_at")[:MOST], each(_line))]
    return [*lines, _ready()] if user.is_staff else lines


def _line(row: Shipment) -> Waiting:
    titles = {
        S.FUNDED: _("Send shipment %(ref)s to %(organisation)s"),
        S.RECEIVED: _("Is shipment %(ref)s to %(organisation)s in use?"),
        S.HELD: _("Shipment %(ref)s to %(organisation)s is held"),
        S.DAMAGED: _("Shipment %(ref)s to %(organisation)s is damaged"),
        S.IN_USE: _("Close shipment %(ref)s to %(organisation)s"),
    }
    title = titles.get(S(row.state), _("Has shipment %(ref)s to %(organisation)s come?"))
    words = title % {"ref": row.ref, "organisation": row.organisation}
    return Waiting(words, row.get_absolute_url(), is_urgent=row.state in URGENT)


def _ready() -> Lines:
    """One line for all, if there are any."""
    return Lines(Match.objects.to_ship().order_by().values("state").annotate(number=Count("pk")), each(_to_ship))


def _to_ship(found: Any) -> Waiting:
    number = found["number"]
    title = ngettext(
        "%(number)d accepted match waits for a shipment", "%(number)d accepted matches wait for a shipment", number
    )
    return Waiting(title % {"number": number}, reverse("shipments:to_make"))

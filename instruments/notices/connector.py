"""What a laboratory’s operators are told of the programs that bring its screens to the portal."""

from django.urls import reverse

from instruments.models import Connector
from portal.notifications.kinds import Context, Data, Kind, register
from portal.notifications.links import absolute


def _connector(data: Data) -> Context | None:
    connector = Connector.objects.select_related("unit__instrument").filter(pk=data["connector"]).first()
    if connector is None:
        return None
    return {
        "connector": connector,
        "unit": connector.unit,
        "instrument": connector.unit.instrument,
        "url": absolute(reverse("lab:connectors")),
    }


CONNECTOR_PAIRED = register(Kind("instruments.connector_paired", _connector))
CONNECTOR_REVOKED = register(Kind("instruments.connector_revoked", _connector))

"""What staff and the operators of a laboratory are told of an agreement."""

from functools import partial
from typing import Any

from instruments.enums import AgreementState as A
from instruments.models import Agreement
from portal.notifications.kinds import Context, Kind, register
from portal.notifications.links import absolute


def _about(data: dict[str, Any], *, state: A) -> Context | None:
    """What the words need; None when the agreement has left the state in which the message makes sense."""
    rows = Agreement.objects.select_related("organisation", "instrument")
    agreement = rows.filter(pk=data["agreement"], state=state).first()
    if agreement is None:
        return None
    return {"agreement": agreement, "url": absolute(agreement.get_absolute_url())}


def _kind(name: str, state: A) -> Kind:
    return register(Kind(f"instruments.agreement_{name}", partial(_about, state=state)))


AGREEMENT_OFFERED = _kind("offered", A.OFFERED)
AGREEMENT_AGREED = _kind("agreed", A.AGREED)
AGREEMENT_DECLINED = _kind("declined", A.DECLINED)
AGREEMENT_WITHDRAWN = _kind("withdrawn", A.WITHDRAWN)
AGREEMENT_ENDING = _kind("ending", A.AGREED)
AGREEMENT_ENDED = _kind("ended", A.ENDED)

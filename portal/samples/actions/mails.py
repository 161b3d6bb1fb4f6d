"""Keep mails about the sample programme's past from being sent, and say so in the outbox."""

from collections.abc import Iterable

from django.utils import timezone

from portal.accounts.models import User
from portal.notifications.enums import State
from portal.notifications.models import Notification
from portal.notifications.states import MOVES

WHY = "sample"


def hush(people: Iterable[User]) -> int:
    """Settle what waits to be sent to these people as suppressed; return how many messages that is."""
    sources, target = MOVES["withdraw"]
    now = timezone.now()
    waiting = Notification.objects.filter(state__in=sources, user__in=list(people))
    return waiting.update(state=State(target), settled_at=now, last_error=WHY, updated_at=now)

"""Keep mails about the sample programme's past from being sent, and say so in the outbox."""

from collections.abc import Iterable

from django.db.models import Q
from django.utils import timezone

from portal.accounts.models import User
from portal.notifications.enums import State
from portal.notifications.models import Notification
from portal.notifications.states import MOVES

WHY = "sample"


def hush(people: Iterable[User]) -> int:
    """Settle what waits to be sent to these people, or to their addresses, as suppressed; return how many that is."""
    sources, target = MOVES["withdraw"]
    now = timezone.now()
    readers = list(people)
    theirs = Q(user__in=readers) | Q(address__in=[reader.email for reader in readers])
    waiting = Notification.objects.filter(theirs, state__in=sources)
    return waiting.update(state=State(target), settled_at=now, last_error=WHY, updated_at=now)

"""How much an application may hold and how often its people may have mails sent."""

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from calls.models import Application
from portal.audit.actions import history_of
from portal.core.errors import Reason, Refused

MOST_TEAM = 10
MOST_SAMPLES = 50
MOST_FILES = 10
MOST_A_DAY = 20  # mails of one sort that somebody may have an application send


class TooOften(Refused):
    status = 429

    def __init__(self) -> None:
        sentence = _("This application has sent many mails today. Wait until tomorrow.")
        super().__init__(Reason("too_often", sentence))


def hold_back(application: Application, verb: str) -> None:
    """Refuse a deed that writes to others when it was done too often in a day. Raises TooOften."""
    since = timezone.now() - timedelta(days=1)
    if history_of(application).filter(verb=verb, at__gt=since).count() >= MOST_A_DAY:
        raise TooOften

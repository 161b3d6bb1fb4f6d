"""Somebody waits on the spot for the practice instrument: whoever opens the demo finds its stand-by queue in use."""

from datetime import datetime, timedelta

from bookings.actions.standby import join_standby
from bookings.models import StandbyEntry
from calls.models import Award
from portal.accounts.models import User
from portal.core.errors import Refused
from portal.samples.actions.instruments import PRACTICE

MINUTES, WAITS = 120, timedelta(days=2)
PURPOSE = "The second crystal of the batch, as soon as time falls free"


def put_standby(holder: User, now: datetime) -> StandbyEntry | None:
    """Let `holder` join the queue with the first award that has the hours; whoever waits there already keeps the place.

    None where somebody has changed the demo so far that nobody can wait: no hours left, or no queue kept.
    """
    awards = Award.objects.bookable_by(holder).filter(holder=holder, instrument__slug=PRACTICE).order_by("pk")
    for award in awards:
        try:
            return join_standby(award, MINUTES, now + WAITS, by=holder, purpose=PURPOSE)
        except Refused:
            continue
    return None

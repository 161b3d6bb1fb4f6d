"""What came of an award is told."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy

from bookings import notices
from bookings.actions.telling import staff
from bookings.models import Outcome
from calls.actions.award import report
from calls.models import Award
from portal.notifications.actions import notify

# Kept with the outcome word for word, in the language in which it was read.
STORY_CONSENT = gettext_lazy(
    "This may become a success story on the portal. Staff may write to me about it; nothing is published before I, and "
    "everybody who is shown or named, have agreed to the text and the pictures."
)


@transaction.atomic
def report_outcome(award: Award, *, by: Any, may_become_story: bool = False, **told: Any) -> Outcome:
    """Keep what was told of an ended award, once; `told` are columns of Outcome.

    `may_become_story`: the holder agreed to STORY_CONSENT; staff, who write stories, are told.
    Raises Forbidden to all but the holder and staff, WrongState unless the award is ended and not yet reported.
    """
    report(award, by=by)
    consent = str(STORY_CONSENT) if may_become_story else ""
    outcome = Outcome.objects.create(
        award=award,
        reported_by=by,
        reported_at=timezone.now(),
        may_become_story=may_become_story,
        story_consent=consent,
        **told,
    )
    if may_become_story:
        notify(notices.STORY_OFFERED, f"outcome:{outcome.pk}", staff(), {"outcome": outcome.pk})
    return outcome

"""Interests that nothing can ever match: counted every night, listed at the desk."""

import logging
from collections import Counter
from datetime import datetime

from django.utils import timezone

from calls.models import Interest

logger = logging.getLogger(__name__)


def count_dead(moment: datetime | None = None) -> Counter[str]:
    """Return, and log if there are any, how many interests can hear of nothing any more, by reason."""
    found = Counter(Interest.objects.dead_by_reason(moment or timezone.now()))
    if found:
        told = ", ".join(f"{why} {number}" for why, number in sorted(found.items()))
        logger.warning("%s active interests can hear of nothing any more: %s", found.total(), told)
    return found

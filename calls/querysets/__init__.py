"""Named questions about calls, applications, reviews and awards."""

from calls.querysets.application import ApplicationQuerySet, ReviewQuerySet
from calls.querysets.award import AwardQuerySet
from calls.querysets.call import SEARCHED, CallQuerySet

__all__ = ["SEARCHED", "ApplicationQuerySet", "AwardQuerySet", "CallQuerySet", "ReviewQuerySet"]

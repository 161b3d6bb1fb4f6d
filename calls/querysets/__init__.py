"""Named questions about calls, applications, reviews and awards."""

from calls.querysets.application import ApplicationQuerySet
from calls.querysets.attachment import AttachmentQuerySet
from calls.querysets.award import AwardQuerySet
from calls.querysets.call import SEARCHED, CallQuerySet
from calls.querysets.judging import ReviewQuerySet, with_judging

__all__ = [
    "SEARCHED",
    "ApplicationQuerySet",
    "AttachmentQuerySet",
    "AwardQuerySet",
    "CallQuerySet",
    "ReviewQuerySet",
    "with_judging",
]

"""News of a call to those with an application in it, and reminders before it closes; each a statement for all.

Who has an application and an interest is told once, of the application.
"""

from datetime import datetime, timedelta

from django.db.models import Exists, F, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Lower

from calls.actions import interest
from calls.matching import InterestQuerySet
from calls.models import Application, Call, Interest, TeamMember
from calls.notices.call import CALL_WITHDRAWN, DRAFT_EXTENDED, DRAFT_UNFINISHED
from calls.notices.interest import CALL_CLOSING
from calls.querysets import ApplicationQuerySet
from portal.accounts.models import User
from portal.notifications.enums import Frequency
from portal.notifications.fanout import notify_all

REMIND_DRAFTS = (timedelta(days=7), timedelta(days=1))  # before closing
REMIND_INTERESTS = timedelta(days=3)


def writers_of(applications: ApplicationQuerySet) -> QuerySet[User]:
    """The applicants and co-applicants, each once, as rows for `notify_all`; `token` is the reference of theirs."""
    own = applications.filter(applicant=OuterRef("pk")).order_by("pk")
    joined = TeamMember.objects.filter(user=OuterRef("pk"), accepted_at__isnull=False, application__in=applications)
    reference = Coalesce(Subquery(own.values("ref")[:1]), Subquery(joined.values("application__ref")[:1]))
    people = User.objects.filter(Exists(own) | Exists(joined), is_active=True)
    at_once = Value(Frequency.AT_ONCE.value)
    return people.annotate(address=F("email"), user=F("pk"), frequency=at_once, token=reference)


def tell_extended(call: Call) -> int:
    """Tell everybody with a draft, and everybody else whom it speaks to, that `call` closes later."""
    drafts = Application.objects.filter(call=call).drafts()
    key = f"call:{call.pk}:{call.closes_at.isoformat()}"
    told = notify_all(DRAFT_EXTENDED, key, writers_of(drafts), {"call": call.pk})
    return told + interest.tell_extended(call, _without(Interest.objects.matching(call), drafts))


def tell_withdrawn(call: Call) -> int:
    """Tell everybody whose application to `call` was not yet decided, and all others it was announced to."""
    undecided = Application.objects.filter(call=call).open()
    told = notify_all(CALL_WITHDRAWN, f"call:{call.pk}", writers_of(undecided), {"call": call.pk})
    return told + interest.tell_withdrawn(call, _without(Interest.objects.matching(call), undecided))


def remind_closing(call: Call, moment: datetime) -> int:
    """Remind of an open call that closes soon: those with a draft, and those who asked to hear of this very call.

    A reminder is for whoever was there when it fell due: a draft begun yesterday needs none of a week. Doing it again
    tells nobody twice; a call that was extended is reminded of anew.
    """
    if not call.opens_at <= moment < call.closes_at:
        return 0
    due = [before for before in REMIND_DRAFTS if moment >= call.closes_at - before]
    told = _remind_drafts(call, min(due)) if due else 0
    return told + (_remind_interests(call) if moment >= call.closes_at - REMIND_INTERESTS else 0)


def _remind_drafts(call: Call, before: timedelta) -> int:
    begun = Application.objects.filter(call=call, created_at__lt=call.closes_at - before).drafts()
    return notify_all(DRAFT_UNFINISHED, _reminder(call, before), writers_of(begun), {"call": call.pk})


def _remind_interests(call: Call) -> int:
    asked = Interest.objects.active().filter(call=call, confirmed_at__lt=call.closes_at - REMIND_INTERESTS)
    readers = _without(asked, Application.objects.filter(call=call))
    return notify_all(CALL_CLOSING, _reminder(call, REMIND_INTERESTS), readers, {"call": call.pk})


def _reminder(call: Call, before: timedelta) -> str:
    return f"call:{call.pk}:{call.closes_at.isoformat()}:{before.days}"


def _without(readers: InterestQuerySet, applications: ApplicationQuerySet) -> InterestQuerySet:
    """Those of `readers` who have no part in `applications`, by account and by address."""
    people = writers_of(applications)
    others = readers.alias(lower_address=Lower("address")).exclude(lower_address__in=people.values("email"))
    return others.exclude(user__in=people.values("pk"))

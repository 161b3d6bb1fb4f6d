"""Whom to write about an application."""

from typing import Any

from django.db.models import Q

from calls.models import Application
from portal.accounts.models import User
from portal.audit.models import Record
from portal.notifications.actions import notify, reader
from portal.notifications.kinds import Kind


def people_of(application: Application) -> list[User]:
    """The applicant and those who accepted to take part, with an account that is open."""
    team = application.team.filter(accepted_at__isnull=False).values("user")
    return list(User.objects.filter(Q(pk=application.applicant_id) | Q(pk__in=team), is_active=True).order_by("pk"))


def tell(kind: Kind, application: Application, people: list[User], entry: Record, **data: Any) -> None:
    """Write to `people` about the deed that `entry` records; `data` is what the words need beside the row."""
    readers = [reader(person) for person in people]
    notify(kind, f"application:{application.pk}:{entry.pk}", readers, {"application": application.pk, **data})

"""The people of an award: those who may take part in its bookings."""

from django.db.models import Q, QuerySet

from calls.models import Award
from portal.accounts.models import User


def people_of_award(award: Award) -> QuerySet[User]:
    """The holder and those the award is shared with, by name; one statement when it is looked at."""
    shared = award.members.through.objects.filter(award=award).values("user")
    return User.objects.filter(Q(pk=award.holder_id) | Q(pk__in=shared)).order_by("name", "pk")

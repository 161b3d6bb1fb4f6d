"""The people of an award: those who may take part in its bookings."""

from django.db.models import Q, QuerySet

from calls.models import Award
from portal.accounts.models import User
from portal.core.questions import Question, columns_of


def people_of_award(award: Award) -> list[User]:
    """The holder and those the award is shared with, by name, in one statement."""
    return [User.from_db("default", _COLUMNS, row) for row in _PEOPLE.ask(award.pk, award.holder_id)]


def _people(award: int, holder: int) -> QuerySet[User, tuple[object, ...]]:
    shared = Award.members.through.objects.filter(award=award).values("user")
    return User.objects.filter(Q(pk=holder) | Q(pk__in=shared)).order_by("name", "pk").values_list(*_COLUMNS)


_COLUMNS = columns_of(User)
_PEOPLE = Question(_people, 2)

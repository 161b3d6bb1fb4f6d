"""The awards with which somebody may book an instrument, in one statement with all that booking asks of them."""

from itertools import islice
from typing import Any

from django.db.models import QuerySet

from calls.models import Award
from instruments.models import Instrument, Policy
from portal.accounts.models import Organisation, User
from portal.core.questions import Question, columns_of

PARTS: dict[str, type[Any]] = {
    "": Award,
    "holder__": User,
    "instrument__": Instrument,
    "instrument__organisation__": Organisation,
    "instrument__policy__": Policy,
}
COLUMNS = {model: columns_of(model) for model in PARTS.values()}


def awards_for(user: User, slug: str) -> list[Award]:
    """The awards with which `user` may book the instrument called `slug`, the longest valid first."""
    return [_award(row) for row in _AWARDS.ask(user.pk, slug)]


def _bookable(user: int, slug: str) -> QuerySet[Any, Any]:
    awards = Award.objects.bookable_by(User(pk=user)).filter(instrument__slug=slug)
    return awards.values_list(*(prefix + name for prefix, model in PARTS.items() for name in COLUMNS[model]))


_AWARDS = Question(_bookable, 2)


def _award(row: tuple[Any, ...]) -> Award:
    """The award of a row with its holder and its instrument, and that with laboratory and policy."""
    values = iter(row)
    award, holder, instrument, organisation, policy = (
        model.from_db("default", names, list(islice(values, len(names)))) for model, names in COLUMNS.items()
    )
    award.holder, award.instrument, instrument.organisation = holder, instrument, organisation
    if policy.pk is not None:
        instrument.policy = policy
    return award

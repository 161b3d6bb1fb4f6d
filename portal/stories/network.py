"""What the directory and the pages of organisations show: questions over the rows of every app below."""

from typing import Any, NamedTuple

from django.db.models import Count, F, Func, IntegerField, OuterRef, QuerySet, Subquery
from django.utils.functional import Promise

from instruments.enums import TrainingState
from instruments.models import Instrument, Training
from portal.accounts.enums import OrganisationKind
from portal.accounts.models import Organisation
from portal.stories.models import Event, Story

ANNOUNCED = (TrainingState.PUBLISHED, TrainingState.HELD, TrainingState.CLOSED)
MOST = 12  # rows of one kind on the page of an organisation


class Shown(NamedTuple):
    """The first rows of one kind, and whether there are more."""

    rows: list[Any]
    has_more: bool


class KindCount(NamedTuple):
    kind: str
    label: str | Promise
    number: int


def listed(user: Any) -> QuerySet[Organisation]:
    """The directory as `user` sees it, each with `hosted`: how many of its instruments are public."""
    hosted = Instrument.objects.public().filter(organisation=OuterRef("pk")).order_by()
    number = hosted.annotate(number=Func(F("pk"), function="COUNT", output_field=IntegerField())).values("number")
    return Organisation.objects.visible_to(user).annotate(hosted=Subquery(number))


def hosting(rows: QuerySet[Organisation]) -> QuerySet[Organisation]:
    """Those of `rows` with a public instrument."""
    return rows.filter(pk__in=Instrument.objects.public().order_by().values("organisation"))


def counted_by_kind(rows: QuerySet[Organisation]) -> list[KindCount]:
    """How many of `rows` there are of each kind, kinds without any left out; one statement."""
    plain = Organisation.objects.filter(pk__in=rows.order_by().values("pk")).order_by()
    numbers = dict(plain.values_list("kind").annotate(number=Count("pk")))
    return [KindCount(kind, label, numbers[kind]) for kind, label in OrganisationKind.choices if kind in numbers]


def countries_of(user: Any) -> list[str]:
    """Codes of the countries in which `user` sees an organisation."""
    rows = Organisation.objects.visible_to(user).order_by("country")
    return list(rows.values_list("country", flat=True).distinct())


def shown_of(organisation: Organisation) -> dict[str, Shown]:
    """What everybody may see of an organisation: its instruments, trainings, events and stories; five statements."""
    instruments = Instrument.objects.public().filter(organisation=organisation).for_cards()
    trainings = Training.objects.for_lists().filter(organisation=organisation, state__in=ANNOUNCED)
    events = Event.objects.public().exclude(state="cancelled").filter(organisations=organisation)
    stories = Story.objects.published().filter(organisations=organisation)
    return {
        "instruments": _first(instruments.order_by("pk")),
        "trainings": _first(trainings.order_by("-starts_at", "-pk")),
        "events": _first(events.order_by("-starts_at", "-pk")),
        "stories": _first(stories),
    }


def _first(rows: QuerySet[Any]) -> Shown:
    found = list(rows[: MOST + 1])
    return Shown(found[:MOST], len(found) > MOST)

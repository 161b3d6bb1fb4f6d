"""Named questions about trainings, the wishes for them, and certificates."""

from datetime import date, datetime
from typing import Any, Self

from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, Value
from django.db.models.functions import Concat

from instruments.enums import PlaceState, TrainingState, WishState
from portal.accounts.enums import MembershipState, Role


class TrainingQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> Self:
        """Those that were published to all; drafts to the laboratory's operators and staff."""
        if user.is_authenticated and user.is_staff:
            return self
        seen = ~Q(state=TrainingState.DRAFT)
        if user.is_authenticated:
            seen |= Q(organisation__in=_laboratories_of(user))
        return self.filter(seen)

    def run_by(self, user: Any) -> Self:
        """Those of the laboratories where `user` is an operator."""
        return self.filter(organisation__in=_laboratories_of(user)) if user.is_authenticated else self.none()

    def managed_by(self, user: Any) -> Self:
        """Those that `user` runs; all to staff."""
        return self if user.is_authenticated and user.is_staff else self.run_by(user)

    def coming(self, now: datetime) -> Self:
        """Those open for registration that have not begun, the next one first."""
        return self.filter(state=TrainingState.PUBLISHED, starts_at__gt=now).order_by("starts_at", "pk")

    def for_lists(self) -> Self:
        """With what a line of a list shows: `given` places and `asked`, how many wait for an answer."""
        given = Count("places", Q(places__state=PlaceState.GIVEN))
        asked = Count("places", Q(places__state=PlaceState.REQUESTED))
        return self.select_related("organisation", "instrument", "technique").annotate(given=given, asked=asked)

    def teaching(self, instrument: Any) -> Self:
        """Those in the instrument, in one of its techniques, or in one above these in the tree."""
        return self.filter(_names(self.model, instrument.pk))

    def to_settle(self) -> Self:
        """Those in which something waits for the laboratory: places asked for, results due, a draft."""
        asked = Exists(
            self.model.places.rel.related_model.objects.filter(training=OuterRef("pk"), state=PlaceState.REQUESTED)
        )
        return self.filter(Q(state=TrainingState.HELD) | Q(asked, state=TrainingState.PUBLISHED))


class TrainingPlaceQuerySet(models.QuerySet[Any]):
    def requested(self) -> Self:
        return self.filter(state=PlaceState.REQUESTED)

    def given(self) -> Self:
        return self.filter(state=PlaceState.GIVEN)

    def open(self) -> Self:
        """Asked for or given: the people who count on the training."""
        return self.filter(state__in=[PlaceState.REQUESTED, PlaceState.GIVEN])

    def with_people(self) -> Self:
        """With each person and where they work: three statements, whatever the number of rows."""
        return _with_people(self)


class TrainingWishQuerySet(models.QuerySet[Any]):
    def waiting(self) -> Self:
        return self.filter(state=WishState.WAITING).order_by("created_at", "pk")

    def run_by(self, user: Any) -> Self:
        """The wishes to learn an instrument that `user` runs."""
        return self.filter(instrument__organisation__in=_laboratories_of(user))

    def to_laboratories_of(self, user: Any) -> Self:
        """The wishes to learn an instrument that `user` runs; all to staff."""
        return self if user.is_staff else self.run_by(user)

    def with_people(self) -> Self:
        """With each person and where they work: three statements, whatever the number of rows."""
        return _with_people(self)


class CertificateQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> Self:
        """The own ones, those that an operator's laboratory gave or that open its instruments, all to staff."""
        if not user.is_authenticated:
            return self.none()
        if user.is_staff:
            return self
        run = _laboratories_of(user)
        return self.filter(Q(person=user) | Q(organisation__in=run) | Q(instrument__organisation__in=run))

    def valid_through(self, first: date, last: date) -> Self:
        """Those that hold on every day from `first` to `last`, both included."""
        in_time = Q(valid_until=None) | Q(valid_until__gte=last)
        return self.filter(in_time, revoked_at=None, issued_on__lte=first)

    def covering(self, instrument: int) -> Self:
        """Those that name the instrument (a primary key), one of its techniques, or one above these in the tree."""
        return self.filter(_names(self.model, instrument))

    def longest_first(self) -> Self:
        return self.order_by(F("valid_until").desc(nulls_first=True), "-issued_on", "pk")

    def ending_between(self, first: date, last: date) -> Self:
        """Those that hold and whose last day lies from `first` to `last`, both included, the first to end first."""
        return self.filter(revoked_at=None, valid_until__range=(first, last)).order_by("valid_until", "pk")

    def not_outlived(self) -> Self:
        """Leave out those whose holder has another one for the same thing that holds longer."""
        same = Q(instrument=OuterRef("instrument")) | Q(technique=OuterRef("technique"))
        longer = Q(valid_until=None) | Q(valid_until__gt=OuterRef("valid_until"))
        others = self.model.objects.filter(same, longer, person=OuterRef("person"), revoked_at=None)
        return self.filter(~Exists(others))


def _names(model: Any, instrument: int) -> Q:
    """A row of `model` names the instrument, one of its techniques, or one above these in the tree."""
    through = model.technique.field.related_model.instruments.rel.through.objects.filter(instrument=instrument)
    named = through.filter(
        Q(technique__path=OuterRef("technique__path"))
        | Q(technique__path__startswith=Concat(OuterRef("technique__path"), Value("/")))
    )
    return Q(instrument=instrument) | Q(Exists(named))


def _with_people(rows: Any) -> Any:
    """`person.workplaces` are the confirmed memberships: two people of one name are told apart by them."""
    memberships = rows.model.user.field.related_model.memberships.rel.related_model.objects.confirmed()
    works = Prefetch("user__memberships", memberships.select_related("organisation").order_by("pk"), "workplaces")
    return rows.select_related("user").prefetch_related(works)


def _laboratories_of(user: Any) -> models.QuerySet[Any, Any]:
    held = user.memberships.filter(state=MembershipState.CONFIRMED, role=Role.OPERATOR)
    return held.values("organisation")

"""Named questions about trainings, the wishes for them, and certificates."""

from datetime import date
from typing import Any, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q, Value
from django.db.models.functions import Concat

from instruments.enums import TrainingState, WishState
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

    def managed_by(self, user: Any) -> Self:
        """Those of the laboratories where `user` is an operator; all to staff."""
        if not user.is_authenticated:
            return self.none()
        return self if user.is_staff else self.filter(organisation__in=_laboratories_of(user))


class TrainingWishQuerySet(models.QuerySet[Any]):
    def waiting(self) -> Self:
        return self.filter(state=WishState.WAITING).order_by("created_at", "pk")

    def to_laboratories_of(self, user: Any) -> Self:
        """The wishes to learn an instrument that `user` runs; all to staff."""
        return self if user.is_staff else self.filter(instrument__organisation__in=_laboratories_of(user))


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
        technique = self.model.technique.field.related_model
        through = technique.instruments.rel.through.objects.filter(instrument=instrument)
        named = through.filter(
            Q(technique__path=OuterRef("technique__path"))
            | Q(technique__path__startswith=Concat(OuterRef("technique__path"), Value("/")))
        )
        return self.filter(Q(instrument=instrument) | Exists(named))


def _laboratories_of(user: Any) -> models.QuerySet[Any, Any]:
    held = user.memberships.filter(state=MembershipState.CONFIRMED, role=Role.OPERATOR)
    return held.values("organisation")

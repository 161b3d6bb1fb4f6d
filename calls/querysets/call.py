"""Named questions about calls."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Self

from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, When

from calls.enums import CallPhase, CallState
from portal.core import search
from portal.core.countries import codes_in

SEARCHED = {language: search.document(language, ("title", "summary", "description"), ()) for language in ("en", "fr")}


class CallQuerySet(models.QuerySet[Any]):
    def public(self) -> Self:
        """Every call that was ever published: archived and withdrawn ones keep their address and leave the list."""
        shown = [CallState.PUBLISHED, CallState.DECIDED, CallState.ARCHIVED]
        return self.filter(Q(state__in=shown) | Q(state=CallState.WITHDRAWN, published_at__isnull=False))

    def listed(self) -> Self:
        return self.filter(state__in=[CallState.PUBLISHED, CallState.DECIDED])

    def visible_to(self, user: Any) -> Self:
        return self if user.is_authenticated and user.is_staff else self.public()

    def in_phase(self, phase: str, moment: datetime) -> Self:
        """Listed calls that visitors see as upcoming, open, closed or decided at `moment`."""
        questions = {
            CallPhase.UPCOMING: self.upcoming_at,
            CallPhase.OPEN: self.open_at,
            CallPhase.CLOSED: self.closed_at,
        }
        return questions[CallPhase(phase)](moment) if phase in questions else self.decided()

    def for_list(self, moment: datetime) -> Self:
        """Open calls by what closes first, then upcoming, closed and decided ones."""
        is_open = Q(state=CallState.PUBLISHED, opens_at__lte=moment, closes_at__gt=moment)
        is_upcoming = Q(state=CallState.PUBLISHED, opens_at__gt=moment)
        group = Case(
            When(is_open, then=0), When(is_upcoming, then=1), When(state=CallState.PUBLISHED, then=2), default=3
        )
        soonest = Case(When(is_open, then=F("closes_at")), When(is_upcoming, then=F("opens_at")), default=None)
        return self.order_by(group, soonest, "-closes_at", "pk")

    def for_people_in(self, country: str) -> Self:
        """Calls for those who work in the country with this ISO 3166 code, and calls for all."""
        return self.filter(Q(countries="") | Q(countries__contains=country))

    def of_countries(self, codes: list[str]) -> Self:
        """Calls that name one of these countries (ISO 3166 codes), as those of applicants or as taking priority."""
        named = Q(applicants__overlap=codes) | Q(first__overlap=codes)
        return self.alias(applicants=codes_in("countries"), first=codes_in("priority_countries")).filter(named)

    def of_techniques(self, techniques: Iterable[int]) -> Self:
        """Calls that name one of these techniques (primary keys)."""
        through = self.model.techniques.through.objects.filter(call=OuterRef("pk"))
        return self.filter(Exists(through.filter(technique__in=list(techniques))))

    def matching(self, text: str, language: str) -> Self:
        """Calls that speak to what a visitor typed, by their own words or their techniques'."""
        query = search.query(text, language)
        if query is None:
            return self
        through = self.model.techniques.through.objects.filter(call=OuterRef("pk"))
        techniques = self.model.techniques.rel.model.objects.matching(text, language)
        return self.alias(searched=SEARCHED.get(language[:2], SEARCHED["en"])).filter(
            Q(searched=query) | Q(Exists(through.filter(technique__in=techniques)))
        )

    def open_at(self, moment: datetime) -> Self:
        return self.filter(state=CallState.PUBLISHED, opens_at__lte=moment, closes_at__gt=moment)

    def upcoming_at(self, moment: datetime) -> Self:
        return self.filter(state=CallState.PUBLISHED, opens_at__gt=moment)

    def closed_at(self, moment: datetime) -> Self:
        return self.filter(state=CallState.PUBLISHED, closes_at__lte=moment)

    def decided(self) -> Self:
        return self.filter(state=CallState.DECIDED)

    def unclosed_at(self, moment: datetime) -> Self:
        """Upcoming or open: there is still something to hear of them."""
        return self.filter(state=CallState.PUBLISHED, closes_at__gt=moment)

    def for_work_list(self, moment: datetime, soon: datetime) -> Self:
        """Drafts, and published calls that are closed at `moment` or close by `soon`; what closed first comes first."""
        is_due = Q(state=CallState.PUBLISHED, opens_at__lte=moment, closes_at__lte=soon)
        return self.filter(Q(state=CallState.DRAFT) | is_due).order_by("closes_at", "pk")

    def with_readiness(self) -> Self:
        """With `is_ready`: every application that is still open has its outcome prepared, and there is one."""
        applications = self.model.applications.rel.related_model.objects.filter(call=OuterRef("pk"))
        is_ready = Q(Exists(applications.prepared())) & ~Q(Exists(applications.blocking_release()))
        return self.annotate(is_ready=is_ready)

    def to_announce(self, moment: datetime) -> Self:
        """Not yet over, and never announced, or announced before they opened and open now."""
        opened_since = Q(announced_at__lt=F("opens_at"), opens_at__lte=moment)
        return self.unclosed_at(moment).filter(Q(announced_at=None) | opened_since)

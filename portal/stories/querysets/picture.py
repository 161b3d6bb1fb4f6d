"""Pictures of stories, events and instruments."""

from datetime import datetime, timedelta
from typing import Any, Self

from django.db import models
from django.db.models import Q

from instruments.models import Instrument
from portal.stories.enums import EventState, PictureState, StoryState

LEASE = timedelta(minutes=3)  # longer than drawing one may take


class PictureQuerySet(models.QuerySet[Any]):
    def public(self) -> Self:
        """Those of published stories, of announced events and of instruments that everybody sees."""
        of_events = ~Q(event__state=EventState.DRAFT) & Q(event__published_at__isnull=False)
        of_instruments = Q(instrument__in=Instrument.objects.public())
        return self.filter(Q(story__state=StoryState.PUBLISHED) | of_events | of_instruments)

    def visible_to(self, user: Any) -> Self:
        """Public ones to all; a story's also to who sent it in, an instrument's to who runs it; all to staff."""
        if user.is_authenticated and user.is_staff:
            return self
        public = self.public()
        if not user.is_authenticated:
            return public
        return public | self.filter(Q(story__sent_by=user) | Q(instrument__in=Instrument.objects.run_by(user)))

    def ready(self) -> Self:
        return self.filter(state=PictureState.READY)

    def drawn(self) -> Self:
        """With their drawings at hand, as `{% picture %}` shows them: two statements for any number."""
        return self.prefetch_related("variants")

    def waiting(self) -> Self:
        return self.filter(state=PictureState.WAITING)

    def to_prepare(self, moment: datetime) -> Self:
        """Those that nobody has begun to draw, and those begun so long before `moment` that nobody still does."""
        untouched = Q(attempts=0) | Q(updated_at__lte=moment - LEASE)
        return self.waiting().filter(untouched).order_by("pk")

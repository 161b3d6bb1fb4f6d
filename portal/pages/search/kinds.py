"""What can be found: one entry a kind, with the fields that its full-text index covers."""

from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.search import CombinedSearchVector, SearchVector
from django.db.models import Model, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from calls.models import Call
from calls.querysets.call import SEARCHED as CALL_SEARCHED
from instruments.models import Instrument
from instruments.querysets.instrument import SEARCHED as INSTRUMENT_SEARCHED
from portal.accounts.enums import OrganisationState
from portal.accounts.models import Organisation
from portal.accounts.querysets import ORGANISATION_NAMES, ORGANISATION_SEARCHED
from portal.core.search import all_words, stems
from portal.stories.models import Event, Story
from portal.stories.querysets import EVENT_SEARCHED, STORY_SEARCHED


@dataclass(frozen=True)
class Kind:
    """`searched` is the expression of the model's index by language, made of `translated` and `names`.

    `moment` orders what is equally good, the latest first. `called`: names by which it is known instead of a title.
    """

    name: str
    label: Promise
    model: type[Model]
    searched: dict[str, CombinedSearchVector]
    translated: tuple[str, ...]
    names: tuple[str, ...]
    moment: str
    has_techniques: bool = True
    called: tuple[str, ...] = ()

    def visible_to(self, user: Any) -> QuerySet[Any]:
        rows: QuerySet[Any] = self.model._default_manager.visible_to(user).order_by()  # type: ignore[attr-defined]
        return rows.exclude(state=OrganisationState.MERGED) if self.model is Organisation else rows

    def document(self, language: str) -> CombinedSearchVector:
        return self.searched[language]

    def title(self, language: str) -> SearchVector:
        """The title alone, small enough to be ranked by without an index."""
        return stems(language, (), self.called) if self.called else stems(language, self.translated[:1], ())

    def words(self, language: str) -> SearchVector:
        return all_words(language, self.translated, self.names)


KINDS = (
    Kind(
        "calls",
        _("Calls"),
        Call,
        CALL_SEARCHED,
        ("title", "summary", "description"),
        (),
        "closes_at",
    ),
    Kind(
        "instruments",
        _("Instruments"),
        Instrument,
        INSTRUMENT_SEARCHED,
        ("name", "summary", "description"),
        ("maker", "model", "place"),
        "created_at",
    ),
    Kind(
        "events",
        _("Events"),
        Event,
        EVENT_SEARCHED,
        ("title", "summary", "body"),
        ("place",),
        "starts_at",
    ),
    Kind(
        "stories",
        _("Stories"),
        Story,
        STORY_SEARCHED,
        ("title", "summary", "body"),
        ("byline",),
        "published_at",
    ),
    Kind(
        "organisations",
        _("Organisations"),
        Organisation,
        ORGANISATION_SEARCHED,
        ("summary",),
        ORGANISATION_NAMES,
        "created_at",
        has_techniques=False,
        called=("name", "former_names", "other_names"),
    ),
)
BY_NAME = {kind.name: kind for kind in KINDS}

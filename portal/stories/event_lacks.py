"""What an event lacks before everybody may read of it."""

from django.utils.translation import gettext as _

from portal.core.errors import Reason
from portal.stories.enums import EventKind
from portal.stories.models import Event


def missing_to_publish(event: Event) -> list[Reason]:
    """A sentence for each thing; none when it can be announced."""
    checks = (
        ("title_en", event.title_en, _("Give a title in English.")),  # type: ignore[attr-defined]  # modeltranslation
        ("title_fr", event.title_fr, _("Give a title in French.")),  # type: ignore[attr-defined]
        ("summary_en", event.summary_en, _("Give a summary in English.")),  # type: ignore[attr-defined]
        ("summary_fr", event.summary_fr, _("Give a summary in French.")),  # type: ignore[attr-defined]
        ("place", _is_somewhere(event), _("Say where it is: a country or a place, or a link where it is online.")),
    )
    return [Reason(code, sentence) for code, is_there, sentence in checks if not is_there]


def _is_somewhere(event: Event) -> bool:
    is_everywhere = event.kind == EventKind.INTERNATIONAL_DAY
    return bool(event.country or event.place.strip() or event.link or is_everywhere)

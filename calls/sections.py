"""The sections in which staff write a draft of a call, in their order. Pure."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Section:
    name: str
    title: Promise
    hint: Promise

    def url(self, slug: str) -> str:
        """The desk's page of this section of the call with address part `slug`."""
        return reverse("desk_calls:call_edit", args=[slug, self.name])


SECTIONS = (
    Section("texts", _("Texts"), _("What readers see, in English and French.")),
    Section("offer", _("What it gives"), _("The kind of call decides: hours, places or verified needs.")),
    Section("dates", _("Dates"), _("Moments are on the clock of the call; readers see their own beside it.")),
    Section("who", _("Who may apply"), _("Signed-in people are told at once whether they may.")),
    Section("criteria", _("Criteria and reviews"), _("What reviewers score from 1 to 5. The weights come to 100 %.")),
    Section("documents", _("Documents"), _("PDF files that go with the call, up to 10 MB each.")),
)
NAMED = {section.name: section for section in SECTIONS}


def section_after(name: str) -> Section | None:
    """The section that follows; None after the last."""
    names = [section.name for section in SECTIONS]
    place = names.index(name) + 1
    return SECTIONS[place] if place < len(SECTIONS) else None

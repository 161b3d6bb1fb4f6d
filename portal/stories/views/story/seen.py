"""Which edition of a story somebody looked at, and how it looks where it is another one by now."""

from typing import Any

from django.http import HttpRequest

from portal.stories.forms.story import LANGUAGES, TEXT
from portal.stories.models import Picture, Story

UNKNOWN = -1  # the number of no edition: whoever does not say what they looked at looks first


def edition_of(request: HttpRequest) -> int:
    """The number that the page carried, as `{{ story.edition }}` in a hidden field `edition`."""
    said = request.POST.get("edition", "")
    return int(said) if said.isascii() and said.isdigit() and len(said) < 10 else UNKNOWN


def texts_of(story: Story) -> list[tuple[str, list[str]]]:
    """(language, title, summary and text) of each language in which something is said."""
    return [
        (code, [getattr(story, f"{name}_{code}") or "" for name in TEXT])
        for code in LANGUAGES
        if getattr(story, f"title_{code}") or getattr(story, f"body_{code}")
    ]


def looks(story: Story) -> dict[str, Any]:
    """What `stories/_story_now.html` shows to somebody who looked at another edition."""
    return {"texts": texts_of(story), "now_pictures": Picture.objects.drawn().filter(story=story)}

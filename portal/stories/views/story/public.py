"""Stories as everybody reads them: the list and one of them. Whoever sent one in sees it here in every state."""

from typing import Any

from django.conf import settings
from django.core.paginator import Page
from django.db.models import Prefetch, prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from instruments.models import Technique
from portal.core.dois import address_of
from portal.core.kept import public_page
from portal.core.machine import can_move
from portal.core.paging import page_of
from portal.stories.completeness import missing_to_publish
from portal.stories.enums import ConsentForm, StoryState
from portal.stories.forms.story_filter import StoryFilter
from portal.stories.models import Picture, Story
from portal.stories.states import STORY_MOVES
from portal.stories.story_links import links_of
from portal.stories.structured import script_of
from portal.stories.templatetags.pictures import picture_address

CARDS = 12
RELATED = 3


@require_safe
@public_page
def story_list(request: HttpRequest) -> HttpResponse:
    """Cards, the newest first; filters that make no sense are answered 400 and show nothing."""
    published = Story.objects.published()
    form = StoryFilter(request.GET, list(Technique.objects.all()), published.country_codes())
    is_valid = form.is_valid()
    rows = _filtered(published, form.cleaned_data) if is_valid else published.none()
    page = page_of(request, rows.prefetch_related("techniques"), CARDS)
    context = {
        "filter": form,
        "page_obj": page,
        "lead": _lead_of(page),
        "is_filtered": any(form.cleaned_data.values()),
    }
    if not is_valid:
        context["form"] = form  # its errors head the page
    return render(request, "stories/story_list.html", context, status=200 if is_valid else 400)


@require_safe
@public_page
def story_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """One story with what it is linked to; to its sender and staff also how it stands."""
    return detail_page(request, slug)


def detail_page(request: HttpRequest, slug: str, status: int = 200) -> HttpResponse:
    """The page of one story of those that the reader may see."""
    rows = Story.objects.visible_to(request.user).prefetch_related(
        "techniques", Prefetch("pictures", Picture.objects.drawn())
    )
    story = get_object_or_404(rows, slug=slug)
    pictures = [picture for picture in story.pictures.all() if picture.variants.all()]
    image = picture_address(pictures[0]) if pictures else ""
    context = {
        "story": story,
        "pictures": pictures,
        "image": image,
        "address": settings.SITE_URL + story.get_absolute_url(),
        "links": links_of(story, request.user),
        "dois": [(doi, address_of(doi)) for doi in story.dois],
        "related": Story.objects.published().related_to(story)[:RELATED] if story.is_public else [],
        "json_ld": script_of(story, image) if story.is_public else "",
    }
    return render(request, "stories/story_detail.html", context | _standing(story, request.user), status=status)


def _lead_of(page: Page[Story]) -> Story | None:
    """The first story of the list, with its pictures at hand: one photograph is what the page may weigh."""
    if page.number > 1 or not page.object_list:
        return None
    lead = page.object_list[0]
    prefetch_related_objects([lead], Prefetch("pictures", Picture.objects.drawn()))
    return lead


def _standing(story: Story, person: Any) -> dict[str, Any]:
    """What its sender or staff can do with it; nothing for other readers."""
    is_own = person.is_authenticated and story.sent_by_id == person.pk
    if not is_own and not (person.is_authenticated and person.is_staff):
        return {}
    consents = list(story.consents.all())
    own = next((consent for consent in consents if consent.form == ConsentForm.PORTAL), None)
    return {
        "is_insider": True,
        "is_own": is_own,
        "can_edit": person.has_perm("stories.edit_story", story),
        "can_send": is_own and can_move(STORY_MOVES, "send", story.state),
        "can_archive": is_own and can_move(STORY_MOVES, "archive", story.state),
        "given": [consent for consent in consents if consent.is_given],
        "must_agree": is_own and own is not None and not own.stands and story.state != StoryState.ARCHIVED,
        "own": own,
        "lacking": missing_to_publish(story) if is_own and story.state == StoryState.IN_REVIEW else [],
    }


def _filtered(rows: Any, wanted: dict[str, Any]) -> Any:
    if wanted["kind"]:
        rows = rows.filter(kind=wanted["kind"])
    if wanted["country"]:
        rows = rows.in_country(wanted["country"])
    if wanted["technique"]:
        rows = rows.of_technique(wanted["technique"])
    return rows.matching(wanted["q"], get_language() or "en")

"""Events for everybody: the list, one event, its entry for a calendar."""

from typing import Any

from django.conf import settings
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from instruments.models import Training
from portal.core.ics import calendar_file
from portal.core.kept import public_page
from portal.core.paging import page_of
from portal.stories.enums import EventState
from portal.stories.event_calendar import entry_of
from portal.stories.event_figures import public_figures
from portal.stories.forms.event_filter import EventFilter
from portal.stories.models import Event, Picture, Story
from portal.stories.structured_event import script_of
from portal.stories.templatetags.pictures import picture_address


@require_safe
@public_page
def listing(request: HttpRequest) -> HttpResponse:
    """Coming events, the next one first, then past ones; filters that make no sense are answered 400."""
    now = timezone.now()
    shown = Event.objects.listed()
    form = EventFilter(request.GET, years=shown.years(), countries=shown.countries_held_in())
    is_valid = form.is_valid()
    rows = filtered(shown.for_list(now), form.cleaned_data) if is_valid else Event.objects.none()
    page = page_of(request, rows)
    context = {"page_obj": page, "filter": form, "is_filtered": any(form.cleaned_data.values())}
    if not is_valid:
        context["form"] = form  # its errors head the page
    return render(request, "stories/event_list.html", context, status=200 if is_valid else 400)


def filtered(rows: Any, typed: dict[str, Any]) -> QuerySet[Event]:
    """The events that the typed filters leave."""
    if typed.get("kind"):
        rows = rows.filter(kind=typed["kind"])
    if typed.get("country"):
        rows = rows.filter(country=typed["country"])
    if typed.get("year"):
        rows = rows.in_year(int(typed["year"]))
    found: QuerySet[Event] = rows.matching(typed.get("q") or "", get_language() or "en")
    return found


@require_safe
@public_page
def detail(request: HttpRequest, slug: str) -> HttpResponse:
    """One event; a draft shows itself to staff alone, as a preview. Drafts and hidden rows it names stay out."""
    event = get_object_or_404(_rows(request), slug=slug)
    now = timezone.now()
    is_preview = event.published_at is None
    pictures: list[Picture] = getattr(event, "shown_pictures", [])
    image = picture_address(pictures[0]) if pictures else ""
    context = {
        "event": event,
        "is_preview": is_preview,
        "is_over": event.ends_at <= now,
        "figures": public_figures(event) if event.state == EventState.CLOSED else None,
        "call": event.call if event.call and event.call.published_at else None,
        "address": settings.SITE_URL + event.get_absolute_url(),
        "image": image,
        "json_ld": "" if is_preview else script_of(event, image),
    }
    return render(request, "stories/event_detail.html", context)


@require_safe
def calendar(request: HttpRequest, slug: str) -> HttpResponse:
    """The event as a file for calendar programs."""
    event = get_object_or_404(Event.objects.visible_to(request.user), slug=slug)
    return calendar_file(event.slug, entry_of(event))


def _rows(request: HttpRequest) -> QuerySet[Event]:
    """With everything its page names that this reader may see, a statement each."""
    user = request.user
    trainings = Training.objects.visible_to(user).for_lists().order_by("starts_at", "pk")
    stories = Story.objects.published()
    pictures = Picture.objects.visible_to(user).ready().prefetch_related("variants")
    rows = Event.objects.visible_to(user).select_related("call")
    return rows.prefetch_related(
        "countries",
        "organisations",
        "techniques",
        Prefetch("trainings", trainings, "shown_trainings"),
        Prefetch("stories", stories, "shown_stories"),
        Prefetch("pictures", pictures, "shown_pictures"),
    )

"""Pages of calls for everybody: the list and one call."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from calls.eligibility import is_missing_fact, may_submit, reasons_against
from calls.enums import ApplicationState, CallPhase, CallState
from calls.forms.call import CallFilter
from calls.models import Application, Call
from calls.structured import script_of
from instruments.models import Technique
from portal.core.files import handed_out
from portal.core.kept import public_page
from portal.core.paging import page_of


@require_safe
@public_page
def call_list(request: HttpRequest) -> HttpResponse:
    """Calls by phase, open ones first; filters that make no sense are answered 400 and show nothing."""
    tree = list(Technique.objects.all())
    form = CallFilter(request.GET, techniques=tree)
    is_valid = form.is_valid()
    calls = _filtered(form.cleaned_data, tree) if is_valid else Call.objects.none()
    page = page_of(request, calls.prefetch_related("techniques"))
    _know_branches(page.object_list, tree)
    context = {"page_obj": page, "filter": form, "is_filtered": any(form.cleaned_data.values())}
    if not is_valid:
        context["form"] = form  # its errors head the page
    return render(request, "calls/call_list.html", context, status=200 if is_valid else 400)


@require_safe
@public_page
def call_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """One call, and whether the reader may apply; a draft shows itself to staff alone, as a preview."""
    related = ("techniques__parent", "instruments__organisation", "criteria", "documents")
    rows = Call.objects.visible_to(request.user).select_related("training").prefetch_related(*related)
    call = get_object_or_404(rows, slug=slug)
    context = {
        "call": call,
        "is_preview": call.state == CallState.DRAFT,
        "address": settings.SITE_URL + call.get_absolute_url(),
        "json_ld": script_of(call) if call.state != CallState.DRAFT else "",
    }
    return render(request, "calls/call_detail.html", context | _chances(call, request.user))


def _chances(call: Call, person: Any) -> dict[str, Any]:
    """What the reader can do with the call now: `is_taking` applications from them, `against`, their `own` one."""
    if not person.is_authenticated:
        return {"is_taking": call.state == CallState.PUBLISHED and call.phase == CallPhase.OPEN}
    over = [ApplicationState.WITHDRAWN, ApplicationState.LAPSED]
    own = Application.objects.filter(call=call, applicant=person).exclude(state__in=over).first()
    is_taking = may_submit(call, person, timezone.now()) is None
    against = reasons_against(call, person) if is_taking or call.phase == CallPhase.UPCOMING else []
    return {
        "own": own,
        "is_taking": is_taking,
        "against": [(reason, is_missing_fact(reason)) for reason in against],
        "is_late": is_taking and call.phase != CallPhase.OPEN,
    }


@require_safe
def document(request: HttpRequest, slug: str, pk: int) -> FileResponse:
    """A file of a call, to be saved, for whoever may read the call."""
    call = get_object_or_404(Call.objects.visible_to(request.user), slug=slug)
    found = get_object_or_404(call.documents, pk=pk)
    return handed_out(found.file, found.name, found.content_type)


def _filtered(typed: dict[str, Any], tree: Iterable[Technique]) -> QuerySet[Call]:
    """The listed calls that the typed filters leave, in the list's order."""
    now = timezone.now()
    calls = Call.objects.listed().for_list(now)
    if typed["status"]:
        calls = calls.in_phase(typed["status"], now)
    if typed["kind"]:
        calls = calls.filter(kind=typed["kind"])
    if typed["country"]:
        calls = calls.for_people_in(typed["country"])
    if typed["technique"]:
        calls = calls.of_techniques(_subtree(typed["technique"], tree))
    return calls.matching(typed["q"], get_language() or "en")


def _subtree(slug: str, tree: Iterable[Technique]) -> list[int]:
    """Primary keys of the technique called `slug` and of all below it."""
    path = next(row.path for row in tree if row.slug == slug)
    return [row.pk for row in tree if row.path == path or row.path.startswith(f"{path}/")]


def _know_branches(calls: Iterable[Call], tree: Iterable[Technique]) -> None:
    """Let the techniques of cards find their branch, for its drawing, without asking the database again."""
    rows = {row.pk: row for row in tree}
    for call in calls:
        for technique in call.techniques.all():
            if technique.parent_id:
                technique.parent = rows[technique.parent_id]

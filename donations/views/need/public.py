"""What laboratories need, as everybody sees it."""

from typing import Any

from django.db.models import Case, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from donations.enums import MatchState, NeedState
from donations.forms.need_filter import NeedFilterForm
from donations.models import Match, Need, Offer
from donations.need_steps import STEPS
from donations.said import lines_of, wanted_words
from donations.steps import named
from donations.views import drafting
from donations.views.need.kind import NEED
from donations.views.need.own import own_page
from instruments.models import EquipmentCategory
from portal.accounts.models import Organisation
from portal.core.kept import public_page
from portal.core.paging import page_of

CARDS = 12
NEWEST = 4
SHOWN = ("why", "place", "keeping")  # sections of which everybody reads the lines


@require_safe
@public_page
def index(request: HttpRequest) -> HttpResponse:
    """How equipment finds a laboratory, with the newest needs and offers and three figures."""
    context = {
        "needs": Need.objects.open().for_list().order_by("-public_at", "-pk")[:NEWEST],
        "offers": Offer.objects.open().for_list().order_by("-public_at", "-pk")[:NEWEST],
        "open_needs": Need.objects.open().count(),
        "open_offers": Offer.objects.open().count(),
        "gifts": Match.objects.filter(state=MatchState.COMPLETED).count(),
    }
    return render(request, "donations/index.html", context)


@require_safe
@public_page
def need_list(request: HttpRequest) -> HttpResponse:
    """Cards, the open ones first: by `category`, `country`, `purpose` and words `q`. Nonsense is answered 400."""
    public = Need.objects.public()
    categories = EquipmentCategory.objects.filter(pk__in=public.values("category"))
    places = Organisation.objects.filter(pk__in=public.values("organisation"))
    codes = places.order_by("country").values_list("country", flat=True).distinct()
    form = NeedFilterForm(request.GET, categories, codes)
    is_valid = form.is_valid()
    rows = _filtered(public, form.cleaned_data) if is_valid else public.none()
    open_first = Case(When(state=NeedState.OPEN, then=Value(0)), default=Value(1))
    shown = rows.for_list().prefetch_related("photos").order_by(open_first, "-public_at", "-pk")
    context = {
        "filter": form,
        "page": page_of(request, shown, CARDS),
        "is_filtered": any(request.GET.values()),
    }
    if not is_valid:
        context["form"] = form  # its errors head the page
    return render(request, "donations/need_list.html", context, status=200 if is_valid else 400)


@require_safe
@public_page
def detail(request: HttpRequest, ref: str) -> HttpResponse:
    """To its people the sections of a draft, or what became of it; to everybody what a donor has to know."""
    need = drafting.visible(request, ref, NEED)
    if request.user.is_authenticated and request.user.has_perm("donations.manage_need", need):
        return own_page(request, need)
    return render(request, "donations/need_detail.html", public_context(need))


def public_context(need: Need) -> dict[str, Any]:
    """What everybody reads of a need: nobody's name, address or telephone number."""
    steps = [step for name in SHOWN if (step := named(STEPS, name)) is not None]
    return {
        "need": need,
        "said": [(step, lines_of(need, step, is_public=True), "") for step in steps],
        "wanted": wanted_words(need.requirements.all()),
        "photos": need.photos.all(),
        "left": need.left,
        "is_open": need.state == NeedState.OPEN,
        "fitting": Offer.objects.open().filter(category=need.category).count(),
    }


def _filtered(rows: Any, wanted: dict[str, Any]) -> Any:
    if wanted.get("category"):
        rows = rows.of_category(wanted["category"])
    if wanted.get("country"):
        rows = rows.in_country(wanted["country"])
    if wanted.get("purpose"):
        rows = rows.for_purpose(wanted["purpose"])
    return rows.matching(wanted["q"], get_language() or "en") if wanted.get("q") else rows

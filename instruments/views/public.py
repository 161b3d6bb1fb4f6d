"""The instruments as everybody sees them."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from instruments import words
from instruments.forms import FilterForm, WishForm
from instruments.models import Instrument, Technique, Training, TrainingWish
from portal.accounts.models import Organisation
from portal.core.kept import public_page
from portal.core.paging import page_of
from portal.core.translated import text_and_language
from portal.notifications.links import absolute

CARDS = 12
TRAININGS = 5


@require_safe
@public_page
def instrument_list(request: HttpRequest) -> HttpResponse:
    """Cards, by `technique` (with what is below it), `country` of the laboratory and words `q`; nonsense is a 400."""
    public = Instrument.objects.public()
    hosts = Organisation.objects.filter(instruments__in=public)
    countries = list(hosts.order_by("country").values_list("country", flat=True).distinct())
    form = FilterForm(request.GET, Technique.objects.all(), countries)
    is_valid = form.is_valid()
    rows = public.for_cards() if is_valid else public.none()
    wanted = form.cleaned_data
    if wanted.get("technique"):
        rows = rows.of_technique(wanted["technique"])
    if wanted.get("country"):
        rows = rows.in_country(wanted["country"])
    if wanted.get("q"):
        rows = rows.matching(wanted["q"], get_language() or "en")
    context = {"filter": form, "page": page_of(request, rows, CARDS), "is_filtered": any(request.GET.values())}
    if not is_valid:
        context["form"] = form  # its errors head the page
    return render(request, "instruments/instrument_list.html", context, status=200 if is_valid else 400)


@require_safe
@public_page
def instrument_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """Everything one has to know before asking for time."""
    rows = Instrument.objects.visible_to(request.user).for_cards().select_related("policy")
    instrument = get_object_or_404(rows.prefetch_related("units", "opening_hours"), slug=slug)
    now = timezone.now()
    specifications, language = text_and_language(instrument, "specifications")
    context = {
        "instrument": instrument,
        "techniques": instrument.techniques.all(),
        "units": [unit for unit in instrument.units.all() if unit.is_active],
        "week": words.week_of(instrument.opening_hours.all()),
        "difference": words.zone_difference(now, timezone.get_current_timezone(), instrument.zone),
        "policy": words.policy_sentences(instrument.policy) if hasattr(instrument, "policy") else [],
        "specifications": _pairs(specifications),
        "specifications_lang": language if language != get_language() else "",
        "closures": instrument.closures.ending_after(now).select_related("unit"),
        "book_url": _url_or_nothing("booking_instruments:book", instrument.slug) if instrument.is_listed else "",
        "organisation_url": _url_or_nothing("network:organisation", instrument.organisation.slug),
        "interest_url": _interest_url(instrument),
        "can_run": request.user.is_authenticated and request.user.has_perm("instruments.run_instrument", instrument),
        "address": absolute(instrument.get_absolute_url()),
        **_training(request, instrument, now),
    }
    return render(request, "instruments/instrument_detail.html", context)


def _training(request: HttpRequest, instrument: Instrument, now: datetime) -> dict[str, Any]:
    """The coming trainings on it, and whether the reader asks to be trained."""
    wish = None
    if request.user.is_authenticated:
        wish = TrainingWish.objects.waiting().filter(user=request.user, instrument=instrument).first()
    coming = Training.objects.coming(now).teaching(instrument)[:TRAININGS]
    return {"trainings": coming, "wish": wish, "wish_form": WishForm()}


def _pairs(text: str) -> list[tuple[str, str]]:
    """Return `Resolution: 1.2 nm` lines as pairs; a line without a colon has an empty second half."""
    lines = [line.strip() for line in (text or "").splitlines() if line.strip()]
    return [(name.strip(), value.strip()) for name, _colon, value in (line.partition(":") for line in lines)]


def _interest_url(instrument: Instrument) -> str:
    base = _url_or_nothing("interest:declare")
    slugs = [("technique", technique.slug) for technique in instrument.techniques.all()]
    return f"{base}?{urlencode(slugs)}" if base and slugs else base


def _url_or_nothing(name: str, *args: Any) -> str:
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""

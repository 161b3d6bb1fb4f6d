"""The desk's page of interests: who hears of what, by door, technique and country; and who hears of nothing."""

from typing import Any

from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe
from django_countries import countries

from calls.enums import Standing
from calls.models import Interest
from instruments.models import Technique
from portal.core.access import staff_only
from portal.core.paging import page_of
from portal.core.tables import FORMATS, table_response

MOST = 10  # rows of a table; the rest are few
HEADER = (_("Address"), _("As"), _("Country"), _("Institution"), _("Offer"), _("Why"), _("Since"))
DEAD = {
    "suppressed": _("Mail to the address bounced, or its owner complained."),
    "call_over": _("The one call it waits for is over."),
    "unknown_kinds": _("There is no such kind of call."),
    "unknown_countries": _("There is no such country."),
    "impossible": _("Equipment alone, and only kinds of call that have none."),
}


SHOWN = {
    "offers": _("What contributors and donors say they have"),
    "dead": _("Interests that can hear of nothing"),
}


@require_safe
@staff_only
def interest_list(request: HttpRequest) -> HttpResponseBase:
    """Counts, and one of two lists (`?show=`), also as a table to keep (`?format=`)."""
    show = request.GET.get("show", "")
    show = show if show in SHOWN else "offers"
    rows = _offers() if show == "offers" else Interest.objects.dead(timezone.now()).order_by("pk")
    rows = rows.select_related("call")
    if request.GET.get("format") in FORMATS:
        return table_response(request.GET["format"], f"interests-{show}", HEADER, map(_cells, rows.iterator(1000)))
    active, page = Interest.objects.active(), page_of(request, rows)
    context = {
        "doors": _by_door(active),
        "techniques": _by_technique(),
        "countries": _by_country(active),
        "page_obj": page,
        "rows": [(interest, _why(interest)) for interest in page.object_list],
        "shown": SHOWN.items(),
        "show": show,
        "title": SHOWN[show],
    }
    return render(request, "calls/desk_interest_list.html", context)


def _offers() -> QuerySet[Any]:
    """What could be opened or given, the newest first."""
    return Interest.objects.active().exclude(offering="", institution="").order_by("-confirmed_at", "-pk")


def _why(interest: Any) -> str:
    return str(DEAD.get(getattr(interest, "dead_why", ""), ""))


def _cells(interest: Any) -> tuple[Any, ...]:
    return (
        interest.address,
        interest.get_standing_display(),
        interest.country,
        interest.institution,
        interest.offering,
        _why(interest),
        interest.confirmed_at,
    )


def _by_door(active: QuerySet[Any]) -> list[tuple[str, int]]:
    found = dict(active.order_by().values_list("standing").annotate(number=Count("pk")))
    return [(str(standing.label), found.get(standing.value, 0)) for standing in Standing]


def _by_technique() -> list[tuple[str, int]]:
    """Those most asked for."""
    through: Any = Interest.techniques.through
    chosen = through.objects.filter(interest__state="active")
    counted = chosen.values_list("technique").annotate(number=Count("pk")).order_by("-number", "technique")[:MOST]
    numbers = dict(counted)
    names = {technique.pk: technique.name for technique in Technique.objects.filter(pk__in=numbers)}
    return [(names[pk], number) for pk, number in numbers.items()]


def _by_country(active: QuerySet[Any]) -> list[tuple[str, int]]:
    counted = active.exclude(country="").order_by().values_list("country").annotate(number=Count("pk"))
    rows = counted.order_by("-number", "country")[:MOST]
    return [(str(countries.name(code)) or code, number) for code, number in rows]

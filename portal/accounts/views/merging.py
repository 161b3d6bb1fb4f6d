"""Entries of one organisation that are there twice: which, and making them one."""

from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_countries import countries

from portal.accounts import actions
from portal.accounts.actions.merge import FILLED, names_after, rows_to_move
from portal.accounts.doubles import Entry, likely_doubles
from portal.accounts.enums import OrganisationState
from portal.accounts.forms import EntryForm, KeptForm, PairForm
from portal.accounts.models import KnownPair, Organisation
from portal.accounts.requests import SignedInRequest
from portal.core.access import staff_only
from portal.core.errors import Reason, Refused
from portal.core.paging import page_of

MOST_COMPARED = 20_000  # entries, the newest: older ones were looked at when they came
MOST_FOUND = 20
NAMES = ("former_names", "other_names")
SHOWN = ("name", *NAMES, "kind", "country", "city", "ror", "website", "summary_en", "summary_fr")


@require_safe
@staff_only
def doubles(request: HttpRequest) -> HttpResponse:
    """Pairs that are probably one organisation, with why; the one that looks less used is offered as the duplicate.

    Pairs that staff told apart are left out.
    """
    rows = Organisation.objects.current().order_by("-pk").values_list("pk", "name", "country", "website")
    known = set(KnownPair.objects.values_list("first", "second"))
    likely = likely_doubles(Entry(*row) for row in rows[:MOST_COMPARED])
    page = page_of(request, [(first, second, why) for first, second, why in likely if (first, second) not in known])
    wanted = {pk for first, second, _why in page for pk in (first, second)}
    found = Organisation.objects.annotate(people=Count("memberships")).in_bulk(wanted)
    pairs = [(*_duplicate_first(found[first], found[second]), why) for first, second, why in page]
    return render(request, "accounts/desk_doubles.html", {"page_obj": page, "pairs": pairs, "has_known": bool(known)})


@require_safe
@staff_only
def apart(request: HttpRequest) -> HttpResponse:
    """Pairs that look like one organisation and are two, as staff said: who, and when."""
    rows = KnownPair.objects.select_related("first", "second", "said_by")
    return render(request, "accounts/desk_apart.html", {"page_obj": page_of(request, rows)})


@require_POST
@staff_only
def tell(request: SignedInRequest, verb: str) -> HttpResponse:
    """Say that two that look like one are two (`apart`), or take that back (`again`)."""
    form = PairForm(request.POST)
    if not form.is_valid():
        raise Http404
    pair = form.cleaned_data["one"], form.cleaned_data["other"]
    if verb == "again":
        actions.compare_again(*pair, by=request.user)
        messages.success(request, _("The two are compared again."))
        return redirect("desk_accounts:apart")
    actions.tell_apart(*pair, by=request.user)
    messages.success(request, _("Noted: they are two. They are not shown here any more."))
    return redirect("desk_accounts:doubles")


def _duplicate_first(one: Organisation, other: Organisation) -> tuple[Organisation, Organisation]:
    """(duplicate, kept): a verified one is kept, then the one with more people, then the older one."""

    def standing(row: Any) -> tuple[bool, int, int]:
        return row.state == OrganisationState.VERIFIED, row.people, -row.pk

    duplicate, kept = sorted((one, other), key=standing)
    return duplicate, kept


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def merge(request: SignedInRequest, slug: str) -> HttpResponse:
    """Choose the organisation that is kept (`q`), look at what would move (`into`), and do it (POST).

    Whoever presses twice, or after a colleague did, is led to the kept one.
    """
    current = Organisation.objects.current()
    duplicate = current.filter(slug=slug).first()
    if duplicate is None:
        return redirect(get_object_or_404(current.of_former(slug)))
    form = KeptForm(duplicate, request.POST if request.method == "POST" else request.GET)
    if not form.is_valid():
        return _choose(request, duplicate, form, 400)
    kept = form.cleaned_data["into"]
    if kept is None:
        return _choose(request, duplicate, form, 400 if request.method == "POST" else 200)
    if request.method != "POST":
        return _check(request, duplicate, kept)
    try:
        actions.merge_organisations(duplicate, kept, by=request.user)
    except Refused as refusal:
        return _check(request, duplicate, kept, list(refusal.reasons), refusal.status)
    messages.success(
        request, _("%(duplicate)s is merged into %(kept)s.") % {"duplicate": duplicate.name, "kept": kept.name}
    )
    return redirect(kept)


def _choose(request: HttpRequest, duplicate: Organisation, form: KeptForm, status: int) -> HttpResponse:
    text = form.cleaned_data.get("q", "")
    others = Organisation.objects.verified().exclude(pk=duplicate.pk)
    found = (
        others.matching(text, get_language() or "en") if text else others.like(duplicate.name, duplicate.country, "")
    )
    context = {"organisation": duplicate, "form": form, "found": found[:MOST_FOUND], "text": text}
    return render(request, "accounts/desk_merge_choose.html", context, status=status)


def _check(
    request: HttpRequest,
    duplicate: Organisation,
    kept: Organisation,
    reasons: list[Reason] | None = None,
    status: int = 200,
) -> HttpResponse:
    """Both entries side by side, what would move, and what the kept one would be told."""
    context = {
        "organisation": duplicate,
        "kept": kept,
        "lines": [_line(duplicate, kept, name) for name in SHOWN],
        "moving": rows_to_move(duplicate),
        "known": KnownPair.objects.filter(first__in=(duplicate, kept), second__in=(duplicate, kept))
        .select_related("said_by")
        .first(),
        "reasons": reasons,
    }
    return render(request, "accounts/desk_merge_check.html", context, status=status)


def _line(duplicate: Organisation, kept: Organisation, name: str) -> tuple[str, str, str, bool]:
    """What a field is called, what both say, and whether the kept one takes what the duplicate says.

    Of names what the kept one will say: its own, the duplicate's and the duplicate's name.
    """
    label = str(EntryForm.base_fields[name].label)
    if name in NAMES:
        return label, _in_one_line(getattr(duplicate, name)), _in_one_line(names_after(duplicate, kept)[name]), False
    fills = name in FILLED and bool(getattr(duplicate, name)) and not getattr(kept, name)
    return label, _said(duplicate, name), _said(kept, name), fills


def _in_one_line(names: str) -> str:
    return ", ".join(names.splitlines())


def _said(row: Organisation, name: str) -> str:
    if name == "kind":
        return str(row.get_kind_display())
    return str(countries.name(str(row.country)) if name == "country" else getattr(row, name) or "")

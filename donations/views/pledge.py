"""Pledges: declared and taken back by their donors, settled by staff."""

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

from django import forms
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe
from django_countries import countries

from donations.actions import pledge as actions
from donations.enums import PledgeKind
from donations.forms.pledge import NoteForm, PledgeForm, UseForm
from donations.gift_words import history_in_words
from donations.models import Pledge
from donations.states import PLEDGE_MOVES
from portal.core.access import staff_only
from portal.core.deeds import DONE, done_with
from portal.core.forms import ReasonForm
from portal.core.machine import can_move
from portal.core.paging import page_of

either_way = require_http_methods(["GET", "HEAD", "POST"])


class Deed(NamedTuple):
    """A move of a pledge as a page: what is asked, what the button says, what is said then."""

    act: Callable[..., Pledge]
    form: Callable[[Any], forms.Form]
    title: Promise
    done: Promise
    is_final: bool = False


def _reason(data: Any, *, required: bool = True) -> forms.Form:
    return ReasonForm(data, longest=500, required=required, hint=_("Colleagues read it."))


DEEDS = {
    "contact": Deed(actions.contact_donor, NoteForm, gettext_lazy("The donor was written to"), gettext_lazy("Noted.")),
    "agree": Deed(
        actions.agree_pledge, NoteForm, gettext_lazy("It is agreed"), gettext_lazy("Agreed; the donor is told.")
    ),
    "allocate": Deed(
        actions.allocate_pledge, UseForm, gettext_lazy("Put it to use"), gettext_lazy("Noted; the donor is told.")
    ),
    "free": Deed(
        actions.free_pledge, _reason, gettext_lazy("It came to nothing"), gettext_lazy("It can be used again.")
    ),
    "honour": Deed(
        actions.honour_pledge, NoteForm, gettext_lazy("It is honoured"), gettext_lazy("The donor is thanked."), True
    ),
    "lapse": Deed(actions.lapse_pledge, _reason, gettext_lazy("Let it lapse"), gettext_lazy("It has lapsed."), True),
    "withdraw": Deed(
        actions.withdraw_pledge,
        partial(_reason, required=False),
        gettext_lazy("Take it back"),
        gettext_lazy("The pledge is taken back. Thank you for it all the same."),
        True,
    ),
}


@require_safe
@login_required
def pledge_list(request: HttpRequest) -> HttpResponse:
    """The person's own pledges, newest first; staff have theirs on the desk."""
    rows = Pledge.objects.filter(donor=request.user.pk).for_list()
    return render(request, "donations/pledge_list.html", {"page_obj": page_of(request, rows)})


@either_way
@login_required
def declare(request: HttpRequest) -> HttpResponse:
    form = PledgeForm(request.user, request.POST if request.method == "POST" else None)
    made: list[Pledge] = []
    status = done_with(
        request,
        form,
        lambda typed: made.append(actions.declare_pledge(form.columns(), by=request.user)),
        _("Thank you. We write to you to settle it; no payment is taken here."),
    )
    if status == DONE:
        return redirect(made[0])
    return render(request, "donations/pledge_declare.html", {"form": form}, status=status)


@require_safe
@login_required
def detail(request: HttpRequest, ref: str) -> HttpResponse:
    pledge = _found(request, ref)
    shipments: Any = pledge.shipments
    context = {
        "pledge": pledge,
        "countries": [countries.name(code) or code for code in pledge.countries],
        "shipments": shipments.for_list().order_by("pk") if _is_staff(request) else [],
        "paid": shipments.count(),
        "moves": [(verb, DEEDS[verb]) for verb in _moves(request, pledge)],
        "can_change": _is_staff(request) and pledge.state in actions.CHANGEABLE,
        "history": history_in_words(pledge) if _is_staff(request) else [],
    }
    return render(request, "donations/pledge_detail.html", context)


@either_way
@staff_only
def change(request: HttpRequest, ref: str) -> HttpResponse:
    """Put down what was settled with the donor."""
    pledge = _found(request, ref)
    form = PledgeForm(pledge.donor, request.POST if request.method == "POST" else None, pledge=pledge)
    status = done_with(
        request, form, lambda typed: actions.change_pledge(pledge, form.columns(), by=request.user), _("Saved.")
    )
    if status == DONE:
        return redirect(pledge)
    return render(request, "donations/pledge_declare.html", {"form": form, "pledge": pledge}, status=status)


@either_way
@login_required
def deed(request: HttpRequest, ref: str, verb: str) -> HttpResponse:
    """A page that asks before a move, and makes it on POST."""
    pledge = _found(request, ref)
    if verb not in DEEDS:
        raise Http404
    if verb != "withdraw" and not _is_staff(request):
        raise PermissionDenied
    asked = DEEDS[verb]
    form = asked.form(request.POST if request.method == "POST" else None)
    status = done_with(request, form, lambda typed: asked.act(pledge, by=request.user, **typed), str(asked.done))
    if status == DONE:
        return redirect(pledge)
    context = {"pledge": pledge, "form": form, "deed": asked, "verb": verb}
    return render(request, "donations/pledge_deed.html", context, status=status)


def _found(request: HttpRequest, ref: str) -> Pledge:
    """The pledge, if this person may see it; 404 otherwise."""
    return get_object_or_404(Pledge.objects.visible_to(request.user).for_list(), ref=ref)


def _is_staff(request: HttpRequest) -> bool:
    return bool(request.user.has_perm("donations.manage_pledge"))


def _moves(request: HttpRequest, pledge: Pledge) -> list[str]:
    """The moves that lead on from here and are this person's; money is put to use where it is spent."""
    verbs = [verb for verb in DEEDS if can_move(PLEDGE_MOVES, verb, pledge.state)]
    if not _is_staff(request):
        return [verb for verb in verbs if verb == "withdraw"]
    is_money = pledge.kind == PledgeKind.MONEY
    return [verb for verb in verbs if not (is_money and verb in ("allocate", "free"))]

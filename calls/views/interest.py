"""Pages of interests. The link in a mail is the key: whoever has it may confirm, change and end, by POST only."""

import re
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from calls.actions import interest as actions
from calls.enums import Standing
from calls.forms.interest import CriteriaForm, DeclareForm, consent_shown, door_of, first_words, words_of
from calls.models import Call, Interest
from calls.throttles import may_declare
from portal.accounts.models import User
from portal.core.errors import WrongState

TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
MOST_OTHERS = 20
DOORS = {
    Standing.BENEFICIARY: gettext_lazy("Hear of calls, instruments and equipment that fit your work."),
    Standing.CONTRIBUTOR: gettext_lazy("Say what stands in your laboratory; hear of calls it could serve."),
    Standing.DONOR: gettext_lazy("Say what you can give; hear of those who need it."),
}
View = Callable[..., HttpResponse]


def opens_interest(view: View) -> View:
    """Give the view the interest whose link this is; any other link gets a page that tells nothing."""

    @wraps(view)
    @never_cache
    def opened(request: HttpRequest, token: str) -> HttpResponse:
        interest = None
        if TOKEN.fullmatch(token):
            known = Interest.objects.select_related("call").prefetch_related("techniques", "categories")
            interest = known.filter(token=token).first()
        if interest is None:
            return render(request, "calls/interest_unknown.html", status=404)
        return view(request, interest)

    return opened


@require_http_methods(["GET", "HEAD", "POST"])
def declare(request: HttpRequest) -> HttpResponse:
    call, is_gone = _call_of(request)
    posted = request.POST if request.method == "POST" else None  # an empty one is bound too, and told what is missing
    door = door_of(request.POST.get("standing"), request.GET.get("as"))
    form = DeclareForm(posted, call=call, door=door, initial=first_words(request.user, request.GET))
    if request.method != "POST":
        return _declare_page(request, form, is_gone=is_gone)
    if is_gone:
        form.add_error(None, _("Nothing was noted. Look the form over and send it to hear about calls in general."))
        return _declare_page(request, form, status=409, is_gone=True)
    if not may_declare(request):
        form.add_error(None, _("Too many requests came from your network. Wait an hour and try again."))
        return _declare_page(request, form, status=429)
    if not form.is_valid():
        return _declare_page(request, form, status=400)
    if form.is_robot:
        return redirect("interest:sent")
    address = form.cleaned_data["address"]
    interest = actions.declare(address, form.criteria(), consent_shown(), by=_person(request))
    if interest is None:
        return redirect("interest:sent")
    messages.success(request, _("Noted. You hear from us from now on: this address is yours, nothing more to confirm."))
    return redirect(interest)


@require_safe
def sent(request: HttpRequest) -> HttpResponse:
    return render(request, "calls/interest_sent.html")


@require_http_methods(["GET", "HEAD", "POST"])
@opens_interest
def confirm(request: HttpRequest, interest: Interest) -> HttpResponse:
    if request.method != "POST":
        if interest.is_active:
            return redirect(interest)
        return render(request, "calls/interest_confirm.html", _shown(interest))
    try:
        actions.confirm(interest, by=_person(request))
    except WrongState as error:
        interest.refresh_from_db()
        if interest.is_active:  # the button was pressed twice
            return redirect(interest)
        return _manage_page(request, interest, status=error.status)
    messages.success(request, _("Confirmed. You hear from us when something fits."))
    return redirect(interest)


@require_http_methods(["GET", "HEAD", "POST"])
@opens_interest
def manage(request: HttpRequest, interest: Interest) -> HttpResponse:
    if request.method != "POST":
        return _manage_page(request, interest)
    door = door_of(request.POST.get("standing"), interest.standing)
    kept = words_of(interest) if door == interest.standing else None
    form = CriteriaForm(request.POST, call=interest.call, door=door, kept=kept)
    if not form.is_valid():
        return _manage_page(request, interest, form, status=400)
    try:
        actions.change(interest, form.criteria(), by=_person(request))
    except WrongState as error:
        interest.refresh_from_db()
        return _manage_page(request, interest, status=error.status)
    messages.success(request, _("Your changes are kept."))
    return redirect(interest)


@require_POST
@opens_interest
def end(request: HttpRequest, interest: Interest) -> HttpResponse:
    try:
        if "all" in request.POST:
            actions.end_all(interest, by=_person(request))
        else:
            actions.end(interest, by=_person(request))
    except WrongState as error:
        interest.refresh_from_db()
        return _manage_page(request, interest, status=error.status)
    return redirect(interest)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@opens_interest
def unsubscribe(request: HttpRequest, interest: Interest) -> HttpResponse:
    """RFC 8058: the mail program's one click is a POST, answered without a redirect and ended already or not.

    A person, or a scanner, who opens the address sees the manage page and has changed nothing.
    """
    with override(interest.language):
        if request.method != "POST":
            return redirect(reverse("interest:manage", args=[interest.token]))
        actions.end_all(interest)
        return HttpResponse(
            _("You will not hear from us again, except about your account if you have one."),
            content_type="text/plain; charset=utf-8",
        )


def _declare_page(request: HttpRequest, form: DeclareForm, status: int = 200, is_gone: bool = False) -> HttpResponse:
    own = actions.is_own_address(_email(request), _person(request))
    context = {"form": form, "call": form.call, "own": own, "is_gone": is_gone, "doors": _doors(request)}
    return render(request, "calls/interest_declare.html", context, status=status)


def _manage_page(
    request: HttpRequest, interest: Interest, form: CriteriaForm | None = None, status: int = 200
) -> HttpResponse:
    if interest.is_active:
        door = door_of(request.GET.get("as"), interest.standing)
        form = form or CriteriaForm(call=interest.call, door=door, initial=words_of(interest))
    others = Interest.objects.of_address(interest.address).active().exclude(pk=interest.pk).select_related("call")
    others = others.prefetch_related("techniques", "categories").order_by("pk")[:MOST_OTHERS]
    context = _shown(interest) | {"form": form, "others": others, "doors": _doors(request)}
    return render(request, "calls/interest_manage.html", context, status=status)


def _shown(interest: Interest) -> dict[str, Any]:
    chosen = {"techniques": list(interest.techniques.all()), "categories": list(interest.categories.all())}
    return {"interest": interest, **chosen}


def _doors(request: HttpRequest) -> list[tuple[Standing, Promise, str]]:
    """(standing, what it comes for, address) of the three doors; what else the address names goes along."""
    doors: list[tuple[Standing, Promise, str]] = []
    for standing in Standing:
        query = request.GET.copy()
        query["as"] = standing.value
        doors.append((standing, DOORS[standing], f"?{query.urlencode()}"))
    return doors


def _call_of(request: HttpRequest) -> tuple[Call | None, bool]:
    """The call named in the query, and whether one was named of which there is nothing (more) to hear."""
    slug = request.GET.get("call", "").replace("\0", "")
    call = Call.objects.unclosed_at(timezone.now()).filter(slug=slug).first() if slug else None
    return call, bool(slug) and call is None


def _person(request: HttpRequest) -> User | None:
    return request.user if request.user.is_authenticated else None


def _email(request: HttpRequest) -> str:
    return getattr(request.user, "email", "")

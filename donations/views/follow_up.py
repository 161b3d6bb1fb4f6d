"""The page behind a follow-up's link. The link is the key: whoever has it may answer, once, by POST only."""

import re
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from donations.actions import follow_up as actions
from donations.actions.photo import MOST_PHOTOS, add_photo
from donations.enums import FollowUpState
from donations.forms.follow_up import AnswerForm
from donations.forms.photo import PhotoForm
from donations.gift_words import reached
from donations.models import FollowUp, Photo
from donations.offer_words import giver
from donations.throttles import may_try_link
from portal.core.deeds import DONE, done_with
from portal.core.errors import Refused, WrongState

TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
View = Callable[..., HttpResponse]
either_way = require_http_methods(["GET", "HEAD", "POST"])


def opens_follow_up(view: View) -> View:
    """Give the view the follow-up whose link this is; other links, and too many tries, get a page that tells nothing.

    No search engine keeps the page, and the address stays here: other sites and our own logs of pages that follow
    learn the name of the host only.
    """

    @wraps(view)
    @never_cache
    def opened(request: HttpRequest, token: str) -> HttpResponse:
        row = FollowUp.objects.for_list().filter(token=token).first() if TOKEN.fullmatch(token) else None
        if (row is None or request.method == "POST") and not may_try_link(request):
            response = render(request, "donations/follow_up_unknown.html", {"is_busy": True}, status=429)
        elif row is None:
            response = render(request, "donations/follow_up_unknown.html", status=404)
        else:
            response = view(request, row)
        response["X-Robots-Tag"] = "noindex, nofollow"
        response["Referrer-Policy"] = "strict-origin"
        return response

    return opened


@either_way
@opens_follow_up
def answer(request: HttpRequest, row: FollowUp) -> HttpResponse:
    """The questions; after the one answer, and on the second try, what was said."""
    form = AnswerForm(request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return _page(request, row, form)
    if row.state in (FollowUpState.ANSWERED, FollowUpState.CANCELLED):
        return _twice(request, row)
    if not form.is_valid():
        return _page(request, row, form, status=400)
    try:
        actions.answer_follow_up(row, form.answers(), by=_person(request, row), consent=str(actions.CONSENT))
    except WrongState:
        return _twice(request, FollowUp.objects.for_list().get(pk=row.pk))
    except Refused as refusal:
        for reason in refusal.reasons:
            form.add_error(None, reason.message)
        return _page(request, row, form, status=refusal.status)
    messages.success(request, _("Thank you. Your answer is kept, and who gave it is told."))
    return redirect(row)


@either_way
@login_required
@opens_follow_up
def pass_on(request: HttpRequest, row: FollowUp) -> HttpResponse:
    """Begin an offer with what is known of the gift; after a sign-in on the way the button is pressed again."""
    if request.method != "POST":
        return redirect(row)
    try:
        offer = actions.pass_on(row, by=request.user)
    except Refused as refusal:
        for reason in refusal.reasons:
            messages.error(request, reason.message)
        return _page(request, row, AnswerForm(), status=refusal.status)
    return redirect(offer)


@either_way
@opens_follow_up
def photo(request: HttpRequest, row: FollowUp) -> HttpResponse:
    """One photograph more beside what was said; before that the questions come first."""
    if row.state != FollowUpState.ANSWERED:
        return redirect(row)
    is_sent = request.method == "POST"
    form = PhotoForm(request.POST if is_sent else None, request.FILES if is_sent else None)
    status = done_with(
        request,
        form,
        lambda typed: add_photo(row, typed["file"], typed["alt"], by=_person(request, row)),
        _("The photograph is kept; who gave it sees it."),
    )
    if status == DONE:
        return redirect(row)
    return render(request, "donations/follow_up_photo.html", {"follow_up": row, "form": form}, status=status)


def _twice(request: HttpRequest, row: FollowUp) -> HttpResponse:
    if row.state == FollowUpState.ANSWERED:
        messages.warning(request, _("This was answered already, and a link works for one answer. Nothing was changed."))
    return _page(request, row, AnswerForm(), status=409)


def _page(request: HttpRequest, row: FollowUp, form: AnswerForm, status: int = 200) -> HttpResponse:
    is_open = row.state not in (FollowUpState.ANSWERED, FollowUpState.CANCELLED)
    number = row.photos.count()
    context: dict[str, Any] = {
        "follow_up": row,
        "match": row.match,
        "giver": giver(row.match.offer),
        "reached": reached(row.people, row.women),
        "is_open": is_open,
        "can_pass_on": actions.can_pass_on(row),
        "photos": Photo.objects.visible_to(request.user).filter(follow_up=row),
        "number": number,
        "takes_photos": not is_open and number < MOST_PHOTOS,
    }
    if is_open:
        context["form"] = form
    return render(request, "donations/follow_up.html", context, status=status)


def _person(request: HttpRequest, row: FollowUp) -> Any:
    """Who is signed in, if they answer for the laboratory; anybody else comes by the link alone."""
    user: Any = request.user
    return user if user.is_authenticated and user.has_perm("donations.answer_follow_up", row) else None

"""The desk after the gift: what stands idle, what laboratories said, and what is done about it."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from donations.actions import follow_up as actions
from donations.forms.follow_up import HelpForm
from donations.gift_words import history_in_words, reached
from donations.models import FollowUp
from portal.core.access import staff_only
from portal.core.deeds import DONE, done_with
from portal.core.paging import page_of


@require_safe
@staff_only
def follow_ups(request: HttpRequest) -> HttpResponse:
    """Those that staff have to see to, oldest first."""
    rows = FollowUp.objects.to_help().for_list().order_by("due_on", "pk")
    return render(request, "donations/desk_follow_ups.html", {"page_obj": page_of(request, rows)})


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def follow_up(request: HttpRequest, pk: int) -> HttpResponse:
    """What was asked and said; POST says what is done about it."""
    row = get_object_or_404(FollowUp.objects.for_list(), pk=pk)
    form = HelpForm(request.POST if request.method == "POST" else None)
    status = done_with(
        request,
        form,
        lambda typed: actions.help_follow_up(row, typed["words"], by=request.user),
        _("Noted; the laboratory and the donor are told."),
    )
    if status == DONE:
        return redirect("desk_donations:follow_up", row.pk)
    context: dict[str, Any] = {
        "follow_up": row,
        "match": row.match,
        "reached": reached(row.people, row.women),
        "can_help": FollowUp.objects.to_help().filter(pk=row.pk).exists(),
        "can_answer": row.state in ("due", "asked", "silent"),
        "can_pass_on": actions.can_pass_on(row),
        "others": row.match.follow_ups.exclude(pk=row.pk).order_by("months"),
        "photos": row.photos.all(),
        "history": history_in_words(row),
        "form": form,
    }
    return render(request, "donations/desk_follow_up.html", context, status=status)

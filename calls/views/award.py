"""Pages of awards: the list, one award with its ledger, and what holder, focal point and staff do with it."""

from functools import partial
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from calls.actions import award as actions
from calls.enums import AwardKind, AwardState
from calls.forms.award import AdjustForm, GrantForm, MemberForm, PriorityForm
from calls.models import Award
from calls.rules.award import can_report, can_share, is_holder, is_staff
from instruments.enums import TrainingState
from instruments.models import Training
from portal.audit.actions import history_of
from portal.core.access import staff_only
from portal.core.deeds import DONE, done, done_with
from portal.core.errors import Refused
from portal.core.forms import ReasonForm
from portal.core.paging import page_of

either_way = require_http_methods(["GET", "HEAD", "POST"])
SHOWN_ENTRIES = 100
ACCEPTED = {
    AwardKind.HOURS: gettext_lazy("The award is yours: its hours can be booked."),
    AwardKind.PLACE: gettext_lazy("The place is yours."),
    AwardKind.NEED: gettext_lazy("The award is yours: state the need now."),
}


@require_safe
@login_required
def award_list(request: HttpRequest) -> HttpResponse:
    """The awards this person may see, one state of them with `?state=`."""
    state = request.GET.get("state", "")
    awards = Award.objects.visible_to(request.user).for_list()
    if state in AwardState.values:
        awards = awards.filter(state=state)
    context = {
        "page_obj": page_of(request, awards),
        "states": AwardState.choices,
        "state": state,
        "is_desk": is_staff(request.user),
    }
    return render(request, "calls/award_list.html", context)


@require_safe
@login_required
def award_detail(request: HttpRequest, ref: str) -> HttpResponse:
    return _page(request, _award(request, ref), MemberForm())


@require_POST
@login_required
def award_accept(request: HttpRequest, ref: str) -> HttpResponse:
    award = _award(request, ref)
    return _answered(request, award, actions.accept, ACCEPTED[AwardKind(award.kind)])


@require_POST
@login_required
def award_refuse(request: HttpRequest, ref: str) -> HttpResponse:
    return _answered(request, _award(request, ref), actions.refuse, _("You have turned the award down."))


@require_POST
@login_required
def member_add(request: HttpRequest, ref: str) -> HttpResponse:
    award = _award(request, ref)
    form = MemberForm(request.POST)
    status = 400
    if form.is_valid():
        deed = partial(actions.add_member, award, form.cleaned_data["email"], by=request.user)
        status = done(request, deed, _("The researcher takes part in this award now."), form)
    return redirect(award) if status == 200 else _page(request, award, form, status)


@require_POST
@login_required
def member_remove(request: HttpRequest, ref: str, pk: int) -> HttpResponse:
    award = _award(request, ref)
    person = get_object_or_404(award.members, pk=pk)
    deed = partial(actions.remove_member, award, person, by=request.user)
    status = done(request, deed, _("The researcher no longer takes part in this award."))
    return redirect(award) if status == 200 else _page(request, award, MemberForm(), status)


@either_way
@staff_only
def award_grant(request: HttpRequest) -> HttpResponse:
    form = GrantForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                award = actions.grant_award(by=request.user, **form.arguments())
            except Refused as refusal:
                status = refusal.status
                for reason in refusal.reasons:
                    form.add_error(None, reason.message)
            else:
                return redirect(award)
    return render(request, "calls/award_grant.html", {"form": form}, status=status)


@either_way
@staff_only
def award_revoke(request: HttpRequest, ref: str) -> HttpResponse:
    award = _award(request, ref)
    form = ReasonForm(request.POST or None)
    status = done_with(
        request,
        form,
        lambda typed: actions.revoke(award, why=typed["why"], by=request.user),
        _("The award is revoked and its people are told."),
    )
    if status == DONE:
        return redirect(award)
    return render(request, "calls/award_revoke.html", {"award": award, "form": form}, status=status)


@either_way
@staff_only
def award_adjust(request: HttpRequest, ref: str) -> HttpResponse:
    award = _award(request, ref)
    form = AdjustForm(request.POST or None)
    status = done_with(
        request,
        form,
        lambda typed: actions.adjust(award, typed["hours"], why=typed["why"], by=request.user),
        _("The hours are corrected."),
    )
    if status == DONE:
        return redirect(award)
    return render(request, "calls/award_adjust.html", {"award": award, "form": form}, status=status)


@either_way
@staff_only
def award_priority(request: HttpRequest, ref: str) -> HttpResponse:
    award = _award(request, ref)
    form = PriorityForm(request.POST or None, initial={"priority": award.priority})
    status = done_with(
        request,
        form,
        lambda typed: actions.set_priority(award, typed["priority"], why=typed["why"], by=request.user),
        _("The priority is set."),
    )
    if status == DONE:
        return redirect(award)
    return render(request, "calls/award_priority.html", {"award": award, "form": form}, status=status)


def _answered(request: HttpRequest, award: Award, deed: Any, success: str | Promise) -> HttpResponse:
    status = done(request, partial(deed, award, by=request.user), str(success))
    return redirect(award) if status == 200 else _page(request, award, MemberForm(), status)


def _page(request: HttpRequest, award: Award, form: MemberForm, status: int = 200) -> HttpResponse:
    if status != 200:
        award.refresh_from_db(fields=["state", "balance_minutes"])  # a deed was refused: it may have moved meanwhile
    answerable = award.state == AwardState.OFFERED and (award.answer_by is None or timezone.now() < award.answer_by)
    shares = can_share(request.user, award)
    context = {
        "award": award,
        "entries": award.entries.select_related("by").order_by("-at", "-pk")[:SHOWN_ENTRIES],
        "members": award.members.order_by("name"),
        "training": _training_of(award),
        "can_share": award.state in actions.OPEN_STATES and shares,
        "sees_bookings": shares,  # who only takes part may read their own ones, which stand in their list
        "is_desk": is_staff(request.user),
        "can_answer": answerable and is_holder(request.user, award),
        "is_active": award.state == AwardState.ACTIVE,
        "may_report": can_report(request.user, award),
        "is_report_overdue": award.is_report_overdue(timezone.now().date()),
        "can_book": Award.objects.bookable_by(request.user).filter(pk=award.pk).exists(),
        "revoked": history_of(award).filter(verb="revoke").first() if award.state == AwardState.REVOKED else None,
        "form": form,
    }
    return render(request, "calls/award_detail.html", context, status=status)


def _training_of(award: Award) -> Training | None:
    """The training on which it gives a place, once that is no draft any more."""
    training = award.call.training if award.kind == AwardKind.PLACE and award.call else None
    return None if training is None or training.state == TrainingState.DRAFT else training


def _award(request: HttpRequest, ref: str) -> Award:
    return get_object_or_404(Award.objects.visible_to(request.user).for_list(), ref=ref)

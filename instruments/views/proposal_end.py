"""How a proposal leaves its author's hands: checked and sent to staff, or thrown away."""

from functools import partial

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from instruments import actions, proposal_steps
from instruments.enums import WRITABLE, InstrumentState
from instruments.forms.proposal import FORMS
from instruments.models import Instrument
from instruments.proposal_steps import STEPS, Step
from instruments.states import MOVES
from instruments.views.desk import ending_with
from instruments.views.proposal import find
from portal.accounts.requests import SignedInRequest
from portal.core.deeds import done
from portal.core.errors import Forbidden, Refused
from portal.core.machine import can_move
from portal.core.times import zone_words


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def check(request: SignedInRequest, slug: str) -> HttpResponse:
    """All that was said, and what is still missing; POST hands it to staff."""
    instrument = find(request, slug)
    if instrument.state not in WRITABLE:
        return redirect("proposals:detail", slug)
    status = 200
    reasons = [
        (sentence, reverse("proposals:step", args=[slug, step.name]) + "?check=1")
        for step, sentence in proposal_steps.missing(instrument)
    ]
    if request.method == "POST":
        is_again = instrument.state == InstrumentState.RETURNED
        try:
            (actions.resubmit_instrument if is_again else actions.propose_instrument)(instrument, by=request.user)
        except Refused as refusal:
            status = refusal.status
            reasons = reasons or [(str(refusal), reverse("proposals:detail", args=[slug]))]
        else:
            return redirect("proposals:detail", slug)
    context = {"instrument": instrument, "said": _said(instrument), "reasons": reasons, "is_refused": status != 200}
    return render(request, "instruments/proposal_check.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def withdraw(request: SignedInRequest, slug: str) -> HttpResponse:
    """Ask once more, then throw the proposal away."""
    instrument = find(request, slug)
    if not request.user.has_perm("instruments.withdraw_instrument", instrument):
        raise Forbidden
    if not can_move(MOVES, "withdraw", instrument.state):
        return redirect("proposals:detail", slug)
    status = 200
    if request.method == "POST":
        deed = partial(actions.withdraw_instrument, instrument, by=request.user)
        status = done(request, deed, _("The proposal is thrown away."))
        if status == 200:
            return redirect("proposals:start")
    context = {"instrument": instrument, "agreements": ending_with(instrument, "withdraw", request.user)}
    return render(request, "instruments/proposal_withdraw.html", context, status=status)


def _said(instrument: Instrument) -> list[tuple[Step, list[tuple[str, str]], str]]:
    """(step, its questions with the answers in words, where to change them)."""
    found = []
    for each in STEPS:
        form = FORMS[each.name](instrument, each)
        lines = [(str(form[name].label), _answer(instrument, each, name)) for name in each.fields]
        found.append((each, lines, reverse("proposals:step", args=[instrument.slug, each.name]) + "?check=1"))
    return found


def _answer(instrument: Instrument, asked: Step, name: str) -> str:
    if name == "techniques":
        return ", ".join(technique.name for technique in instrument.techniques.all())
    if name == "access_mode":
        return str(instrument.get_access_mode_display())
    if name == "time_zone":
        return zone_words(instrument.time_zone)
    if name == "language":
        return str(dict(settings.LANGUAGES)[proposal_steps.language_of(instrument)])
    return str(proposal_steps.stored(instrument, asked)[name])

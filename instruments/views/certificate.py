"""Certificates: the own ones, the public check by code, and what a laboratory does with those it gave."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_safe

from instruments.actions import training as actions
from instruments.forms import CertificateForm, CodeForm, GivenFilterForm, RenewForm
from instruments.models import Certificate
from instruments.papers import drawn
from instruments.views.training.desk import check_runs_somewhere, show
from portal.accounts.requests import SignedInRequest
from portal.audit.actions import history_of
from portal.core.errors import Refused
from portal.core.files import no_store
from portal.core.forms import ReasonForm
from portal.core.paging import page_of

HISTORY_WORDS = {
    "give": _("Given"),
    "renew": _("Renewed"),
    "revoke": _("Revoked"),
    "warn": _("Holder warned of its end"),
}
VALID = ("valid", pgettext_lazy("certificate", "valid"), "ok")
ENDED = ("ended", pgettext_lazy("certificate", "ended"), "off")
REVOKED = ("revoked", pgettext_lazy("certificate", "revoked"), "err")


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Check a certificate by its code (`?code=`), and the reader's own ones."""
    form = CodeForm(request.GET) if "code" in request.GET else CodeForm()
    status = 200
    if form.is_bound:
        if form.is_valid():
            found = Certificate.objects.filter(code=form.cleaned_data["code"]).first()
            if found is not None:
                return redirect(found)
            form.add_error("code", _("No certificate has this code. Look at it again, letter by letter."))
        status = 404
    own = Certificate.objects.none()
    if request.user.is_authenticated:
        own = Certificate.objects.filter(person=request.user).select_related("organisation", "instrument", "technique")
    page = page_of(request, own)
    context = {"form": form, "page": page, "rows": [(row, standing_of(row)) for row in page]}
    return render(request, "instruments/certificate_list.html", context, status=status)


@require_safe
def check(request: HttpRequest, code: str) -> HttpResponse:
    """What a third person may know: the name, what it opens, who gave it, from when until when, and how it stands."""
    rows = Certificate.objects.select_related("organisation", "instrument", "technique", "training")
    certificate = rows.filter(code=code.upper()).first()
    if certificate is None:
        form = CodeForm({"code": code})
        form.add_error("code", _("No certificate has this code. Look at it again, letter by letter."))
        context = {"form": form, "page": page_of(request, rows.none()), "rows": []}
        return _unlisted(render(request, "instruments/certificate_list.html", context, status=404))
    context = {"certificate": certificate, "standing": standing_of(certificate), "now": timezone.now()}
    if request.user.is_authenticated:
        may_run = request.user.has_perm("instruments.run_certificate", certificate)
        context |= {
            "is_own": certificate.person_id == request.user.pk,
            "may_run": may_run and certificate.revoked_at is None and certificate.person_id != request.user.pk,
            "history": _history(certificate) if may_run else [],
            "may_print": certificate.revoked_at is None and (may_run or certificate.person_id == request.user.pk),
        }
    return _unlisted(render(request, "instruments/certificate_check.html", context))


@login_required
@require_safe
def pdf(request: SignedInRequest, code: str) -> HttpResponse:
    """The certificate to be printed, for its holder, the laboratory and staff; 404 for the others."""
    rows = Certificate.objects.select_related("organisation", "instrument", "technique", "training")
    certificate = get_object_or_404(rows.visible_to(request.user), code=code.upper())
    response = HttpResponse(drawn(certificate), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="certificate-{certificate.code}.pdf"'
    return no_store(_unlisted(response))


@login_required
@require_safe
def given(request: SignedInRequest) -> HttpResponse:
    """The certificates that the laboratories this person runs gave, or that open their instruments; all for staff."""
    check_runs_somewhere(request)
    form = GivenFilterForm(request.GET)
    rows = Certificate.objects.visible_to(request.user).select_related("organisation", "instrument", "technique")
    if not request.user.is_staff:
        rows = rows.exclude(person=request.user)
    rows = _filtered(rows, form.wanted) if form.is_valid() else rows.none()
    page = page_of(request, rows)
    context = {
        "filter": form,
        "page": page,
        "rows": [(row, standing_of(row)) for row in page],
        "is_filtered": any(request.GET.values()),
    }
    return render(request, "instruments/certificate_given.html", context)


@login_required
def give(request: SignedInRequest) -> HttpResponse:
    """Certify somebody without a training."""
    check_runs_somewhere(request)
    form = CertificateForm(request.user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            certificate = actions.give_certificate(by=request.user, **form.cleaned_data)
        except Refused as error:
            show(form, error)
        else:
            messages.success(request, _("The certificate is given, and its holder is told."))
            return redirect(certificate)
    return render(request, "instruments/certificate_give.html", {"form": form}, status=422 if form.errors else 200)


@login_required
def renew(request: SignedInRequest, code: str) -> HttpResponse:
    certificate = _run_by(request, code)
    form = RenewForm(request.POST or None, initial={"valid_until": certificate.valid_until})
    if request.method == "POST" and form.is_valid():
        try:
            actions.renew_certificate(certificate, form.cleaned_data["valid_until"], by=request.user)
        except Refused as error:
            show(form, error)
        else:
            messages.success(request, _("The certificate is renewed, and its holder is told."))
            return redirect(certificate)
    context = {"certificate": certificate, "form": form, "label": _("Renew"), "effect": _("Its holder is told.")}
    return render(request, "instruments/certificate_deed.html", context, status=422 if form.errors else 200)


@login_required
def revoke(request: SignedInRequest, code: str) -> HttpResponse:
    certificate = _run_by(request, code)
    hint = str(_("Its holder reads this; the public page only says that it is revoked."))
    form = ReasonForm(request.POST or None, longest=300, hint=hint)
    if request.method == "POST" and form.is_valid():
        try:
            actions.revoke_certificate(certificate, by=request.user, why=form.cleaned_data["why"])
        except Refused as error:
            show(form, error)
        else:
            messages.success(request, _("The certificate is revoked, and its holder is told."))
            return redirect(certificate)
    effect = _("This cannot be undone. What is booked already stays.")
    context = {"certificate": certificate, "form": form, "label": _("Revoke"), "effect": effect, "is_danger": True}
    return render(request, "instruments/certificate_deed.html", context, status=422 if form.errors else 200)


def standing_of(certificate: Certificate) -> tuple[str, Any, str]:
    """How it stands today on its laboratory's calendar: code, word, and the look of the word."""
    if certificate.revoked_at is not None:
        return REVOKED
    return ENDED if certificate.has_ended(timezone.now()) else VALID


def _filtered(rows: Any, wanted: dict[str, Any]) -> Any:
    today = timezone.now().date()
    holds = Q(revoked_at=None) & (Q(valid_until=None) | Q(valid_until__gte=today))
    if wanted.get("q"):
        rows = rows.filter(Q(name__icontains=wanted["q"]) | Q(code__iexact=wanted["q"].strip()))
    match wanted.get("standing"):
        case "valid":
            return rows.filter(holds)
        case "ending":
            return rows.ending_between(today, (timezone.now() + actions.WARN_BEFORE).date())
        case "ended":
            return rows.filter(revoked_at=None, valid_until__lt=today)
        case "revoked":
            return rows.exclude(revoked_at=None)
    return rows


def _run_by(request: SignedInRequest, code: str) -> Certificate:
    """The certificate, if this person's laboratory gave it (or they are staff); 404 for the others."""
    rows = Certificate.objects.select_related("organisation", "instrument", "technique")
    certificate = get_object_or_404(rows.visible_to(request.user), code=code.upper())
    if not request.user.has_perm("instruments.run_certificate", certificate):
        return get_object_or_404(rows.none())
    return certificate


def _history(certificate: Certificate) -> list[Any]:
    return [(HISTORY_WORDS.get(entry.verb, entry.verb), entry) for entry in history_of(certificate)[:20]]


def _unlisted(response: HttpResponse) -> HttpResponse:
    """Whoever has the code may look; search engines may not collect names."""
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response

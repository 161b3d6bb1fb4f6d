"""The desk's sections of a draft: each a page that saves, with the list of all beside it."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from calls.actions import call as actions
from calls.actions.criteria import set_criteria
from calls.actions.document import MOST_DOCUMENTS, add_document, remove_document
from calls.completeness import missing_to_publish
from calls.enums import CallState
from calls.forms.document import DocumentForm
from calls.forms.judging_rules import JudgingRulesForm
from calls.forms.sections import FORMS, NewCallForm
from calls.models import Call, CallDocument
from calls.sections import NAMED, SECTIONS, section_after
from portal.core.access import staff_only
from portal.core.deeds import DONE, done, done_with
from portal.core.errors import Refused

either_way = require_http_methods(["GET", "HEAD", "POST"])


@either_way
@staff_only
def call_new(request: HttpRequest) -> HttpResponse:
    """What a draft cannot do without; then its sections."""
    form = NewCallForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            call = actions.create_call(by=request.user, **form.columns())
            return redirect(NAMED["texts"].url(call.slug))
    return render(request, "calls/desk_call_form.html", {"call": None, "form": form}, status=status)


@either_way
@staff_only
def call_edit(request: HttpRequest, slug: str, section: str) -> HttpResponse:
    """One section: the form and, on POST, what was typed saved or sent back."""
    if section not in NAMED:
        raise Http404
    call = get_object_or_404(Call, slug=slug)
    special = {"criteria": _criteria, "documents": _documents}
    return special.get(section, _form)(request, call, section)


@require_POST
@staff_only
def document_remove(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    document = get_object_or_404(CallDocument.objects.select_related("call"), pk=pk, call__slug=slug)
    done(request, partial(remove_document, document, by=request.user), _("The document is removed."))
    return redirect(NAMED["documents"].url(slug))


def contents(call: Call, current: str = "") -> list[dict[str, Any]]:
    """The sections with their addresses and what each still lacks, for the list beside them."""
    lacks = missing_to_publish(call, timezone.now())
    return [
        {
            "section": section,
            "url": section.url(call.slug),
            "is_current": section.name == current,
            "lacks": [lack for lack in lacks if lack.section == section.name],
        }
        for section in SECTIONS
    ]


def _form(request: HttpRequest, call: Call, name: str) -> HttpResponse:
    form: Any = FORMS[name](request.POST or None, call=call)
    success = _("Saved: %(section)s.") % {"section": NAMED[name].title}
    status = done_with(
        request, form, lambda _typed: actions.edit_call(call, by=request.user, **form.columns()), success
    )
    if status == DONE:
        return _onwards(request, call, name)
    return _page(request, call, name, {"form": form}, status)


def _criteria(request: HttpRequest, call: Call, name: str) -> HttpResponse:
    form = JudgingRulesForm(call, request.POST or None)
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                set_criteria(call, form.lines(), by=request.user, **form.rules.cleaned_data)
            except Refused as refusal:
                status = refusal.status
                form.add_error(None, str(refusal))
            else:
                messages.success(request, _("Saved: %(section)s.") % {"section": NAMED[name].title})
                if remark := form.remark():
                    messages.warning(request, remark)
                return _onwards(request, call, name)
    return _page(request, call, name, {"judging": form}, status, "calls/desk_call_criteria.html")


def _documents(request: HttpRequest, call: Call, name: str) -> HttpResponse:
    form = DocumentForm(request.POST or None, request.FILES or None)
    status = done_with(
        request,
        form,
        lambda typed: add_document(call, typed["title"], typed["file"], by=request.user),
        _("The document is added."),
    )
    if status == DONE:
        return redirect(NAMED[name].url(call.slug))
    context = {"form": form, "documents": list(call.documents.all()), "most": MOST_DOCUMENTS}
    return _page(request, call, name, context, status, "calls/desk_call_documents.html")


def _page(
    request: HttpRequest,
    call: Call,
    name: str,
    context: dict[str, Any],
    status: int,
    template: str = "calls/desk_call_section.html",
) -> HttpResponse:
    shared = {
        "call": call,
        "section": NAMED[name],
        "contents": contents(call, name),
        "is_draft": call.state == CallState.DRAFT,
    }
    return render(request, template, shared | context, status=status)


def _onwards(request: HttpRequest, call: Call, name: str) -> HttpResponseRedirect:
    """To the next section, or back to the call where the person pressed that."""
    following = section_after(name)
    if following is None or "back" in request.POST:
        return HttpResponseRedirect(reverse("desk_calls:call", args=[call.slug]))
    return HttpResponseRedirect(following.url(call.slug))

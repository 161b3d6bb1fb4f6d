"""The sections of an offer: fields, photographs, papers; and all answers before it is handed in."""

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from donations.actions import offer as actions
from donations.actions.offer.papers import MOST_PAPERS
from donations.forms.offer import FORMS
from donations.forms.offer_list import PaperForm
from donations.models import Offer
from donations.offer_steps import STEPS
from donations.views import drafting, photo
from donations.views.drafting import Drafting
from portal.core.deeds import DONE, done, done_with
from portal.core.files import handed_out

KIND = Drafting("offer", "offers", Offer, STEPS, FORMS, gettext_lazy("Offers of equipment"))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def step(request: HttpRequest, ref: str, step: str) -> HttpResponse:
    if step == photo.STEP:
        return photo.section(request, ref, KIND)
    if step == "papers":
        return _papers(request, ref)
    return drafting.section(request, ref, step, KIND)


@require_POST
@login_required
def autosave(request: HttpRequest, ref: str, step: str) -> HttpResponse:
    return drafting.autosave(request, ref, step, KIND)


@require_POST
@login_required
def photo_remove(request: HttpRequest, ref: str, pk: int) -> HttpResponse:
    return photo.remove(request, ref, pk, KIND)


@require_POST
@login_required
def paper_remove(request: HttpRequest, ref: str, pk: int) -> HttpResponse:
    offer, _asked = drafting.written(request, ref, "papers", KIND)
    paper = get_object_or_404(offer.papers, pk=pk)
    done(request, lambda: actions.remove_paper(paper, by=request.user), _("The paper is removed."))
    return redirect("offers:step", ref, "papers")


@require_safe
@login_required
def paper(request: HttpRequest, ref: str, pk: int) -> HttpResponseBase:
    """A paper to be saved, for the offer's people and staff; to others there is none."""
    rows = Offer.objects.all() if request.user.is_staff else Offer.objects.own(request.user)
    offer = get_object_or_404(rows, ref=ref)
    found = get_object_or_404(offer.papers, pk=pk)
    response: FileResponse = handed_out(found.file, found.name, found.content_type)
    return response


def _papers(request: HttpRequest, ref: str) -> HttpResponse:
    """The papers of a draft, with the form for one more; POST adds it."""
    offer, asked = drafting.written(request, ref, "papers", KIND)
    is_sent = request.method == "POST"
    form = PaperForm(request.POST if is_sent else None, request.FILES if is_sent else None)
    status = done_with(
        request,
        form,
        lambda typed: actions.add_paper(offer, typed["file"], typed["title"], by=request.user),
        _("The paper is kept."),
    )
    if status == DONE:
        return redirect("offers:step", ref, "papers")
    papers = list(offer.papers.all())
    more = {"papers": papers, "is_full": len(papers) >= MOST_PAPERS, "most": MOST_PAPERS}
    next_url = drafting.onward(request, offer, "papers", KIND)
    return drafting.page(request, offer, asked, KIND, form, status, **more, next_url=next_url)

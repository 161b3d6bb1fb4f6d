"""The desk of pages: write them, look before saving, go back to what they said before, hide them."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.accounts.requests import SignedInRequest
from portal.core.access import staff_only
from portal.core.deeds import done
from portal.core.errors import Refused
from portal.core.markdown import to_html
from portal.core.paging import page_of
from portal.stories import shipped
from portal.stories.actions import page as actions
from portal.stories.forms.page import PageForm
from portal.stories.models import Page, PageVersion
from portal.stories.placeholders import filled
from portal.stories.views.page import page_at


@require_safe
@staff_only
def page_list(request: HttpRequest) -> HttpResponse:
    """Every page by section, with what it lacks."""
    stored = Page.objects.defer("body", "body_en", "body_fr")
    return render(request, "stories/desk_page_list.html", {"pages": shipped.with_shipped(stored)})


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def page_new(request: SignedInRequest) -> HttpResponse:
    form = PageForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        return _form(request, None, form, 400 if request.method == "POST" else 200)
    if "preview" in request.POST:
        return _form(request, None, form)
    page = actions.create_page(by=request.user, note=form.cleaned_data["note"], **form.columns())
    messages.success(request, _("The page is published."))
    return redirect(page)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def page_edit(request: SignedInRequest, slug: str) -> HttpResponse:
    """The form; on POST a look at what was typed, or a new version. What somebody else saved stands beside (409)."""
    page = _page(slug)
    form = PageForm(request.POST if request.method == "POST" else None, page=page)
    if request.method != "POST" or not form.is_valid():
        return _form(request, page, form, 400 if request.method == "POST" else 200)
    if "preview" in request.POST:
        return _form(request, page, form)
    note = form.cleaned_data["note"]
    try:
        actions.save_page(slug, by=request.user, version=form.typed_version, note=note, **form.columns())
    except actions.Conflict as conflict:
        return _both(request, slug, form, conflict)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _form(request, page, form, refusal.status)
    messages.success(request, _("The page is published."))
    return redirect("about:page", slug)


@require_safe
@staff_only
def page_history(request: HttpRequest, slug: str) -> HttpResponse:
    """What the page said when, the newest first; one from before all is the text that came with the portal."""
    page = _page(slug)
    versions: QuerySet[Any] = PageVersion.objects.filter(page_id=page.pk).select_related("made_by").defer("texts")
    context = {"page": page, "page_obj": page_of(request, versions), "is_shipped": slug in shipped.slugs()}
    return render(request, "stories/desk_page_history.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def page_version(request: SignedInRequest, slug: str, number: int) -> HttpResponse:
    """One version as it read; on POST it stands again, as a new one."""
    page = _page(slug)
    texts = actions.texts_of_version(page, number)
    if texts is None:
        raise Http404
    status = 200
    if request.method == "POST":
        deed = partial(actions.restore_version, page, number, by=request.user)
        status = done(request, deed, _("The page says this again."))
        if status == 200:
            return redirect("desk_pages:history", slug)
    context = {
        "page": page,
        "number": number,
        "version": PageVersion.objects.filter(page_id=page.pk, number=number).select_related("made_by").first(),
        "is_current": texts == actions.current_texts(page),
        "looks": _looks(texts),
    }
    return render(request, "stories/desk_page_version.html", context, status=status)


@require_POST
@staff_only
def page_shown(request: SignedInRequest, slug: str) -> HttpResponse:
    """Hide the page, or with `shown=1` show it again."""
    _page(slug)
    if request.POST.get("shown"):
        done(request, partial(actions.show_page, slug, by=request.user), _("Everybody can read the page again."))
    else:
        done(request, partial(actions.hide_page, slug, by=request.user), _("The page is hidden from all but staff."))
    return redirect("desk_pages:edit", slug)


def _page(slug: str) -> Page:
    page = page_at(slug)
    if page is None:
        raise Http404
    return page


def _form(request: HttpRequest, page: Page | None, form: PageForm, status: int = 200, **more: Any) -> HttpResponse:
    """The form, and below it how it will look where it was filled in without a fault."""
    looks = _looks(form.cleaned_data) if form.is_bound and form.is_valid() and "conflict" not in more else []
    rows = [(bound, "") for bound in form]
    context = {"page": page, "form": form, "rows": rows, "looks": looks, "can_hide": _can_hide(page)}
    return render(request, "stories/desk_page_form.html", context | more, status=status)


def _can_hide(page: Page | None) -> bool:
    return page is not None and page.slug not in shipped.LASTING


def _both(request: HttpRequest, slug: str, form: PageForm, conflict: actions.Conflict) -> HttpResponse:
    """What was typed beside what is stored; sent again, it carries the stored version and so may replace it."""
    page = get_object_or_404(Page, slug=slug)
    data = request.POST.copy()
    data["version"] = str(conflict.version)
    again = PageForm(data, page=page)
    again.is_valid()
    typed = again.columns()
    held = {name: getattr(page, name) for name in typed}
    rows = [(bound, _stored(bound, held, typed)) for bound in again]
    newest = page.versions.select_related("made_by").first()
    more = {"rows": rows, "conflict": conflict, "saver": newest and newest.made_by}
    return _form(request, page, again, conflict.status, **more)


def _stored(bound: Any, held: dict[str, Any], typed: dict[str, Any]) -> str:
    """What is stored of a field, as people read it; empty where the same was typed."""
    if bound.name not in held or (held[bound.name] or "") == (typed[bound.name] or ""):
        return ""
    if bound.name == "section":
        return str(dict(bound.field.choices)[held["section"]])
    return str(held[bound.name]) or _("Nothing")


def _looks(texts: dict[str, Any]) -> list[dict[str, Any]]:
    """Each language that has a text, as its reader will see it; addresses lead to the pages in the language of now."""
    return [
        {
            "language": code,
            "title": texts[f"title_{code}"],
            "summary": texts[f"summary_{code}"],
            "html": to_html(filled(texts[f"body_{code}"]), top=3),
        }
        for code in shipped.LANGUAGES
        if texts[f"title_{code}"] or texts[f"body_{code}"]
    ]

"""A laboratory proposes an instrument: what it means, where to begin, the steps, the check, and what became of it."""

from typing import Any, NamedTuple

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from instruments import proposal_steps
from instruments.actions import proposal
from instruments.enums import WRITABLE
from instruments.forms.proposal import FORMS, BeginForm, SearchForm, StepForm
from instruments.models import Instrument, Technique
from instruments.proposal_steps import STEPS, Step
from instruments.states import MOVES
from portal.accounts.enums import MembershipState, Role
from portal.accounts.models import Organisation
from portal.accounts.requests import SignedInRequest
from portal.core import drafting
from portal.core.errors import Conflict, Forbidden, Refused
from portal.core.machine import can_move

OWN, FOUND = 20, 10
TOKEN_LENGTH = 43


class Task(NamedTuple):
    """A step with how far it is; `kind` is the look of its status, empty for what needs no attention."""

    name: str
    title: Promise
    url: str
    status: Promise
    kind: str


COMPLETED = gettext_lazy("Completed")
STARTED = gettext_lazy("In progress")
UNTOUCHED = gettext_lazy("Not started")


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """What opening an instrument means; below it what this person has proposed. `?interest=` goes along."""
    proposed: list[Instrument] = []
    if request.user.is_authenticated:
        proposed = list(Instrument.objects.proposed_by(request.user).select_related("organisation")[:OWN])
    query = request.GET.copy()
    context = {"own": proposed, "begin_url": f"{reverse('proposals:begin')}{'?' if query else ''}{query.urlencode()}"}
    return render(request, "instruments/proposal_start.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def begin(request: SignedInRequest) -> HttpResponse:
    """Which laboratory, and what the instrument is called; `?interest=` fills in what that says already."""
    known = proposal.known_of(request.GET.get("interest", "")[:TOKEN_LENGTH].replace("\0", ""))
    search = SearchForm(request.GET if "q" in request.GET else {"q": known.get("institution", "")[:100]})
    laboratories = _laboratories(request, search)
    form = BeginForm(request.POST if request.method == "POST" else None, laboratories)
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            typed = form.cleaned_data
            chosen = next(row for row in laboratories if row.slug == typed["organisation"])
            try:
                instrument = proposal.begin_proposal(
                    by=request.user,
                    organisation=chosen,
                    name=typed["name"],
                    language=typed["language"],
                    techniques=_techniques(request, known),
                    proposal=known.get("offering", ""),
                )
            except Refused as refusal:
                status = refusal.status
                form.add_error(None, str(refusal))
            else:
                return redirect("proposals:step", instrument.slug, STEPS[0].name)
    context = {"form": form, "search": search, "known": known, "laboratories": laboratories, "hidden": _hidden(request)}
    return render(request, "instruments/proposal_begin.html", context, status=status)


@require_safe
@login_required
def detail(request: SignedInRequest, slug: str) -> HttpResponse:
    """Where a proposal stands: the steps while it is written, then what staff said, then what comes next."""
    instrument = find(request, slug)
    held = request.user.memberships.filter(organisation=instrument.organisation, role=Role.OPERATOR)
    standing = {row.state for row in held}
    context = {
        "instrument": instrument,
        "tasks": _tasks(instrument),
        "is_open": instrument.state in WRITABLE,
        "may_withdraw": can_move(MOVES, "withdraw", instrument.state)
        and request.user.has_perm("instruments.withdraw_instrument", instrument),
        "is_asked": MembershipState.REQUESTED in standing,
        "runs": request.user.is_staff or MembershipState.CONFIRMED in standing,
        "agreements": list(instrument.agreements.visible_to(request.user)[:5]),
    }
    return render(request, "instruments/proposal_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def step(request: SignedInRequest, slug: str, name: str) -> HttpResponse:
    """One step; at Continue it is saved. What somebody else saved meanwhile is shown beside (409)."""
    instrument, asked = _written(request, slug, name)
    is_later = "later" in request.POST
    posted = request.POST if request.method == "POST" else None
    form = FORMS[asked.name](instrument, asked, posted, later=is_later)
    if posted is None:
        return _page(request, instrument, asked, form)
    if not form.is_valid():
        return _page(request, instrument, asked, form, 400)
    try:
        _save(request, instrument, asked, form)
    except Conflict as conflict:
        return _both(request, instrument, asked, conflict)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _page(request, instrument, asked, form, refusal.status)
    following = proposal_steps.after(asked)
    if is_later:
        return redirect("proposals:detail", slug)
    if following is None or "check" in request.GET:
        return redirect("proposals:check", slug)
    return redirect("proposals:step", slug, following.name)


@require_POST
@login_required
def save(request: SignedInRequest, slug: str, name: str) -> JsonResponse:
    """Save what is typed so far: {"version": str, "message": str}; 409 where somebody else saved meanwhile."""
    instrument, asked = _written(request, slug, name)
    form = FORMS[asked.name](instrument, asked, request.POST, later=True)
    form.is_valid()
    try:
        saved = _save(request, instrument, asked, form)
    except Refused as refusal:
        return drafting.not_saved(refusal)
    return drafting.saved(proposal_steps.version_of(saved, asked), form)


def _laboratories(request: SignedInRequest, search: SearchForm) -> list[Organisation]:
    """Where this person belongs, those who operate there first, then what was searched for."""
    seen = Organisation.objects.visible_to(request.user).current()
    held = request.user.memberships.open().select_related("organisation").order_by("pk")
    ranked = sorted(held, key=lambda row: row.role != Role.OPERATOR)
    own = {row.organisation.pk: row.organisation for row in ranked if row.organisation.merged_into_id is None}
    text = search.cleaned_data.get("q", "") if search.is_valid() else ""
    found = seen.matching(text, get_language() or "en").exclude(pk__in=own)[:FOUND] if text.strip() else []
    return [*list(own.values())[:OWN], *found]


def _techniques(request: HttpRequest, known: dict[str, Any]) -> list[Technique]:
    slugs = [slug.replace("\0", "") for slug in request.GET.getlist("technique")[:OWN]]
    rows = Technique.objects.filter(pk__in=known.get("techniques", []))
    return list(rows | Technique.objects.filter(slug__in=slugs))


def _hidden(request: HttpRequest) -> list[tuple[str, str]]:
    """What the address says beside the search, for the form that searches again."""
    return [(name, value) for name in ("interest", "technique") for value in request.GET.getlist(name)[:OWN]]


def find(request: SignedInRequest, slug: str) -> Instrument:
    """The proposal, if this person may see it. Raises Http404."""
    rows = Instrument.objects.written_by(request.user).select_related("organisation", "proposed_by")
    return get_object_or_404(rows.prefetch_related("techniques"), slug=slug)


def _written(request: SignedInRequest, slug: str, name: str) -> tuple[Instrument, Step]:
    """The proposal and the step in which this person may write; 404 where they see none, 403."""
    instrument, asked = find(request, slug), proposal_steps.named(name)
    if asked is None:
        raise Http404
    if not request.user.has_perm("instruments.write_instrument", instrument):
        raise Forbidden
    return instrument, asked


def _save(request: SignedInRequest, instrument: Instrument, asked: Step, form: StepForm) -> Instrument:
    version = form.cleaned_data.get("version", "")
    return proposal.save_proposal(instrument, asked, form.values, version=version, by=request.user)


def _both(request: SignedInRequest, instrument: Instrument, asked: Step, conflict: Conflict) -> HttpResponse:
    """What was typed beside what is stored; sent again, it carries the stored version and so may replace it."""
    instrument = find(request, instrument.slug)
    data = request.POST.copy()
    data["version"] = str(conflict.version)
    form = FORMS[asked.name](instrument, asked, data)
    rows = drafting.both(form, FORMS[asked.name](instrument, asked))
    form.errors.clear()  # what is missing is said when it is sent
    return _page(request, instrument, asked, form, conflict.status, rows=rows, conflict=conflict)


def _page(
    request: HttpRequest, instrument: Instrument, asked: Step, form: StepForm, status: int = 200, **more: Any
) -> HttpResponse:
    context = {
        "instrument": instrument,
        "step": asked,
        "number": STEPS.index(asked) + 1,
        "total": len(STEPS),
        "form": form,
        "rows": [(bound, "") for bound in form],
        "is_open": instrument.state in WRITABLE,
    }
    return render(request, "instruments/proposal_step.html", context | more, status=status)


def _tasks(instrument: Instrument) -> list[Task]:
    pages = {each.name: reverse("proposals:step", args=[instrument.slug, each.name]) for each in STEPS}
    return [Task(each.name, each.title, pages[each.name], *_far(instrument, each)) for each in STEPS]


def _far(instrument: Instrument, asked: Step) -> tuple[Promise, str]:
    empty = proposal_steps.blanks(instrument, asked)
    if not empty:
        return COMPLETED, ""
    if any(proposal_steps.stored(instrument, asked).values()):
        return STARTED, "info"
    return UNTOUCHED, "off"

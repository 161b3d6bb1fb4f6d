"""Trainings as everybody sees them; a place asked for and given back; a wish to be trained."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from instruments.actions import training as actions
from instruments.enums import PlaceState, TrainingState
from instruments.forms import WishForm
from instruments.models import Certificate, Instrument, Training, TrainingPlace, TrainingWish
from instruments.rules import is_staff
from instruments.views.training.desk import manager_context
from portal.accounts.enums import Role
from portal.accounts.requests import SignedInRequest
from portal.accounts.standing import roles_of
from portal.core.ics import Event, What, calendar_file, host
from portal.core.kept import public_page
from portal.core.paging import page_of
from portal.notifications.links import absolute


@require_safe
@public_page
def listing(request: HttpRequest) -> HttpResponse:
    """What is open for registration, the next one first, and the reader's own places and wishes."""
    now = timezone.now()
    rows = Training.objects.coming(now).for_lists()
    context: dict[str, Any] = {"page": page_of(request, rows), "runs": _runs_somewhere(request.user)}
    if request.user.is_authenticated:
        places = TrainingPlace.objects.filter(user=request.user).exclude(training__state=TrainingState.CLOSED)
        places = places.select_related("training__organisation").order_by("training__starts_at", "pk")
        context["places"] = places.open()[:20]
        context["wishes"] = TrainingWish.objects.waiting().filter(user=request.user).select_related("instrument")
    return render(request, "instruments/training_list.html", context)


@require_safe
@public_page
def detail(request: HttpRequest, ref: str) -> HttpResponse:
    """A training; for those who run it with its participants and what they can do."""
    training = find(request, ref)
    place = None
    if request.user.is_authenticated:
        place = training.places.filter(user=request.user).first()
    has_place = place is not None and place.state == PlaceState.GIVEN
    may_run = request.user.is_authenticated and request.user.has_perm("instruments.run_training", training)
    given: int = training.given  # type: ignore[attr-defined]  # annotated by for_lists
    is_coming = training.state == TrainingState.PUBLISHED and training.starts_at > timezone.now()
    context = {
        "training": training,
        "place": place,
        "free": max(training.capacity - given, 0),
        "may_ask": is_coming and (place is None or place.state == PlaceState.WITHDRAWN),
        "may_withdraw": is_coming and place is not None and place.state in (PlaceState.REQUESTED, PlaceState.GIVEN),
        "link": training.link if (has_place or may_run) and training.state != TrainingState.CANCELLED else "",
        "certificate": _certificate(training, request.user),
        "may_run": may_run,
    }
    if may_run:
        context |= manager_context(request, training)
    return render(request, "instruments/training_detail.html", context)


@require_safe
def calendar(request: HttpRequest, ref: str) -> HttpResponse:
    """The training as a file for calendar programs; its meeting link stays on its page."""
    training = find(request, ref)
    url, is_off = absolute(training.get_absolute_url()), training.state == TrainingState.CANCELLED
    entry = Event(
        uid=f"training-{training.ref.lower()}@{host()}",
        sequence=int(training.updated_at.timestamp() - training.created_at.timestamp()),
        changed=training.updated_at,
        start=training.starts_at,
        end=training.ends_at,
        what=What(
            summary=_("Cancelled: %(title)s") % {"title": training.title} if is_off else training.title,
            zone=training.zone,
            lines=(training.organisation.name, url),
            location=training.place or f"{training.organisation.name}, {training.organisation.city}",
            status="CANCELLED" if is_off else "CONFIRMED",
            takes_time=not is_off,
        ),
        url=url,
    )
    return calendar_file(f"training-{training.ref}", entry)


@login_required
@require_POST
def ask(request: SignedInRequest, ref: str) -> HttpResponse:
    training = find(request, ref)
    actions.ask_for_place(training, by=request.user)
    messages.success(request, _("You have asked for a place. You get a mail when the laboratory answers."))
    return redirect(training)


@login_required
@require_POST
def withdraw(request: SignedInRequest, ref: str) -> HttpResponse:
    training = find(request, ref)
    actions.withdraw_place(training, by=request.user)
    messages.success(request, _("Your place is given back."))
    return redirect(training)


@login_required
@require_POST
def wish(request: SignedInRequest, slug: str) -> HttpResponse:
    """Ask to be trained on an instrument, from its page."""
    instrument = get_object_or_404(Instrument.objects.visible_to(request.user), slug=slug)
    form = WishForm(request.POST)
    if not form.is_valid():
        context = {"form": form, "instrument": instrument}
        return render(request, "instruments/training_wish.html", context, status=422)
    actions.wish_for_training(instrument, by=request.user, note=form.cleaned_data["note"])
    messages.success(request, _("The laboratory sees that you ask to be trained. We write when it offers a training."))
    return redirect(instrument)


@login_required
@require_POST
def unwish(request: SignedInRequest, slug: str) -> HttpResponse:
    instrument = get_object_or_404(Instrument.objects.visible_to(request.user), slug=slug)
    own = TrainingWish.objects.waiting().filter(user=request.user)
    actions.leave_wish(get_object_or_404(own, instrument=instrument), by=request.user)
    messages.success(request, _("Your wish to be trained is taken back."))
    return redirect(instrument)


def find(request: HttpRequest, ref: str) -> Training:
    """The training, if this person may see it; else 404."""
    return get_object_or_404(Training.objects.visible_to(request.user).for_lists(), ref=ref)


def _certificate(training: Training, user: Any) -> Certificate | None:
    """What the reader got from it."""
    if not user.is_authenticated or training.state != TrainingState.CLOSED:
        return None
    return Certificate.objects.filter(training=training, person=user).first()


def _runs_somewhere(user: Any) -> bool:
    return user.is_authenticated and bool(is_staff(user) or Role.OPERATOR in roles_of(user))

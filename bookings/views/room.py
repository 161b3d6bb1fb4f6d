"""The room of a session: who is there, who holds control, what is said. Fragments to look at, small forms to send."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import conditional_page, require_POST, require_safe

from bookings.actions.room import control as actions
from bookings.actions.room.chat import is_chat_open, say
from bookings.actions.room.guests import invite_guest, withdraw_guest
from bookings.company import company_of, control_of, person_there
from bookings.forms import GuestForm, SayForm
from bookings.models import Booking, ChatMessage, Guest, Session
from bookings.views.found import find_session, find_session_shown
from portal.accounts.models import User
from portal.accounts.requests import SignedInRequest
from portal.core.errors import Reason, Refused

SHOWN = 100  # messages on the page of the session; all of them are in its log


class Unclear(Refused):
    """What was typed cannot be read."""

    status = 400


def room_context(user: User, booking: Booking) -> dict[str, Any]:
    """What the page of a session needs beside its state: its three fragments and their forms."""
    company = company_of(booking, timezone.now())
    return people_context(user, booking) | {
        "company": company,
        "hands": control_of(booking, user, company, timezone.now()),
        "said": newest(booking.session),
        "can_write": is_chat_open(booking.session),
        "say_form": SayForm(initial={"form_key": uuid4()}),
        "guest_form": GuestForm(),
    }


def people_context(user: User, booking: Booking) -> dict[str, Any]:
    """Who is there; the addresses that are invited are shown to those who may invite."""
    can_invite = user.has_perm("bookings.invite_guest", booking)
    return {
        "booking": booking,
        "session": booking.session,
        "can_invite": can_invite,
        "guests": booking.session.guests.invited() if can_invite else [],
    }


def newest(session: Session) -> list[ChatMessage]:
    """The newest messages, the oldest of them first."""
    return list(session.messages.select_related("author").order_by("-pk")[:SHOWN])[::-1]


@login_required
@require_safe
@conditional_page
def people(request: SignedInRequest, ref: str) -> HttpResponse:
    booking = find_session_shown(request, ref)
    context = people_context(request.user, booking) | {"company": company_of(booking, timezone.now())}
    return render(request, "sessions/_people.html", context)


@login_required
@require_safe
@conditional_page
def control(request: SignedInRequest, ref: str) -> HttpResponse:
    booking, now = find_session_shown(request, ref), timezone.now()
    held = control_of(booking, request.user, company_of(booking, now), now)
    return render(request, "sessions/_control.html", {"booking": booking, "hands": held})


@login_required
@require_safe
@conditional_page
def chat(request: SignedInRequest, ref: str) -> HttpResponse:
    booking = find_session(request, ref)
    return render(request, "sessions/_chat.html", {"booking": booking, "said": newest(booking.session)})


@login_required
@require_POST
def say_something(request: SignedInRequest, ref: str) -> HttpResponse:
    booking = find_session(request, ref)
    typed = _cleaned(SayForm(request.POST))
    say(booking, typed["text"], by=request.user, form_key=typed["form_key"])
    return redirect(f"{booking.session.get_absolute_url()}#chat")


def _control(deed: Callable[..., Session]) -> Callable[[SignedInRequest, str], HttpResponse]:
    @login_required
    @require_POST
    def view(request: SignedInRequest, ref: str) -> HttpResponse:
        booking = find_session(request, ref)
        deed(booking, by=request.user)
        return redirect(booking.session)

    return view


control_ask = _control(actions.ask_control)
control_release = _control(actions.release_control)
control_take = _control(actions.take_control)


@login_required
@require_POST
def control_hand_over(request: SignedInRequest, ref: str) -> HttpResponse:
    """`person`: the key of one of those who are there."""
    booking = find_session(request, ref)
    actions.hand_over(booking, person_there(booking, _key(request, "person")), by=request.user)
    return redirect(booking.session)


@login_required
@require_POST
def guest_invite(request: SignedInRequest, ref: str) -> HttpResponse:
    booking = find_session(request, ref)
    guest = invite_guest(booking, _cleaned(GuestForm(request.POST))["email"], by=request.user)
    messages.success(request, _("%(email)s is invited and gets a mail.") % {"email": guest.email})
    return redirect(f"{booking.session.get_absolute_url()}#people")


@login_required
@require_POST
def guest_withdraw(request: SignedInRequest, ref: str) -> HttpResponse:
    """`guest`: the key of an invitation to this session."""
    booking = find_session(request, ref)
    guest = get_object_or_404(Guest, pk=_key(request, "guest"), session=booking.session)
    withdraw_guest(booking, guest, by=request.user)
    messages.success(request, _("The invitation of %(email)s is withdrawn.") % {"email": guest.email})
    return redirect(f"{booking.session.get_absolute_url()}#people")


def _key(request: SignedInRequest, name: str) -> int:
    """The primary key that was sent under this name; 0, which nothing has, where it is none."""
    text = request.POST.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


def _cleaned(form: Any) -> dict[str, Any]:
    """What was typed, or a page that says what is wrong with it."""
    if form.is_valid():
        return dict(form.cleaned_data)
    sentences = [str(sentence) for errors in form.errors.values() for sentence in errors]
    raise Unclear(*(Reason("unclear", sentence) for sentence in sentences))

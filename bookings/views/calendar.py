"""Calendar links: the feed behind one, and the page on which their owner makes, reads and revokes them."""

from datetime import datetime, time

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.http import http_date
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from bookings.actions import calendar as deeds
from bookings.calendars.feed import write_feed
from bookings.calendars.source import source_of
from bookings.forms.calendar import OWN, CalendarForm
from bookings.models import CalendarFeed
from calls.models import Award
from instruments.models import Instrument
from portal.accounts.actions.tokens import digest_of
from portal.accounts.requests import SignedInRequest
from portal.core.errors import Refused
from portal.core.sealing import CannotUnseal, unseal
from portal.notifications.links import absolute


@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """The calendar; 404 for links nobody made and for those that no longer open anything, alike."""
    links = CalendarFeed.objects.readable().select_related("user")
    link, now = get_object_or_404(links, token_hash=digest_of(token)), timezone.now()
    source = source_of(link, now)
    if source is None:
        raise Http404
    tag, newest = source.state(link, now)
    changed = int(_changed(newest, now).timestamp())
    answer = HttpResponse(content_type="text/calendar; charset=utf-8")
    answer["ETag"], answer["Last-Modified"] = tag, http_date(changed)
    answer["Content-Disposition"] = 'inline; filename="bookings.ics"'
    answer["Content-Language"] = link.user.language
    answer["X-Robots-Tag"] = "noindex"
    patch_cache_control(answer, private=True, no_cache=True)  # keep it, and ask whether it is still so
    found = get_conditional_response(request, tag, changed, answer) or answer
    if found is answer:
        answer.content = write_feed(link, source)
    return found


def _changed(newest: datetime, now: datetime) -> datetime:
    """When the calendar last changed, for programs that go by dates alone.

    No row tells that a name was corrected or that somebody may no longer see a booking: every midnight counts as a
    change, so that they read it within a day. The tag tells it at once.
    """
    return max(newest, datetime.combine(now.date(), time(), now.tzinfo))


@login_required
@never_cache
@require_safe
def listing(request: SignedInRequest) -> HttpResponse:
    """One's links with their addresses; `?instrument=` offers the one named."""
    return _page(request, CalendarForm(None, _instruments(request), initial={"what": _asked(request)}))


@login_required
@never_cache
@require_POST
def make(request: SignedInRequest) -> HttpResponse:
    form = CalendarForm(request.POST, _instruments(request))
    if not form.is_valid():
        return _page(request, form, status=422)
    try:
        deeds.make_calendar(form.instrument, by=request.user)
    except Refused as error:
        form.add_error(None, [reason.message for reason in error.reasons])
        return _page(request, form, status=error.status)
    messages.success(request, _("The link is made. Give its address to your calendar program, and to nobody else."))
    return redirect("calendar_feeds:list")


@login_required
@require_POST
def renew(request: SignedInRequest, pk: int) -> HttpResponse:
    deeds.renew_calendar(_own(request, pk), by=request.user)
    messages.success(request, _("The calendar has a new address; the old one no longer works."))
    return redirect("calendar_feeds:list")


@login_required
@require_POST
def revoke(request: SignedInRequest, pk: int) -> HttpResponse:
    deeds.revoke_calendar(_own(request, pk), by=request.user)
    messages.success(request, _("The link no longer works."))
    return redirect("calendar_feeds:list")


def _own(request: SignedInRequest, pk: int) -> CalendarFeed:
    return get_object_or_404(request.user.calendar_feeds.select_related("instrument"), pk=pk)


def _page(request: SignedInRequest, form: CalendarForm, *, status: int = 200) -> HttpResponse:
    links = request.user.calendar_feeds.open().select_related("instrument")
    context = {"form": form, "links": [(link, _address(link)) for link in links]}
    return render(request, "bookings/calendars.html", context, status=status)


def _address(link: CalendarFeed) -> str:
    """Where the link leads; empty when the key that sealed it is gone."""
    try:
        return absolute(reverse("calendar:feed", args=[unseal(link.sealed_token)]))
    except CannotUnseal:
        return ""


def _asked(request: SignedInRequest) -> str:
    return (request.GET.get("instrument") or request.POST.get("what") or OWN).replace("\0", "")


def _instruments(request: SignedInRequest) -> list[Instrument]:
    """Those one runs, has hours on, or came from, as far as one sees them."""
    user, asked = request.user, _asked(request)
    seen = Instrument.objects.visible_to(user)
    awards = Award.objects.filter(pk__in=Award.objects.visible_to(user).values("pk"), instrument__isnull=False)
    run = Instrument.objects.run_by(user).values("pk")
    return list(seen.filter(Q(pk__in=awards.values("instrument")) | Q(pk__in=run) | Q(slug=asked)))

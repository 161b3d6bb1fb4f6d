"""A person's own pages: profile, time zone, API tokens."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse, translate_url
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from portal.accounts import actions
from portal.accounts.cookies import set_language_cookie, set_zone_cookie
from portal.accounts.enums import OrganisationState
from portal.accounts.forms import ProfileForm, TokenForm, ZoneSearch
from portal.accounts.middleware import reader_zone
from portal.accounts.models import Organisation
from portal.accounts.requests import SignedInRequest
from portal.accounts.zones import (
    UTC,
    african_zones,
    choices_of,
    countries_of_zones,
    find_zones,
    label_of,
    validate_time_zone,
)
from portal.core.errors import Refused
from portal.core.times import zone_name, zone_words


@login_required
def profile(request: SignedInRequest) -> HttpResponse:
    """Who the person is. A new language shows at once."""
    form = ProfileForm(request.POST or None, user=request.user)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                user = actions.update_profile(request.user, by=request.user, **form.cleaned_data)
            except Refused as error:
                _show(form, error)
                status = error.status
            else:
                return _saved(request, user.language)
    memberships = request.user.memberships.open().select_related("organisation").order_by("-pk")
    context = {
        "form": form,
        "memberships": memberships,
        "zone_label": _own_zone_label(request),
        "has_orcid": bool(settings.ORCID_CLIENT_ID),
    }
    return render(request, "accounts/profile.html", context, status=status)


def _saved(request: HttpRequest, language: str) -> HttpResponse:
    with override(language):
        messages.success(request, _("Your profile is saved."))
    response = redirect(translate_url(reverse("people:profile"), language))
    set_language_cookie(response, language)
    return response


def _show(form: ProfileForm, error: Refused) -> None:
    for reason in error.reasons:
        form.add_error("orcid" if reason.code.startswith("orcid") else None, reason.message)


def _own_zone_label(request: HttpRequest) -> str:
    return label_of(zone_name(reader_zone(request)), timezone.now())


@require_http_methods(["GET", "HEAD", "POST"])
def time_zone(request: HttpRequest) -> HttpResponse:
    """Choose in which zone times are shown: kept in the profile, for visitors in a cookie."""
    if request.method == "POST":
        return _set_time_zone(request)
    return _zone_page(request)


def _set_time_zone(request: HttpRequest) -> HttpResponse:
    zone = request.POST.get("time_zone", "")
    try:
        if request.user.is_authenticated:
            actions.set_time_zone(request.user, zone, by=request.user)
        else:
            validate_time_zone(zone)
    except ValidationError as error:
        return _zone_page(request, error.messages[0])
    messages.success(request, _("Times are now in %(zone)s.") % {"zone": zone_words(zone)})
    response = redirect(page_to_return_to(request) or reverse("people:time_zone"))
    set_zone_cookie(response, zone)
    return response


def _zone_page(request: HttpRequest, error: str = "") -> HttpResponse:
    moment = timezone.now()
    search = ZoneSearch(request.GET)
    text = search.cleaned_data["q"] if search.is_valid() else ""
    hosts = Organisation.objects.filter(state=OrganisationState.VERIFIED).values_list("time_zone", flat=True).distinct()
    groups = [
        (_("Found"), find_zones(text)),
        (_("Africa"), african_zones()),
        (_("Where organisations here are"), [*hosts, UTC]),
        (_("All others"), countries_of_zones() if request.GET.get("all") else []),
    ]
    context = {
        "search": search,
        "text": text,
        "found": bool(groups[0][1]),
        "groups": [(label, choices_of(names, moment)) for label, names in groups if names],
        "current": zone_name(reader_zone(request)),
        "current_label": _own_zone_label(request),
        "next": page_to_return_to(request),
        "error": error,
    }
    return render(request, "accounts/time_zone.html", context, status=422 if error else 200)


def page_to_return_to(request: HttpRequest) -> str:
    """The page of ours to go back to, if the request names one."""
    url = request.POST.get("next") or request.GET.get("next", "")
    safe = url_has_allowed_host_and_scheme(url, {request.get_host()}, require_https=request.is_secure())
    return url if safe else ""


@login_required
@never_cache
def tokens(request: SignedInRequest) -> HttpResponse:
    """The person's API tokens; a new one's secret is on the answer to its POST and nowhere else, ever."""
    form = TokenForm(request.POST or None)
    secret, status = "", 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            values = form.cleaned_data
            try:
                _token, secret = actions.make_token(
                    values["name"], can_write=values["scope"] == "write", by=request.user
                )
                form, status = TokenForm(), 200
            except Refused as error:
                form.add_error(None, str(error))
    context = {"form": form, "secret": secret, "tokens": request.user.api_tokens.order_by("-pk")}
    return render(request, "accounts/tokens.html", context, status=status)


@login_required
@require_POST
def token_revoke(request: SignedInRequest, pk: int) -> HttpResponse:
    token = get_object_or_404(request.user.api_tokens, pk=pk)
    actions.revoke_token(token, by=request.user)
    messages.success(request, _("The token “%(name)s” no longer works.") % {"name": token.name})
    return redirect("people:tokens")

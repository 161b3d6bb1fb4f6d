"""The switch in the footer between pictures and links to them."""

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from portal.core.low_data import COOKIE, NO, SECONDS, YES


@csrf_exempt  # it changes how pages look and nothing else; a secret in every footer would make every page another one
@require_POST
def low_data(request: HttpRequest) -> HttpResponse:
    """Keep the choice in a cookie and go back to the page it was made on."""
    chosen = request.POST.get("low_data")
    if chosen not in (YES, NO):
        raise BadRequest("low_data: 0 or 1")
    back = request.headers.get("Referer", "")
    is_ours = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    response = redirect(back if is_ours else "pages:home")
    response.set_cookie(
        COOKIE, chosen, max_age=SECONDS, secure=settings.SESSION_COOKIE_SECURE, httponly=True, samesite="Lax"
    )
    return response

"""The schema, the docs drawn from it, and the answer for addresses that lead nowhere."""

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import resolve
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from portal.api.conditional import ConditionalReads
from portal.api.problems import problem_response


class SchemaView(ConditionalReads, SpectacularAPIView):
    """OpenAPI 3; YAML, or JSON with `?format=json`."""


class DocsView(SpectacularSwaggerSplitView):
    """Swagger UI from our own address, without the `<style>` that the content security policy forbids."""

    template_name = "api/docs.html"
    url_name = "api:schema"


@csrf_exempt  # nothing to protect, and a 404 helps more than a 403
def unknown(request: HttpRequest) -> HttpResponse:
    """404 as a problem. A forgotten slash is added for reads; writes are told, as a redirect would drop the body."""
    slashed = f"{request.path_info}/"
    lacks_slash = not request.path_info.endswith("/") and resolve(slashed).func is not unknown
    if not lacks_slash:
        return problem_response(404, _("There is nothing at this address. See /api/v1/docs/."), "not_found")
    if request.method in ("GET", "HEAD"):
        return HttpResponsePermanentRedirect(request.get_full_path(force_append_slash=True))
    return problem_response(404, _("Every address ends in a slash: add it."), "missing_slash")

"""Where the connector's program exchanges the code for its token; for programs, without a session."""

import json

from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from bookings.throttles import may_try_pairing
from instruments.actions import connector as actions
from portal.api.problems import problem_response
from portal.core.errors import Refused

BODY_MOST = 4096  # bytes
RELAY = "/ws/connectors/"


@csrf_exempt  # the code is the proof, and no cookie is looked at
@require_POST
@never_cache
def pair(request: HttpRequest) -> JsonResponse:
    """`{code, name, system, version, target}` -> 201 `{token, address, unit}`; 403 says the same of every bad code."""
    if not may_try_pairing(request):
        answer = problem_response(
            429, _("Too many tries came from your network. Wait a minute, then try again."), "wait"
        )
        answer["Retry-After"] = "60"
        return answer
    said = _said(request)
    if said is None:
        return problem_response(
            400, _("Send a JSON object of texts: code, name, system, version, target."), "malformed"
        )
    try:
        connector, token = actions.pair(said["code"], said)
    except Refused as error:
        return problem_response(error.status, str(error), error.codes[0])
    address = settings.SITE_URL.replace("http", "ws", 1) + RELAY
    return JsonResponse({"token": token, "address": address, "unit": str(connector.unit)}, status=201)


def _said(request: HttpRequest) -> dict[str, str] | None:
    """What the body says, None where it is not what it should be."""
    try:
        body = json.loads(request.read(BODY_MOST))
    except (ValueError, RecursionError, OSError):
        return None
    names = ("code", *actions.SAID)
    if not isinstance(body, dict) or not all(isinstance(body.get(name), str) for name in names):
        return None
    return {name: body[name] for name in names}

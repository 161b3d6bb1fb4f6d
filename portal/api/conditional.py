"""ETag and 304 on reads."""

from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.cache import patch_cache_control
from django.utils.decorators import method_decorator
from django.views.decorators.http import conditional_page


class ConditionalReads:
    """Mixin for public views, before the framework's class: GET answers carry an ETag and may answer 304.

    The tag is that of the content: it saves the way over the network, which is what is scarce at the readers' end.
    """

    @method_decorator(conditional_page)
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]  # the view's
        if request.method in ("GET", "HEAD"):
            patch_cache_control(response, no_cache=True)  # keep it, and ask whether it is still so
        return response

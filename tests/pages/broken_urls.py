"""The portal's addresses and one that breaks."""

from typing import Any

from django.http import HttpRequest
from django.urls import path

from portal import urls


def broken(request: HttpRequest) -> Any:
    raise ZeroDivisionError("a secret of ours")


urlpatterns = [path("broken/", broken), *urls.urlpatterns]
handler400, handler403 = urls.handler400, urls.handler403
handler404, handler500 = urls.handler404, urls.handler500

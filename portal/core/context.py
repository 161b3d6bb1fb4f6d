"""What every template knows of the installation."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from portal.core.low_data import is_low_data


def brand(request: HttpRequest) -> dict[str, Any]:
    return {
        "BRAND_NAME": settings.BRAND_NAME,
        "BRAND_LOGO": settings.BRAND_LOGO,
        "CONTACT_EMAIL": settings.CONTACT_EMAIL,
        "DEMO": settings.DEMO,
    }


def low_data(request: HttpRequest) -> dict[str, Any]:
    """`low_data`: whether pictures are links on this page."""
    return {"low_data": is_low_data(request)}

"""What every template knows of the installation."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def brand(request: HttpRequest) -> dict[str, Any]:
    return {
        "BRAND_NAME": settings.BRAND_NAME,
        "BRAND_LOGO": settings.BRAND_LOGO,
        "CONTACT_EMAIL": settings.CONTACT_EMAIL,
        "DEMO": settings.DEMO,
    }

"""Pages for gunicorn."""

import os
import typing

from django.core.wsgi import get_wsgi_application
from django.urls import reverse

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

application = get_wsgi_application()
reverse("pages:home")  # every page is loaded now, which takes seconds, and not while the first visitor waits
# Python keeps every `@overload` of every library for tools that ask; nobody asks here, and it is megabytes a worker.
typing.clear_overloads()

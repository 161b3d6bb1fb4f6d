"""Pages for gunicorn."""

import os
import typing

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

application = get_wsgi_application()
# Python keeps every `@overload` of every library for tools that ask; nobody asks here, and it is megabytes a worker.
typing.clear_overloads()

"""Pages for gunicorn."""

import gc
import os
import typing

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.urls import reverse
from django.utils import translation

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

application = get_wsgi_application()
# Every page and all words are loaded now, which takes seconds, and not while the first visitor waits.
for language, _name in settings.LANGUAGES:
    with translation.override(language):
        reverse("pages:home")
# Python keeps every `@overload` of every library for tools that ask; nobody asks here, and it is megabytes a worker.
typing.clear_overloads()
# What is loaded stays. So the collector need not look through all of it time and again, which stops a page for a tenth
# of a second; nor write into it as it looks, or workers forked from here (`--preload`) could not share it.
gc.collect()
gc.freeze()
# The collector searches everything again only once a quarter as much is new as its last search found alive. This one
# finds next to nothing alive; reckoned from the one above, a worker carried megabytes of garbage.
gc.collect()

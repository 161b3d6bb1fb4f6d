"""Django's static files, without what no page of ours asks for: compressing it would take half a minute."""

from django.contrib.staticfiles.apps import StaticFilesConfig

UNUSED = [
    "rest_framework",  # the browsable API is off
    "redoc",
    "flags",
    "jquery.js",  # the admin asks for these three only under DEBUG, which serves them from their places
    "select2.full.js",
    "xregexp.js",
    "vendor/*/source/*",  # what a bundle beside it was made from
    "vendor/*/manifest.json",
]


class PortalStaticFilesConfig(StaticFilesConfig):
    ignore_patterns = [*StaticFilesConfig.ignore_patterns, *UNUSED]

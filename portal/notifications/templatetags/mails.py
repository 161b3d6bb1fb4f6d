"""Tags for the templates of mails: `{% load mails %}`."""

from typing import Any

from django import template
from django.urls import reverse

from portal.notifications.links import absolute

register = template.Library()


@register.simple_tag
def absolute_url(name: str, *args: Any, **kwargs: Any) -> str:
    """Return the whole address of the page called `name`, in the language that the mail is written in."""
    return absolute(reverse(name, args=args, kwargs=kwargs))


@register.filter
def on_site(path: str) -> str:
    """Return the whole address of a path: `{{ call.get_absolute_url|on_site }}`."""
    return absolute(path)

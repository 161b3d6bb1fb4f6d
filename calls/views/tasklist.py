"""The task list of an application: each section with how far it is."""

from typing import NamedTuple

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from calls.models import Application
from calls.steps import Step, is_complete, steps_of, stored

COMPLETED = _("Completed")
OPTIONAL = _("Optional")
PREFILLED = _("Filled in for you, to be checked")
STARTED = _("In progress")
UNTOUCHED = _("Not started")
UNASKED = ("language",)  # has a value from the beginning


class Task(NamedTuple):
    """One line; `kind` is the look of its status, empty for what needs no attention."""

    name: str
    title: Promise
    url: str
    status: Promise
    kind: str


def tasks_of(application: Application) -> list[Task]:
    return [_task(application, step) for step in steps_of(application.call)]


def _task(application: Application, step: Step) -> Task:
    url = reverse("applications:step", args=[application.ref, step.name])
    return Task(step.name, step.title, url, *_status(application, step))


def _status(application: Application, step: Step) -> tuple[Promise, str]:
    if application.is_done(step.name) and is_complete(application, step):
        return COMPLETED, ""
    if application.version_of(step.name):
        return STARTED, "info"
    if any(value for name, value in stored(application, step).items() if name not in UNASKED):
        return PREFILLED, "wait"
    return (OPTIONAL, "") if step.is_optional else (UNTOUCHED, "off")

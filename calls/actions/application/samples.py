"""Declare what would be measured."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from calls.actions.application.draft import touch_step
from calls.actions.application.limits import MOST_SAMPLES
from calls.models import Application, ApplicationSample
from portal.core.errors import Reason, Refused

STEP = "samples"


@transaction.atomic
def add_sample(application: Application, fields: dict[str, Any], *, by: Any) -> ApplicationSample:
    """Declare one more sample; `fields` are columns of ApplicationSample.

    Raises Forbidden, and Refused `too_many` or `label_taken`.
    """
    row = touch_step(application, STEP, by=by)
    if row.samples.count() >= MOST_SAMPLES:
        sentence = _("An application may declare %(most)d samples. Describe similar ones together.")
        raise Refused(Reason("too_many", sentence % {"most": MOST_SAMPLES}))
    return _saved(ApplicationSample(application=row), fields)


@transaction.atomic
def change_sample(sample: ApplicationSample, fields: dict[str, Any], *, by: Any) -> ApplicationSample:
    """Correct a declared sample. Raises Forbidden, and Refused `gone` once it is removed, or `label_taken`."""
    row = touch_step(sample.application, STEP, by=by)
    kept = row.samples.filter(pk=sample.pk).first()
    if kept is None:
        raise Refused(Reason("gone", _("The list has changed in the meantime. Look again.")))
    return _saved(kept, fields)


@transaction.atomic
def remove_sample(sample: ApplicationSample, *, by: Any) -> None:
    """Take a sample off the list; gone already is fine."""
    touch_step(sample.application, STEP, by=by)
    sample.delete()


def _saved(sample: ApplicationSample, fields: dict[str, Any]) -> ApplicationSample:
    for name, value in fields.items():
        setattr(sample, name, value)
    others = ApplicationSample.objects.filter(application=sample.application_id).exclude(pk=sample.pk)
    if others.filter(label__iexact=sample.label).exists():
        raise Refused(Reason("label_taken", _("Another sample of this application has this label.")))
    sample.save()
    return sample

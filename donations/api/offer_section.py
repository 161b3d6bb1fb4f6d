"""A section of an offer as a program writes it. What was sent is cleaned by the form of the page."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from donations.forms.offer import FORMS
from donations.forms.section import SectionForm
from donations.models import Offer
from donations.offer_steps import STEPS
from donations.steps import Step, named
from instruments.models import EquipmentCategory
from portal.accounts.models import Organisation

BY_SLUG: dict[str, Any] = {"category": EquipmentCategory, "organisation": Organisation}


class SectionSerializer(serializers.Serializer[Any]):
    """A section with those of its values that change; `version` is that of the text which was read.

    `done` says whether the section is finished; left out, that stays as it is. Categories and organisations go by
    their slug; features that can be compared are `feature_<key>` of the section `condition`.
    """

    section = serializers.ChoiceField(choices=[(name, name) for name in FORMS])
    version = serializers.IntegerField(min_value=0, max_value=2**31)
    done = serializers.BooleanField(required=False, allow_null=True, default=None)
    values = serializers.DictField(required=False, default=dict, help_text="field -> value, those that change")

    def form_for(self, offer: Offer) -> tuple[SectionForm, Step]:
        """The valid form and its section. Raises ValidationError with the fields' names."""
        sent = self.validated_data
        step = named(STEPS, sent["section"]) or STEPS[0]
        make = FORMS[step.name]
        given = sent["values"]
        held = make(offer, step)
        if unknown := sorted(set(given) - (set(held.fields) - {"version"})):
            raise serializers.ValidationError({name: [_("This section has no such field.")] for name in unknown})
        typed = {name: held[name].value() for name in held.fields}
        typed |= {name: _as_typed(name, value) for name, value in given.items()}
        form = make(offer, step, typed | {"version": sent["version"]}, later=True)
        if not form.is_valid():
            raise serializers.ValidationError({name: list(map(str, texts)) for name, texts in form.errors.items()})
        return form, step


def _as_typed(name: str, value: Any) -> Any:
    """As a browser would send it; an unknown slug becomes a choice that nobody offers."""
    if name in BY_SLUG and value:
        return BY_SLUG[name].objects.filter(slug=str(value)).values_list("pk", flat=True).first() or 0
    return value

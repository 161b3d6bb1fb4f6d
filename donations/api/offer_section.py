"""A section of an offer as a program writes it."""

from rest_framework import serializers

from donations.api.section import SectionOf
from donations.forms.offer import FORMS
from donations.offer_steps import STEPS


class SectionSerializer(SectionOf):
    """A section with those of its values that change; `version` is that of the text which was read.

    `done` says whether the section is finished; left out, that stays as it is. Categories and organisations go by
    their slug; features that can be compared are `feature_<key>` of the section `condition`.
    """

    steps, forms = STEPS, FORMS
    section = serializers.ChoiceField(choices=[(name, name) for name in FORMS])

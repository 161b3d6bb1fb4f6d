"""Beginning a need, and a section of one, as a program writes them."""

from typing import Any

from rest_framework import serializers

from calls.models import Award
from donations.api.section import SectionOf
from donations.forms.need import FORMS
from donations.need_steps import STEPS
from portal.accounts.enums import OrganisationState
from portal.accounts.models import Organisation


class NeedSectionSerializer(SectionOf):
    """A section with those of its values that change; `version` is that of the text which was read.

    `done` says whether the section is finished; left out, that stays as it is. Categories go by their slug; of the
    section `must`, `least_<key>`, `most_<key>` and `must_<key>` ("must", "nice" or empty) ask for a feature.
    """

    steps, forms = STEPS, FORMS
    section = serializers.ChoiceField(choices=[(name, name) for name in FORMS])


class NeedStartSerializer(serializers.Serializer[Any]):
    """For which organisation, and from which award of an equipment call if it is from one."""

    organisation = serializers.SlugRelatedField[Organisation](
        "slug", queryset=Organisation.objects.filter(state=OrganisationState.VERIFIED)
    )
    award = serializers.CharField(required=False, default="", max_length=12, help_text="ref")

    def award_of(self, person: Any) -> Award | None:
        """The award that is named; raises ValidationError where `person` sees none."""
        ref = self.validated_data["award"]
        if not ref:
            return None
        field = serializers.SlugRelatedField[Award]("ref", queryset=Award.objects.visible_to(person).for_list())
        try:
            found: Award = field.to_internal_value(ref)
        except serializers.ValidationError as error:
            raise serializers.ValidationError({"award": error.detail}) from error
        return found

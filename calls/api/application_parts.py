"""The parts of an application as programs read and write them."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.reverse import reverse

from calls.enums import Hazard, TeamRole
from calls.models import ApplicationSample, Attachment, Endorsement, TeamMember
from portal.core.files import CheckedFile, check_upload


class ApplicationSampleSerializer(serializers.ModelSerializer[ApplicationSample]):
    """A declared sample; `id` is its address part below `samples/`."""

    hazards = serializers.ListField(
        child=serializers.ChoiceField(choices=Hazard.choices), default=list, max_length=len(Hazard)
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Words about hazards stand beside a hazard, as on the page."""
        hazards, words = (attrs.get(name, getattr(self.instance, name, "")) for name in ("hazards", "hazard_words"))
        if words and not hazards:
            raise serializers.ValidationError({"hazards": _("Tick the hazard that you describe.")}, code="required")
        return attrs

    class Meta:
        model = ApplicationSample
        fields = [
            "id", "label", "composition", "form", "quantity", "hazards", "hazard_words", "is_return_wanted",
        ]  # fmt: skip


class MemberSerializer(serializers.ModelSerializer[TeamMember]):
    """A co-applicant; `id` is its address part below `team/`. `name` is empty until the invitation is accepted.

    From then on `address` is for the applicant and staff alone, and empty for everybody else, as on the pages.
    """

    name = serializers.CharField(source="user.name", default="", read_only=True)

    class Meta:
        model = TeamMember
        fields: Any = ["id", "address", "role", "name", "accepted_at"]
        read_only_fields = fields

    def to_representation(self, instance: TeamMember) -> dict[str, Any]:
        shown = super().to_representation(instance)
        reader = self.context["request"].user if "request" in self.context else None
        is_for = reader is None or reader.is_staff or reader.pk == instance.application.applicant_id
        return shown if is_for or instance.accepted_at is None else shown | {"address": ""}


class InviteSerializer(serializers.Serializer[Any]):
    """Whom to invite by mail; whether the address has an account is not said."""

    address = serializers.EmailField(max_length=254)
    role = serializers.ChoiceField(choices=TeamRole.choices, default=TeamRole.VIEW)


class RoleSerializer(serializers.Serializer[Any]):
    role = serializers.ChoiceField(choices=TeamRole.choices)


class UploadSerializer(serializers.Serializer[Any]):
    """A form with one file: PDF, JPEG, PNG or WebP, up to 10 MB, checked as on the page."""

    file = serializers.FileField()

    def validate_file(self, sent: Any) -> CheckedFile:
        return check_upload(sent)


class AttachmentSerializer(serializers.ModelSerializer[Attachment]):
    """A kept file; `id` is its address part below `attachments/`, `url` where to fetch it."""

    url = serializers.SerializerMethodField()

    class Meta:
        model = Attachment
        fields: Any = ["id", "name", "content_type", "size", "sha256", "url"]
        read_only_fields = fields

    def get_url(self, attachment: Attachment) -> str:
        names = [attachment.application.ref, attachment.pk]
        return reverse("api:application-attachment", args=names, request=self.context.get("request"))


class EndorsementSerializer(serializers.ModelSerializer[Endorsement]):
    """`is_given` is null until it is answered."""

    class Meta:
        model = Endorsement
        fields: Any = ["is_given", "note", "at"]
        read_only_fields = fields


class AnswerSerializer(serializers.Serializer[Any]):
    """The focal point's answer; a no needs a note."""

    is_given = serializers.BooleanField()
    note = serializers.CharField(required=False, allow_blank=True, max_length=1000, default="")

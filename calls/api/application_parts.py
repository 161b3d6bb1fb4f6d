"""The parts of an application as programs read and write them."""

from typing import Any

from django.urls import reverse
from rest_framework import serializers

from calls.enums import Hazard
from calls.models import ApplicationSample, Attachment, Endorsement, TeamMember


class SampleSerializer(serializers.ModelSerializer[ApplicationSample]):
    """A declared sample; `id` is its address part below `samples/`."""

    hazards = serializers.ListField(
        child=serializers.ChoiceField(choices=Hazard.choices), default=list, max_length=len(Hazard)
    )

    class Meta:
        model = ApplicationSample
        fields = [
            "id", "label", "composition", "form", "quantity", "hazards", "hazard_words", "is_return_wanted",
        ]  # fmt: skip


class MemberSerializer(serializers.ModelSerializer[TeamMember]):
    """A co-applicant. `name` is empty until the invitation is accepted."""

    name = serializers.CharField(source="user.name", default="", read_only=True)

    class Meta:
        model = TeamMember
        fields: Any = ["address", "role", "name", "accepted_at"]
        read_only_fields = fields


class AttachmentSerializer(serializers.ModelSerializer[Attachment]):
    url = serializers.SerializerMethodField()

    class Meta:
        model = Attachment
        fields: Any = ["name", "content_type", "size", "sha256", "url"]
        read_only_fields = fields

    def get_url(self, attachment: Attachment) -> str:
        """The page's address, which asks for a session."""
        return reverse("applications:file", args=[attachment.application.ref, attachment.pk])


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

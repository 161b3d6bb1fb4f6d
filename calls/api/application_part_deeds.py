"""Deeds of programs with the parts of an application: its samples, files and team."""

from typing import Any

from django.http import FileResponse
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.parsers import MultiPartParser
from rest_framework.response import Response

from calls.actions.application import attachments as file_deeds
from calls.actions.application import samples as sample_deeds
from calls.actions.application import team as team_deeds
from calls.api.application_parts import (
    ApplicationSampleSerializer,
    AttachmentSerializer,
    InviteSerializer,
    MemberSerializer,
    RoleSerializer,
    UploadSerializer,
)
from calls.enums import TeamRole
from calls.models import Attachment
from portal.accounts.requests import SignedInApiRequest
from portal.core.files import handed_out

PK = r"(?P<pk>\d{1,18})"


class AnyAnswer(BaseContentNegotiation):
    """A file is what it is, whatever type the program would rather have; what is refused is told as JSON."""

    def select_renderer(self, request: Any, renderers: Any, format_suffix: Any = None) -> Any:
        return renderers[0], renderers[0].media_type

    def select_parser(self, request: Any, parsers: Any) -> Any:
        return next(iter(parsers), None)


class PartDeeds:
    """Mixin of the applications' viewset."""

    get_object: Any
    get_serializer_context: Any

    @extend_schema(request=ApplicationSampleSerializer, responses={201: ApplicationSampleSerializer})
    @action(detail=True, methods=["post"])
    def samples(self, request: SignedInApiRequest, ref: str) -> Response:
        """Declare a sample."""
        added = sample_deeds.add_sample(
            self.get_object(), _valid(ApplicationSampleSerializer, request), by=request.user
        )
        return Response(ApplicationSampleSerializer(added).data, status=201)

    @extend_schema(request=None, responses={204: None})
    @action(detail=True, methods=["delete"], url_path=f"samples/{PK}")
    def sample(self, request: SignedInApiRequest, ref: str, pk: str) -> Response:
        """Take a declared sample off the list."""
        sample = get_object_or_404(self.get_object().samples, pk=pk)
        sample_deeds.remove_sample(sample, by=request.user)
        return Response(status=204)

    @extend_schema(request=ApplicationSampleSerializer(partial=True), responses=ApplicationSampleSerializer)
    @sample.mapping.patch
    def change_sample(self, request: SignedInApiRequest, ref: str, pk: str) -> Response:
        """Correct a declared sample; what is left out stays as it is."""
        sample = get_object_or_404(self.get_object().samples, pk=pk)
        fields = _valid(ApplicationSampleSerializer, request, sample)
        return Response(ApplicationSampleSerializer(sample_deeds.change_sample(sample, fields, by=request.user)).data)

    @extend_schema(request={"multipart/form-data": UploadSerializer}, responses={201: AttachmentSerializer})
    @action(detail=True, methods=["post"], parser_classes=[MultiPartParser])
    def attachments(self, request: SignedInApiRequest, ref: str) -> Response:
        """Attach a file."""
        application = self.get_object()
        kept = file_deeds.attach(application, _valid(UploadSerializer, request)["file"], by=request.user)
        return Response(AttachmentSerializer(kept, context=self.get_serializer_context()).data, status=201)

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    @action(detail=True, methods=["get"], url_path=f"attachments/{PK}", content_negotiation_class=AnyAnswer)
    def attachment(self, request: SignedInApiRequest, ref: str, pk: str) -> FileResponse:
        """The file itself; without its name to those who review without names."""
        shown = Attachment.objects.visible_to(request.user)
        file: Any = get_object_or_404(shown, application__ref=ref, pk=pk)
        return handed_out(file.file, file.name if file.is_named else file.blind_name, file.content_type)

    @extend_schema(request=None, responses={204: None})
    @attachment.mapping.delete
    def remove_attachment(self, request: SignedInApiRequest, ref: str, pk: str) -> Response:
        """Take a file away, while the application is with its people."""
        file_deeds.detach(get_object_or_404(self.get_object().attachments, pk=pk), by=request.user)
        return Response(status=204)

    @extend_schema(request=InviteSerializer, responses={201: MemberSerializer})
    @action(detail=True, methods=["post"])
    def team(self, request: SignedInApiRequest, ref: str) -> Response:
        """Invite a co-applicant by mail; the mail's link is how they accept."""
        sent = _valid(InviteSerializer, request)
        member = team_deeds.invite(self.get_object(), sent["address"], TeamRole(sent["role"]), by=request.user)
        return Response(MemberSerializer(member).data, status=201)

    @extend_schema(request=None, responses={204: None})
    @action(detail=True, methods=["delete"], url_path=f"team/{PK}")
    def member(self, request: SignedInApiRequest, ref: str, pk: str) -> Response:
        """Take somebody out of the team, or an invitation back."""
        team_deeds.remove(get_object_or_404(self.get_object().team, pk=pk), by=request.user)
        return Response(status=204)

    @extend_schema(request=RoleSerializer, responses=MemberSerializer)
    @member.mapping.patch
    def change_member(self, request: SignedInApiRequest, ref: str, pk: str) -> Response:
        """Let a co-applicant write, or read only."""
        member = get_object_or_404(self.get_object().team, pk=pk)
        role = TeamRole(_valid(RoleSerializer, request)["role"])
        return Response(MemberSerializer(team_deeds.change_role(member, role, by=request.user)).data)

    @extend_schema(request=None, responses={204: None})
    @action(detail=True, methods=["post"])
    def leave(self, request: SignedInApiRequest, ref: str) -> Response:
        """Take part no longer, as a co-applicant."""
        team_deeds.leave(self.get_object(), by=request.user)
        return Response(status=204)


def _valid(serializer_class: Any, request: SignedInApiRequest, row: Any = None) -> dict[str, Any]:
    """What was sent, checked; of `row` only what changes."""
    serializer = serializer_class(row, data=request.data, partial=row is not None)
    serializer.is_valid(raise_exception=True)
    return dict(serializer.validated_data)

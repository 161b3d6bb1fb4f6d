"""Stories for programs: what the public list and page show, with the same filters; begin, write and send one in."""

from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import get_language
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.permissions import IsAuthenticated, IsAuthenticatedOrReadOnly
from rest_framework.response import Response

from calls.eligibility import codes
from portal.accounts.requests import SignedInApiRequest
from portal.api.conditional import ConditionalReads
from portal.api.idempotency import IdempotentPosts
from portal.core.dois import address_of
from portal.stories.actions import story as actions
from portal.stories.api.story_written import (
    ArchiveSerializer,
    EditionSerializer,
    StoryTextSerializer,
    WritingSerializer,
)
from portal.stories.enums import PictureFormat, StoryKind, StoryState
from portal.stories.models import Picture, Story
from portal.stories.story_links import SORTS, Link, links_of


class StorySerializer(serializers.ModelSerializer[Story]):
    """Texts in the language that Accept-Language asks for, else in English."""

    techniques: Any = serializers.SlugRelatedField[Any]("slug", many=True, read_only=True)
    countries = serializers.SerializerMethodField()
    url = serializers.HyperlinkedIdentityField("api:story-detail", lookup_field="slug")

    class Meta:
        model = Story
        fields = [
            "slug", "kind", "state", "title", "summary", "byline", "countries", "techniques", "published_at", "url",
        ]  # fmt: skip
        read_only_fields = fields

    def get_countries(self, story: Story) -> list[str]:
        """ISO 3166 codes."""
        return codes(story.countries)


class StoryPictureSerializer(serializers.ModelSerializer[Picture]):
    """`url`: a JPEG of at most 1080 points, null until it is drawn."""

    url = serializers.SerializerMethodField()

    class Meta:
        model = Picture
        fields = ["alt", "caption", "credit", "url"]

    def get_url(self, picture: Picture) -> str | None:
        shown = picture.drawn_as(PictureFormat.JPEG)
        return settings.SITE_URL + shown.get_absolute_url() if shown else None


class StoryLinkSerializer(serializers.Serializer[Any]):
    sort = serializers.ChoiceField(choices=list(SORTS))
    name = serializers.CharField()
    page = serializers.CharField(help_text="Its page, for people")


class StoryDetailSerializer(StorySerializer):
    """`body` is Markdown; `dois` are addresses; `writing` is null for all but its sender and staff."""

    dois = serializers.SerializerMethodField()
    pictures = StoryPictureSerializer(many=True, read_only=True)
    links = serializers.SerializerMethodField()
    page = serializers.SerializerMethodField(help_text="For people")
    writing = serializers.SerializerMethodField()

    class Meta(StorySerializer.Meta):
        fields = [*StorySerializer.Meta.fields, "body", "dois", "pictures", "links", "page", "writing"]
        read_only_fields = fields

    def get_dois(self, story: Story) -> list[str]:
        return [address_of(doi) for doi in story.dois]

    @extend_schema_field(StoryLinkSerializer(many=True))
    def get_links(self, story: Story) -> list[dict[str, str]]:
        found = links_of(story, self.context["request"].user)
        return [_as_data(link) for links in found.values() for link in links]

    def get_page(self, story: Story) -> str:
        return settings.SITE_URL + story.get_absolute_url()

    @extend_schema_field(WritingSerializer(allow_null=True))
    def get_writing(self, story: Story) -> dict[str, Any] | None:
        person = self.context["request"].user
        is_insider = person.is_authenticated and (person.is_staff or story.sent_by_id == person.pk)
        return WritingSerializer(story).data if is_insider else None


class StoryFilterSet(filters.FilterSet):
    kind = filters.ChoiceFilter(choices=StoryKind.choices)
    technique = filters.CharFilter(method="of_technique", label="slug; what is below it in the tree counts")
    country = filters.CharFilter(method="in_country", max_length=2, label="ISO 3166 code")
    own = filters.BooleanFilter(method="only_own", label="true: what you sent in or are writing, in any state")
    q = filters.CharFilter(method="matching", max_length=200, label="words, in the language of Accept-Language")

    class Meta:
        model = Story
        fields: list[str] = []

    def of_technique(self, rows: Any, name: str, slug: str) -> Any:
        return rows.of_technique(slug)

    def in_country(self, rows: Any, name: str, code: str) -> Any:
        return rows.in_country(code.upper())

    def only_own(self, rows: Any, name: str, wanted: bool) -> Any:
        if not wanted:
            return rows
        return rows.sent_by(self.request.user) if self.request.user.is_authenticated else rows.none()

    def matching(self, rows: Any, name: str, text: str) -> Any:
        return rows.matching(text, get_language() or "en")


class StoryViewSet(ConditionalReads, IdempotentPosts, viewsets.ReadOnlyModelViewSet[Story]):
    """Published stories, and with `own=true` yours. POST begins a draft, PATCH writes in it, the deeds are below it.

    People shown in it and pictures are named and sent on its page.
    """

    permission_classes = [IsAuthenticatedOrReadOnly]
    lookup_field = "slug"
    filterset_class = StoryFilterSet

    def get_queryset(self) -> QuerySet[Story]:
        rows: QuerySet[Story] = Story.objects.visible_to(self.request.user).prefetch_related("techniques")
        if self.action != "list":
            return rows.prefetch_related("pictures__variants")
        is_own = self.request.query_params.get("own", "").lower() == "true"
        return rows if is_own else rows.filter(state=StoryState.PUBLISHED)

    def get_serializer_class(self) -> type[StorySerializer]:
        return StorySerializer if self.action == "list" else StoryDetailSerializer

    @extend_schema(request=StoryTextSerializer, responses={201: StoryDetailSerializer})
    def create(self, request: SignedInApiRequest) -> Response:
        """Begin a draft. The same once more is the same draft; staff write for the programme."""
        form = _valid(StoryTextSerializer, request).form_for(request.user)
        sender = None if request.user.is_staff else request.user
        story = actions.begin_story(by=request.user, sender=sender, links=form.links(), **form.columns())
        return self._shown(story, 201)

    @extend_schema(request=StoryTextSerializer, responses=StoryDetailSerializer)
    def partial_update(self, request: SignedInApiRequest, slug: str) -> Response:
        """Change what is sent; 409 where somebody else did since the version that was read."""
        story = self.get_object()
        form = _valid(StoryTextSerializer, request).form_for(request.user, story)
        version = form.typed_version
        return self._shown(
            actions.edit_story(story, version=version, by=request.user, links=form.links(), **form.columns())
        )

    @extend_schema(request=EditionSerializer, responses=StoryDetailSerializer)
    @action(detail=True, methods=["post"], permission_classes=[IsAuthenticated])
    def send(self, request: SignedInApiRequest, slug: str) -> Response:
        """Give the draft to staff; twice is once."""
        edition = _valid(EditionSerializer, request).validated_data["edition"]
        return self._shown(actions.send_story(self.get_object(), by=request.user, edition=edition))

    @extend_schema(request=EditionSerializer, responses=StoryDetailSerializer)
    @action(detail=True, methods=["post"], permission_classes=[IsAuthenticated])
    def agree(self, request: SignedInApiRequest, slug: str) -> Response:
        """Agree, as whoever sent it in, to be shown in this edition of it."""
        story = self.get_object()
        actions.agree(story, by=request.user, edition=_valid(EditionSerializer, request).validated_data["edition"])
        return self._shown(story)

    @extend_schema(request=ArchiveSerializer, responses=StoryDetailSerializer)
    @action(detail=True, methods=["post"], permission_classes=[IsAuthenticated])
    def archive(self, request: SignedInApiRequest, slug: str) -> Response:
        """Take it off, or put a draft away, for good; all but a draft with the reason."""
        sent = _valid(ArchiveSerializer, request).validated_data
        return self._shown(actions.archive_story(self.get_object(), by=request.user, **sent))

    def _shown(self, story: Story, status: int = 200) -> Response:
        """As it is now, to whoever did the deed."""
        row = self.get_queryset().get(pk=story.pk)
        return Response(StoryDetailSerializer(row, context=self.get_serializer_context()).data, status)


def _valid(serializer_class: Any, request: SignedInApiRequest) -> Any:
    serializer = serializer_class(data=request.data)
    serializer.is_valid(raise_exception=True)
    return serializer


def _as_data(link: Link) -> dict[str, str]:
    return {"sort": link.sort, "name": link.words, "page": settings.SITE_URL + link.url}

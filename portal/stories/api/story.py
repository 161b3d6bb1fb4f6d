"""Stories for programs: what the public list and page show, read only, with the same filters."""

from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import get_language
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers, viewsets

from calls.eligibility import codes
from portal.api.conditional import ConditionalReads
from portal.core.dois import address_of
from portal.stories.enums import PictureFormat, StoryKind
from portal.stories.models import Picture, Story
from portal.stories.story_links import SORTS, Link, links_of


class StorySerializer(serializers.ModelSerializer[Story]):
    """Texts in the language that Accept-Language asks for, else in English."""

    techniques: Any = serializers.SlugRelatedField[Any]("slug", many=True, read_only=True)
    countries = serializers.SerializerMethodField()
    url = serializers.HyperlinkedIdentityField("api:story-detail", lookup_field="slug")

    class Meta:
        model = Story
        fields = ["slug", "kind", "title", "summary", "byline", "countries", "techniques", "published_at", "url"]
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
    """`body` is Markdown; `dois` are addresses."""

    dois = serializers.SerializerMethodField()
    pictures = StoryPictureSerializer(many=True, read_only=True)
    links = serializers.SerializerMethodField()
    page = serializers.SerializerMethodField(help_text="For people")

    class Meta(StorySerializer.Meta):
        fields = [*StorySerializer.Meta.fields, "body", "dois", "pictures", "links", "page"]
        read_only_fields = fields

    def get_dois(self, story: Story) -> list[str]:
        return [address_of(doi) for doi in story.dois]

    @extend_schema_field(StoryLinkSerializer(many=True))
    def get_links(self, story: Story) -> list[dict[str, str]]:
        found = links_of(story, self.context["request"].user)
        return [_as_data(link) for links in found.values() for link in links]

    def get_page(self, story: Story) -> str:
        return settings.SITE_URL + story.get_absolute_url()


class StoryFilterSet(filters.FilterSet):
    kind = filters.ChoiceFilter(choices=StoryKind.choices)
    technique = filters.CharFilter(method="of_technique", label="slug; what is below it in the tree counts")
    country = filters.CharFilter(method="in_country", max_length=2, label="ISO 3166 code")
    q = filters.CharFilter(method="matching", max_length=200, label="words, in the language of Accept-Language")

    class Meta:
        model = Story
        fields: list[str] = []

    def of_technique(self, rows: Any, name: str, slug: str) -> Any:
        return rows.of_technique(slug)

    def in_country(self, rows: Any, name: str, code: str) -> Any:
        return rows.in_country(code.upper())

    def matching(self, rows: Any, name: str, text: str) -> Any:
        return rows.matching(text, get_language() or "en")


class StoryViewSet(ConditionalReads, viewsets.ReadOnlyModelViewSet[Story]):
    """Published stories."""

    lookup_field = "slug"
    filterset_class = StoryFilterSet

    def get_queryset(self) -> QuerySet[Story]:
        rows: QuerySet[Story] = Story.objects.published().prefetch_related("techniques")
        return rows if self.action == "list" else rows.prefetch_related("pictures__variants")

    def get_serializer_class(self) -> type[StorySerializer]:
        return StorySerializer if self.action == "list" else StoryDetailSerializer


def _as_data(link: Link) -> dict[str, str]:
    return {"sort": link.sort, "name": link.words, "page": settings.SITE_URL + link.url}

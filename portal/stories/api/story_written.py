"""A story as a program writes it. What was sent is cleaned by the form of the page."""

from typing import Any

from rest_framework import serializers

from instruments.models import Technique
from portal.stories.completeness import missing_to_publish, missing_to_send
from portal.stories.enums import StoryKind, StoryState
from portal.stories.forms.story import LANGUAGES, LONG_TEXT, NAMED, TEXT, StoryForm
from portal.stories.models import Story

LINES = (*NAMED, "dois")  # on the page one a line
LONGEST_WHY = 1000


def _text(longest: int) -> serializers.CharField:
    return serializers.CharField(required=False, allow_blank=True, max_length=longest)


def _several(longest: int, most: int) -> serializers.ListField:
    return serializers.ListField(child=serializers.CharField(max_length=longest), required=False, max_length=most)


class StoryTextSerializer(serializers.Serializer[Any]):
    """What is written of a story: those fields that change. `body_*` are Markdown.

    `version` is that of the text which was edited. Techniques go by their slugs, countries by their ISO 3166 codes;
    instruments, calls, events and organisations by their slugs, names or the addresses of their pages.
    """

    version = serializers.IntegerField(required=False, default=0, min_value=0, max_value=2**31)
    title_en, title_fr = _text(160), _text(160)
    summary_en, summary_fr = _text(300), _text(300)
    body_en, body_fr = _text(LONG_TEXT), _text(LONG_TEXT)
    kind = serializers.ChoiceField(choices=StoryKind.choices, required=False)
    byline = _text(200)
    shows_people = serializers.BooleanField(required=False, help_text="Whether people can be recognised in it")
    countries = _several(2, 250)
    techniques = _several(80, 100)
    instruments, calls, events, organisations = (_several(250, 20) for _each in NAMED)
    dois = _several(220, 50)

    def form_for(self, person: Any, story: Story | None = None) -> StoryForm:
        """The valid form; what was not sent is as it is. Raises ValidationError with the fields' names."""
        given = dict(self.validated_data)
        held = StoryForm(person=person, story=story)
        typed = {name: held[name].value() for name in held.fields}
        typed |= {name: _as_typed(name, value) for name, value in given.items()}
        form = StoryForm(typed, person=person, story=story, later=story is None or story.shows_people is None)
        if not form.is_valid():
            raise serializers.ValidationError({name: list(map(str, said)) for name, said in form.errors.items()})
        return form


class EditionSerializer(serializers.Serializer[Any]):
    """Which edition the person looked at."""

    edition = serializers.IntegerField(min_value=0, max_value=2**31)


class ArchiveSerializer(EditionSerializer):
    why = serializers.CharField(required=False, allow_blank=True, max_length=LONGEST_WHY, default="")


class WritingSerializer(serializers.Serializer[Any]):
    """What whoever writes a story sees of it. `missing`: what stands between it and its next step, in sentences."""

    version = serializers.IntegerField()
    edition = serializers.IntegerField()
    note = serializers.CharField(source="state_note", help_text="What staff said when they gave it back")
    shows_people = serializers.BooleanField(allow_null=True)
    texts = serializers.SerializerMethodField(help_text="Title, summary and text in each language")
    missing = serializers.SerializerMethodField()

    def get_texts(self, story: Story) -> dict[str, str]:
        names = [f"{name}_{language}" for name in TEXT for language in LANGUAGES]
        return {name: getattr(story, name) or "" for name in names}

    def get_missing(self, story: Story) -> list[str]:
        lacks = missing_to_send if story.state == StoryState.DRAFT else missing_to_publish
        return [lack.message for lack in lacks(story)]


def _as_typed(name: str, value: Any) -> Any:
    """As a browser would send it; an unknown technique becomes a choice that nobody offers."""
    if name == "techniques":
        known = dict(Technique.objects.filter(slug__in=value).values_list("slug", "pk"))
        return [known.get(slug, 0) for slug in value]
    if name in LINES:
        return "\n".join(" ".join(line.split()) for line in value)
    return [code.upper() for code in value] if name == "countries" else str(value)

"""What a story lacks before it can be sent in, and before everybody may read it."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from portal.core.errors import Reason
from portal.stories.enums import PictureState
from portal.stories.models import Picture, Story

LANGUAGES = ("en", "fr")


@dataclass(frozen=True)
class Lack(Reason):
    """A reason with the page that mends it: text, people or pictures."""

    page: str = ""


def missing_to_send(story: Story) -> list[Lack]:
    """Everything that keeps `story` from being sent in, each a sentence: one language is enough."""
    return [*_any_text(story), *_people_named(story)]


def missing_to_publish(story: Story) -> list[Lack]:
    """Everything that keeps `story` from being published, each a sentence; empty when nothing does."""
    return [*_texts(story), *_people(story), *_pictures(story)]


def _any_text(story: Story) -> Iterator[Lack]:
    if not any(_says(story, "title", language) and _says(story, "body", language) for language in LANGUAGES):
        yield Lack("no_text", _("Write a title and the text, in English or in French."), "text")


def _people_named(story: Story) -> Iterator[Lack]:
    if story.shows_people is None:
        yield Lack("people_unanswered", _("Say whether people can be recognised in it."), "text")
    elif story.shows_people and not story.consents.exists():
        yield Lack("nobody_named", _("Name the people who can be recognised in it."), "people")


def _texts(story: Story) -> Iterator[Lack]:
    sentences = {
        ("title", "en"): _("The title in English is missing."),
        ("title", "fr"): _("The title in French is missing."),
        ("summary", "en"): _("The summary in English is missing."),
        ("summary", "fr"): _("The summary in French is missing."),
    }
    for (field, language), sentence in sentences.items():
        if not _says(story, field, language):
            yield Lack(f"no_{field}_{language}", sentence, "text")
    if not any(_says(story, "body", language) for language in LANGUAGES):
        yield Lack("no_body", _("The text is missing."), "text")


def _people(story: Story) -> Iterator[Lack]:
    yield from _people_named(story)
    if (story.outcome_id or story.follow_up_id) and story.shows_people is False and not story.consents.exists():
        sentence = _("Whoever offered this story has to agree to it: name them among the people shown.")
        yield Lack("giver_unasked", sentence, "people")
    for consent in story.consents.missing():
        values = {"name": consent.name}
        sentence = _("%(name)s has not agreed to be shown.") % values
        if consent.withdrawn_at:
            sentence = _("%(name)s does not agree to be shown any more.") % values
        elif consent.asked_again_at:
            sentence = _("%(name)s agreed before the story was changed and has to agree again.") % values
        yield Lack("no_consent", sentence, "people")


def _pictures(story: Story) -> Iterator[Lack]:
    for number, picture in enumerate(story.pictures.all(), 1):
        values = {"number": number}
        if not all(_describes(picture, language) for language in LANGUAGES):
            sentence = _("Say what picture %(number)d shows, in English and in French.") % values
            yield Lack("no_alt", sentence, "pictures")
        if picture.state == PictureState.WAITING:
            sentence = _("Picture %(number)d is still being prepared. Wait a minute and try again.") % values
            yield Lack("picture_waiting", sentence, "pictures")
        if picture.state == PictureState.FAILED:
            sentence = _("Picture %(number)d could not be prepared. Take it out, or send another.") % values
            yield Lack("picture_failed", sentence, "pictures")


def _says(story: Story, field: str, language: str) -> bool:
    """Whether a text in one language holds anything; a language nobody wrote in is null."""
    return bool((getattr(story, f"{field}_{language}") or "").strip())


def _describes(picture: Picture, language: str) -> bool:
    return bool((getattr(picture, f"alt_{language}") or "").strip())

"""What staff write in several languages."""

from modeltranslation.translator import TranslationOptions, register

from portal.stories.models import Event, Page, Picture, Story


@register(Page)
class PageTranslation(TranslationOptions):
    fields = ("title", "summary", "body")


@register(Story)
class StoryTranslation(TranslationOptions):
    fields = ("title", "summary", "body")


@register(Event)
class EventTranslation(TranslationOptions):
    fields = ("title", "summary", "body")


@register(Picture)
class PictureTranslation(TranslationOptions):
    fields = ("alt", "caption")

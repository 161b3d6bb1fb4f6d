"""What staff write in several languages."""

from modeltranslation.translator import TranslationOptions, register

from calls.models import Call


@register(Call)
class CallTranslation(TranslationOptions):
    fields = ("title", "summary", "description", "covers")

"""What staff write in several languages."""

from modeltranslation.translator import TranslationOptions, register

from calls.models import Call, Criterion


@register(Call)
class CallTranslation(TranslationOptions):
    fields = ("title", "summary", "description", "covers", "priority_why")


@register(Criterion)
class CriterionTranslation(TranslationOptions):
    fields = ("name", "hint")

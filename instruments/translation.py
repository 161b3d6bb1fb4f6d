"""What staff write in several languages."""

from modeltranslation.translator import TranslationOptions, register

from instruments.models import EquipmentCategory, Instrument, Technique


@register(Technique)
class TechniqueTranslation(TranslationOptions):
    fields = ("name", "summary")


@register(EquipmentCategory)
class EquipmentCategoryTranslation(TranslationOptions):
    fields = ("name",)


@register(Instrument)
class InstrumentTranslation(TranslationOptions):
    fields = ("name", "summary", "description", "sample_requirements", "specifications")

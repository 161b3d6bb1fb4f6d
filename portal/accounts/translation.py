"""What staff write in several languages."""

from modeltranslation.translator import TranslationOptions, register

from portal.accounts.models import Organisation


@register(Organisation)
class OrganisationTranslation(TranslationOptions):
    fields = ("summary",)

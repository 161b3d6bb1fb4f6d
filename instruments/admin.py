"""Instruments in the back office: looked up and repaired; what actions write is read-only here."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from modeltranslation.admin import TranslationAdmin

from instruments import actions
from instruments.actions import training
from instruments.actions.reference import place_technique
from instruments.models import (
    Agreement,
    Certificate,
    Closure,
    EquipmentCategory,
    Instrument,
    OpeningHours,
    Policy,
    Technique,
    Training,
    TrainingPlace,
    TrainingWish,
    Unit,
)
from portal.accounts.requests import SignedInRequest
from portal.core.admin_site import KeptWhileUsed, ReadOnlyAdmin, ReadOnlyTable, RepairOnly, do_to_each


@admin.register(Technique)
class TechniqueAdmin(KeptWhileUsed, TranslationAdmin):
    list_display = ["name", "slug", "path", "position"]
    search_fields = ["slug", "name_en", "name_fr"]
    autocomplete_fields = ["parent"]
    readonly_fields = ["path"]

    def save_model(self, request: HttpRequest, obj: Technique, form: Any, change: bool) -> None:
        """Its path follows from what it belongs to, and so do those of all below it."""
        place_technique(obj)


@admin.register(EquipmentCategory)
class EquipmentCategoryAdmin(KeptWhileUsed, TranslationAdmin):
    list_display = ["name", "slug", "position"]
    search_fields = ["slug", "name_en", "name_fr"]


class UnitInline(ReadOnlyTable):
    model = Unit


class OpeningHoursInline(ReadOnlyTable):
    model = OpeningHours


class PolicyInline(ReadOnlyTable):
    model = Policy


@admin.register(Instrument)
class InstrumentAdmin(RepairOnly, TranslationAdmin):
    list_display = ["name", "organisation", "place", "access_mode", "state", "updated_at"]
    list_filter = ["state", "access_mode", "techniques"]
    list_select_related = ["organisation"]
    search_fields = ["slug", "name_en", "name_fr", "maker", "model", "place", "organisation__name"]
    autocomplete_fields = ["organisation", "techniques"]
    readonly_fields = ["state", "state_note", "proposed_by", "created_at", "updated_at"]
    inlines = [UnitInline, OpeningHoursInline, PolicyInline]
    actions = ["list_them", "suspend_them", "resume_them"]

    def save_model(self, request: HttpRequest, obj: Instrument, form: Any, change: bool) -> None:
        """Write through the action: the same lock, checks and history as at the desk."""
        typed = {name: form.cleaned_data[name] for name in form.changed_data if name != "techniques"}
        techniques = form.cleaned_data["techniques"] if "techniques" in form.changed_data else None
        actions.update_instrument(obj, by=request.user, techniques=techniques, **typed)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """The action has written the techniques; the inlines are read-only and write nothing here."""
        for formset in formsets:
            formset.save()

    @admin.action(description=_("List them"))
    def list_them(self, request: SignedInRequest, rows: QuerySet[Instrument]) -> None:
        do_to_each(request, rows, lambda row: actions.list_instrument(row, by=request.user))

    @admin.action(description=_("Suspend them, from the back office"))
    def suspend_them(self, request: SignedInRequest, rows: QuerySet[Instrument]) -> None:
        why = str(_("Suspended by the administrators."))
        do_to_each(request, rows, lambda row: actions.suspend_instrument(row, by=request.user, why=why))

    @admin.action(description=_("Resume them"))
    def resume_them(self, request: SignedInRequest, rows: QuerySet[Instrument]) -> None:
        do_to_each(request, rows, lambda row: actions.resume_instrument(row, by=request.user))


@admin.register(Agreement)
class AgreementAdmin(ReadOnlyAdmin):
    list_display = ["ref", "instrument", "organisation", "starts_on", "ends_on", "signatory", "state"]
    list_filter = ["state"]
    list_select_related = ["instrument", "organisation"]
    search_fields = ["ref", "instrument__slug", "organisation__name", "signatory"]


@admin.register(Closure)
class ClosureAdmin(ReadOnlyAdmin):
    list_display = ["instrument", "unit", "period", "reason"]
    search_fields = ["instrument__slug", "instrument__name_en", "reason"]
    list_select_related = ["instrument", "unit__instrument"]


class TrainingPlaceInline(ReadOnlyTable):
    model = TrainingPlace
    raw_id_fields = ["user"]


@admin.register(Training)
class TrainingAdmin(ReadOnlyAdmin):
    list_display = ["title", "organisation", "instrument", "technique", "starts_at", "state"]
    list_filter = ["state"]
    list_select_related = ["organisation", "instrument", "technique"]
    search_fields = ["ref", "title", "organisation__name", "instrument__slug"]
    inlines = [TrainingPlaceInline]


@admin.register(TrainingWish)
class TrainingWishAdmin(ReadOnlyAdmin):
    list_display = ["user", "instrument", "state", "created_at"]
    list_filter = ["state"]
    list_select_related = ["user", "instrument"]
    search_fields = ["user__name", "user__email", "instrument__slug"]


@admin.register(Certificate)
class CertificateAdmin(ReadOnlyAdmin):
    list_display = ["code", "name", "organisation", "instrument", "technique", "issued_on", "valid_until", "revoked_at"]
    list_select_related = ["organisation", "instrument", "technique"]
    search_fields = ["code", "name", "person__email", "organisation__name"]
    actions = ["revoke_them"]

    @admin.action(description=_("Revoke them, from the back office"))
    def revoke_them(self, request: SignedInRequest, rows: QuerySet[Certificate]) -> None:
        why = str(_("Revoked by the administrators."))
        do_to_each(request, rows, lambda row: training.revoke_certificate(row, by=request.user, why=why))

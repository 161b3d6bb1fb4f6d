"""Declare interest through the API: the answer is the same whether or not the address is known."""

from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django_countries import countries
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from calls.actions.interest import Criteria, declare
from calls.enums import CallKind, Combine, Standing
from calls.forms.interest import IMPOSSIBLE, NOTE_LENGTH, OFFERING_LENGTH, consent_shown
from calls.matching import can_hear, topmost
from calls.models import Call
from calls.throttles import InterestThrottle
from instruments.models import EquipmentCategory, Technique
from portal.api.idempotency import IdempotentPosts
from portal.core.forms import without_marks
from portal.notifications.enums import Frequency

MOST_TECHNIQUES = 50
MOST_COUNTRIES = 250


class AddressField(serializers.EmailField):
    """As the pages take it."""

    def to_internal_value(self, data: Any) -> str:
        return str(super().to_internal_value(without_marks(data) if isinstance(data, str) else data))


class InterestSerializer(serializers.Serializer):
    """A wish to hear; empty criteria mean any. `agree` is consent to the wording on the page that declares interest."""

    address = AddressField(max_length=254)
    agree = serializers.BooleanField(help_text=gettext_lazy("Must be true: without consent we may not write."))
    standing = serializers.ChoiceField(choices=Standing.choices, default=Standing.BENEFICIARY)
    techniques = serializers.ListField(
        child=serializers.SlugField(), default=list, max_length=MOST_TECHNIQUES, help_text=gettext_lazy("Their slugs.")
    )
    kinds = serializers.ListField(
        child=serializers.ChoiceField(choices=CallKind.choices), default=list, max_length=len(CallKind)
    )
    categories = serializers.ListField(
        child=serializers.SlugField(), default=list, max_length=MOST_TECHNIQUES, help_text=gettext_lazy("Their slugs.")
    )
    countries = serializers.ListField(
        child=serializers.CharField(max_length=2),
        default=list,
        max_length=MOST_COUNTRIES,
        help_text=gettext_lazy("Two letters each: only what is of or for these."),
    )
    combine = serializers.ChoiceField(
        choices=Combine.choices, default=Combine.ALL, help_text=gettext_lazy("Whether all or any of these must fit.")
    )
    country = serializers.CharField(
        max_length=2, default="", allow_blank=True, help_text=gettext_lazy("Where you work, as two letters.")
    )
    frequency = serializers.ChoiceField(choices=Frequency.choices, default=Frequency.AT_ONCE)
    institution = serializers.CharField(max_length=200, default="", allow_blank=True)
    offering = serializers.CharField(
        max_length=OFFERING_LENGTH, default="", allow_blank=True, help_text=gettext_lazy("What you can open or give.")
    )
    call = serializers.CharField(
        max_length=80,
        default="",
        allow_blank=True,
        help_text=gettext_lazy("Slug: hear of this call alone, whatever the techniques."),
    )
    language = serializers.ChoiceField(choices=settings.LANGUAGES, required=False)
    note = serializers.CharField(max_length=NOTE_LENGTH, default="", allow_blank=True)

    def validate_agree(self, agree: bool) -> bool:
        if not agree:
            raise serializers.ValidationError(_("Without consent we may not write to you."), code="required")
        return agree

    def validate_country(self, country: str) -> str:
        if country and country not in countries:
            raise serializers.ValidationError(_("Give a country as two letters, ISO 3166."), code="country")
        return country

    def validate_countries(self, codes: list[str]) -> list[str]:
        return sorted({self.validate_country(code) for code in codes if code})

    def validate_categories(self, slugs: list[str]) -> list[EquipmentCategory]:
        found = list(EquipmentCategory.objects.filter(slug__in=slugs))
        if unknown := set(slugs) - {category.slug for category in found}:
            message = _("There is no equipment category called %(slug)s.") % {"slug": sorted(unknown)[0]}
            raise serializers.ValidationError(message, code="does_not_exist")
        return found

    def validate(self, given: dict[str, Any]) -> dict[str, Any]:
        about = {"has_techniques": bool(given["techniques"]), "has_categories": bool(given["categories"])}
        if not given["call"] and not can_hear(given["kinds"], **about, combine=given["combine"]):
            raise serializers.ValidationError({"kinds": IMPOSSIBLE}, code="impossible")
        return given

    def validate_techniques(self, slugs: list[str]) -> list[Technique]:
        found = list(Technique.objects.filter(slug__in=slugs))
        if unknown := set(slugs) - {technique.slug for technique in found}:
            message = _("There is no technique called %(slug)s.") % {"slug": sorted(unknown)[0]}
            raise serializers.ValidationError(message, code="does_not_exist")
        return topmost(found)

    def validate_call(self, slug: str) -> Call | None:
        call = Call.objects.unclosed_at(timezone.now()).filter(slug=slug).first() if slug else None
        if slug and call is None:
            raise serializers.ValidationError(
                _("There is no open or upcoming call of this name."), code="does_not_exist"
            )
        return call

    def criteria(self) -> Criteria:
        given: dict[str, Any] = {**self.validated_data}
        del given["address"], given["agree"]
        given.setdefault("language", get_language())
        if given["call"]:
            given |= {"techniques": [], "kinds": [], "categories": [], "countries": [], "combine": Combine.ALL}
        return Criteria(**given, time_zone=timezone.get_current_timezone_name())


class AcceptedSerializer(serializers.Serializer):
    detail = serializers.CharField(read_only=True)


class InterestViewSet(IdempotentPosts, GenericViewSet):
    """Public; nothing can be read here, since an interest is known to the holder of its link alone."""

    serializer_class = InterestSerializer
    permission_classes = (AllowAny,)
    throttle_classes = (InterestThrottle,)

    @extend_schema(responses={202: AcceptedSerializer})
    def create(self, request: Request) -> Response:
        serializer = InterestSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        person = request.user if request.user.is_authenticated else None
        interest = declare(serializer.validated_data["address"], serializer.criteria(), consent_shown(), by=person)
        detail = _("Look into your mail: a link there confirms that you wish to hear from us.")
        if interest is not None:
            detail = _("Noted. You hear from us from now on: this address is yours, nothing more to confirm.")
        return Response({"detail": detail}, status=status.HTTP_202_ACCEPTED)

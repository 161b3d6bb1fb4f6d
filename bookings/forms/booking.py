"""What people type about bookings. Times are instants: a wall time without its offset is not accepted."""

from datetime import UTC, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from bookings.models import Booking
from bookings.people import people_of_award
from calls.models import Award
from portal.accounts.models import User
from portal.core.times import is_in_reach


class InstantField(forms.Field):
    """A moment in ISO 8601 with its offset, as the slots of the week page carry it."""

    default_error_messages = {
        "required": _("Choose a time."),
        "instant": _("This is not one of the times shown. Choose a time."),
    }

    def to_python(self, value: Any) -> datetime | None:
        if value in self.empty_values:
            return None
        try:
            moment = parse_datetime(str(value))
        except ValueError:
            moment = None
        if moment is None or moment.tzinfo is None or not is_in_reach(moment):
            raise ValidationError(self.error_messages["instant"], code="instant")
        return moment.astimezone(UTC)


class SlotForm(forms.Form):
    """A slot of the week page: where it begins and how long it is, in minutes."""

    slot = InstantField()
    length = forms.IntegerField(min_value=1, max_value=60 * 24 * 366, label=_("Length"))


class OverrideForm(forms.Form):
    """Staff set rules aside for a reason that is kept with the booking."""

    override = forms.CharField(
        label=_("Why the rules are set aside"),
        max_length=300,
        required=False,
        help_text=_("Kept in the history of the booking, with the rules that said no"),
    )


class PeopleField(forms.MultipleChoiceField):
    """Some of an award's people, cleaned to users; `offer` says of whom."""

    widget = forms.CheckboxSelectMultiple
    default_error_messages = {"invalid_choice": _("Choose among the researchers who share this award.")}

    def offer(self, award: Award) -> None:
        self._people = {str(user.pk): user for user in people_of_award(award)}
        self.choices = [(pk, user.name) for pk, user in self._people.items()]

    def clean(self, value: Any) -> list[User]:
        return [self._people[pk] for pk in dict.fromkeys(super().clean(value))]


class BookingForm(forms.Form):
    """The check page: who takes part and what for."""

    participants = PeopleField(label=_("Who takes part"), required=False)
    purpose = forms.CharField(
        label=_("What for"), max_length=300, required=False, help_text=_("One line for the laboratory.")
    )
    form_key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, award: Award, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["participants"]
        assert isinstance(field, PeopleField)
        field.offer(award)
        field.initial = [award.holder_id]


class ParticipantsForm(forms.Form):
    """Who takes part, of the award's people."""

    participants = PeopleField(
        label=_("Who takes part"), error_messages={"required": _("At least one person takes part in a booking.")}
    )

    def __init__(self, *args: Any, booking: Booking, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["participants"]
        assert isinstance(field, PeopleField)
        field.offer(booking.award)
        field.initial = [user.pk for user in booking.participants.all()]

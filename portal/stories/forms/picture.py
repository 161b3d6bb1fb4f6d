"""A picture, what it shows in both languages, and which part of it is shown."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.core.files import PICTURE, CheckedFileField
from portal.core.forms import offer
from portal.stories.enums import Ratio
from portal.stories.models import Picture

# In per cent from the left and from the top: the middles of nine equal parts.
POINTS = {
    "17-17": pgettext_lazy("point of a picture", "top left"),
    "50-17": pgettext_lazy("point of a picture", "top"),
    "83-17": pgettext_lazy("point of a picture", "top right"),
    "17-50": pgettext_lazy("point of a picture", "left"),
    "50-50": pgettext_lazy("point of a picture", "middle"),
    "83-50": pgettext_lazy("point of a picture", "right"),
    "17-83": pgettext_lazy("point of a picture", "bottom left"),
    "50-83": pgettext_lazy("point of a picture", "bottom"),
    "83-83": pgettext_lazy("point of a picture", "bottom right"),
}
WORDS = ("alt_en", "alt_fr", "caption_en", "caption_fr", "credit")


class EitherField(forms.CharField):
    """One of two that may be left empty, though not both: the form checks it, and neither is marked as optional."""

    def validate(self, value: Any) -> None:
        """Nothing by itself; its length is a validator's."""


def _line(label: Any, *, longest: int = 250, lang: str = "", hint: Any = "") -> forms.CharField:
    widget = forms.TextInput({"lang": lang} if lang else {"dir": "auto"})
    return forms.CharField(label=label, max_length=longest, required=False, help_text=hint, widget=widget)


class WordsForm(forms.Form):
    """What a picture shows, for those who do not see it, and what stands under it."""

    alt_en = EitherField(
        label=_("What it shows, in English"),
        max_length=250,
        help_text=_("In a few words, for those who do not see it: “A student sets a crystal on a pin”."),
        widget=forms.TextInput({"lang": "en"}),
    )
    alt_fr = EitherField(
        label=_("What it shows, in French"),
        max_length=250,
        help_text=_("In one language at least; in both before it is published."),
        widget=forms.TextInput({"lang": "fr"}),
    )
    caption_en = _line(_("Words under it, in English"), lang="en")
    caption_fr = _line(_("Words under it, in French"), lang="fr")
    credit = _line(_("Who took it"), longest=150, hint=_("The name that stands beside the picture."))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and not cleaned.get("alt_en") and not cleaned.get("alt_fr"):
            self.add_error("alt_en", forms.ValidationError(_("Say in a few words what the picture shows."), "required"))
        return cleaned


class PictureForm(WordsForm):
    file = CheckedFileField(
        kinds=(PICTURE,),
        label=_("Picture"),
        help_text=_("JPEG, PNG or WebP, up to 10 MB. Where and with what it was taken is removed."),
        error_messages={"required": _("Choose a picture."), "empty": _("This file is empty.")},
    )
    field_order = ("file", *WORDS)


class CropForm(WordsForm):
    """Words and crop of a picture that is here already, and its place among `number` of them.

    `version` is that of the words which are edited.
    """

    ratio = forms.ChoiceField(label=_("Crop"), choices=Ratio.choices, widget=forms.RadioSelect)
    focus = forms.ChoiceField(
        label=_("What matters lies"),
        choices=list(POINTS.items()),
        widget=forms.RadioSelect,
        help_text=_("A crop keeps this part of the picture."),
    )
    position = forms.TypedChoiceField(label=_("Place among the pictures"), coerce=int)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)

    def __init__(self, data: Any, picture: Picture, number: int, position: int) -> None:
        initial = {name: getattr(picture, name) for name in (*WORDS, "ratio", "version")}
        super().__init__(data, initial=initial | {"focus": nearest_point(picture), "position": position})
        offer(self, "position", [(place, str(place)) for place in range(1, number + 1)])

    @property
    def typed_version(self) -> int:
        """One that was tampered with is none."""
        return self.cleaned_data.get("version") or 0

    def typed(self, picture: Picture) -> dict[str, Any]:
        """The arguments of the action: a point that stands between the nine stays unless another is chosen."""
        focus = self.cleaned_data["focus"]
        x, y = (picture.focus_x, picture.focus_y) if focus == nearest_point(picture) else map(int, focus.split("-"))
        return {name: value for name, value in self.cleaned_data.items() if name not in ("focus", "version")} | {
            "focus_x": x,
            "focus_y": y,
        }


def nearest_point(picture: Picture) -> str:
    """Which of the nine points is the nearest to the focus of a picture."""

    def distance(point: str) -> int:
        x, y = map(int, point.split("-"))
        return (x - picture.focus_x) ** 2 + (y - picture.focus_y) ** 2

    return min(POINTS, key=distance)

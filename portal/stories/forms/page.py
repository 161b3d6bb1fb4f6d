"""What staff type of a page."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.stories.enums import PageSection
from portal.stories.models import Page
from portal.stories.placeholders import unknown_marks

LONGEST_BODY = 40_000
MARKDOWN = _("Markdown: # for a heading, * for a list, **bold**, [words](address). HTML is shown as it is typed.")


def _line(label: Any, *, longest: int, lang: str = "") -> forms.CharField:
    return forms.CharField(
        label=label, max_length=longest, required=False, widget=forms.TextInput({"lang": lang} if lang else {})
    )


def _text(label: Any, *, longest: int, lang: str, rows: int, hint: Any = "") -> forms.CharField:
    attrs: dict[str, Any] = {"rows": rows, "lang": lang}
    if longest < LONGEST_BODY:
        attrs["data-count"] = longest
    return forms.CharField(
        label=label, max_length=longest, required=False, help_text=hint, widget=forms.Textarea(attrs)
    )


class PageForm(forms.Form):
    """Fields are called as the columns they fill. A language is left out whole, or has title and text."""

    title_en = _line(_("Title in English"), longest=120, lang="en")
    summary_en = _text(_("Summary in English"), longest=300, lang="en", rows=2, hint=_("One or two sentences."))
    body_en = _text(_("Text in English"), longest=LONGEST_BODY, lang="en", rows=16, hint=MARKDOWN)
    title_fr = _line(_("Title in French"), longest=120, lang="fr")
    summary_fr = _text(_("Summary in French"), longest=300, lang="fr", rows=2)
    body_fr = _text(_("Text in French"), longest=LONGEST_BODY, lang="fr", rows=16)
    section = forms.ChoiceField(label=_("Section"), choices=PageSection.choices)
    position = forms.IntegerField(
        label=_("Position"), min_value=0, max_value=999, initial=50, help_text=_("Smaller numbers come first.")
    )
    note = _line(_("What you changed, for the history"), longest=200)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, initial=0)

    def __init__(self, data: Any = None, *, page: Page | None = None) -> None:
        names = [name for name in self.base_fields if name != "note"]
        super().__init__(data, initial={name: getattr(page, name) for name in names} if page else {})

    @property
    def typed_version(self) -> int:
        """The number of the text that was edited; one that was tampered with is none."""
        return self.cleaned_data.get("version") or 0

    def columns(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name not in ("note", "version")}

    def clean_body_en(self) -> str:
        return _cleaned_body(self.cleaned_data["body_en"])

    def clean_body_fr(self) -> str:
        return _cleaned_body(self.cleaned_data["body_fr"])

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean() or {}
        begun = [code for code in ("en", "fr") if any(typed.get(f"{name}_{code}") for name in ("title", "body"))]
        for code in begun or ["en"]:
            for name, sentence in (("title", gettext("Give the page a title.")), ("body", gettext("Write the text."))):
                if not typed.get(f"{name}_{code}") and f"{name}_{code}" not in self.errors:
                    self.add_error(f"{name}_{code}", sentence)
        return typed


def _cleaned_body(text: str) -> str:
    """The text with one kind of line end, as browsers send another than files hold."""
    text = text.replace("\r\n", "\n").strip() + "\n" if text.strip() else ""
    if unknown := unknown_marks(text):
        sentence = gettext("%(marks)s stands for nothing. Known are {{brand}}, {{contact}}, {{calls}} and the like.")
        raise ValidationError(sentence % {"marks": ", ".join(unknown)}, code="mark")
    return text

"""What is typed of a story: its texts in both languages, what it is about, and whom it shows."""

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from calls.eligibility import codes
from calls.models import Call
from instruments.models import Instrument, Technique
from portal.accounts.models import Organisation
from portal.core.dois import DoisField
from portal.core.forms import choose_from, offer
from portal.stories.enums import StoryKind
from portal.stories.forms.links import NamedRowsField
from portal.stories.models import Event, Story

LANGUAGES = ("en", "fr")
NAMED = ("instruments", "calls", "events", "organisations")
TEXT = ("title", "summary", "body")
HELD = _("One a line: its name, or the address of its page on this portal.")
LONG_TEXT = 20_000


def _line(label: Any, lang: str) -> forms.CharField:
    return forms.CharField(label=label, max_length=160, required=False, widget=forms.TextInput({"lang": lang}))


def _short(label: Any, lang: str) -> forms.CharField:
    widget = forms.Textarea({"rows": 3, "lang": lang, "data-count": 300})
    return forms.CharField(
        label=label, max_length=300, required=False, widget=widget, help_text=_("One or two sentences.")
    )


def _long(label: Any, lang: str) -> forms.CharField:
    widget = forms.Textarea({"rows": 14, "lang": lang})
    hint = _("Markdown: an empty line begins a paragraph, ## a heading, - a list, **bold**.")
    return forms.CharField(label=label, max_length=LONG_TEXT, required=False, widget=widget, help_text=hint)


def _yes_or_no(value: Any) -> bool | None:
    return {"True": True, "False": False}.get(str(value))


class StoryForm(forms.Form):
    """Everything of a story but its people and its pictures. `columns()` and `links()` are arguments of the actions.

    `version` is that of the text which is edited. One language is enough to begin; staff put it into the other.
    `later`: saved unfinished.
    """

    version = forms.IntegerField(widget=forms.HiddenInput, initial=0)
    title_en = _line(_("Title in English"), "en")
    summary_en = _short(_("Summary in English"), "en")
    body_en = _long(_("Text in English"), "en")
    title_fr = _line(_("Title in French"), "fr")
    summary_fr = _short(_("Summary in French"), "fr")
    body_fr = _long(_("Text in French"), "fr")
    kind = forms.ChoiceField(label=_("What it tells of"), choices=StoryKind.choices, widget=forms.RadioSelect)
    byline = forms.CharField(
        label=_("Written by"), max_length=200, required=False, help_text=_("As it shall stand under the title.")
    )
    shows_people = forms.TypedChoiceField(
        label=_("Can people be recognised in it, by name, words or picture?"),
        choices=[("True", _("Yes")), ("False", _("No"))],
        coerce=_yes_or_no,
        empty_value=None,
        widget=forms.RadioSelect,
        error_messages={"required": _("Say whether people can be recognised in it.")},
        help_text=_("If so, you name them on the next page. It is published once all of them have agreed."),
    )
    countries = forms.MultipleChoiceField(
        label=_("Countries"), required=False, widget=forms.SelectMultiple(attrs={"size": 8})
    )
    techniques: Any = forms.ModelMultipleChoiceField(
        label=_("Techniques"), queryset=Technique.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )
    instruments = NamedRowsField(label=_("Instruments"), names=("name_en", "name_fr"), help_text=HELD)
    organisations = NamedRowsField(
        label=_("Organisations"), names=("name",), lists=("former_names", "other_names"), help_text=HELD
    )
    calls = NamedRowsField(label=_("Calls"), names=("title_en", "title_fr"), help_text=HELD)
    events = NamedRowsField(label=_("Events"), names=("title_en", "title_fr"), help_text=HELD)
    dois = DoisField(
        label=_("DOIs of publications and data"), required=False, max_length=12_000, help_text=_("One a line")
    )

    def __init__(
        self, data: Any = None, *, person: Any, story: Story | None = None, later: bool = False, **options: Any
    ) -> None:
        options.setdefault("initial", _stored(story) if story else _known(person))
        super().__init__(data, **options)
        self._ask_for_a_title()
        self.fields["shows_people"].required = not later
        offer(self, "countries", list(countries))
        choose_from(self, "techniques", Technique.objects.order_by("path"))
        for name, model in (("instruments", Instrument), ("calls", Call), ("events", Event)):
            self._let_name(name, model.objects.visible_to(person), story)
        self._let_name("organisations", Organisation.objects.visible_to(person).filter(merged_into=None), story)

    def _let_name(self, name: str, rows: Any, story: Story | None) -> None:
        field: Any = self.fields[name]
        field.offer(rows, list(getattr(story, name).all()) if story else [])

    def _ask_for_a_title(self) -> None:
        """In the reader's own language, unless it has one in the other."""
        said = self.data if self.is_bound else self.initial
        first = self.first_language
        others = [said.get(f"title_{language}") or "" for language in LANGUAGES if language != first]
        field = self.fields[f"title_{first}"]
        field.required = not any(title.strip() for title in others)
        field.error_messages["required"] = _("Give it a title.")

    @property
    def first_language(self) -> str:
        """The reader's own, if stories are told in it: its texts stand on top."""
        language = (get_language() or "en").split("-")[0]
        return language if language in LANGUAGES else LANGUAGES[0]

    @property
    def typed_version(self) -> int:
        return self.cleaned_data.get("version") or 0

    def columns(self) -> dict[str, Any]:
        apart = {"version", "techniques", *NAMED}
        return {name: value for name, value in self.cleaned_data.items() if name not in apart}

    def links(self) -> dict[str, Any]:
        """Those that could be understood."""
        return {name: list(self.cleaned_data[name]) for name in ("techniques", *NAMED) if name in self.cleaned_data}


def _stored(story: Story) -> dict[str, Any]:
    """What the story holds, as the fields show it."""
    texts = {f"{name}_{language}": getattr(story, f"{name}_{language}") for name in TEXT for language in LANGUAGES}
    return texts | {
        "version": story.version,
        "kind": story.kind,
        "byline": story.byline,
        "shows_people": "" if story.shows_people is None else str(story.shows_people),
        "countries": codes(story.countries),
        "techniques": list(story.techniques.values_list("pk", flat=True)),
        "dois": story.dois,
    }


def _known(person: Any) -> dict[str, Any]:
    """What the portal knows of whoever begins one."""
    return {
        "byline": person.name,
        "kind": StoryKind.ACCESS,
        "countries": [person.country.code] if person.country else [],
    }

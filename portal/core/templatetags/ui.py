"""The tags of the look, built in to every template: forms, statuses, drawings, times, languages.

docs/look.md shows each with its markup.
"""

from collections.abc import Iterable
from datetime import datetime, tzinfo
from functools import cache
from typing import Any, cast

from django import forms, template
from django.core.paginator import Page
from django.forms import BoundField
from django.template.exceptions import TemplateDoesNotExist
from django.template.loader import get_template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from portal.core import languages, menu, times
from portal.core.icons import ICONS, STATUS_SHAPES
from portal.core.markdown import to_html
from portal.core.statuses import kind_of

register = template.Library()

# What browsers may fill in, for fields that ask about the reader and carry no hint of their own.
AUTOCOMPLETE = {
    "email": "email",
    "name": "name",
    "full_name": "name",
    "given_name": "given-name",
    "first_name": "given-name",
    "family_name": "family-name",
    "last_name": "family-name",
    "phone": "tel",
}
WORDS_OF_A_LABEL = 10  # in the summary of errors
LONG_LIST = 7


# --- Forms ------------------------------------------------------------------------------------


@register.inclusion_tag("components/field.html")
def field(bound: BoundField, label: str = "", hint: str = "") -> dict[str, Any]:
    """Draw one form field: label, hint, errors, control, tied together by ids."""
    bound.form.use_required_attribute = False  # the server explains what is missing; browsers' bubbles do not translate
    widget = bound.field.widget
    is_group = bool(widget.use_fieldset) and not bound.is_hidden
    hint = hint or str(bound.help_text or "")
    ids = [f"{bound.auto_id}_{part}" for part, there in (("helptext", hint), ("error", bound.errors)) if there]
    is_choice = isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple)
    return {
        "bound": bound,
        "label": label or bound.label,
        "hint": hint,
        "described_by": " ".join(ids),
        "is_hidden": bound.is_hidden,
        "is_group": is_group,
        "is_choice": is_choice,
        "is_long": is_choice and len(bound.subwidgets) > LONG_LIST,
        "is_check": isinstance(widget, forms.CheckboxInput),
        "control": "" if is_choice else _control(bound, ids),
    }


def _control(bound: BoundField, described_by: Iterable[str]) -> SafeString:
    """Return the widget's HTML with our classes; ids of hint and error in `aria-describedby`."""
    widget = bound.field.widget
    attrs: dict[str, Any] = {}
    widget.attrs.pop("placeholder", None)  # allauth's repeat the label, and vanish as soon as one types
    if not bound.is_hidden and not isinstance(widget, forms.CheckboxInput):
        kind = getattr(widget, "input_type", "")
        attrs["class"] = " ".join(filter(None, [widget.attrs.get("class"), "input", kind and f"input-{kind}"]))
    if described := " ".join(described_by):
        attrs["aria-describedby"] = described
    if bound.name in AUTOCOMPLETE and "autocomplete" not in widget.attrs:
        attrs["autocomplete"] = AUTOCOMPLETE[bound.name]
    if isinstance(widget, forms.SplitDateTimeWidget):
        for part, name in zip(widget.widgets, (_("Date"), _("Time")), strict=True):
            part.attrs.setdefault("aria-label", name)
    if isinstance(widget, forms.Textarea) and str(widget.attrs.get("rows")) == "10":  # Django's default
        attrs["rows"] = 5
    return bound.as_widget(attrs=attrs)


@register.inclusion_tag("components/error_summary.html")
def error_summary(*forms_and_formsets: Any) -> dict[str, Any]:
    """List the errors of forms and formsets, each linked to its field; nothing when there are none."""
    rows: list[tuple[str, str]] = []
    for item in forms_and_formsets:
        if not item:
            continue
        members = getattr(item, "forms", None)
        if members is not None:
            rows += [("", message) for message in item.non_form_errors()]
        for form in [item] if members is None else members:
            rows += _errors_of(form)
    return {"rows": rows}


def _errors_of(form: forms.BaseForm) -> Iterable[tuple[str, str]]:
    """Yield (id of the control or "", message)."""
    for message in form.non_field_errors():
        yield "", str(message)
    for name in form.fields:
        bound = form[name]
        for message in bound.errors:
            yield _first_id(bound), f"{_name_of(bound)}{colon()}{message}"


def _name_of(bound: BoundField) -> str:
    """The label without its last mark; of a sentence, as boxes to tick have one, its first words."""
    return Truncator(str(bound.label).rstrip(" .:?")).words(WORDS_OF_A_LABEL)


def _first_id(bound: BoundField) -> str:
    """Return the id a link can point at: that of the control, or of the first in a group."""
    widget: Any = bound.field.widget
    if isinstance(widget, forms.MultiWidget):
        return f"{bound.auto_id}{cast(Any, widget).widgets_names[0]}"
    if widget.use_fieldset:
        return f"{bound.auto_id}_0"
    return str(bound.id_for_label)


# --- Lists ------------------------------------------------------------------------------------


@register.inclusion_tag("components/pagination.html", takes_context=True)
def pagination(context: template.Context, page: Page[Any], name: str = "page") -> dict[str, Any]:
    """Links to the pages of a list; every other part of the query string stays."""
    query = context["request"].GET.copy()

    def link(number: int) -> str:
        query[name] = str(number)
        return f"?{query.urlencode()}"

    numbers = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    return {
        "page": page,
        "pages": [(number, link(number) if isinstance(number, int) else "") for number in numbers],
        "previous": link(page.previous_page_number()) if page.has_previous() else "",
        "next": link(page.next_page_number()) if page.has_next() else "",
    }


@register.simple_tag
def status(value: Any, label: str = "", kind: str = "") -> SafeString:
    """A state as word, colour and shape. `value`: a row with `state` or `status`, a choice, or the bare word."""
    for name in ("state", "status"):
        if hasattr(value, "_meta") and hasattr(value, name):
            label = label or getattr(value, f"get_{name}_display", lambda: "")()
            value = getattr(value, name)
            break
    label = label or getattr(value, "label", "") or str(value).replace("_", " ").capitalize()
    kind = kind or kind_of(getattr(value, "value", value))
    return format_html(
        '<span class="status status-{}"><svg viewBox="0 0 12 12" aria-hidden="true">{}</svg>{}</span>',
        kind,
        mark_safe(STATUS_SHAPES.get(kind, STATUS_SHAPES["off"])),  # noqa: S308 our own constant
        label,
    )


# --- Drawings ---------------------------------------------------------------------------------


@register.simple_tag
def colon() -> str:
    """A colon and a space between two words of a line, as the reader's language sets them: French has one before it."""
    return pgettext("between two words", ": ")


@register.simple_tag
def icon(name: str, turn: bool = False) -> SafeString:
    """A small decorative icon; the words beside it carry the meaning. `turn`: mirror it right to left."""
    return format_html(
        '<svg class="icon{}" viewBox="0 0 24 24" aria-hidden="true" focusable="false">{}</svg>',
        " icon-turn" if turn else "",
        mark_safe(ICONS[name]),  # noqa: S308 our own constant
    )


@register.simple_tag
def technique_art(technique: Any) -> SafeString:
    """The drawing of a technique, else of its branch, else the aperture.

    `technique`: a slug, a path such as `diffraction/powder-x-ray`, or a row with `path`: no parent is fetched.
    """
    path = str(getattr(technique, "path", None) or getattr(technique, "slug", None) or technique)
    for slug in reversed(path.split("/")):
        if drawing := _drawing(f"technique-{slug}"):
            return drawing
    return _drawing("aperture")


@register.simple_tag
def art(name: str) -> SafeString:
    """One of the drawings in `components/art/`, decorative."""
    return _drawing(name)


@cache
def _drawing(name: str) -> SafeString:
    """Return the inline SVG called `name`, or nothing. Drawn once a process: a drawing knows no reader."""
    try:
        return cast(SafeString, get_template(f"components/art/{name}.svg").render())
    except TemplateDoesNotExist:
        return SafeString("")


# --- Times ------------------------------------------------------------------------------------


@register.inclusion_tag("components/both_times.html")
def both_times(
    start: datetime, end: datetime, lab_zone: tzinfo | str, place: str = "", day: bool = True
) -> dict[str, Any]:
    """A period on the reader's clock and on the laboratory's, both named.

    `place`: where the laboratory is, as people say it (else the zone's city); `day=False` where a heading names it.
    """
    own, lab = timezone.get_current_timezone(), times.as_zone(lab_zone)
    return {
        "start": start,
        "end": end,
        "day": times.day_text(start, own) if day else "",
        "own_span": times.span_text(start, end, own),
        "own_zone": times.zone_words(own),
        "lab_span": times.lab_text(start, end, own, lab),
        "lab_place": place or times.zone_city(lab),
        "same": times.same_clock(start, end, own, lab),
    }


@register.inclusion_tag("components/moment.html")
def moment(value: datetime, zone: tzinfo | str | None = None, also: tzinfo | str | None = None) -> dict[str, Any]:
    """A moment with its day, time and zone: `5 January 2027, 23:59 (Nairobi time)`.

    `zone`: the reader's by default. `also`: a second zone to name, left out where its clock shows the same, and with
    its day only where that is another: `22 December 2026, 17:00 (UTC; 18:00 Paris time)`.
    """
    there = times.as_zone(zone) if zone else timezone.get_current_timezone()
    second = times.as_zone(also) if also else there
    one, other = value.astimezone(there), value.astimezone(second)
    return {
        "value": value,
        "there": one,
        "zone": times.zone_words(there),
        "second": None if times.same_clock(value, value, there, second) else other,
        "second_zone": times.zone_words(second),
        "is_same_day": one.date() == other.date(),
    }


@register.filter
def hours(minutes: int) -> str:
    """A length of time as people read it: `7 h 30 min`."""
    return times.hours_text(minutes)


@register.filter
def markdown(text: str, top: int = 3) -> SafeString:
    """What staff or a laboratory wrote in Markdown, cleaned, its largest heading at level `top`: for a `prose`."""
    return to_html(text, top=top)


# --- Links ------------------------------------------------------------------------------------


@register.simple_tag(takes_context=True)
def nav_item(context: template.Context, name: str, label: str, *args: str, sign: str = "") -> str:
    """A link of a menu, marked when the reader is on it or below; nothing where the address does not exist.

    `args` are what the address is made of. `sign`: an icon that stands for the label where there is little room.
    """
    path = getattr(context.get("request"), "path", "")
    return menu.item(name, args, label, icon(sign) if sign else "", path)


@register.simple_tag(takes_context=True)
def language_links(context: template.Context) -> list[dict[str, Any]]:
    """Each language with the address of this same page in it: code, name, path (with query), url (without)."""
    request = context.get("request")
    return [] if request is None else languages.links_to(request)

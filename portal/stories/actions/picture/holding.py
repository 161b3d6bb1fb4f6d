"""The story, event or instrument that pictures belong to: locked, and only for those who may change it."""

from typing import Any

from django.utils.translation import gettext as _

from instruments.models import Instrument
from portal.core.errors import Forbidden, Reason, Refused
from portal.stories.actions.story.again import note_change
from portal.stories.actions.story.holding import check_open
from portal.stories.models import Event, Picture, Story

Thing = Story | Event | Instrument
EDIT = {Story: "stories.edit_story", Event: "stories.edit_event", Instrument: "instruments.run_instrument"}
WORDS = ("alt_en", "alt_fr", "caption_en", "caption_fr", "credit")
CROP = ("ratio", "focus_x", "focus_y")


def locked(thing: Thing, *, by: Any) -> Any:
    """The row as it is now, held until the transaction ends.

    Raises Forbidden to those who may not change it, Refused `archived` for a story that is put away, and `final` for an
    instrument that is no longer offered.
    """
    kind = type(thing)
    row = kind._default_manager.select_for_update(of=("self",), no_key=True).get(pk=thing.pk)
    if not by.has_perm(EDIT[kind], row):
        raise Forbidden
    if isinstance(row, Story):
        check_open(row)
    if isinstance(row, Instrument) and row.is_final:
        raise Refused(Reason("final", _("This instrument is no longer offered: nothing of it can be changed.")))
    return row


def changed(thing: Thing, *, by: Any, shows_else: bool = True) -> None:
    """Tell the locked story or event that its pictures are others. `shows_else`: more or other than was seen before."""
    if isinstance(thing, Story):
        note_change(thing, by=by, shows_else=shows_else)


def thing_of(picture: Picture) -> Any:
    """The story, event or instrument it belongs to."""
    return picture.story or picture.event or picture.instrument


def is_shown(thing: Thing) -> bool:
    """Whether everybody sees its pictures."""
    if isinstance(thing, Instrument):
        return thing.is_listed or thing.is_suspended
    return thing.is_public if isinstance(thing, Story) else thing.published_at is not None


def fill(picture: Picture, typed: dict[str, Any]) -> list[str]:
    """Write words and crop onto the row, which is not saved; return the names of what is another now."""
    changed = []
    for name in (*WORDS, *CROP):
        if name not in typed:
            continue
        value = typed[name].strip() if isinstance(typed[name], str) else typed[name]
        held = getattr(picture, name)
        if ("" if held is None else held) != value:  # a language nobody wrote in is null
            setattr(picture, name, value)
            changed.append(name)
    return changed


def check_words(picture: Picture, *, in_both: bool) -> None:
    """Raise Refused `no_words` unless somebody who does not see the picture is told what it shows."""
    there = [bool(getattr(picture, name)) for name in WORDS if name.startswith("alt_")]
    if not any(there):
        raise Refused(Reason("no_words", _("Say in a few words what the picture shows.")))
    if in_both and not all(there):
        raise Refused(Reason("no_words", _("Everybody sees this picture: say in both languages what it shows.")))

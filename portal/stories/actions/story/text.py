"""Write a story. What the server holds is the truth; nobody overwrites anybody."""

from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.audit.actions import history_of, record
from portal.core.addresses import free_slug
from portal.core.errors import Conflict, Forbidden, Reason, Refused
from portal.core.turns import take_turn
from portal.stories.actions.story.again import ask_again
from portal.stories.actions.story.holding import check_open, locked
from portal.stories.completeness import missing_to_publish
from portal.stories.enums import StoryState
from portal.stories.models import Story

LINKS = ("calls", "instruments", "techniques", "organisations", "events")
TEXTS = tuple(f"{name}_{language}" for name in ("title", "summary", "body") for language in ("en", "fr"))
SHOWN = {*TEXTS, "byline"}  # what those shown in it agreed to, beside the pictures
COLUMNS = ("kind", *TEXTS, "byline", "countries", "dois", "shows_people")
MOST_DRAFTS = 20
SITTING = timedelta(hours=1)
RESERVED = {"send", "mine", "ideas"}  # addresses of pages
Links = Mapping[str, Collection[Any]]


@transaction.atomic
def begin_story(*, by: Any, sender: Any = None, links: Links | None = None, **fields: Any) -> Story:
    """Begin a draft; `fields` are columns of the model, `links` rows by the name of their relation (LINKS).

    `sender`: whose story it is. Staff write for the programme (None) or for whoever offered it; everybody else for
    themselves. A form sent twice begins one. Raises Forbidden, and Refused `too_many` drafts.
    """
    if not by.has_perm("stories.begin_story") or (sender != by and not by.is_staff):
        raise Forbidden
    take_turn("beginnings of stories")  # two clicks at once are looked at one by one
    if (same := _begun(sender, fields, links or {})) is not None:
        return same
    drafts = Story.objects.filter(sent_by=sender, state=StoryState.DRAFT)
    if sender is not None and not by.is_staff and drafts.count() >= MOST_DRAFTS:
        sentence = _("You have %(most)d drafts of stories. Send one in or put one away first.")
        raise Refused(Reason("too_many", sentence % {"most": MOST_DRAFTS}))
    story = Story(sent_by=sender, **fields)
    title = fields.get("title_en") or fields.get("title_fr") or ""
    story.slug = free_slug(Story.objects.all(), title, "story", RESERVED)
    story.save()
    _link(story, links or {})
    record(story, "begin", by=by, after=story.state)
    return story


@transaction.atomic
def edit_story(
    story: Story, *, version: int, by: Any, links: Links | None = None, typing: bool = False, **fields: Any
) -> Story:
    """Change what is given. `version` is that of the text which was edited; `typing`: saved while somebody writes.

    Where its words are others now, those shown in it are asked again; a published story is off until they agree. One
    that stays published stays one that may be. Raises Forbidden, Refused with all that it would lack, and Conflict
    where somebody else saved other words meanwhile; then nothing is written.
    """
    if unknown := set(fields) - set(COLUMNS):
        raise ValueError(f"a story has no texts {sorted(unknown)}")
    row = locked(story, "edit_story", by=by)
    check_open(row)
    changed = [name for name, value in fields.items() if _plain(getattr(row, name)) != _plain(value)]
    moved = [name for name, rows in (links or {}).items() if _keys(getattr(row, name).all()) != _keys(rows)]
    if not changed and not moved:
        return row
    if version != row.version:
        sentence = _("Somebody else saved this story while you were writing. Nothing is lost: choose what to keep.")
        raise Conflict(row.version, sentence)
    for name in changed:
        setattr(row, name, fields[name])
    row.version += 1
    row.edition += 1
    row.save()
    _link(row, links or {})
    if not (typing and _is_noted(row, by)):
        record(row, "edit", by=by, version=row.version, fields=[*changed, *moved])
    if not SHOWN.isdisjoint(changed):
        ask_again(row, by=by)
    if row.is_public and (lacking := missing_to_publish(row)):
        raise Refused(*lacking)
    return row


def _begun(sender: Any, fields: dict[str, Any], links: Links) -> Story | None:
    """The draft of the same writer that says exactly this already."""
    titles = {name: fields[name] for name in ("title_en", "title_fr") if fields.get(name)}
    if not titles or not set(fields) <= set(COLUMNS):
        return None
    for row in Story.objects.filter(sent_by=sender, state=StoryState.DRAFT, **titles).order_by("pk")[:MOST_DRAFTS]:
        if all(_plain(getattr(row, name)) == _plain(value) for name, value in fields.items()) and all(
            _keys(getattr(row, name).all()) == _keys(links.get(name, [])) for name in LINKS
        ):
            return row
    return None


def _is_noted(story: Story, by: Any) -> bool:
    """Whether the history says already that this person is writing: it gets a line a sitting, not one a keystroke."""
    last = history_of(story).first()
    return last is not None and (last.verb, last.by_id) == ("edit", by.pk) and last.at > timezone.now() - SITTING


def _link(story: Story, links: Links) -> None:
    for name, rows in links.items():
        if name not in LINKS:
            raise ValueError(f"a story has no {name}")
        getattr(story, name).set(rows)


def _plain(value: Any) -> Any:
    """A column's value as it compares: no text is empty text, lines end in one way, several countries are codes."""
    if value is None or isinstance(value, bool):
        return value if value is not None else ""
    if isinstance(value, str):
        return value.replace("\r\n", "\n")
    if isinstance(value, int):
        return value
    return [getattr(each, "code", each) for each in value]


def _keys(rows: Any) -> set[int]:
    return {row.pk for row in rows}

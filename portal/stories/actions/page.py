"""Deeds of pages, all of them by staff: write, restore an older version, show and hide."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.audit.actions import record
from portal.core.addresses import free_slug
from portal.core.errors import Conflict as Conflict
from portal.core.errors import Forbidden, Reason, Refused
from portal.core.turns import take_turn
from portal.stories import shipped
from portal.stories.models import Page, PageVersion

TEXTS = tuple(f"{name}_{language}" for name in ("title", "summary", "body") for language in shipped.LANGUAGES)
SHIPPED = 0  # the number of the version that came with the portal


@transaction.atomic
def create_page(*, by: Any, note: str = "", **fields: Any) -> Page:
    """A page at a new address, made of its title; `fields` are columns of Page, texts in one language at least."""
    _permit(by)
    title = fields.get("title_en") or fields.get("title_fr") or ""
    page = Page(slug=free_slug(Page.objects.all(), title, "page", shipped.slugs()), **fields)
    _write(page, note, by=by)
    record(page, "create", by=by)
    return page


@transaction.atomic
def save_page(slug: str, *, by: Any, version: int, note: str = "", **fields: Any) -> Page:
    """Write a new version of the page at `slug`; the first one takes the place of the shipped text.

    `version` is the number of the text that was edited (0: the shipped one). Where nothing changed nothing is written.
    Raises Forbidden, Page.DoesNotExist, and Conflict where somebody else saved meanwhile.
    """
    _permit(by)
    page = _locked(slug)
    changed = sorted(name for name, value in fields.items() if _held(page, name) != value)
    if not changed:
        return page
    if version != page.version:
        raise Conflict(page.version)
    for name in changed:
        setattr(page, name, fields[name])
    _write(page, note, by=by)
    record(page, "edit", by=by, why=note, fields=changed, version=page.version)
    return page


@transaction.atomic
def restore_version(page: Page, number: int, *, by: Any) -> Page:
    """Let the texts of version `number` (0: the shipped ones) stand again, as a new version.

    Raises Forbidden, Refused `no_such_version` or `same_text`.
    """
    _permit(by)
    page = _locked(page.slug)
    texts = texts_of_version(page, number)
    if texts is None:
        raise Refused(Reason("no_such_version", _("This page has no such version.")))
    if texts == current_texts(page):
        raise Refused(Reason("same_text", _("The page says exactly this already.")))
    for name, text in texts.items():
        setattr(page, name, text)
    note = _("The text that came with the portal") if number == SHIPPED else _("Version %d again") % number
    _write(page, note, by=by)
    record(page, "restore", by=by, version=page.version, restored=number)
    return page


@transaction.atomic
def show_page(slug: str, *, by: Any) -> Page:
    """Let everybody read the page again."""
    return _set_shown(slug, True, by=by)


@transaction.atomic
def hide_page(slug: str, *, by: Any) -> Page:
    """Take the page from everybody but staff. Raises Refused `lasting` for those that every page's foot leads to."""
    if slug in shipped.LASTING:
        raise Refused(Reason("lasting", _("Every page leads to this one: change its text, it cannot be hidden.")))
    return _set_shown(slug, False, by=by)


def current_texts(page: Page) -> dict[str, str]:
    return {name: _held(page, name) for name in TEXTS}


def texts_of_version(page: Page, number: int) -> dict[str, str] | None:
    """The texts by column of version `number`, None where there is none."""
    if number == SHIPPED:
        return shipped.texts_of(page.slug) or None
    version = PageVersion.objects.filter(page_id=page.pk, number=number).first()
    return {name: version.texts.get(name, "") for name in TEXTS} if version else None


def _held(page: Page, name: str) -> Any:
    """What the page holds in a column; a language without a text may hold null."""
    value = getattr(page, name)
    return "" if value is None else value


def _set_shown(slug: str, is_shown: bool, *, by: Any) -> Page:
    _permit(by)
    page = _locked(slug)
    if page.is_shown == is_shown:
        return page
    page.is_shown = is_shown
    if page.pk:
        page.save(update_fields=["is_shown", "updated_at"])
    else:
        _write(page, "", by=by)  # a shipped page needs a row to be hidden
    record(page, "show" if is_shown else "hide", by=by)
    return page


def _permit(by: Any) -> None:
    if not by.has_perm("stories.edit_page"):
        raise Forbidden


def _locked(slug: str) -> Page:
    """The page as it is now, locked until the transaction ends; the shipped one, unsaved, where staff wrote none."""
    rows = Page.objects.select_for_update().filter(slug=slug)
    if (page := rows.first()) is not None:
        return page
    take_turn("addresses of pages")  # somebody else may write the first row of a shipped page just now
    page = rows.first() or shipped.shipped_page(slug)
    if page is None:
        raise Page.DoesNotExist
    return page


def _write(page: Page, note: str, *, by: Any) -> None:
    """Save the page under its next number, and what it says now as a version."""
    page.version += 1
    page.save()
    PageVersion.objects.create(
        page=page,
        number=page.version,
        texts=current_texts(page),
        note=note,
        made_at=timezone.now(),
        made_by=by,
    )

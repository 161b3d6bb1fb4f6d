"""Offers in words: what happened to one, what can be compared, whose it is."""

from collections.abc import Callable
from typing import Any

from django.utils.formats import number_format
from django.utils.text import capfirst
from django.utils.translation import get_language_info, gettext_lazy
from django.utils.translation import gettext as _

from donations.features import features_of
from donations.models import Offer
from donations.offer_bounds import TONGUES
from donations.offer_steps import STEPS
from donations.said import Line, said
from donations.steps import Step
from donations.words import DEEDS, without_other_side
from portal.audit.actions import history_of
from portal.audit.models import Record

SHOWN = 50
PIECES = "×"  # of features that are counted or say how many times
IN_HEAD = frozenset(
    {"title", "category", "language", "country", "city", "value_eur"}
)  # elsewhere, or not for everybody
OWN_DEEDS = {
    "extend": gettext_lazy("Prolonged"),
    "withdraw_rest": gettext_lazy("The rest was withdrawn"),
    "expire_rest": gettext_lazy("The rest expired"),
}
HAPPENED = (
    "start", "offer", "resubmit", "ask", "vet", "refuse", "match", "reopen", "hand_over", "recall", "give_back",
    "expire", "withdraw", "lose", *OWN_DEEDS,
)  # fmt: skip


def tongues() -> list[tuple[str, str]]:
    """The languages in which manuals come, by name in the reader's language."""
    named = [(code, capfirst(str(get_language_info(code)["name_translated"]))) for code in TONGUES]
    return sorted(named, key=lambda pair: pair[1])


def course_of(offer: Offer) -> list[tuple[str, Record]]:
    """What its people are told of its history, newest first, each entry with its deed in words."""
    words = {**DEEDS, **OWN_DEEDS}
    shown = history_of(offer).filter(verb__in=HAPPENED)[:SHOWN]
    return [(str(words[entry.verb]), entry) for entry in without_other_side(offer, shown)]


def said_of(
    offer: Offer, *, is_public: bool = False, url: Callable[[Step], str] | None = None
) -> list[tuple[Step, list[Line], str]]:
    """The sections of an offer with its answers, what can be compared among them.

    For everybody without papers, without what the head of the page says, and without its value, which is for customs.
    """
    sections = said(offer, STEPS, is_public=is_public, url=url)
    for step, lines, _url in sections:
        if is_public:
            lines[:] = [line for line in lines if line.name not in IN_HEAD]
        lines[:] = [line._replace(words=_languages(offer, line)) for line in lines]
        if step.name == "condition":
            lines += features_in_words(offer)
        if step.name == "papers" and not is_public:
            lines += [Line("paper", paper.title, paper.name, is_typed=True) for paper in offer.papers.all()]
        if step.name == "photos" and not is_public and (count := len(offer.photos.all())):
            lines.append(Line("photos", str(step.title), number_format(count), is_typed=False))
    return sections


def features_in_words(offer: Offer) -> list[Line]:
    """What of it can be compared, in the order of its category."""
    kept = {row.feature: row.value for row in offer.features.all()}
    own = features_of(offer.category.slug if offer.category else "")
    return [
        Line(each.key, capfirst(str(each.label)), _value(each, kept[each.key]), is_typed=False)
        for each in own
        if each.key in kept
    ]


def giver(offer: Offer) -> str:
    """Who gives, for everybody: an organisation by its name, a private person by none."""
    return str(offer.organisation) if offer.organisation else _("A private donor")


def _languages(offer: Offer, line: Line) -> str:
    """Languages by their names, everything else as it is."""
    if line.name not in ("language", "manual_languages"):
        return line.words
    names, codes = dict(tongues()), getattr(offer, line.name)
    return ", ".join(names.get(code, code) for code in ([codes] if isinstance(codes, str) else codes))


def _value(feature: Any, value: Any) -> str:
    if value is None:
        return _("Yes")
    plain = number_format(value.normalize(), use_l10n=True)
    return plain if feature.unit == PIECES else f"{plain}\N{NO-BREAK SPACE}{feature.unit}"

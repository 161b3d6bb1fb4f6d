"""Begin a story from what somebody reported and offered: their words, their links, and their consent still to ask."""

from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from bookings.models import Outcome
from calls.eligibility import codes
from donations.models import FollowUp
from portal.core.errors import Forbidden, Reason, Refused
from portal.stories.actions.story.consent import add_consent
from portal.stories.actions.story.text import begin_story
from portal.stories.enums import ConsentForm, StoryKind
from portal.stories.models import Story

LONGEST_TITLE = 160


@transaction.atomic
def begin_from_outcome(outcome: Outcome, *, by: Any) -> Story:
    """A draft of what an award's holder reported; once begun it is found again. Raises Forbidden, Refused."""
    _permit(by)
    rows = Outcome.objects.select_for_update(of=("self",), no_key=True).select_related(
        "award__holder", "award__organisation", "award__instrument", "award__application__call", "reported_by"
    )
    row = rows.get(pk=outcome.pk)
    if found := Story.objects.filter(outcome=row).first():
        return found
    if not row.may_become_story:
        raise Refused(Reason("not_offered", _("This report was not offered as a story.")))
    award, holder = row.award, row.award.holder
    application = award.application
    links: dict[str, list[Any]] = {
        "calls": [application.call] if application else [],
        "instruments": [award.instrument] if award.instrument else [],
        "techniques": list(award.instrument.techniques.all()) if award.instrument else [],
        "organisations": [award.organisation],
    }
    story = begin_story(
        by=by,
        sender=holder if holder.is_active else None,
        links=links,
        outcome=row,
        kind=StoryKind.ACCESS,
        byline=f"{holder.name}, {award.organisation.name}"[:200],
        countries=codes([award.organisation.country]),
        dois=row.dois,
        shows_people=True,
        **_said(award.title, row.summary, holder.language),
    )
    form = ConsentForm.PORTAL if story.sent_by_id else ConsentForm.MAIL
    add_consent(story, by=by, name=holder.name, form=form, wording=row.story_consent)
    return story


@transaction.atomic
def begin_from_follow_up(follow_up: FollowUp, *, by: Any) -> Story:
    """A draft of what a laboratory says of a gift; once begun it is found again. Raises Forbidden, Refused."""
    _permit(by)
    rows = FollowUp.objects.select_for_update(of=("self",), no_key=True).select_related(
        "match__need__organisation", "answered_by"
    )
    row = rows.get(pk=follow_up.pk)
    if found := Story.objects.filter(follow_up=row).first():
        return found
    if not row.may_become_story:
        raise Refused(Reason("not_offered", _("This answer was not offered as a story.")))
    need = row.match.need
    sender = row.answered_by if row.answered_by and row.answered_by.is_active else None
    story = begin_story(
        by=by,
        sender=sender,
        links={"organisations": [need.organisation]},
        follow_up=row,
        kind=StoryKind.GIFT,
        byline=need.organisation.name[:200],
        countries=codes([need.organisation.country]),
        shows_people=True,
        **_said(need.title, row.words, sender.language if sender else need.language),
    )
    name = sender.name if sender else need.organisation.name
    form = ConsentForm.PORTAL if sender else ConsentForm.MAIL
    add_consent(story, by=by, name=name[:150], form=form, wording=row.consent)
    return story


def _permit(by: Any) -> None:
    if not by.has_perm("stories.judge_story"):
        raise Forbidden


def _said(title: str, words: str, language: str) -> dict[str, str]:
    """The words under the columns of the language in which they were written."""
    code = language if language in settings.MODELTRANSLATION_FALLBACK_LANGUAGES else settings.LANGUAGE_CODE
    return {f"title_{code}": title[:LONGEST_TITLE], f"body_{code}": words}

"""Who agreed to be shown in a story, how, and that they may take it back at any time."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from portal.audit.actions import record
from portal.core.dates import date_format
from portal.core.errors import Forbidden, Reason, Refused
from portal.notifications.actions import notify
from portal.stories import notices
from portal.stories.actions.story.holding import check_open, locked, sender_of, staff
from portal.stories.actions.story.moves import take_off
from portal.stories.enums import ConsentForm
from portal.stories.models import Consent, Story

MOST = 40
TAKEN_BACK = gettext_noop("Somebody shown in it does not agree any more.")  # read by others in their language
# Kept with each consent word for word, in the language in which it was read.
CONSENT = gettext_lazy(
    "I have read this story and seen its pictures. I agree that they are shown on this portal and in reports of the "
    "programme, with my name as it stands there. I can take this back at any time; the story is then taken off."
)
CONSENT_OF_GUARDIAN = gettext_lazy(
    "I have read this story and seen its pictures. As the guardian of the child named here I agree that they are shown "
    "on this portal and in reports of the programme. I can take this back at any time; the story is then taken off."
)


@transaction.atomic
def add_consent(
    story: Story,
    *,
    by: Any,
    name: str,
    form: str,
    guardian: str = "",
    is_minor: bool = False,
    given_on: date | None = None,
    wording: str = "",
    edition: int | None = None,
) -> Consent:
    """Note who is shown, and the day they agreed or None. `wording`: what they agreed to, else the portal's own words.

    `edition`: which one `by` looked at, and whoever agreed saw. Consents on the portal come from `agree` alone. Raises
    Forbidden, Conflict; Refused `no_guardian`, `on_portal`, `in_future`, `published`, `archived`, `too_many`.
    """
    row = _open(story, by=by, edition=edition if given_on else None)
    if is_minor and not guardian.strip():
        raise Refused(Reason("no_guardian", _("For somebody under 18 name the guardian who agrees.")))
    if form == ConsentForm.PORTAL and ((by != row.sent_by and not by.is_staff) or given_on is not None):
        raise Refused(Reason("on_portal", _("Only whoever sent the story in can agree on the portal, for themselves.")))
    if row.is_public and given_on is None:
        sentence = _("This story is published: note here only who has agreed. If somebody has not, take it off.")
        raise Refused(Reason("published", sentence))
    if row.consents.count() >= MOST:
        raise Refused(Reason("too_many", _("At most %(most)d people can be named.") % {"most": MOST}))
    _check_day(given_on)
    words = wording or str(CONSENT_OF_GUARDIAN if is_minor else CONSENT)
    consent = Consent.objects.create(
        story=row,
        name=name.strip(),
        form=form,
        is_minor=is_minor,
        guardian=guardian.strip() if is_minor else "",
        given_on=given_on,
        wording=words,
        recorded_by=by,
    )
    record(row, "add_consent", by=by, consent=consent.pk, form=form, given_on=str(given_on or ""))
    return consent


@transaction.atomic
def agree(story: Story, *, by: Any, edition: int | None = None) -> Consent:
    """Whoever sent the story in agrees, here and now, to be shown in the edition they read. Twice is once.

    Raises Forbidden, Conflict, Refused `archived`.
    """
    row = locked(story, "agree_to_story", by=by, edition=edition)
    check_open(row)
    consent = row.consents.select_for_update().filter(form=ConsentForm.PORTAL).first()
    if consent is not None and consent.stands:
        return consent
    if consent is None:
        consent = Consent(story=row, name=by.name, form=ConsentForm.PORTAL, wording=str(CONSENT))
    consent.given_on, consent.recorded_by = timezone.localdate(), by
    consent.withdrawn_at = consent.withdrawn_by = consent.asked_again_at = None
    consent.save()
    record(row, "give_consent", by=by, consent=consent.pk, form=consent.form)
    return consent


@transaction.atomic
def give_consent(consent: Consent, *, given_on: date, form: str, by: Any, edition: int | None = None) -> Consent:
    """Note that somebody agreed on a form or by mail, be it anew. Staff may note it of a sender who wrote to them.

    Raises Forbidden, Conflict; Refused `on_portal`, `in_future`, `before_change`, `archived`.
    """
    story = _open(consent.story, by=by, edition=edition)
    row = _locked(consent, story)
    if form == ConsentForm.PORTAL or (row.form == ConsentForm.PORTAL and not by.is_staff):
        raise Refused(Reason("on_portal", _("Only whoever sent the story in can agree on the portal, for themselves.")))
    _check_day(given_on)
    _check_since(row, given_on)
    row.given_on, row.form, row.recorded_by = given_on, form, by
    row.withdrawn_at = row.withdrawn_by = row.asked_again_at = None
    row.save()
    record(story, "give_consent", by=by, consent=row.pk, form=form, given_on=str(given_on))
    return row


@transaction.atomic
def withdraw_consent(consent: Consent, *, by: Any, why: str = "") -> Consent:
    """Somebody shown takes their word back: a published story is off in the same moment, staff and sender are told.

    Twice is once. Raises Forbidden, Refused `not_given`.
    """
    story = locked(consent.story, "withdraw_consent", by=by)
    row = _locked(consent, story)
    if row.withdrawn_at:
        return row
    if row.given_on is None:
        raise Refused(Reason("not_given", _("This consent has not been given; take the name out instead.")))
    row.withdrawn_at, row.withdrawn_by = timezone.now(), by
    row.save(update_fields=["withdrawn_at", "withdrawn_by", "updated_at"])
    record(story, "withdraw_consent", by=by, why=why.strip(), consent=row.pk)
    told = {person.address: person for person in [*staff(), *sender_of(story)] if person.user_id != by.pk}
    key = f"consent:{row.pk}:{row.withdrawn_at.isoformat()}"
    if story.is_public:
        take_off(story, by=by, why=TAKEN_BACK)
    notify(notices.CONSENT_WITHDRAWN, key, told.values(), {"consent": row.pk})
    return row


@transaction.atomic
def drop_consent(consent: Consent, *, by: Any) -> None:
    """Take out somebody who is not shown in the story. Raises Forbidden, Refused `published`, `giver`."""
    story = _open(consent.story, by=by)
    row = _locked(consent, story)
    if story.is_public:
        sentence = _("This story is published as it is. If somebody does not agree any more, say so; it is taken off.")
        raise Refused(Reason("published", sentence))
    if (story.outcome_id or story.follow_up_id) and row.pk == story.consents.earliest("pk").pk:
        raise Refused(Reason("giver", _("Whoever offered this story has to agree to it and stays here.")))
    record(story, "drop_consent", by=by, consent=row.pk)
    row.delete()


def _open(story: Story, *, by: Any, edition: int | None = None) -> Story:
    row = locked(story, "edit_story", by=by, edition=edition)
    check_open(row)
    return row


def _locked(consent: Consent, story: Story) -> Consent:
    found: Consent | None = story.consents.select_for_update().filter(pk=consent.pk).first()
    if found is None:
        raise Forbidden(_("This name has been taken out meanwhile."))
    return found


def _check_since(row: Consent, given_on: date) -> None:
    """Nobody agreed to a text before it was written."""
    changed_on = timezone.localdate(row.asked_again_at) if row.asked_again_at else None
    if changed_on is not None and given_on < changed_on:
        sentence = _("The story was changed on %(day)s: they have to have seen it since.")
        raise Refused(Reason("before_change", sentence % {"day": date_format(changed_on)}))


def _check_day(given_on: date | None) -> None:
    if given_on is not None and given_on > timezone.localdate():
        raise Refused(Reason("in_future", _("This day is still to come.")))

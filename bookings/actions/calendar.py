"""Deeds on calendar links: make, renew, revoke."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from bookings.models import CalendarFeed
from instruments.models import Instrument
from portal.accounts.actions.tokens import digest_of
from portal.accounts.models import User
from portal.audit.actions import record
from portal.core.errors import Forbidden, Reason, Refused, WrongState
from portal.core.models import new_token
from portal.core.sealing import seal

MOST = 30  # a person; more than anybody subscribes to


@transaction.atomic
def make_calendar(instrument: Instrument | None = None, *, by: User) -> CalendarFeed:
    """The link to one's own bookings, or to those of an instrument one sees; the one there is, if there is one.

    Raises Forbidden, or Refused with `too_many_calendars`.
    """
    User.objects.select_for_update().get(pk=by.pk)
    if instrument is not None and not Instrument.objects.visible_to(by).filter(pk=instrument.pk).exists():
        raise Forbidden
    links = by.calendar_feeds.open()
    there = links.filter(instrument=instrument).first()
    if there is not None:
        return there
    if links.count() >= MOST:
        sentence = _("You have %(most)d calendar links. Revoke one first.") % {"most": MOST}
        raise Refused(Reason("too_many_calendars", sentence))
    return _make(instrument, by)


@transaction.atomic
def renew_calendar(feed: CalendarFeed, *, by: User) -> CalendarFeed:
    """Another address for the same; the old one ends at once. Raises Forbidden, WrongState."""
    if feed.user_id != by.pk:
        raise Forbidden
    _revoke(feed, by)
    return _make(feed.instrument, by)


@transaction.atomic
def revoke_calendar(feed: CalendarFeed, *, by: User) -> None:
    """End a link at once: one's own, or as an admin anybody's. Raises Forbidden, WrongState."""
    if not by.has_perm("bookings.revoke_calendar", feed):
        raise Forbidden
    _revoke(feed, by)


def _make(instrument: Instrument | None, by: User) -> CalendarFeed:
    token = new_token()
    feed = CalendarFeed.objects.create(
        user=by, instrument=instrument, token_hash=digest_of(token), sealed_token=seal(token)
    )
    record(feed, "make", by=by, instrument=instrument.slug if instrument else "")
    return feed


def _revoke(feed: CalendarFeed, by: User) -> None:
    row = CalendarFeed.objects.select_for_update().get(pk=feed.pk)
    if row.revoked_at is not None:
        raise WrongState("revoke", "revoked")
    row.revoked_at = timezone.now()
    row.save(update_fields=["revoked_at", "updated_at"])
    record(row, "revoke", by=by)

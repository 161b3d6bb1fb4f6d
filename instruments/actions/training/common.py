"""What the deeds on trainings share: the locked row, who is told, what may be taught."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from instruments.models import Instrument, Technique, Training
from portal.accounts.models import Organisation, User
from portal.core.errors import Forbidden, Reason, Refused
from portal.notifications.actions import Recipient, reader

LONGEST_WHY = 300  # as long as the columns that keep it


def locked(training: Training, *, by: Any = None) -> Training:
    """The fresh row, locked until the transaction ends; the clock (`by` None) may. Raises Forbidden."""
    rows = Training.objects.select_for_update(of=("self",)).select_related("organisation", "instrument", "technique")
    fresh = rows.get(pk=training.pk)
    if by is not None:
        permit(by, "run_training", fresh)
    return fresh


def permit(by: Any, permission: str, row: Any) -> None:
    """Raises Forbidden unless the predicate lets `by` do it."""
    if not by.has_perm(f"instruments.{permission}", row):
        raise Forbidden


def people_of(places: Iterable[Any]) -> list[Recipient]:
    """The people in these places who can still be written to; `places` come with their users."""
    return [reader(place.user) for place in places if place.user.is_active]


def check_subject(
    instrument: Instrument | None, technique: Technique | None, laboratory: Organisation, by: Any
) -> None:
    """Raises Refused unless it is one thing, and the laboratory's to teach.

    A certificate for a technique opens the instruments of every laboratory that have it, so operators teach only what
    an instrument of their own does; staff decide beyond that.
    """
    if (instrument is None) == (technique is None):
        raise Refused(Reason("subject", _("Choose one instrument or one technique.")))
    if instrument is not None and (instrument.organisation_id != laboratory.pk or instrument.is_final):
        raise Refused(Reason("instrument", _("This instrument does not stand in this laboratory any more.")))
    if technique is not None and not by.is_staff and not technique.instruments.filter(organisation=laboratory).exists():
        raise Refused(Reason("technique", _("No instrument of this laboratory does this technique.")))


def person_with(email: str) -> User:
    """The account with this address. Raises Refused `nobody`, and `name` where it has no name to print."""
    person = User.objects.filter(email=email.strip().lower(), is_active=True).first()
    if person is None:
        raise Refused(Reason("nobody", _("Nobody here has this address. Ask them to create an account first.")))
    check_name(person)
    return person


def check_name(person: User) -> None:
    """A certificate is public and says the name alone: never an address in its stead."""
    if not person.name.strip():
        raise Refused(Reason("name", _("The profile has no name yet, and a certificate says whose it is.")))


def told(why: str) -> str:
    """Return the reason, stripped. Raises Refused when there is none, or too much of it."""
    words = why.strip()
    if not words:
        raise Refused(Reason("reason", _("Say why, in a sentence: those concerned read it.")))
    return brief(words)


def brief(words: str) -> str:
    """Return the note, stripped. Raises Refused when the row has no room for it."""
    if len(words.strip()) > LONGEST_WHY:
        raise Refused(Reason("too_long", _("Write %(count)d letters at most.") % {"count": LONGEST_WHY}))
    return words.strip()

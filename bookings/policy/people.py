"""Who books and who takes part: membership, certificates; and whether there is something to measure."""

from collections.abc import Collection, Iterator
from typing import Any

from django.utils.translation import gettext as _

from bookings.facts import Facts
from bookings.slots import Span
from bookings.standing import Right, Standing
from portal.core.dates import date_format
from portal.core.errors import Reason


def of_people(
    facts: Facts, period: Span, standing: Standing, *, by: Any, people: Collection[int] | None
) -> Iterator[Reason]:
    if by is not None and by.pk == standing.holder and by.pk not in standing.may_book:
        text = _("Your membership of the award's organisation is not confirmed. Ask its focal point to confirm it.")
        yield Reason("not_a_member", text)
    if people is not None and not standing.people.issuperset(people):
        yield not_of_the_award()
    if facts.policy.needs_sample and not standing.has_sample:
        text = _("A sample of this award must be at the laboratory before time is booked.")
        yield Reason("sample_missing", text)
    if facts.policy.needs_certificate:
        yield from _of_certificates(facts, period, standing, people)


def not_of_the_award() -> Reason:
    return Reason("not_of_the_award", _("Choose among the researchers who share this award."))


def _of_certificates(
    facts: Facts, period: Span, standing: Standing, people: Collection[int] | None
) -> Iterator[Reason]:
    """One of those who take part holds a certificate on every day of the period."""
    taking_part = people if people is not None else standing.taking_part or standing.people
    if not certified(facts, period, standing).isdisjoint(taking_part):
        return
    rights = [right for right in standing.rights if right.person in taking_part]
    text = _("One of those who take part must hold a certificate for this instrument.")
    if ending := _last_day(rights):
        text = _("The certificate for this instrument must be valid on every day of the booking; it ends on %(day)s.")
        text %= {"day": date_format(ending)}
    yield Reason("certificate_missing", text)


def certified(facts: Facts, period: Span, standing: Standing) -> set[int]:
    """Who holds a certificate for the instrument on every day of the period; nobody where the policy asks for none."""
    first, last = facts.days_of(period)
    rights = (right for right in standing.rights if right.first <= first)
    return {right.person for right in rights if right.last is None or right.last >= last}


def _last_day(rights: list[Right]) -> Any:
    """The day on which the last of these certificates ends; None where there is none."""
    return max((right.last for right in rights if right.last is not None), default=None)

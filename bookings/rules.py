"""Who may do what. Bookings belong to the award's holder and the organisation, not to whoever clicked."""

import rules

from bookings.models import Booking, CalendarFeed, Guest, Sample, StandbyEntry, WaitlistEntry
from calls.models import Award
from instruments.enums import AccessMode
from portal.accounts.enums import Role
from portal.accounts.models import Membership, User
from portal.accounts.standing import known_to_hold
from portal.core.questions import Question

_HELD = Question(
    lambda user, organisation, role: Membership.objects.held_by(user, organisation, role).values_list("pk"), 3
)


def _is(user: User, organisation: int, role: Role) -> bool:
    """Whether `user` is confirmed in this role there."""
    known = known_to_hold(user, organisation, role)
    return known if known is not None else bool(_HELD.ask(user.pk, organisation, role.value))


@rules.predicate
def holds_award(user: User, award: Award) -> bool:
    return award.holder_id == user.pk


@rules.predicate
def leads_award(user: User, award: Award) -> bool:
    """A focal point of the award's organisation."""
    return _is(user, award.organisation_id, Role.FOCAL_POINT)


@rules.predicate
def holds(user: User, booking: Booking) -> bool:
    return booking.award.holder_id == user.pk


@rules.predicate
def leads(user: User, booking: Booking) -> bool:
    return _is(user, booking.organisation_id, Role.FOCAL_POINT)


@rules.predicate
def runs(user: User, booking: Booking) -> bool:
    """A confirmed operator of the instrument's laboratory: any operator covers for another."""
    return _is(user, booking.instrument.organisation_id, Role.OPERATOR)


@rules.predicate
def takes_part(user: User, booking: Booking) -> bool:
    if "participants" in getattr(booking, "_prefetched_objects_cache", ()):  # the page has read them all
        return any(person.pk == user.pk for person in booking.participants.all())
    return booking.participants.filter(pk=user.pk).exists()


@rules.predicate
def is_guest(user: User, booking: Booking) -> bool:
    """Invited to watch its session, under a verified address."""
    return Guest.objects.of(user).filter(session__booking=booking).exists()


@rules.predicate
def allows_hands(user: User, booking: Booking) -> bool:
    """Whether hands from afar may touch the instrument at all."""
    return booking.instrument.access_mode != AccessMode.OBSERVED


@rules.predicate
def shares_its_award(user: User, booking: Booking) -> bool:
    return bool(shares_award.test(user, booking.award))


@rules.predicate
def shares_award(user: User, award: Award) -> bool:
    """One of the researchers the award is shared with."""
    return award.members.filter(pk=user.pk).exists()


@rules.predicate
def sends(user: User, sample: Sample) -> bool:
    """One of the people of the sample's award."""
    return bool(is_of_award.test(user, sample.award))


@rules.predicate
def runs_its_instrument(user: User, sample: Sample) -> bool:
    """A confirmed operator of the laboratory that measures the sample."""
    return _is(user, sample.award.hours_on.organisation_id, Role.OPERATOR)


@rules.predicate
def asked_for(user: User, entry: WaitlistEntry) -> bool:
    """Who took the place on the waiting list, or holds one of the awards it would be paid with."""
    return entry.asked_by_id == user.pk or entry.awards.filter(holder=user).exists()


@rules.predicate
def leads_entry(user: User, entry: WaitlistEntry) -> bool:
    return _is(user, entry.organisation_id, Role.FOCAL_POINT)


@rules.predicate
def stands_by(user: User, entry: StandbyEntry) -> bool:
    """Who took the place in the queue, or holds the award that would pay."""
    return user.pk in (entry.asked_by_id, entry.award.holder_id)


@rules.predicate
def leads_standby(user: User, entry: StandbyEntry) -> bool:
    return _is(user, entry.award.organisation_id, Role.FOCAL_POINT)


@rules.predicate
def owns_calendar(user: User, feed: CalendarFeed) -> bool:
    return feed.user_id == user.pk


is_staff = rules.is_staff
is_of_award = is_staff | holds_award | shares_award | leads_award
speaks_for = is_staff | holds | leads
works_at = is_staff | runs

of_its_people = holds | takes_part | works_at | leads
may_watch = of_its_people | is_guest
does_it = holds | takes_part | works_at
may_control = (holds | takes_part | runs) & allows_hands

rules.add_perm("bookings.book_with", is_staff | holds_award | leads_award)
rules.add_perm("bookings.cancel_booking", speaks_for | runs)
rules.add_perm("bookings.move_booking", speaks_for | runs)
rules.add_perm("bookings.change_participants", speaks_for)
rules.add_perm("bookings.override_booking", works_at)
rules.add_perm("bookings.confirm_booking", works_at)
rules.add_perm("bookings.decline_booking", works_at)
rules.add_perm("bookings.fail_booking", works_at)
rules.add_perm("bookings.check_in_session", works_at)
rules.add_perm("bookings.join_session", holds | takes_part | runs)
rules.add_perm("bookings.begin_session", holds | takes_part | works_at)
rules.add_perm("bookings.end_session", holds | takes_part | works_at)
rules.add_perm("bookings.extend_session", holds | takes_part | works_at)
rules.add_perm("bookings.watch_session", may_watch)
rules.add_perm("bookings.control_session", may_control)
rules.add_perm("bookings.take_control", runs & allows_hands)
rules.add_perm("bookings.invite_guest", does_it)
rules.add_perm("bookings.write_in_session", may_watch)
rules.add_perm("bookings.see_booking", of_its_people)  # as BookingQuerySet.visible_to
rules.add_perm("bookings.read_log", of_its_people | shares_its_award)
rules.add_perm("bookings.report_session", does_it)
rules.add_perm("bookings.return_minutes", works_at)
rules.add_perm("bookings.declare_sample", is_of_award)
rules.add_perm("bookings.send_sample", sends)
rules.add_perm("bookings.handle_sample", is_staff | runs_its_instrument)
rules.add_perm("bookings.manage_data", works_at)
rules.add_perm("bookings.answer_offer", speaks_for)
rules.add_perm("bookings.leave_waitlist", is_staff | asked_for | leads_entry)
rules.add_perm("bookings.leave_standby", is_staff | stands_by | leads_standby)
rules.add_perm("bookings.revoke_calendar", owns_calendar | rules.is_superuser)

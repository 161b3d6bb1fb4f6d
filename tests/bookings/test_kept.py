"""A page that keeps who somebody is and who takes part says of their rights what rows and rules say one by one."""

from datetime import timedelta

import pytest
from django.utils import timezone

from bookings.enums import SessionState
from bookings.models import Booking
from portal.accounts.enums import MembershipState, Role
from portal.accounts.standing import keep_memberships, known_to_hold
from tests.factories.accounts import MembershipFactory, OrganisationFactory, UserFactory
from tests.factories.bookings import BookingFactory
from tests.house.test_matrix import SIGNED_IN

pytestmark = pytest.mark.django_db
VERBS = [
    *("cancel_booking", "override_booking", "change_participants", "see_booking", "join_session", "end_session"),
    *("watch_session", "control_session", "take_control", "invite_guest", "read_log", "return_minutes"),
]


@pytest.fixture
def booking(award):
    start = timezone.now() - timedelta(minutes=10)
    booking = BookingFactory(award=award, start=start, session__state=SessionState.LIVE)
    booking.participants.add(UserFactory(name="Paula"))
    return booking


def test_the_rights_are_the_same(request, booking):
    former = MembershipFactory(
        organisation=booking.organisation, role=Role.FOCAL_POINT, state=MembershipState.ENDED, user=UserFactory()
    ).user
    people = [*map(request.getfixturevalue, SIGNED_IN), *booking.participants.all(), former]
    for person in people:
        seen = [person.has_perm(f"bookings.{verb}", booking) for verb in VERBS]
        assert seen[VERBS.index("see_booking")] == Booking.objects.visible_to(person).filter(pk=booking.pk).exists()
        keep_memberships(person)
        shown = Booking.objects.for_page().prefetch_related("participants").get(pk=booking.pk)
        assert [person.has_perm(f"bookings.{verb}", shown) for verb in VERBS] == seen, person


def test_memberships_are_kept_once_they_are_asked_for(django_assert_num_queries):
    user, organisation = UserFactory(), OrganisationFactory()
    assert known_to_hold(user, organisation.pk, Role.OPERATOR) is None
    keep_memberships(user)
    MembershipFactory(user=user, organisation=organisation, role=Role.OPERATOR)
    with django_assert_num_queries(1):
        held = [known_to_hold(user, organisation.pk, role) for role in (Role.OPERATOR, Role.FOCAL_POINT)]
    assert held == [True, False]
    assert known_to_hold(user, OrganisationFactory().pk, Role.OPERATOR) is False

"""Certificates given, renewed, revoked, warned of; wishes to be trained; what the clock does."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from instruments.actions import training as actions
from instruments.enums import PlaceState, TrainingState, WishState
from instruments.models import Certificate, Instrument, TrainingWish
from instruments.tasks import settle_trainings
from portal.accounts.models import Organisation, User
from portal.audit.models import Record
from portal.core.errors import Forbidden, Refused
from portal.notifications.models import Notification
from tests.factories.instruments import InstrumentFactory, TechniqueFactory
from tests.factories.trainings import CertificateFactory, TrainingFactory, TrainingPlaceFactory, TrainingWishFactory

pytestmark = pytest.mark.django_db


def kinds() -> list[tuple[str, str]]:
    return sorted(Notification.objects.values_list("kind", "address"))


def today() -> date:
    return timezone.now().date()


def test_given_without_a_training(instrument: Instrument, operator: User, researcher: User) -> None:
    until = today() + timedelta(days=400)
    certificate = actions.give_certificate(
        researcher.email, by=operator, organisation=instrument.organisation, instrument=instrument, valid_until=until
    )
    assert (certificate.person, certificate.issued_by, certificate.valid_until) == (researcher, operator, until)
    held = Certificate.objects.filter(person=researcher).valid_through(certificate.issued_on, until)
    assert held.covering(instrument.pk).exists()
    assert kinds() == [("instruments.certificate_given", researcher.email)]


def test_the_same_twice_is_one(instrument: Instrument, operator: User, researcher: User) -> None:
    about = {"by": operator, "organisation": instrument.organisation, "instrument": instrument}
    until = today() + timedelta(days=400)
    first = actions.give_certificate(researcher.email, valid_until=until, **about)
    for day in (until, until - timedelta(days=1)):
        with pytest.raises(Refused) as refusal:
            actions.give_certificate(researcher.email, valid_until=day, **about)
        assert refusal.value.codes == ["held"]
    actions.give_certificate(researcher.email, valid_until=None, **about)
    with pytest.raises(Refused):
        actions.give_certificate(researcher.email, valid_until=None, **about)
    actions.revoke_certificate(first, by=operator, why="Another one holds longer")
    assert len(kinds()) == 3


@pytest.mark.parametrize(("days", "code"), [(-1, "valid_until"), (3700, "valid_until"), (2_000_000, "valid_until")])
def test_days_that_make_no_sense(
    instrument: Instrument, operator: User, researcher: User, days: int, code: str
) -> None:
    with pytest.raises(Refused) as refusal:
        actions.give_certificate(
            researcher.email,
            by=operator,
            organisation=instrument.organisation,
            instrument=instrument,
            valid_until=today() + timedelta(days=days),
        )
    assert refusal.value.codes == [code]


def test_not_to_oneself_nor_by_strangers(
    instrument: Instrument, operator: User, stranger_operator: User, researcher: User
) -> None:
    about = {"organisation": instrument.organisation, "instrument": instrument, "valid_until": None}
    with pytest.raises(Refused) as refusal:
        actions.give_certificate(operator.email, by=operator, **about)
    assert refusal.value.codes == ["own_certificate"]
    for person in (stranger_operator, researcher):
        with pytest.raises(Forbidden):
            actions.give_certificate(researcher.email, by=person, **about)
        with pytest.raises(Forbidden):
            actions.renew_certificate(CertificateFactory(instrument=instrument), None, by=person)
        with pytest.raises(Forbidden):
            actions.revoke_certificate(CertificateFactory(instrument=instrument), by=person, why="No")
    assert not Record.objects.exists()


def test_renewed_it_is_warned_of_anew(instrument: Instrument, operator: User) -> None:
    ends = today() + timedelta(days=10)
    certificate = CertificateFactory(instrument=instrument, valid_until=ends, warned_at=timezone.now())
    for day in (ends, ends - timedelta(days=3)):
        with pytest.raises(Refused):
            actions.renew_certificate(certificate, day, by=operator)
    renewed = actions.renew_certificate(certificate, ends + timedelta(days=365), by=operator)
    assert (renewed.valid_until, renewed.warned_at) == (ends + timedelta(days=365), None)
    assert actions.renew_certificate(certificate, None, by=operator).valid_until is None
    assert [kind for kind, _address in kinds()] == ["instruments.certificate_renewed"] * 2


def test_revoked_is_final(instrument: Instrument, operator: User) -> None:
    certificate = CertificateFactory(instrument=instrument)
    with pytest.raises(Refused):
        actions.revoke_certificate(certificate, by=operator, why="")
    actions.revoke_certificate(certificate, by=operator, why="The tube was left on.")
    assert not Certificate.objects.valid_through(today(), today()).exists()
    for deed in (
        lambda: actions.renew_certificate(certificate, None, by=operator),
        lambda: actions.revoke_certificate(certificate, by=operator, why="Again"),
    ):
        with pytest.raises(Refused) as refusal:
            deed()
        assert refusal.value.codes == ["revoked"]
    assert kinds() == [("instruments.certificate_revoked", certificate.person.email)]


def test_what_a_certificate_covers(instrument: Instrument) -> None:
    branch = TechniqueFactory(slug="diffraction")
    leaf = TechniqueFactory(slug="powder", parent=branch)
    look_alike = TechniqueFactory(slug="diff")
    machine = InstrumentFactory(techniques=[leaf])
    covering = [
        CertificateFactory(instrument=machine),
        CertificateFactory(instrument=None, technique=leaf),
        CertificateFactory(instrument=None, technique=branch),
    ]
    CertificateFactory(instrument=instrument)
    CertificateFactory(instrument=None, technique=look_alike)
    CertificateFactory(instrument=None, technique=TechniqueFactory(slug="deep", parent=leaf))
    assert set(Certificate.objects.covering(machine.pk)) == set(covering)


def test_valid_on_every_day() -> None:
    ends = date(2027, 3, 10)
    CertificateFactory(issued_on=date(2027, 3, 1), valid_until=ends)
    for first, last, holds in (
        (date(2027, 3, 1), ends, True),
        (ends, date(2027, 3, 11), False),
        (date(2027, 2, 28), date(2027, 3, 2), False),
    ):
        assert Certificate.objects.valid_through(first, last).exists() is holds


def test_its_holder_is_warned_once_and_only_of_the_last_that_holds(instrument: Instrument) -> None:
    soon = today() + timedelta(days=20)
    warned = CertificateFactory(instrument=instrument, valid_until=soon)
    outlived = CertificateFactory(instrument=instrument, valid_until=soon)
    CertificateFactory(instrument=instrument, person=outlived.person)
    CertificateFactory(instrument=instrument, valid_until=today() + timedelta(days=31))
    CertificateFactory(instrument=instrument, valid_until=today() - timedelta(days=1))
    CertificateFactory(instrument=instrument, valid_until=soon, revoked_at=timezone.now())
    CertificateFactory(instrument=instrument, valid_until=soon, person__is_active=False)
    now = timezone.now()
    assert [actions.warn_ending(now) for _ in range(2)] == [1, 0]
    assert kinds() == [("instruments.certificate_ending", warned.person.email)]


def test_a_wish_is_one_and_can_be_taken_back(instrument: Instrument, researcher: User, donor: User) -> None:
    wish = actions.wish_for_training(instrument, by=researcher, note="Spring")
    again = actions.wish_for_training(instrument, by=researcher, note="Summer")
    assert (again.pk, again.note) == (wish.pk, "Summer")
    with pytest.raises(Forbidden):
        actions.leave_wish(wish, by=donor)
    assert actions.leave_wish(wish, by=researcher).state == WishState.LEFT
    actions.wish_for_training(instrument, by=researcher)
    assert TrainingWish.objects.count() == 2


def test_wishes_have_bounds(instrument: Instrument, researcher: User) -> None:
    with pytest.raises(Refused) as refusal:
        actions.wish_for_training(InstrumentFactory(state="draft"), by=researcher)
    assert refusal.value.codes == ["not_listed"]
    with pytest.raises(Refused) as refusal:
        actions.wish_for_training(instrument, by=researcher, note="x" * 301)
    assert refusal.value.codes == ["too_long"]
    for _ in range(20):
        TrainingWishFactory(user=researcher)
    with pytest.raises(Refused) as refusal:
        actions.wish_for_training(instrument, by=researcher)
    assert refusal.value.codes == ["many_wishes"]


def test_a_wish_is_answered_by_the_laboratory(instrument: Instrument, operator: User, stranger_operator: User) -> None:
    wish = TrainingWishFactory(instrument=instrument)
    with pytest.raises(Forbidden):
        actions.answer_wish(wish, by=stranger_operator, why="No")
    assert actions.answer_wish(wish, by=operator, why="Not this year.").state == WishState.ANSWERED
    assert kinds() == [("instruments.wish_answered", wish.user.email)]


def test_the_clock_holds_what_is_over_and_tells_operators(instrument: Instrument, operator: User) -> None:
    over = TrainingFactory(instrument=instrument, starts_at=timezone.now() - timedelta(days=1))
    asked = TrainingPlaceFactory(training=over)
    coming = TrainingFactory(instrument=instrument)
    settle_trainings()
    for row, state in ((over, TrainingState.HELD), (coming, TrainingState.PUBLISHED)):
        row.refresh_from_db()
        assert row.state == state
    asked.refresh_from_db()
    assert asked.state == PlaceState.REFUSED
    told = [("instruments.place_refused", asked.user.email), ("instruments.training_held", operator.email)]
    assert kinds() == sorted(told)
    assert Record.objects.get(model="instruments.training").actor == "clock"


def test_requests_of_a_day_are_one_mail(instrument: Instrument, operator: User, laboratory: Organisation) -> None:
    with time_machine.travel(datetime(2027, 3, 1, 12, tzinfo=UTC), tick=False):
        TrainingWishFactory(instrument=instrument)
        TrainingPlaceFactory(training__instrument=instrument)
        TrainingWishFactory(instrument=instrument, state="left")
        assert actions.gather_requests(timezone.now()) == 0  # told in the morning
    for hour, count in ((6, 0), (7, 1), (9, 1)):
        moment = datetime(2027, 3, 2, hour, 30, tzinfo=UTC)
        assert actions.gather_requests(moment) == count
    assert actions.gather_requests(datetime(2027, 3, 3, 9, tzinfo=UTC)) == 0
    assert kinds() == [("instruments.requests_gathered", operator.email)]

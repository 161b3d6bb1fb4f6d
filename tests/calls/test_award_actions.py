"""Deeds of awards: every state with every verb, granting, answering, revoking, sharing, and what the clock does."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from calls import notices, signals
from calls.actions import award as deeds
from calls.enums import AwardState
from calls.models import Award
from calls.states import AWARD_MOVES
from portal.audit.models import Record
from portal.core.errors import Forbidden, Refused, WrongState
from portal.core.machine import next_state
from portal.notifications.enums import State
from portal.notifications.models import Notification
from portal.notifications.rendering import Renderer
from tests.factories.accounts import MembershipFactory, UserFactory
from tests.factories.calls import AwardFactory
from tests.factories.instruments import InstrumentFactory

pytestmark = pytest.mark.django_db
PEOPLES_VERBS = ("accept", "refuse", "revoke")


@pytest.fixture
def award(focal_point, institute, instrument) -> Award:
    return AwardFactory(holder=focal_point, organisation=institute, instrument=instrument)


@pytest.fixture
def grant(researcher, institute, instrument, staff):
    """Grant ten hours to the researcher; keyword arguments replace single ones."""

    def granted(**changes) -> Award:
        today = timezone.now().date()
        arguments = {
            "holder": researcher,
            "organisation": institute,
            "instrument": instrument,
            "minutes": 600,
            "valid_from": today,
            "valid_until": today + timedelta(days=90),
            "title": "Copper complexes",
            "by": staff,
        }
        return deeds.grant_award(**(arguments | changes))

    return granted


def fresh(award: Award) -> Award:
    return Award.objects.get(pk=award.pk)


def told(kind) -> set[str]:
    return set(Notification.objects.filter(kind=kind.name).values_list("address", flat=True))


@pytest.mark.parametrize("state", AwardState.values)
@pytest.mark.parametrize("verb", PEOPLES_VERBS)
def test_every_verb_in_every_state(verb, state, focal_point, institute, staff):
    award = AwardFactory(state=state, holder=focal_point, organisation=institute)
    deed = {
        "accept": lambda: deeds.accept(award, by=focal_point),
        "refuse": lambda: deeds.refuse(award, by=focal_point),
        "revoke": lambda: deeds.revoke(award, by=staff, why="The project ended"),
    }[verb]
    sources, target = AWARD_MOVES[verb]
    if state in sources:
        deed()
        assert fresh(award).state == target
        row = Record.objects.get(model="calls.award", row_id=award.pk, verb=verb)
        assert (row.before, row.after) == (state, target)
    else:
        with pytest.raises(WrongState):
            deed()
        assert fresh(award).state == state
        assert not Record.objects.exists()


@pytest.mark.parametrize("state", AwardState.values)
@pytest.mark.parametrize("verb", AWARD_MOVES)
def test_the_table_itself(verb, state):
    sources, target = AWARD_MOVES[verb]
    if state in sources:
        assert next_state(AWARD_MOVES, verb, state) == target
    else:
        with pytest.raises(WrongState):
            next_state(AWARD_MOVES, verb, state)


def test_a_grant_is_an_offer_with_its_hours_in_the_ledger(grant, researcher, staff):
    award = grant()
    assert award.state == AwardState.OFFERED
    assert fresh(award).balance_minutes == 600
    assert list(award.entries.values_list("kind", "minutes", "by")) == [("granted", 600, staff.pk)]
    assert award.answer_by - timezone.now() > timedelta(days=13)
    assert told(notices.AWARD_OFFERED) == {researcher.email}
    assert Record.objects.get(verb="release").after == AwardState.OFFERED


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"minutes": 0}, "no_hours"),
        ({"valid_from": date(2027, 2, 1), "valid_until": date(2027, 1, 1)}, "days"),
        ({"valid_from": date(2020, 2, 1), "valid_until": date(2020, 3, 1)}, "already_over"),
        ({"answer_by": datetime(2020, 1, 1, tzinfo=UTC)}, "answer_by"),
    ],
)
def test_a_grant_that_does_not_fit_is_refused(grant, changes, code):
    with pytest.raises(Refused) as refusal:
        grant(**changes)
    assert code in refusal.value.codes
    assert not Award.objects.exists()
    assert not Notification.objects.exists()


def test_a_grant_says_all_that_is_wrong_at_once(grant, stranger_researcher):
    draft = InstrumentFactory(state="draft")
    with pytest.raises(Refused) as refusal:
        grant(holder=stranger_researcher, instrument=draft, minutes=0)
    assert set(refusal.value.codes) == {"no_hours", "instrument_not_listed", "holder_elsewhere"}


@pytest.mark.parametrize("who", ["researcher", "focal_point", "operator"])
def test_only_staff_grant(grant, who, request):
    with pytest.raises(Forbidden):
        grant(by=request.getfixturevalue(who))


def test_accepting_tells_the_focal_points(grant, researcher, focal_point):
    deeds.accept(grant(), by=researcher)
    assert told(notices.AWARD_ACCEPTED) == {focal_point.email}


@pytest.mark.parametrize("who", ["focal_point", "staff", "admin_user", "stranger_researcher"])
@pytest.mark.parametrize("deed", [deeds.accept, deeds.refuse])
def test_nobody_but_the_holder_answers(grant, deed, who, request):
    award = grant()
    with pytest.raises(Forbidden):
        deed(award, by=request.getfixturevalue(who))
    assert fresh(award).state == AwardState.OFFERED


@pytest.mark.parametrize("deed", [deeds.accept, deeds.refuse])
def test_an_answer_after_its_day_is_too_late(grant, researcher, deed, time_machine):
    award = grant()
    time_machine.move_to(award.answer_by, tick=False)
    with pytest.raises(Refused) as refusal:
        deed(award, by=researcher)
    assert refusal.value.codes == ["too_late"]
    assert fresh(award).state == AwardState.OFFERED


def test_revoking_tells_everybody_on_the_award_and_the_apps_above(award, researcher, focal_point, staff):
    award.members.add(researcher)
    heard = []
    receiver = lambda sender, award, by, **rest: heard.append((award.pk, by))  # noqa: E731 a receiver for one test
    signals.award_revoked.connect(receiver)
    deeds.revoke(award, by=staff, why="The project ended")
    signals.award_revoked.disconnect(receiver)
    assert heard == [(award.pk, staff)]
    assert told(notices.AWARD_REVOKED) == {researcher.email, focal_point.email}
    assert Record.objects.get(verb="revoke").why == "The project ended"


def test_revoking_needs_a_reason_and_staff(award, focal_point, staff):
    with pytest.raises(Refused) as refusal:
        deeds.revoke(award, by=staff, why=" ")
    assert refusal.value.codes == ["no_reason"]
    with pytest.raises(Forbidden):
        deeds.revoke(award, by=focal_point, why="No longer wanted")
    assert fresh(award).state == AwardState.ACTIVE


def test_when_a_receiver_fails_nothing_is_revoked(award, staff):
    def broken(sender, award, by, **rest):
        raise RuntimeError("a receiver above failed")

    signals.award_revoked.connect(broken)
    with pytest.raises(RuntimeError):
        deeds.revoke(award, by=staff, why="The project ended")
    signals.award_revoked.disconnect(broken)
    assert fresh(award).state == AwardState.ACTIVE
    assert not Record.objects.exists()
    assert not Notification.objects.exists()


@pytest.mark.parametrize("who", ["focal_point", "staff"])
def test_researchers_are_added_once_and_told_once(award, researcher, who, request):
    by = request.getfixturevalue(who)
    for _ in range(2):
        assert deeds.add_member(award, researcher.email.upper(), by=by) == researcher
    assert list(award.members.all()) == [researcher]
    assert told(notices.AWARD_SHARED) == {researcher.email}
    deeds.remove_member(award, researcher, by=by)
    deeds.remove_member(award, researcher, by=by)
    assert not award.members.exists()
    assert Record.objects.filter(verb="remove_member").count() == 1


def test_an_unknown_address_and_a_stranger_get_the_same_answer(award, focal_point, stranger_researcher):
    answers = set()
    for address in ("nobody@example.org", stranger_researcher.email):
        with pytest.raises(Refused) as refusal:
            deeds.add_member(award, address, by=focal_point)
        answers.add(str(refusal.value))
    assert len(answers) == 1
    assert not award.members.exists()


@pytest.mark.parametrize("who", ["researcher", "stranger_researcher", "stranger_focal_point", "operator"])
def test_others_do_not_choose_the_researchers(award, who, researcher, request):
    by = request.getfixturevalue(who)
    with pytest.raises(Forbidden):
        deeds.add_member(award, researcher.email, by=by)
    with pytest.raises(Forbidden):
        deeds.remove_member(award, researcher, by=by)


def test_researchers_of_an_award_that_is_over_stay(award, researcher, focal_point):
    Award.objects.filter(pk=award.pk).update(state=AwardState.ENDED)
    with pytest.raises(Refused) as refusal:
        deeds.add_member(award, researcher.email, by=focal_point)
    assert refusal.value.codes == ["award_over"]


def test_offers_lapse_when_their_day_has_come(grant):
    award = grant()
    assert deeds.lapse_unanswered(award.answer_by - timedelta(seconds=1)) == 0
    assert deeds.lapse_unanswered(award.answer_by) == 1
    assert deeds.lapse_unanswered(award.answer_by) == 0
    assert fresh(award).state == AwardState.LAPSED
    assert Record.objects.get(verb="lapse").actor == "clock"


@pytest.mark.parametrize(
    ("zone", "end"),
    [
        ("Pacific/Kiritimati", datetime(2027, 3, 31, 10, 0, tzinfo=UTC)),
        ("Europe/Paris", datetime(2027, 3, 31, 22, 0, tzinfo=UTC)),
        ("Pacific/Pago_Pago", datetime(2027, 4, 1, 11, 0, tzinfo=UTC)),
    ],
)
def test_an_award_ends_with_its_last_day_on_the_instruments_clock(zone, end):
    award = AwardFactory(
        instrument=InstrumentFactory(time_zone=zone), valid_from=date(2027, 3, 1), valid_until=date(2027, 3, 31)
    )
    assert award.ends_at == end
    assert deeds.end_expired(end - timedelta(seconds=1)) == 0
    assert deeds.end_expired(end) == 1
    assert fresh(award).state == AwardState.ENDED


def test_holders_are_warned_once_of_hours_about_to_be_lost(time_machine):
    now = datetime(2027, 3, 1, 12, 0, tzinfo=UTC)
    soon = AwardFactory(valid_from=date(2027, 1, 1), valid_until=date(2027, 3, 10))
    AwardFactory(valid_from=date(2027, 1, 1), valid_until=date(2027, 6, 10))
    AwardFactory(valid_from=date(2027, 1, 1), valid_until=date(2027, 3, 10), balance_minutes=0)
    deeds.warn_expiring(now)
    deeds.warn_expiring(now + timedelta(days=1))
    assert told(notices.AWARD_EXPIRING) == {soon.holder.email}
    assert Notification.objects.count() == 1


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize(
    ("kind", "state"),
    [
        (notices.AWARD_OFFERED, AwardState.OFFERED),
        (notices.AWARD_ACCEPTED, AwardState.ACTIVE),
        (notices.AWARD_SHARED, AwardState.ACTIVE),
        (notices.AWARD_REVOKED, AwardState.REVOKED),
        (notices.AWARD_EXPIRING, AwardState.ACTIVE),
    ],
)
def test_each_message_names_the_award_and_leads_to_it(kind, state, language):
    award = AwardFactory(title="Copper & co", state=state, answer_by=timezone.now() + timedelta(days=3))
    row = Notification(
        kind=kind.name,
        address="a@example.org",
        language=language,
        time_zone="Africa/Nairobi",
        data={"award": award.pk, "why": "Broken <lamp>"},
        state=State.PENDING,
    )
    letter = Renderer().letter(kind, row)
    assert "Copper & co" in letter.subject
    assert "Copper &amp; co" in letter.html
    assert f"/{language}/awards/{award.ref}/" in letter.text
    assert "<" not in letter.text.replace("<lamp>", "")


def test_an_offer_that_was_answered_is_no_news():
    award = AwardFactory(state=AwardState.ACTIVE)
    assert notices.AWARD_OFFERED.context({"award": award.pk}) is None
    assert notices.AWARD_REVOKED.context({"award": 0}) is None


def test_a_person_with_two_roles_is_told_once(award, focal_point, institute, staff):
    MembershipFactory(user=focal_point, organisation=institute, role="researcher")
    award.members.add(UserFactory(), focal_point)
    deeds.revoke(award, by=staff, why="The project ended")
    assert Notification.objects.filter(address=focal_point.email).count() == 1

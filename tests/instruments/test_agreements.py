"""Agreements: every state x every verb, who may, what is left behind, and what the clock does."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError
from django.utils import timezone

from instruments import notices
from instruments.actions import agreement as actions
from instruments.actions import agreement_clock as clock
from instruments.actions import retire_instrument
from instruments.enums import AgreementState
from instruments.models import Agreement, Instrument
from instruments.rules import AGREEMENT_MOVERS
from instruments.states import AGREEMENT_MOVES
from instruments.tasks import settle_agreements
from portal.accounts.models import User
from portal.audit.models import Record
from portal.core.errors import Conflict, Forbidden, Refused, WrongState
from portal.notifications.kinds import KINDS
from portal.notifications.models import Notification
from portal.notifications.rendering import Renderer
from tests.factories.accounts import UserFactory
from tests.factories.agreements import AgreementFactory
from tests.support.moves import check_move

pytestmark = pytest.mark.django_db
EXPECTED = {
    ("offer", "draft"): "offered",
    ("agree", "offered"): "agreed",
    ("decline", "offered"): "declined",
    ("withdraw", "draft"): "withdrawn",
    ("withdraw", "offered"): "withdrawn",
    ("end", "agreed"): "ended",
}
TYPED: dict[str, dict[str, Any]] = {
    "agree": {"signatory": "Dr Head"},
    "decline": {"why": "Too many hours."},
    "withdraw": {"why": "Too many hours."},
    "end": {"why": "Too many hours."},
}
OF_LABORATORY = {"agree", "decline"}
DEEDS: dict[str, Callable[..., Agreement]] = {verb: getattr(actions, f"{verb}_agreement") for verb in AGREEMENT_MOVES}


def do(verb: str, agreement: Agreement, by: Any) -> Agreement:
    return DEEDS[verb](agreement, by=by, **TYPED.get(verb, {}))


def in_state(instrument: Instrument, state: str, **fields: Any) -> Agreement:
    signed = {"agreed_at": datetime(2027, 1, 1, tzinfo=UTC), "signatory": "Dr Head"} if state == "agreed" else {}
    return AgreementFactory(instrument=instrument, state=state, **signed | fields)


def told() -> list[tuple[str, str]]:
    return sorted(Notification.objects.values_list("kind", "address"))


@pytest.mark.parametrize("state", AgreementState.values)
@pytest.mark.parametrize("verb", AGREEMENT_MOVES)
def test_the_table(verb: str, state: str) -> None:
    check_move(AGREEMENT_MOVES, EXPECTED, verb, state)


@pytest.mark.parametrize("state", AgreementState.values)
@pytest.mark.parametrize("verb", AGREEMENT_MOVES)
def test_state_by_verb(verb: str, state: str, instrument: Instrument, staff: User, operator: User) -> None:
    agreement = in_state(instrument, state)
    by = operator if verb in OF_LABORATORY else staff
    if (verb, state) not in EXPECTED:
        with pytest.raises(WrongState):
            do(verb, agreement, by)
        agreement.refresh_from_db()
        assert (agreement.state, Record.objects.count(), told()) == (state, 0, [])
        return
    do(verb, agreement, by)
    agreement.refresh_from_db()
    assert agreement.state == EXPECTED[verb, state]
    entry = Record.objects.get()
    assert (entry.verb, entry.before, entry.after, entry.by) == (verb, state, agreement.state, by)
    assert agreement.state_note == entry.why == TYPED.get(verb, {}).get("why", "")


WHO_MAY = {"staff": {"offer", "withdraw", "end"}, "admin_user": {"offer", "withdraw", "end"}, "operator": OF_LABORATORY}
NOBODY = ["researcher", "focal_point", "reviewer", "donor", "visitor", "stranger_operator", "stranger_focal_point"]


def test_every_verb_has_its_people() -> None:
    assert AGREEMENT_MOVERS.keys() == AGREEMENT_MOVES.keys() == DEEDS.keys()


@pytest.mark.parametrize("who", [*WHO_MAY, *NOBODY])
@pytest.mark.parametrize("verb", AGREEMENT_MOVES)
def test_who_may(verb: str, who: str, instrument: Instrument, operator: User, request: pytest.FixtureRequest) -> None:
    person = request.getfixturevalue(who)
    agreement = in_state(instrument, sorted(AGREEMENT_MOVES[verb][0])[0])
    if verb in WHO_MAY.get(who, set()):
        assert do(verb, agreement, person).state == AGREEMENT_MOVES[verb][1]
        return
    with pytest.raises(Forbidden):
        do(verb, agreement, person)
    agreement.refresh_from_db()
    assert agreement.state in AGREEMENT_MOVES[verb][0]


def test_retiring_an_instrument_ends_what_was_agreed_on_it(instrument: Instrument, staff: User, operator: User) -> None:
    after = timezone.now().date() + timedelta(days=400)
    agreed = AgreementFactory(instrument=instrument, agreed=True)
    offered = AgreementFactory(instrument=instrument, offered=True, starts_on=after)
    draft = AgreementFactory(instrument=instrument, starts_on=after)
    over = AgreementFactory(instrument=instrument, state="declined", state_note="No.")
    elsewhere = AgreementFactory(agreed=True)
    colleague = UserFactory(is_staff=True)
    retire_instrument(instrument, by=staff, why="The tube is at its end.")
    states = {}
    for row in (agreed, offered, draft, over, elsewhere):
        row.refresh_from_db()
        states[row] = (row.state, row.state_note)
    assert states == {
        agreed: ("ended", "The tube is at its end."),
        offered: ("withdrawn", "The tube is at its end."),
        draft: ("withdrawn", "The tube is at its end."),
        over: ("declined", "No."),
        elsewhere: ("agreed", ""),
    }
    assert set(told()) == {
        ("instruments.agreement_ended", colleague.email),
        ("instruments.agreement_ended", operator.email),
        ("instruments.agreement_withdrawn", operator.email),
    }


def test_what_cannot_be_retired_keeps_its_agreement(instrument: Instrument, staff: User) -> None:
    agreement = AgreementFactory(instrument=instrument, agreed=True)
    Instrument.objects.update(state="draft")
    with pytest.raises(WrongState):
        retire_instrument(instrument, by=staff, why="The tube is at its end.")
    agreement.refresh_from_db()
    assert (agreement.state, told()) == ("agreed", [])


def test_nobody_answers_what_they_offered(instrument: Instrument, operator: User) -> None:
    operator.is_staff = True
    operator.save()
    agreement = do("offer", AgreementFactory(instrument=instrument), operator)
    for verb in OF_LABORATORY:
        with pytest.raises(Forbidden):
            do(verb, agreement, operator)


def test_offered_and_agreed_and_who_hears_of_it(instrument: Instrument, staff: User, operator: User) -> None:
    agreement = do("offer", AgreementFactory(instrument=instrument), staff)
    assert told() == [("instruments.agreement_offered", operator.email)]
    agreement = actions.agree_agreement(agreement, by=operator, signatory=" Dr Head ")
    assert told()[0] == ("instruments.agreement_agreed", staff.email)
    assert (agreement.signatory, agreement.agreed_by, agreement.offered_by) == ("Dr Head", operator, staff)


@pytest.mark.parametrize("kind", ["offered", "agreed", "declined", "withdrawn", "ending", "ended"])
@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_words(kind: str, language: str, instrument: Instrument, operator: User) -> None:
    state = "agreed" if kind == "ending" else kind
    agreement = in_state(instrument, state, state_note="Too <many> hours.")
    row = Notification(
        kind=f"instruments.agreement_{kind}", address="a@example.org", language=language, time_zone="UTC",
        data={"agreement": agreement.pk},
    )  # fmt: skip
    letter = Renderer().letter(KINDS[row.kind], row)
    assert letter is not None
    assert instrument.name_en in letter.subject or instrument.name_fr in letter.subject
    assert f"/{language}/agreements/{agreement.ref}/" in letter.text
    assert "<many>" not in letter.html
    Agreement.objects.update(state="withdrawn" if kind != "withdrawn" else "draft")
    assert Renderer().letter(KINDS[row.kind], row) is None


@pytest.mark.parametrize(
    ("code", "fields"),
    [
        ("days", {"starts_on": date(2027, 5, 1), "ends_on": date(2027, 5, 1)}),
        ("days", {"starts_on": date(2027, 5, 1), "ends_on": date(2047, 5, 1)}),
    ],
)
def test_days_that_make_no_sense(code: str, fields: dict[str, Any], instrument: Instrument, staff: User) -> None:
    words = {"laboratory_gives": "Hours.", "programme_gives": "Users."}
    with pytest.raises(Refused) as refusal:
        actions.draft_agreement(instrument, by=staff, **words, **fields)
    assert refusal.value.codes == [code]
    assert not Agreement.objects.exists()


def test_what_cannot_be_offered(instrument: Instrument, staff: User, operator: User) -> None:
    over = AgreementFactory(instrument=instrument, starts_on=date(2020, 1, 1))
    AgreementFactory(instrument=instrument, agreed=True)
    other = AgreementFactory(instrument=instrument)
    for agreement, code in ((over, "over"), (other, "overlaps")):
        with pytest.raises(Refused) as refusal:
            do("offer", agreement, staff)
        assert refusal.value.codes == [code]
    operator.memberships.update(state="ended")
    Agreement.objects.filter(state="agreed").delete()
    with pytest.raises(Refused) as refusal:
        do("offer", other, staff)
    assert refusal.value.codes == ["nobody"]


@pytest.mark.parametrize("state", ["refused", "retired"])
def test_nothing_is_agreed_on_an_instrument_that_is_no_longer_offered(
    state: str, instrument: Instrument, staff: User, operator: User
) -> None:
    draft, offered = in_state(instrument, "draft"), in_state(instrument, "offered")
    Instrument.objects.update(state=state)
    for verb, agreement, by in (("offer", draft, staff), ("agree", offered, operator)):
        with pytest.raises(Refused) as refusal:
            do(verb, agreement, by)
        assert refusal.value.reasons[0].code == "final"
    assert do("decline", offered, operator).state == "declined"
    assert do("withdraw", draft, staff).state == "withdrawn"


def test_two_offers_of_one_time_are_agreed_once(instrument: Instrument, operator: User) -> None:
    one, two = (AgreementFactory(instrument=instrument, offered=True) for _ in range(2))
    do("agree", one, operator)
    with pytest.raises(Refused) as refusal:
        do("agree", two, operator)
    assert refusal.value.codes == ["overlaps"]


def test_a_draft_is_changed_and_an_offered_one_is_not(instrument: Instrument, staff: User, operator: User) -> None:
    agreement = AgreementFactory(instrument=instrument)
    version = actions.version_of(agreement)
    actions.change_agreement(agreement, by=staff, version=version, minutes_a_year=60)
    with pytest.raises(Conflict) as conflict:
        actions.change_agreement(agreement, by=staff, version=version, minutes_a_year=120)
    agreement.refresh_from_db()
    assert conflict.value.version == actions.version_of(agreement)
    assert agreement.minutes_a_year == 60
    with pytest.raises(Forbidden):
        actions.change_agreement(agreement, by=operator, version=version, minutes_a_year=1)
    do("offer", agreement, staff)
    with pytest.raises(Refused) as refusal:
        actions.change_agreement(agreement, by=staff, version=actions.version_of(agreement), minutes_a_year=120)
    assert refusal.value.codes == ["offered"]


def test_it_is_renewed_once_in_the_same_words(instrument: Instrument, staff: User, operator: User) -> None:
    agreement = AgreementFactory(instrument=instrument, agreed=True)
    following = actions.renew_agreement(agreement, by=staff)
    assert actions.renew_agreement(agreement, by=staff) == following
    assert following.starts_on == agreement.ends_on + timedelta(days=1)
    assert following.ends_on - following.starts_on == agreement.ends_on - agreement.starts_on
    assert following.laboratory_gives == agreement.laboratory_gives
    do("offer", following, staff)
    do("decline", following, operator)
    again = actions.renew_agreement(agreement, by=staff)
    assert (again.pk != following.pk, again.renews) == (True, agreement)
    with pytest.raises(Refused):
        actions.renew_agreement(again, by=staff)


def test_a_second_write_that_fails_leaves_nothing(
    instrument: Instrument, staff: User, operator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    agreement = AgreementFactory(instrument=instrument)

    def fail(*args: Any, **kwargs: Any) -> None:
        raise IntegrityError("the outbox is full")

    monkeypatch.setattr(actions, "notify", fail)
    with pytest.raises(IntegrityError):
        do("offer", agreement, staff)
    agreement.refresh_from_db()
    assert (agreement.state, Record.objects.count()) == ("draft", 0)


@time_machine.travel(datetime(2027, 3, 1, 12, tzinfo=UTC), tick=False)
def test_both_sides_are_warned_at_ninety_and_at_thirty_days(
    instrument: Instrument, staff: User, operator: User
) -> None:
    today = date(2027, 3, 1)
    ends = {91: "far", 90: "ninety", 30: "thirty", 5: "late"}
    rows = {
        days: AgreementFactory(agreed=True, starts_on=date(2026, 1, 1), ends_on=today + timedelta(days=days))
        for days in ends
    }
    AgreementFactory(instrument=instrument, agreed=True, starts_on=date(2026, 1, 1), ends_on=today + timedelta(days=40))
    assert clock.warn_ending(datetime(2027, 3, 1, 12, tzinfo=UTC)) == 4
    assert clock.warn_ending(datetime(2027, 3, 1, 13, tzinfo=UTC)) == 0
    rows[91].refresh_from_db()
    assert rows[91].warned_at is None
    assert sorted(address for _kind, address in told()) == sorted([operator.email, *[staff.email] * 4])
    later = datetime(2027, 3, 12, tzinfo=UTC)
    assert clock.warn_ending(later) == 2  # this one's thirty days, the far one's ninety
    assert Notification.objects.filter(address=operator.email).count() == 2
    assert clock.warn_ending(later + timedelta(days=20)) == 0


@time_machine.travel(datetime(2027, 3, 1, 12, tzinfo=UTC), tick=False)
def test_many_that_were_warned_of_do_not_hide_the_next(instrument: Instrument, monkeypatch: pytest.MonkeyPatch) -> None:
    now, last_day = datetime(2027, 3, 1, 12, tzinfo=UTC), date(2027, 4, 30)
    for warned_at in (now, now, None):
        in_state(instrument, "agreed", starts_on=date(2026, 1, 1), ends_on=last_day, warned_at=warned_at)
    monkeypatch.setattr(clock, "BATCH", 2)
    assert clock.warn_ending(now) == 1


@time_machine.travel(datetime(2027, 3, 1, 12, tzinfo=UTC), tick=False)
@pytest.mark.parametrize(("state", "warned"), [("draft", 1), ("offered", 0), ("agreed", 0)])
def test_a_draft_that_lies_forgotten_does_not_keep_the_warning_back(
    instrument: Instrument, operator: User, state: str, warned: int
) -> None:
    own = AgreementFactory(instrument=instrument, agreed=True, starts_on=date(2026, 1, 1), ends_on=date(2027, 3, 30))
    trait = {} if state == "draft" else {state: True}
    AgreementFactory(instrument=instrument, renews=own, starts_on=own.ends_on + timedelta(days=1), **trait)
    assert clock.warn_ending(datetime(2027, 3, 1, 12, tzinfo=UTC)) == warned


def test_it_ends_with_its_last_day_where_the_laboratory_is(instrument: Instrument, staff: User, operator: User) -> None:
    instrument.organisation.time_zone = "Pacific/Auckland"
    instrument.organisation.save()
    last = date(2027, 6, 30)
    agreement = AgreementFactory(instrument=instrument, agreed=True, starts_on=date(2026, 7, 1), ends_on=last)
    with time_machine.travel(datetime(2027, 6, 30, 11, 59, tzinfo=UTC), tick=False):
        settle_agreements()
        agreement.refresh_from_db()
        assert agreement.state == "agreed"
    Notification.objects.all().delete()
    with time_machine.travel(datetime(2027, 6, 30, 12, 1, tzinfo=UTC), tick=False):
        settle_agreements()
        settle_agreements()
    agreement.refresh_from_db()
    assert (agreement.state, agreement.state_note) == ("ended", "")
    assert told() == sorted((notices.AGREEMENT_ENDED.name, person.email) for person in (staff, operator))
    assert Record.objects.filter(verb="end").get().actor == "clock"

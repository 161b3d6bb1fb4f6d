"""The hours ledger: the sum of its entries is the balance, and neither falls below zero."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest
from django.db import connection
from django.db.models import Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from calls.actions import award as awards
from calls.enums import AwardState, EntryKind
from calls.models import Award, LedgerEntry
from portal.audit.models import Record
from portal.core.errors import Forbidden, Refused
from tests.factories.calls import AwardFactory


def ledger_sum(award: Award) -> int:
    return award.entries.aggregate(total=Sum("minutes"))["total"] or 0


def balance(award: Award) -> int:
    return Award.objects.get(pk=award.pk).balance_minutes


@pytest.mark.django_db
def test_a_spend_debits_and_writes_an_entry(focal_point):
    award = AwardFactory(granted_minutes=600)
    entry = awards.spend(award, 90, booking="AB23CD45", by=focal_point)
    assert (entry.kind, entry.minutes, entry.booking, entry.by) == ("booked", -90, "AB23CD45", focal_point)
    assert balance(award) == ledger_sum(award) == 510


@pytest.mark.django_db
def test_each_movement_takes_one_statement(focal_point, django_assert_num_queries):
    award = AwardFactory(granted_minutes=600)
    with django_assert_num_queries(1):
        awards.spend(award, 90, booking="AB23CD45", by=focal_point)
    with django_assert_num_queries(1):
        awards.give_back(award, 30, booking="AB23CD45", by=focal_point, why="Cancelled")
    with django_assert_num_queries(1):
        awards.use(award, 60, booking="AB23CD45")


@pytest.mark.django_db
def test_a_spend_above_the_balance_is_refused_with_the_balance_in_words(focal_point):
    award = AwardFactory(granted_minutes=150)
    with pytest.raises(Refused) as refusal:
        awards.spend(award, 151, booking="AB23CD45", by=focal_point)
    assert refusal.value.codes == ["not_enough_hours"]
    assert "2 h 30 min left" in str(refusal.value)
    assert balance(award) == ledger_sum(award) == 150


@pytest.mark.django_db
def test_the_last_minute_can_be_spent(focal_point):
    award = AwardFactory(granted_minutes=150)
    awards.spend(award, 150, booking="AB23CD45", by=focal_point)
    assert balance(award) == ledger_sum(award) == 0


@pytest.mark.django_db
@pytest.mark.parametrize("state", [state for state in AwardState if state != AwardState.ACTIVE])
def test_only_an_active_award_can_be_spent(state, focal_point):
    award = AwardFactory(state=state)
    with pytest.raises(Refused) as refusal:
        awards.spend(award, 60, booking="AB23CD45", by=focal_point)
    assert refusal.value.codes == ["award_not_active"]
    assert balance(award) == ledger_sum(award) == 600


@pytest.mark.django_db
def test_hours_return_even_to_an_award_that_is_over(focal_point):
    award = AwardFactory(granted_minutes=600)
    awards.spend(award, 120, booking="AB23CD45", by=focal_point)
    Award.objects.filter(pk=award.pk).update(state=AwardState.REVOKED)
    awards.give_back(award, 120, booking="AB23CD45", by=None, why="Award revoked")
    assert balance(award) == ledger_sum(award) == 600


@pytest.mark.django_db
@pytest.mark.parametrize(("used", "change"), [(120, 0), (90, 30), (150, -30)])
def test_use_carries_only_the_difference(used, change, focal_point):
    award = AwardFactory(granted_minutes=600)
    awards.spend(award, 120, booking="AB23CD45", by=focal_point)
    entry = awards.use(award, used, booked=120, booking="AB23CD45")
    assert (entry.kind, entry.minutes) == (EntryKind.USED, change)
    assert balance(award) == ledger_sum(award) == 480 + change


@pytest.mark.django_db
def test_an_extension_cannot_overdraw(focal_point):
    award = AwardFactory(granted_minutes=120)
    awards.spend(award, 120, booking="AB23CD45", by=focal_point)
    with pytest.raises(Refused) as refusal:
        awards.use(award, 150, booked=120, booking="AB23CD45")
    assert refusal.value.codes == ["not_enough_hours"]
    assert balance(award) == ledger_sum(award) == 0


@pytest.mark.django_db
@pytest.mark.parametrize("minutes", [0, -60])
def test_minutes_that_are_none_are_a_mistake_of_ours(minutes, focal_point):
    award = AwardFactory()
    for movement in (
        lambda: awards.spend(award, minutes, booking="AB23CD45", by=focal_point),
        lambda: awards.give_back(award, minutes, booking="AB23CD45", by=focal_point, why=""),
        lambda: awards.use(award, minutes, booking="AB23CD45"),
    ):
        with pytest.raises(ValueError, match="cannot be booked"):
            movement()
    assert award.entries.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("minutes", [90, -600])
def test_staff_adjust_with_a_reason(minutes, staff):
    award = AwardFactory(granted_minutes=600)
    entry = awards.adjust(award, minutes, why="Power cut at the laboratory", by=staff)
    assert (entry.kind, entry.minutes, entry.why) == ("adjusted", minutes, "Power cut at the laboratory")
    assert balance(award) == ledger_sum(award) == 600 + minutes
    assert Record.objects.filter(model="calls.award", row_id=award.pk, verb="adjust", by=staff).count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("minutes", "why", "code"),
    [(60, "  ", "no_reason"), (0, "Because", "no_change"), (-601, "Because", "not_enough_hours")],
)
def test_an_adjustment_that_makes_no_sense_is_refused(minutes, why, code, staff):
    award = AwardFactory(granted_minutes=600)
    with pytest.raises(Refused) as refusal:
        awards.adjust(award, minutes, why=why, by=staff)
    assert refusal.value.codes == [code]
    assert balance(award) == ledger_sum(award) == 600
    assert not Record.objects.exists()


@pytest.mark.django_db
def test_the_holder_cannot_adjust(researcher):
    award = AwardFactory(holder=researcher)
    with pytest.raises(Forbidden):
        awards.adjust(award, 600, why="I want more", by=researcher)
    assert balance(award) == 600


@pytest.mark.django_db
def test_a_balance_that_differs_is_logged_and_recorded(caplog):
    right, wrong = AwardFactory(), AwardFactory()
    Award.objects.filter(pk=wrong.pk).update(balance_minutes=601)
    assert awards.check_balances() == [wrong]
    assert f"award {wrong.ref}: balance 601, ledger 600" in caplog.text
    found = Record.objects.get(verb="find_mismatch")
    assert (found.row_id, found.details) == (wrong.pk, {"balance": 601, "ledger": 600})
    assert right.ref not in caplog.text


movements = st.lists(
    st.tuples(st.sampled_from(["spend", "give_back", "use", "adjust"]), st.integers(-400, 400)), max_size=25
)


@pytest.mark.django_db
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(moves=movements)
def test_after_any_movements_the_sum_is_the_balance_and_not_below_zero(moves, staff):
    award = AwardFactory(granted_minutes=600)
    for kind, minutes in moves:
        length = abs(minutes) or 1
        with suppress(Refused):  # a refusal must leave the sum as it was, which is what is asserted
            if kind == "spend":
                awards.spend(award, length, booking="AB23CD45", by=staff)
            elif kind == "give_back":
                awards.give_back(award, length, booking="AB23CD45", by=staff, why="Cancelled")
            elif kind == "use":
                awards.use(award, length, booked=200, booking="AB23CD45")
            else:
                awards.adjust(award, minutes, why="Correction", by=staff)
        assert balance(award) == ledger_sum(award) >= 0


@pytest.mark.django_db(transaction=True)
def test_twenty_at_once_on_ten_spends_leave_exactly_ten_winners():
    award = AwardFactory(granted_minutes=600)

    def one_spend(number: int) -> bool:
        try:
            awards.spend(award, 60, booking=f"RACE{number:04}", by=None)
        except Refused:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(20) as pool:
        won = list(pool.map(one_spend, range(20)))

    assert won.count(True) == 10
    assert balance(award) == ledger_sum(award) == 0
    assert LedgerEntry.objects.filter(award=award, kind=EntryKind.BOOKED).values("booking").distinct().count() == 10

"""What daily and weekly readers are told: one mail a morning, nothing twice, nothing lost, nothing stale."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection, connections, transaction
from django.test.utils import CaptureQueriesContext

from calls.actions import interest as actions
from calls.models import Call, Interest
from portal.notifications import digests
from portal.notifications.actions import suppress
from portal.notifications.delivery import claim, drain, mark
from portal.notifications.enums import State
from portal.notifications.kinds import KINDS
from portal.notifications.models import Notification
from tests.factories.calls import CallFactory
from tests.factories.instruments import InstrumentFactory
from tests.factories.interests import InterestFactory

SUNDAY = datetime(2027, 3, 21, 12, 0, tzinfo=UTC)
MONDAY = datetime(2027, 3, 22, 4, 0, tzinfo=UTC)  # seven in Nairobi


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(SUNDAY, tick=False) as travelling:
        yield travelling


def opened(title: str = "Beam time") -> Call:
    call = CallFactory(title_en=title, opens_at=SUNDAY - timedelta(days=1), closes_at=SUNDAY + timedelta(days=30))
    actions.announce(call)
    return call


def states() -> dict[str, int]:
    found: dict[str, int] = {}
    for state in Notification.objects.values_list("state", flat=True):
        found[state] = found.get(state, 0) + 1
    return found


def digest() -> Notification:
    return Notification.objects.get(kind="notifications.digest")


@pytest.mark.django_db
def test_who_wants_digests_is_not_written_to_before_the_morning(clock):
    for frequency in ("at_once", "daily", "weekly"):
        InterestFactory(address=f"{frequency}@example.org", frequency=frequency)
    opened()
    held = dict(Notification.objects.values_list("address", "state"))
    assert held == {
        "at_once@example.org": State.PENDING,
        "daily@example.org": State.HELD,
        "weekly@example.org": State.HELD,
    }
    assert {row.address for row in claim()} == {"at_once@example.org"}
    assert digests.build(MONDAY - timedelta(minutes=1)) == 0


@pytest.mark.django_db
def test_five_events_are_one_digest(clock):
    InterestFactory(address="Ada@example.org", frequency="daily")
    InterestFactory(address="ada@example.org", frequency="weekly", kinds=["remote_access"])
    calls = [opened(f"Call {number}") for number in range(3)]
    calls[0].closes_at += timedelta(days=7)
    calls[0].save()
    actions.tell_extended(calls[0])
    actions.tell_listed(InstrumentFactory(state="listed"))
    assert states() == {State.HELD: 5}
    assert digests.build(MONDAY) == 1
    assert digests.build(MONDAY) == 0
    assert states() == {State.MERGED: 5, State.PENDING: 1}
    row = digest()
    assert (row.address, row.language, row.time_zone) == ("Ada@example.org", "en", "Africa/Nairobi")
    assert [part["kind"] for part in row.data["parts"]] == ["calls.call_open"] * 3 + [
        "calls.call_extended",
        "calls.instrument_listed",
    ]
    assert row.parts.count() == 5
    assert "token" not in str(row.data["parts"])


@pytest.mark.django_db
def test_a_call_that_opened_and_changed_meanwhile_is_told_once_by_its_newest_part(clock):
    InterestFactory(frequency="daily")
    call, other = opened("Beam time"), opened("Another")
    call.closes_at += timedelta(days=7)
    call.save()
    actions.tell_extended(call)
    digests.build(MONDAY)
    row = digest()
    assert row.parts.count() == 3
    told = [part.text for part in KINDS[row.kind].context(row.data)["parts"]]
    assert [title in text for text in told for title in ("Another", "Beam time")] == [True, False, False, True]
    assert "Beam time" in told[1]
    Call.objects.filter(pk=other.pk).update(closes_at=SUNDAY - timedelta(hours=1))
    assert KINDS[row.kind].context(row.data)["count"] == 1


@pytest.mark.django_db
def test_the_quickest_of_two_interests_speaks(clock):
    InterestFactory(address="ada@example.org", frequency="weekly")
    InterestFactory(address="ADA@example.org", frequency="at_once")
    opened()
    assert Notification.objects.get().state == State.PENDING


@pytest.mark.django_db
def test_weekly_waits_for_monday_and_daily_does_not(clock):
    InterestFactory(address="weekly@example.org", frequency="weekly")
    InterestFactory(address="daily@example.org", frequency="daily")
    clock.move_to(MONDAY + timedelta(hours=1))
    opened()
    assert digests.build(MONDAY + timedelta(days=1)) == 1
    assert digest().address == "daily@example.org"
    assert digests.build(MONDAY + timedelta(days=6, hours=23)) == 0
    assert digests.build(MONDAY + timedelta(days=7)) == 1


@pytest.mark.django_db
def test_each_in_their_own_morning(clock):
    for zone in ("Asia/Tokyo", "Africa/Nairobi", "America/Lima", "Mars/Olympus"):
        InterestFactory(address=f"{zone.partition('/')[2]}@example.org", frequency="daily", time_zone=zone)
    opened()
    told: list[tuple[int, str]] = []
    for hour in range(25):
        moment = SUNDAY + timedelta(hours=hour)
        digests.build(moment)
        rows = Notification.objects.filter(kind="notifications.digest", due_at=moment)
        told += [(hour, row.address.partition("@")[0]) for row in rows]
    assert told == [(10, "Tokyo"), (16, "Nairobi"), (19, "Olympus"), (24, "Lima")]


@pytest.mark.django_db
@pytest.mark.parametrize("readers", [1, 30])
def test_building_is_three_statements_for_however_many(clock, readers):
    for number in range(readers):
        InterestFactory(frequency="daily", language=("en", "fr")[number % 2])
    opened()
    opened("Another")
    with CaptureQueriesContext(connection) as queries:
        assert digests.build(MONDAY) == readers
    assert len([query for query in queries if "SAVEPOINT" not in query["sql"]]) == 3


@pytest.mark.django_db
def test_ending_takes_what_is_held(clock):
    leaves, stays = InterestFactory(frequency="daily"), InterestFactory(frequency="daily")
    opened()
    actions.end(leaves)
    assert digests.build(MONDAY) == 1
    assert digest().address == stays.address


@pytest.mark.django_db
def test_ending_takes_a_digest_that_has_not_left(clock):
    ada = InterestFactory(frequency="daily")
    opened()
    digests.build(MONDAY)
    actions.end(ada)
    assert states() == {State.SUPPRESSED: 2}


@pytest.mark.django_db
def test_ending_one_of_two_interests_leaves_the_other_s_part_of_a_waiting_digest(clock):
    one = InterestFactory(address="ada@example.org", frequency="daily", kinds=["training"])
    other = InterestFactory(address="ada@example.org", frequency="daily", kinds=["remote_access"])
    training = CallFactory(kind="training", opens_at=SUNDAY - timedelta(days=1), closes_at=SUNDAY + timedelta(days=9))
    actions.announce(training)
    access = opened()
    clock.move_to(MONDAY)
    digests.build()
    [row] = claim()
    actions.end(one)
    assert not mark(row), "the worker must read the digest anew"
    assert digest().data == {"parts": [{"kind": "calls.call_open", "data": {"call": access.pk}}], "token": other.token}
    assert digest().state == State.PENDING
    assert Notification.objects.get(kind="calls.call_open", data__token=one.token).state == State.SUPPRESSED


@pytest.mark.django_db
@pytest.mark.parametrize(("frequency", "state"), [("at_once", State.PENDING), ("weekly", State.HELD)])
def test_changing_the_pace_takes_along_what_is_held(clock, frequency, state):
    ada = InterestFactory(frequency="daily")
    opened()
    wish = actions.Criteria(ada.standing, "fr", "Africa/Dakar", frequency=frequency)
    actions.change(ada, wish)
    row = Notification.objects.get()
    assert (row.state, row.frequency, row.language, row.time_zone) == (state, frequency, "fr", "Africa/Dakar")


@pytest.mark.django_db
def test_a_failing_merge_leaves_everything_held(clock):
    InterestFactory(frequency="daily")
    opened()
    with transaction.atomic():
        assert digests.build(MONDAY) == 1
        transaction.set_rollback(True)  # the worker dies before it commits
    assert states() == {State.HELD: 1}
    assert digests.build(MONDAY) == 1


# --- Two at once -------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_two_builders_at_once_make_one_digest_a_person(broker, clock):
    for number in range(200):
        InterestFactory(address=f"reader{number}@example.org", frequency="daily")
    opened()
    opened("Another")
    start, built = threading.Barrier(4), []

    def build() -> None:
        try:
            start.wait()
            built.append(digests.build(MONDAY))
        finally:
            connections.close_all()

    builders = [threading.Thread(target=build) for _ in range(4)]
    for builder in builders:
        builder.start()
    for builder in builders:
        builder.join()
    assert sum(built) == 200
    assert states() == {State.MERGED: 400, State.PENDING: 200}
    assert not Notification.objects.filter(state=State.MERGED, digest=None).exists()


@pytest.mark.django_db(transaction=True)
def test_unsubscribing_while_digests_are_built_never_leaves_half(broker, clock):
    interests = [InterestFactory(frequency="daily") for _ in range(60)]
    opened()
    start = threading.Barrier(2)

    def leave() -> None:
        try:
            start.wait()
            for interest in Interest.objects.filter(pk__in=[row.pk for row in interests[::2]]):
                actions.end(interest)
        finally:
            connections.close_all()

    leaving = threading.Thread(target=leave)
    leaving.start()
    start.wait()
    for _ in range(20):
        digests.build(MONDAY)
    leaving.join()
    digests.build(MONDAY)
    waiting = Notification.objects.filter(kind="notifications.digest", state=State.PENDING)
    assert set(waiting.values_list("address", flat=True)) == {row.address for row in interests[1::2]}
    assert not Notification.objects.filter(state=State.HELD).exists()


# --- The mails ---------------------------------------------------------------------------------


@pytest.fixture
def morning(mail_sink, transactional_db, broker, clock):
    """Build and deliver what Monday morning brings; the messages by address."""

    def come() -> dict[str, object]:
        clock.move_to(MONDAY)
        digests.build()
        drain()
        return {message["To"]: message for message in mail_sink.messages()}

    return come


def body_of(message) -> str:
    return message.get_body(("plain",)).get_content()


def test_a_digest_of_five_events_is_one_mail(morning, mail_sink):
    ada = InterestFactory(address="ada@example.org", frequency="daily")
    InterestFactory(address="bo@example.org", frequency="weekly", language="fr")
    calls = [opened(f"Beam time {number}") for number in range(1, 5)]
    actions.tell_extended(calls[0])  # which takes the place of its opening
    instrument = InstrumentFactory(state="listed", name="Alpine TEM")
    actions.tell_listed(instrument)
    mails = morning()
    assert mail_sink.count() == 2
    message = mails["ada@example.org"]
    assert message["Subject"] == "5 pieces of news from the Remote Access Initiative"
    assert message["List-Unsubscribe"].strip() == f"<http://testserver/interest/unsubscribe/{ada.token}/>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    words, html = body_of(message), message.get_body(("html",)).get_content()
    for text in (words, html):
        for title in ("Open now: Beam time 2", "Open now: Beam time 4", "More time to apply: Beam time 1"):
            assert title in text
        assert "New instrument: Alpine TEM" in text
        assert f"http://testserver/en/calls/{calls[2].slug}/" in text
        assert ada.token in text
    assert "(Nairobi time)" in words
    assert "&lt;" not in html
    assert "/fr/calls/" in body_of(mails["bo@example.org"])
    assert states() == {State.MERGED: 12, State.SENT: 2}
    assert drain() == 0


def test_what_is_over_by_the_morning_is_left_out(morning):
    InterestFactory(address="ada@example.org", frequency="daily")
    stays, goes, closes = opened("Stays"), opened("Goes"), opened("Closes")
    goes.state = "withdrawn"
    goes.save()
    closes.closes_at = MONDAY
    closes.save()
    message = morning()["ada@example.org"]
    assert message["Subject"] == "One piece of news from the Remote Access Initiative"
    assert stays.title in body_of(message)
    assert not {goes.title, closes.title} & set(body_of(message).split())


def test_an_empty_digest_is_not_sent(morning, mail_sink):
    InterestFactory(frequency="daily")
    call = opened()
    Call.objects.filter(pk=call.pk).update(state="withdrawn")
    assert morning() == {}
    assert mail_sink.count() == 0
    assert digest().state == State.SUPPRESSED


def test_a_suppressed_address_gets_no_digest(morning, mail_sink):
    ada = InterestFactory(frequency="daily")
    opened()
    suppress(ada.address, "550", cause="bounced")
    assert morning() == {}
    ada.refresh_from_db()
    assert (ada.state, ada.ended_why) == ("ended", "bounced")
    assert states() == {State.SUPPRESSED: 1}


def test_one_click_in_a_digest_ends_everything(morning, client):
    ada = InterestFactory(address="ada@example.org", frequency="daily")
    InterestFactory(address="ada@example.org", frequency="weekly", kinds=["training"])
    opened()
    link = morning()["ada@example.org"]["List-Unsubscribe"].strip().strip("<>")
    assert client.post(link, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert not Interest.objects.active().exists()
    assert ada.token in link

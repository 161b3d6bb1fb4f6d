"""Deeds of interests: what becomes of the row, its history and the mails; a failing second write undoes all."""

from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from calls.actions import interest as actions
from calls.actions.interest import Consent, Criteria, deeds
from calls.enums import InterestState
from calls.models import Interest
from calls.states import INTEREST_MOVES
from portal.audit.actions import history_of
from portal.audit.models import Record
from portal.core.errors import WrongState
from portal.notifications.actions import suppress
from portal.notifications.models import Notification, Suppression
from tests.factories.calls import CallFactory
from tests.factories.instruments import TechniqueFactory
from tests.factories.interests import InterestFactory

pytestmark = pytest.mark.django_db

CONSENT = Consent("I agree to hear from you.", "1")
ANYTHING = Criteria(standing="beneficiary", language="fr", time_zone="Africa/Dakar")


def kinds() -> list[str]:
    return list(Notification.objects.order_by("pk").values_list("kind", flat=True))


def criteria_of(interest: Interest) -> Criteria:
    return Criteria(standing=interest.standing, language=interest.language)


DEEDS = {
    "confirm": lambda interest: actions.confirm(interest),
    "change": lambda interest: actions.change(interest, criteria_of(interest)),
    "end": lambda interest: actions.end(interest),
}
MADE = {
    InterestState.UNCONFIRMED: {"unconfirmed": True},
    InterestState.ACTIVE: {},
    InterestState.ENDED: {"ended": True},
}


@pytest.mark.parametrize("state", list(InterestState))
@pytest.mark.parametrize("verb", sorted(INTEREST_MOVES))
def test_every_verb_in_every_state(state, verb):
    interest = InterestFactory(**MADE[state])
    sources, target = INTEREST_MOVES[verb]
    if state in sources:
        DEEDS[verb](interest)
        expected, entries = target, [(verb, str(state), str(target), "person")]
    else:
        with pytest.raises(WrongState):
            DEEDS[verb](interest)
        expected, entries = state, []
    interest.refresh_from_db()
    assert interest.state == expected
    assert list(history_of(interest).values_list("verb", "before", "after", "actor")) == entries


def test_declaring_asks_the_address():
    technique = TechniqueFactory(slug="sem")
    wish = Criteria("donor", "fr", "Africa/Dakar", None, [technique], ["training"], "SN", "A spare centrifuge.")
    assert actions.declare(" Ada@Example.org ", wish, CONSENT) is None
    interest = Interest.objects.get()
    assert (interest.address, interest.state, interest.user) == ("Ada@Example.org", "unconfirmed", None)
    assert (interest.standing, interest.kinds, interest.country) == ("donor", ["training"], "SN")
    assert list(interest.techniques.all()) == [technique]
    assert (interest.consent, interest.consent_version) == ("I agree to hear from you.", "1")
    assert len(interest.token) == 43
    mail = Notification.objects.get()
    assert (mail.kind, mail.address, mail.language) == ("calls.confirm_interest", "Ada@Example.org", "fr")
    assert mail.time_zone == "Africa/Dakar"
    assert interest.token not in str(mail.data)


def test_the_token_is_new_each_time():
    assert len({InterestFactory().token for _ in range(5)}) == 5


def test_declaring_again_before_confirming_writes_once_an_hour():
    with time_machine.travel("2027-03-01T10:05Z", tick=False) as clock:
        actions.declare("ada@example.org", ANYTHING, CONSENT)
        for _ in range(3):
            actions.declare("ADA@example.org", ANYTHING, CONSENT)
        assert Interest.objects.count() == 1
        assert kinds() == ["calls.confirm_interest"] * 2
        clock.shift(timedelta(hours=1))
        actions.declare("ada@example.org", ANYTHING, CONSENT)
    assert kinds() == ["calls.confirm_interest"] * 3


def test_declaring_what_is_active_says_so_and_changes_nothing():
    interest = InterestFactory(address="ada@example.org", language="en")
    assert actions.declare("ada@example.org", ANYTHING, CONSENT) is None
    assert Interest.objects.get() == interest
    assert kinds() == ["calls.already_known"]


def test_other_criteria_are_another_interest():
    InterestFactory(address="ada@example.org")
    actions.declare("ada@example.org", Criteria("beneficiary", "en", kinds=["training"]), CONSENT)
    assert set(Interest.objects.values_list("state", flat=True)) == {"active", "unconfirmed"}
    assert kinds() == ["calls.confirm_interest"]


def test_an_ended_interest_is_declared_anew():
    ended = InterestFactory(address="ada@example.org", ended=True)
    actions.declare("ada@example.org", ANYTHING, CONSENT)
    assert Interest.objects.exclude(pk=ended.pk).get().state == "unconfirmed"


def test_nobody_can_flood_an_address():
    for country in ("KE", "SN", "FR", "BJ", "TG", "GH", "NG"):
        assert actions.declare("ada@example.org", Criteria("beneficiary", "en", country=country), CONSENT) is None
    assert Interest.objects.count() == actions.MOST_A_DAY
    assert len(kinds()) == actions.MOST_A_DAY


def test_the_own_verified_address_is_active_at_once(researcher):
    interest = actions.declare(researcher.email.upper(), ANYTHING, CONSENT, by=researcher)
    assert interest is not None
    assert (interest.state, interest.user) == ("active", researcher)
    assert kinds() == []
    assert [entry.by for entry in history_of(interest)] == [researcher, researcher]
    assert actions.declare(researcher.email, ANYTHING, CONSENT, by=researcher) == interest
    assert Interest.objects.count() == 1


def test_somebody_elses_address_is_asked_even_when_signed_in(researcher, donor):
    assert actions.declare(donor.email, ANYTHING, CONSENT, by=researcher) is None
    interest = Interest.objects.get()
    assert (interest.state, interest.user) == ("unconfirmed", None)


def test_an_unverified_own_address_is_asked(researcher):
    researcher.emailaddress_set.update(verified=False)
    assert actions.declare(researcher.email, ANYTHING, CONSENT, by=researcher) is None
    assert Interest.objects.get().state == "unconfirmed"


def test_confirming_notes_the_moment():
    interest = actions.confirm(InterestFactory(unconfirmed=True))
    assert timezone.now() - interest.confirmed_at < timedelta(minutes=1)


def test_changing_keeps_the_address_and_the_call():
    interest = InterestFactory(call=CallFactory(), techniques=[TechniqueFactory(slug="sem")])
    actions.change(interest, Criteria("contributor", "fr", country="KE", kinds=["training"]))
    fresh = Interest.objects.get()
    assert (fresh.standing, fresh.language, fresh.country, fresh.kinds) == ("contributor", "fr", "KE", ["training"])
    assert (fresh.call, fresh.address) == (interest.call, interest.address)
    assert not fresh.techniques.exists()


def test_ending_takes_back_what_waits_to_be_sent():
    call = CallFactory()
    leaves, stays = InterestFactory(), InterestFactory()
    actions.announce(call)
    actions.end(leaves)
    states = dict(Notification.objects.values_list("address", "state"))
    assert states == {leaves.address: "suppressed", stays.address: "pending"}
    leaves.refresh_from_db()
    assert leaves.ended_why == "unsubscribed"
    assert leaves.ended_at is not None


def test_ending_all_means_the_address_and_no_other():
    one, two, other = (InterestFactory(address=a) for a in ("ada@example.org", "Ada@example.org", "bo@example.org"))
    assert actions.end_all(one) == 2
    assert actions.end_all(two) == 0
    assert list(Interest.objects.active()) == [other]


def test_what_nobody_confirmed_is_forgotten_after_a_week():
    now = timezone.now()
    old, young = InterestFactory(unconfirmed=True), InterestFactory(unconfirmed=True)
    active = InterestFactory()
    Interest.objects.filter(pk__in=[old.pk, active.pk]).update(created_at=now - timedelta(days=7, minutes=1))
    Interest.objects.filter(pk=young.pk).update(created_at=now - timedelta(days=6, hours=23))
    assert actions.forget_unconfirmed() == 1
    assert set(Interest.objects.all()) == {young, active}
    entry = Record.objects.get(verb="forget")
    assert (entry.row_id, entry.actor) == (old.pk, "clock")


@pytest.mark.parametrize("deed", ["declare", "confirm", "end"])
def test_when_the_history_cannot_be_written_nothing_is(deed, monkeypatch):
    interest = InterestFactory(unconfirmed=deed == "confirm")
    before = interest.state

    def broken(*args, **kwargs):
        raise RuntimeError("no history")

    monkeypatch.setattr(deeds, "record", broken)
    arguments = ("new@example.org", ANYTHING, CONSENT) if deed == "declare" else (interest,)
    with pytest.raises(RuntimeError, match="no history"):
        getattr(actions, deed)(*arguments)
    assert list(Interest.objects.values_list("pk", "state")) == [(interest.pk, before)]
    assert not Notification.objects.exists()


def test_confirming_shows_that_mail_arrives_and_is_wanted_again():
    suppress("ada@example.org", "550 mailbox full", cause="bounced")
    actions.confirm(InterestFactory(address="Ada@example.org", unconfirmed=True))
    assert not Suppression.objects.exists()


@pytest.mark.parametrize(
    ("cause", "why"), [("bounced", "bounced"), ("complained", "complained"), ("asked", "unsubscribed")]
)
def test_a_suppressed_address_hears_no_more(cause, why, staff):
    mine, other = InterestFactory(address="Ada@example.org"), InterestFactory()
    waiting = InterestFactory(address="ada@example.org", unconfirmed=True, kinds=["training"])
    for _ in range(2):
        suppress("ADA@example.org", "words", cause=cause, by=staff)
    for interest, state in ((mine, "ended"), (other, "active"), (waiting, "unconfirmed")):
        interest.refresh_from_db()
        assert interest.state == state
    mine.refresh_from_db()
    assert mine.ended_why == why
    assert history_of(mine).filter(verb="end").count() == 1


def test_the_same_wish_of_the_own_address_takes_the_new_pace(researcher):
    first = actions.declare(researcher.email, ANYTHING, CONSENT, by=researcher)
    again = actions.declare(researcher.email, replace(ANYTHING, frequency="weekly"), CONSENT, by=researcher)
    assert again == first
    first.refresh_from_db()
    assert first.frequency == "weekly"


def test_two_offers_are_two_interests():
    for offering in ("Two balances.", "A centrifuge.", "Two balances."):
        actions.declare("dora@example.org", Criteria("donor", "en", offering=offering), CONSENT)
    assert Interest.objects.count() == 2

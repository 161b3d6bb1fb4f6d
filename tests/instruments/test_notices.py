"""A laboratory hears what became of its proposal, in its operators' language, and nobody else does."""

import pytest

from instruments import actions
from instruments.enums import InstrumentState
from instruments.models import Instrument
from portal.accounts.models import User
from portal.notifications.kinds import KINDS
from portal.notifications.models import Notification
from portal.notifications.rendering import Renderer

pytestmark = pytest.mark.django_db
DEEDS = {"listed": "list", "returned": "ask", "refused": "refuse"}


@pytest.fixture
def proposed(instrument: Instrument) -> Instrument:
    Instrument.objects.filter(pk=instrument.pk).update(state=InstrumentState.PROPOSED)
    instrument.refresh_from_db()
    return instrument


def answer(instrument: Instrument, name: str, by: User) -> None:
    reason = {} if name == "listed" else {"why": "Which <detector>?"}
    getattr(actions, f"{DEEDS[name]}_instrument")(instrument, by=by, **reason)


@pytest.mark.parametrize("name", DEEDS)
def test_the_laboratorys_operators_alone_are_told(
    name: str, proposed: Instrument, staff: User, operator: User, stranger_operator: User, researcher: User
) -> None:
    answer(proposed, name, staff)
    (row,) = Notification.objects.all()
    assert (row.kind, row.address, row.language) == (f"instruments.{name}", operator.email, operator.language)


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("name", DEEDS)
def test_the_words(name: str, language: str, proposed: Instrument, staff: User, operator: User) -> None:
    answer(proposed, name, staff)
    row = Notification.objects.get()
    row.language = language
    letter = Renderer().letter(KINDS[row.kind], row)
    assert letter is not None
    proposed.refresh_from_db()
    assert getattr(proposed, f"name_{language}") in letter.subject
    place = "" if name == "listed" else "desk/"
    assert f"/{language}/{place}instruments/{proposed.slug}/" in letter.text
    assert ("Which <detector>?" in letter.text) is (name != "listed")
    assert "<detector>" not in letter.html


def test_what_an_operator_does_is_no_news_to_them(proposed: Instrument, operator: User) -> None:
    operator.is_staff = True
    operator.save()
    answer(proposed, "listed", operator)
    assert not Notification.objects.exists()


def test_each_return_is_told_and_an_answered_one_no_longer(proposed: Instrument, staff: User, operator: User) -> None:
    answer(proposed, "returned", staff)
    actions.resubmit_instrument(proposed, by=operator)
    row = Notification.objects.get()
    assert Renderer().letter(KINDS[row.kind], row) is None
    answer(proposed, "returned", staff)
    assert Notification.objects.count() == 2


def test_other_moves_tell_nobody(instrument: Instrument, staff: User, operator: User) -> None:
    actions.suspend_instrument(instrument, by=staff, why="The tube is at its end.")
    assert not Notification.objects.exists()

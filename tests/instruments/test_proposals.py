"""A laboratory proposes an instrument: who may write, what is kept, what is missing, who hears of it."""

from typing import Any

import pytest

from instruments import actions
from instruments.actions import proposal
from instruments.models import Instrument
from instruments.proposal_steps import STEPS, language_of, missing, named, stored, version_of
from portal.accounts.models import Membership, Organisation, User
from portal.audit.models import Record
from portal.core.errors import Conflict, Forbidden, Refused
from portal.notifications.models import Notification
from tests.factories.accounts import OrganisationFactory
from tests.factories.agreements import AgreementFactory
from tests.factories.instruments import TechniqueFactory
from tests.factories.interests import InterestFactory

pytestmark = pytest.mark.django_db


def begun(by: User, laboratory: Organisation, **fields: Any) -> Instrument:
    words = {"name": "Diffractomètre", "language": "fr"} | fields
    return proposal.begin_proposal(by=by, organisation=laboratory, **words)


def write(instrument: Instrument, by: User, name: str, **values: Any) -> Instrument:
    step = named(name)
    assert step is not None
    instrument = Instrument.objects.get(pk=instrument.pk)
    return proposal.save_proposal(instrument, step, values, version=version_of(instrument, step), by=by)


def complete(instrument: Instrument, by: User) -> Instrument:
    technique = TechniqueFactory(slug="single-crystal-x-ray")
    write(instrument, by, "instrument", techniques=[technique.pk], place="Grenoble", time_zone="Europe/Paris")
    write(instrument, by, "samples", summary="Des cristaux.", sample_requirements="20 micromètres.")
    return write(instrument, by, "offer", proposal="Douze heures par mois.")


def test_beginning_asks_to_be_an_operator(laboratory: Organisation, researcher: User, operator: User) -> None:
    instrument = begun(researcher, laboratory)
    assert (instrument.state, instrument.proposed_by, instrument.place) == ("draft", researcher, "Grenoble")
    assert (instrument.name_fr, instrument.name_en, language_of(instrument)) == ("Diffractomètre", None, "fr")
    assert (instrument.units.count(), instrument.opening_hours.count()) == (1, 5)
    asked = Membership.objects.get(user=researcher, organisation=laboratory)
    assert (asked.role, asked.state) == ("operator", "requested")
    assert list(Notification.objects.values_list("address", flat=True)) == [operator.email]
    assert begun(researcher, laboratory) == instrument
    assert Instrument.objects.count() == 1


def test_an_operator_and_staff_ask_nobody(laboratory: Organisation, operator: User, staff: User) -> None:
    begun(operator, laboratory)
    begun(staff, laboratory)
    assert Membership.objects.filter(organisation=laboratory).count() == 1


def test_where_nobody_can_begin(researcher: User) -> None:
    hidden = OrganisationFactory(state="proposed")
    with pytest.raises(Forbidden):
        begun(researcher, hidden)
    assert not Instrument.objects.exists()


def test_too_many_at_once(laboratory: Organisation, researcher: User) -> None:
    for number in range(proposal.MOST_OPEN):
        begun(researcher, laboratory, name=f"Scope {number}")
    with pytest.raises(Refused) as refusal:
        begun(researcher, laboratory, name="One more")
    assert refusal.value.codes == ["too_many"]


def test_it_is_written_in_one_language_and_sent(laboratory: Organisation, researcher: User, staff: User) -> None:
    instrument = begun(researcher, laboratory)
    with pytest.raises(Refused) as refusal:
        actions.propose_instrument(instrument, by=researcher)
    assert set(refusal.value.codes) == {"missing"}
    complete(instrument, researcher)
    instrument.refresh_from_db()
    assert missing(instrument) == []
    assert (instrument.summary_fr, instrument.summary_en) == ("Des cristaux.", None)
    Notification.objects.all().delete()
    actions.propose_instrument(instrument, by=researcher)
    assert [(row.kind, row.address) for row in Notification.objects.all()] == [("instruments.proposed", staff.email)]


def test_the_proposer_writes_until_it_is_listed_and_hears_of_the_answer(
    laboratory: Organisation, researcher: User, staff: User
) -> None:
    instrument = complete(begun(researcher, laboratory), researcher)
    actions.propose_instrument(instrument, by=researcher)
    with pytest.raises(Refused) as refusal:
        write(instrument, researcher, "offer", proposal="More.")
    assert refusal.value.codes == ["handed_in"]
    Notification.objects.all().delete()
    actions.ask_instrument(instrument, by=staff, why="Which detector?")
    assert [(row.kind, row.address) for row in Notification.objects.all()] == [
        ("instruments.returned", researcher.email)
    ]
    write(instrument, researcher, "offer", proposal="More.")
    actions.resubmit_instrument(instrument, by=researcher)
    Instrument.objects.update(state="listed")
    with pytest.raises(Forbidden):
        write(instrument, researcher, "offer", proposal="Less.")


def test_nothing_is_listed_before_an_operator_is_confirmed(
    laboratory: Organisation, researcher: User, staff: User
) -> None:
    instrument = complete(begun(researcher, laboratory), researcher)
    actions.update_instrument(instrument, by=staff, name_en="Diffractometer", summary_en="Crystals.")
    actions.propose_instrument(instrument, by=researcher)
    with pytest.raises(Refused) as refusal:
        actions.list_instrument(instrument, by=staff)
    assert refusal.value.codes == ["operator"]
    Membership.objects.update(state="confirmed")
    assert actions.list_instrument(instrument, by=staff).state == "listed"


STRANGERS = ["focal_point", "reviewer", "donor", "stranger_operator", "stranger_researcher"]


@pytest.mark.parametrize("who", STRANGERS)
def test_strangers_do_not_write(
    who: str, laboratory: Organisation, researcher: User, request: pytest.FixtureRequest
) -> None:
    instrument = begun(researcher, laboratory)
    stranger, before = request.getfixturevalue(who), Record.objects.count()
    for step in STEPS:
        with pytest.raises(Forbidden):
            write(instrument, stranger, step.name, **{step.required[-1]: "x"})
    with pytest.raises(Forbidden):
        actions.propose_instrument(instrument, by=stranger)
    assert Record.objects.count() == before


def test_nobody_is_overwritten(laboratory: Organisation, researcher: User, operator: User) -> None:
    instrument = begun(researcher, laboratory)
    step = named("offer")
    assert step is not None
    version = version_of(instrument, step)
    proposal.save_proposal(instrument, step, {"proposal": "Ten hours."}, version=version, by=operator)
    with pytest.raises(Conflict) as conflict:
        proposal.save_proposal(instrument, step, {"proposal": "Two hours."}, version=version, by=researcher)
    instrument.refresh_from_db()
    assert stored(instrument, step) == {"proposal": "Ten hours."}
    assert conflict.value.version == version_of(instrument, step)
    same = proposal.save_proposal(instrument, step, {"proposal": "Ten hours."}, version="", by=researcher)
    assert same.proposal == "Ten hours."


def test_begun_in_the_wrong_language_its_texts_go_over(laboratory: Organisation, researcher: User) -> None:
    instrument = begun(researcher, laboratory, name="Microscope", language="en")
    write(instrument, researcher, "samples", summary="Des surfaces.")
    saved = write(instrument, researcher, "instrument", language="fr", maker="Lumen")
    assert (saved.name_fr, saved.summary_fr, saved.maker) == ("Microscope", "Des surfaces.", "Lumen")
    assert (saved.name_en, saved.summary_en, language_of(saved)) == (None, None, "fr")
    again = write(instrument, researcher, "instrument", language="en")
    assert (again.name_en, again.name_fr, again.summary_en) == ("Microscope", None, "Des surfaces.")


def test_what_is_in_two_languages_is_not_turned(laboratory: Organisation, researcher: User) -> None:
    instrument = begun(researcher, laboratory)
    Instrument.objects.update(name_en="Diffractometer", summary_fr="Des cristaux.")
    before = Instrument.objects.values().get()
    with pytest.raises(Refused) as refusal:
        write(instrument, researcher, "instrument", language="en")
    assert refusal.value.codes == ["translated"]
    assert Instrument.objects.values().get() == before


def test_thrown_away_it_makes_room_and_takes_what_was_offered_along(
    laboratory: Organisation, researcher: User, operator: User, staff: User
) -> None:
    instrument = complete(begun(researcher, laboratory), researcher)
    actions.propose_instrument(instrument, by=researcher)
    agreement = AgreementFactory(instrument=instrument, offered=True)
    Notification.objects.all().delete()
    for person in (operator, staff):
        with pytest.raises(Forbidden):
            actions.withdraw_instrument(instrument, by=person)
    assert actions.withdraw_instrument(instrument, by=researcher).state == "withdrawn"
    agreement.refresh_from_db()
    assert agreement.state == "withdrawn"
    assert [(row.kind, row.address) for row in Notification.objects.all()] == [
        ("instruments.agreement_withdrawn", operator.email)
    ]
    assert not Instrument.objects.proposed_by(researcher).exists()
    assert begun(researcher, laboratory) != instrument
    with pytest.raises(Forbidden):
        write(instrument, researcher, "offer", proposal="More.")


def test_with_the_last_proposal_thrown_away_goes_the_request_to_operate(
    laboratory: Organisation, researcher: User
) -> None:
    older, newer = (begun(researcher, laboratory, name=name) for name in ("Microscope", "Furnace"))
    asked = Membership.objects.get(user=researcher, organisation=laboratory, role="operator")
    for instrument, state in ((older, "requested"), (newer, "ended")):
        actions.withdraw_instrument(instrument, by=researcher)
        asked.refresh_from_db()
        assert asked.state == state


def test_what_an_interest_says_goes_into_the_proposal() -> None:
    technique = TechniqueFactory(slug="sem")
    words = {"standing": "contributor", "institution": "Lakeside", "offering": "A microscope."}
    interest = InterestFactory(techniques=[technique], **words)
    known = proposal.known_of(interest.token)
    assert known == {"institution": "Lakeside", "offering": "A microscope.", "techniques": [technique.pk]}
    assert proposal.known_of(InterestFactory(standing="donor").token) == {}
    assert proposal.known_of("nonsense") == proposal.known_of("") == {}

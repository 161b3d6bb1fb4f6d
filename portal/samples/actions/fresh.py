"""What happened just now: each of these waits for one of the sample accounts, and its mail is really sent."""

from datetime import timedelta

from bookings.actions.booking import book_time
from bookings.actions.series import book_series
from bookings.actions.waitlist import join_waitlist
from bookings.series import weekly
from bookings.slots import Span
from calls.actions.award import grant_award
from calls.actions.judging.check import record_check
from calls.actions.judging.panel import assign
from calls.enums import CheckKind
from calls.models import Application
from instruments.actions.training import ask_for_place, create_training, publish_training, wish_for_training
from portal.accounts.actions import propose_organisation, request_membership
from portal.accounts.enums import OrganisationKind, Role
from portal.samples.actions.coming import first_free
from portal.samples.actions.instruments import PRACTICE, operator_of
from portal.samples.actions.taught import ANODE
from portal.samples.stage import Stage


def put_fresh(stage: Stage) -> None:
    _memberships_to_answer(stage)
    _organisation_to_verify(stage)
    _award_to_accept(stage)
    _booking_to_confirm(stage)
    _application_to_check(stage)
    _review_to_write(stage)
    _practical_every_week(stage)
    _training_to_come(stage)
    _places_on_the_waiting_list(stage)


def _memberships_to_answer(stage: Stage) -> None:
    """One for the focal point, and one where only staff can answer, from the reviewer."""
    request_membership(stage.organisations["acacia-materials"], Role.RESEARCHER, by=stage.people["otieno"])
    request_membership(stage.organisations["lakeshore-natural-products"], Role.RESEARCHER, by=stage.people["reviewer"])


def _organisation_to_verify(stage: Stage) -> None:
    propose_organisation(
        by=stage.people["donor"],
        role=Role.FOCAL_POINT,
        name="Northlight Instruments",
        kind=OrganisationKind.COMPANY,
        country="SE",
        city="Gothenburg",
        time_zone="Europe/Stockholm",
    )


def _award_to_accept(stage: Stage) -> None:
    grant_award(
        holder=stage.people["researcher"],
        organisation=stage.organisations["acacia-materials"],
        instrument=stage.instruments["scanning-electron-microscope"],
        call=stage.calls["crystals-1"],
        minutes=24 * 60,
        valid_from=stage.day(7),
        valid_until=stage.day(190),
        title="Surfaces of copper complexes",
        by=stage.people["staff"],
    )


def _booking_to_confirm(stage: Stage) -> None:
    """A day on the rotating anode, which the operator account runs."""
    award = stage.awards["enzyme"]
    period = first_free(award.hours_on, 24 * 60, stage.now + timedelta(days=16), stage.now)
    book_time(award.hours_on, period, award, by=award.holder, purpose="Iron edge, one crystal")


def _application_to_check(stage: Stage) -> None:
    """Staff find one eligible, so that the laboratory of the operator account is told."""
    row = Application.objects.get(call=stage.calls["crystals-2"], applicant=stage.people["awa"])
    record_check(row, CheckKind.ELIGIBLE, True, by=stage.people["staff"])


def _review_to_write(stage: Stage) -> None:
    row = Application.objects.get(call=stage.calls["molecules-of-plants"], applicant=stage.people["ndapewa"])
    assign(row, stage.people["reviewer"], by=stage.people["staff"])


def _practical_every_week(stage: Stage) -> None:
    """The focal point's course: four weeks in a row, at the same hour on the laboratory's clock."""
    award = stage.awards["practical"]
    first = first_free(award.hours_on, 90, stage.moment(15, 14, award.hours_on.time_zone), stage.now)
    periods = weekly(award.hours_on, first.start, 90, 4)
    book_series(award.hours_on, periods, award, by=award.holder, purpose="Group B: from frame to structure")


def _training_to_come(stage: Stage) -> None:
    """Open for registration; two ask for a place, and somebody wishes for one on the other instrument."""
    instrument = stage.instruments[ANODE]
    operator, begins = operator_of(instrument), stage.moment(24, 9, instrument.time_zone)
    training = create_training(
        by=operator,
        organisation=instrument.organisation,
        title="Cold crystals on the rotating anode",
        summary="Mounting at 100 K, strategies for weak crystals, two nights of data. For experienced users.",
        instrument=instrument,
        starts_at=begins,
        ends_at=begins + timedelta(hours=7),
        place=instrument.place,
        capacity=6,
        certificate_months=12,
    )
    training = publish_training(training, by=operator)
    for key in ("researcher", "njeri"):
        ask_for_place(training, by=stage.people[key])
    wish_for_training(stage.instruments[PRACTICE], by=stage.people["otieno"], note="I did not pass last time")


def _places_on_the_waiting_list(stage: Stage) -> None:
    """One that is offered time as soon as somebody looks, one that waits for time the focal point has taken."""
    copper, practical = stage.awards["copper"], stage.awards["practical"]
    week = Span(stage.moment(6, 8), stage.moment(9, 18))
    join_waitlist([copper], week, 180, by=copper.holder, least_notice=120, purpose="Third crystal, low temperature")
    taken = practical.bookings.active().ending_after(stage.now).in_order().first()
    if taken is not None:
        wish = Span(taken.start, taken.end)
        join_waitlist([copper], wish, taken.minutes, by=copper.holder, purpose="If the practical moves")

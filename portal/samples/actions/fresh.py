"""What happened just now: each of these waits for one of the sample accounts, and its mail is really sent."""

from datetime import timedelta

from bookings.actions.booking import book_time
from calls.actions.award import grant_award
from calls.actions.judging.check import record_check
from calls.actions.judging.panel import assign
from calls.enums import CheckKind
from calls.models import Application
from portal.accounts.actions import propose_organisation, request_membership
from portal.accounts.enums import OrganisationKind, Role
from portal.samples.actions.coming import first_free
from portal.samples.stage import Stage


def put_fresh(stage: Stage) -> None:
    _memberships_to_answer(stage)
    _organisation_to_verify(stage)
    _award_to_accept(stage)
    _booking_to_confirm(stage)
    _application_to_check(stage)
    _review_to_write(stage)


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

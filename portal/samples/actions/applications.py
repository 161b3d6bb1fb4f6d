"""Applications handed in before today. The actions only know now, so these rows are written as they would be left."""

from datetime import datetime, timedelta
from typing import Any

from calls.eligibility import years_since_phd
from calls.enums import ApplicationState, Decision
from calls.models import Application, ApplicationSample, Award, Call, Endorsement
from calls.steps import steps_of
from portal.accounts.enums import Role
from portal.accounts.models import User
from portal.samples.actions.judging import put_judging
from portal.samples.reading import read_all
from portal.samples.stage import Stage, backdate

STATES = ApplicationState
TEXTS = ("question", "why_instrument", "team_words", "plan", "safety_words", "language", "decision_note", "rank")
DECISIONS = {
    STATES.AWARDED: Decision.AWARD,
    STATES.RESERVED: Decision.RESERVE,
    STATES.DECLINED: Decision.DECLINE,
}
VERBS = {STATES.AWARDED: "release_award", STATES.RESERVED: "release_reserve", STATES.DECLINED: "release_decline"}


def put_applications(stage: Stage) -> None:
    for content in read_all("applications"):
        call = stage.calls[content["call"]]
        for line in content["application"]:
            row = _application(stage, call, line)
            _put_parts(stage, row, line)
            if row.submitted_at:
                put_judging(stage, row, line)
            _put_end(stage, row, line)


def _application(stage: Stage, call: Call, line: dict[str, Any]) -> Application:
    """Everything filled in, and its last step saved when it was handed in; one that lapsed was never finished."""
    moment = _handed_in(stage, call, line)
    row = Application(ref=stage.new_ref(), call=call, **_what(stage, line))
    row.started = moment - timedelta(days=6)  # type: ignore[attr-defined]
    for name in TEXTS:
        if name in line:
            setattr(row, name, line[name])
    if "in_days" in line:
        row.submitted_at, row.receipt = moment, f"{moment:%Y}-{row.ref}"
        row.country, row.career_stage = str(row.applicant.country), row.applicant.career_stage
        row.years_since_phd = years_since_phd(call, row.applicant.phd_year)
        row.has_samples = "samples" in line
        done = {"version": 1, "done": True, "by": row.applicant_id, "at": moment.isoformat()}
        row.steps = {step.name: done for step in steps_of(call)}
    if row.state == STATES.RETURNED:
        row.return_note, row.answer_by = line["return_note"], stage.moment(line["answer_days"], 18, call.time_zone)
    _decide(stage, row, line)
    row.save()
    backdate(row, moment)
    return row


def _handed_in(stage: Stage, call: Call, line: dict[str, Any]) -> datetime:
    """Not to the full hour, and before the call closed."""
    if "in_days" not in line:
        return call.closes_at - timedelta(days=4)
    return min(stage.ago(-line["in_days"]) - timedelta(minutes=7), call.closes_at - timedelta(minutes=7))


def _what(stage: Stage, line: dict[str, Any]) -> dict[str, Any]:
    """Whose it is and what for; of an awarded one, as its award says."""
    if "award" in line:
        award = stage.awards[line["award"]]
        about = {"applicant": award.holder, "organisation": award.organisation, "instrument": award.instrument}
        return about | {"title": award.title, "minutes_requested": award.granted_minutes, "state": STATES.AWARDED}
    return {
        "applicant": stage.people[line["applicant"]],
        "organisation": stage.organisations[line["organisation"]],
        "instrument": stage.instruments[line["instrument"]] if "instrument" in line else None,
        "minutes_requested": line.get("hours", 0) * 60,
        "title": line["title"],
        "state": STATES(line["state"]),
    }


def _decide(stage: Stage, row: Application, line: dict[str, Any]) -> None:
    row.decision = line.get("decision", DECISIONS.get(STATES(row.state), ""))
    if row.decision in (Decision.AWARD, Decision.RESERVE):
        row.minutes_decided = row.minutes_requested
    if row.state in DECISIONS:
        row.released_at = stage.decided(row.call)


def _put_parts(stage: Stage, row: Application, line: dict[str, Any]) -> None:
    """Its samples, its endorsement, and how it was started and handed in."""
    for label, composition, form, hazards in line.get("samples", ()):
        ApplicationSample.objects.create(
            application=row, label=label, composition=composition, form=form, hazards=hazards
        )
    by = row.applicant
    stage.note(row, "start", row.started, by=by, after=STATES.DRAFT)  # type: ignore[attr-defined]
    if row.submitted_at is None:
        return
    if row.call.needs_endorsement:
        _endorse(stage, row, row.submitted_at - timedelta(days=1))
    stage.note(row, "submit", row.submitted_at, by=by, before=STATES.DRAFT, after=STATES.SCREENING)


def _endorse(stage: Stage, row: Application, moment: datetime) -> None:
    """By a focal point of the organisation who is not its applicant, else by staff."""
    assert row.organisation
    led = row.organisation.memberships.confirmed().filter(role=Role.FOCAL_POINT).exclude(user=row.applicant)
    focal = User.objects.filter(pk__in=led.values("user")).first() or stage.people["staff"]
    Endorsement.objects.create(application=row, is_given=True, by=focal, at=moment)
    stage.note(row, "ask_endorsement", moment - timedelta(days=1), by=row.applicant)
    stage.note(row, "endorse", moment, by=focal)


def _put_end(stage: Stage, row: Application, line: dict[str, Any]) -> None:
    """How it left the hands of those who judge it, or lapsed; the award it was given is tied to it."""
    state = STATES(row.state)
    if state in VERBS:
        moment = stage.decided(row.call)
        stage.note(row, VERBS[state], moment, by=stage.people["staff"], before=STATES.PREPARED, after=state)
    if state == STATES.LAPSED:
        stage.note(row, "lapse", row.call.closes_at + timedelta(minutes=1), before=STATES.DRAFT, after=state)
    if state == STATES.WITHDRAWN and row.submitted_at:
        moment = row.submitted_at + timedelta(days=2)
        stage.note(
            row, "withdraw", moment, by=row.applicant, before=STATES.SCREENING, after=state, why=line.get("why", "")
        )
    if "award" in line:
        Award.objects.filter(pk=stage.awards[line["award"]].pk).update(application=row)

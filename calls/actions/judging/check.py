"""Check applications: eligible by staff, feasible and safe by the laboratory. Passed, they move on."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from calls import notices
from calls.actions.judging.locks import judged
from calls.enums import ApplicationState, CheckKind
from calls.models import Application, Check
from calls.rules import judging as rules
from calls.rules.application import may
from calls.states import APPLICATION_MOVES
from portal.accounts.enums import Role
from portal.accounts.models import User
from portal.audit.actions import record
from portal.core.errors import Forbidden, Reason, Refused
from portal.core.machine import next_state
from portal.notifications.actions import notify, reader

# Who judges what: the permission, and the state in which it is judged.
JUDGED_IN = {
    CheckKind.ELIGIBLE: ("screen_application", ApplicationState.SCREENING),
    CheckKind.FEASIBLE: ("check_feasibility", ApplicationState.FEASIBILITY),
    CheckKind.SAFE: ("check_feasibility", ApplicationState.FEASIBILITY),
}


@dataclass(frozen=True)
class Verdict:
    """Yes or no, with conditions or, for a no, the reason."""

    is_passed: bool
    note: str = ""


def record_check(application: Application, kind: str, is_passed: bool, note: str = "", *, by: Any) -> Application:
    """Write down one verdict; see `record_checks`."""
    return record_checks(application, {kind: Verdict(is_passed, note)}, by=by)


@transaction.atomic
def record_checks(application: Application, verdicts: Mapping[str, Verdict], *, by: Any) -> Application:
    """Write down verdicts of one stage, by kind; judged again, the earlier ones are replaced.

    An eligible application moves on to its laboratory, or to review where no laboratory has to judge; a feasible and
    safe one to review. A no stays where it is, with its reason, until staff prepare an outcome. Raises Forbidden,
    WrongState, Refused `no_reason` or `call_over`.
    """
    permissions, states = zip(*(JUDGED_IN[CheckKind(kind)] for kind in verdicts), strict=True)
    if not all(_may_judge(by, permission, application) for permission in permissions):
        raise Forbidden
    application = judged(application, "check", states)
    if any(not verdict.is_passed and not verdict.note.strip() for verdict in verdicts.values()):
        raise Refused(Reason("no_reason", _("Say why not: staff decide by your reason.")))
    for kind, verdict in verdicts.items():
        _write(application, kind, verdict, by)
    if verb := _way_on(application):
        _move(application, verb, by)
    return application


def _may_judge(by: Any, permission: str, application: Application) -> bool:
    return may(by, permission, application) and rules.is_unconcerned(by, application)


def _write(application: Application, kind: str, verdict: Verdict, by: Any) -> None:
    note = verdict.note.strip()
    values = {"is_passed": verdict.is_passed, "note": note, "by": by, "at": timezone.now()}
    Check.objects.update_or_create(application=application, kind=kind, defaults=values)
    after = "passed" if verdict.is_passed else "failed"
    record(application, f"check_{kind}", by=by, after=after, why=note)


def _way_on(application: Application) -> str:
    """The move that the verdicts so far allow, or nothing."""
    passed = set(application.checks.filter(is_passed=True).values_list("kind", flat=True))
    if application.state == ApplicationState.SCREENING:
        if CheckKind.ELIGIBLE not in passed:
            return ""
        return "pass_screening" if application.instrument_id else "pass_to_review"
    return "pass_feasibility" if {CheckKind.FEASIBLE, CheckKind.SAFE} <= passed else ""


def _move(application: Application, verb: str, by: Any) -> None:
    before, application.state = application.state, next_state(APPLICATION_MOVES, verb, application.state)
    application.save(update_fields=["state", "updated_at"])
    record(application, verb, by=by, before=before, after=application.state)
    if application.state == ApplicationState.FEASIBILITY:
        _tell_laboratory(application)


def _tell_laboratory(application: Application) -> None:
    """One message a call, instrument and day; it says how many wait."""
    instrument = application.instrument
    if instrument is None:
        return
    held = instrument.organisation.memberships.confirmed().filter(role=Role.OPERATOR)
    operators = User.objects.filter(pk__in=held.values("user"), is_active=True)
    notify(
        notices.CHECKS_WAITING,
        f"call:{application.call_id}:instrument:{instrument.pk}:{timezone.now():%Y-%m-%d}",
        [reader(person) for person in operators],
        {"call": application.call_id, "instrument": instrument.pk},
    )

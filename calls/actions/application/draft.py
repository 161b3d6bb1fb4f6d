"""Write an application: start it, save its steps. What the server holds is the truth; nobody overwrites anybody."""

from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from calls.actions.application.endorsement import follow_organisation
from calls.actions.application.locks import hold_call, locked
from calls.actions.application.parts import instruments_to_choose
from calls.eligibility import may_submit, reasons_against
from calls.enums import ApplicationState
from calls.models import Application, ApplicationSample, Call
from calls.rules.application import may
from calls.steps import Step, gives_hours, step_of, stored
from portal.accounts.models import Membership, Organisation
from portal.audit.actions import record
from portal.core.errors import Conflict, Forbidden, Reason, Refused
from portal.core.retry import broken_constraint

ONCE = "application_once_a_call"
COPIED = ("team_words", "plan", "safety_words")  # from the last application; the question is new each time
SAME_CALL = (*COPIED, "title", "question", "why_instrument", "minutes_requested", "has_samples", "language")


class StepConflict(Conflict):
    """Somebody else saved this step meanwhile: `stored` is what they wrote, `version` the number to answer with."""

    def __init__(self, stored: dict[str, Any], version: int) -> None:
        self.stored = stored
        super().__init__(version)


@transaction.atomic
def start(call: Call, *, by: Any) -> Application:
    """Return the person's own application to this call, made now if there is none.

    What the profile and their last application know is filled in and waits to be looked at: no step is done.
    Raises Refused with everything that stands against it: not open, not eligible.
    """
    call = hold_call(call.pk)
    if (own := _own(call, by)) is not None:
        return own
    late = may_submit(call, by, timezone.now())
    if reasons := [*([late] if late else []), *reasons_against(call, by)]:
        raise Refused(*reasons)
    last = Application.objects.filter(applicant=by).order_by("-created_at", "-pk").first()
    application = Application(call=call, applicant=by, **_known_of(call, by, last))
    try:
        with transaction.atomic():
            application.save()
            if last is not None and last.call_id == call.pk:
                _copy_samples(last, application)
    except IntegrityError as error:
        if broken_constraint(error) != ONCE:
            raise
        return Application.objects.get(pk=_own(call, by).pk)
    record(application, "start", by=by, after=application.state)
    return application


@transaction.atomic
def save_step(
    application: Application,
    step: str,
    fields: dict[str, Any],
    *,
    version: int,
    by: Any,
    done: bool | None = True,
) -> Application:
    """Write the columns of a step. `version` is that of the text which was edited (`application.version_of(step)`).

    `done`: what its people say of the section; None leaves that as it is (saved while typing). Raises Forbidden,
    Refused `no_such_step`, and StepConflict where somebody else saved other words meanwhile.
    """
    row, asked = _writable(application, step, by)
    unknown = set(fields) - set(asked.fields)
    if unknown:
        raise ValueError(f"step {step} has no {sorted(unknown)}")
    kept = stored(row, asked)
    for name, value in fields.items():
        setattr(row, name, value)
    changed = [name for name in fields if stored(row, asked)[name] != kept[name]]
    if changed and version != row.version_of(step):
        raise StepConflict(kept, row.version_of(step))
    if "organisation" in changed:
        follow_organisation(row, by=by)
    if not changed and done in (None, row.is_done(step)):
        return row
    _write(row, step, by=by, done=done, changed=changed)
    return row


@transaction.atomic
def touch_step(application: Application, step: str, *, by: Any, done: bool | None = None) -> Application:
    """Note that something beside the columns of a step changed: a sample, a file, a member of the team."""
    row, _asked = _writable(application, step, by)
    _write(row, step, by=by, done=done, changed=[])
    return row


def _writable(application: Application, step: str, by: Any) -> tuple[Application, Step]:
    """The locked application and its step, if `by` may write in it."""
    row = locked(application)
    if not may(by, "edit_application", row):
        raise Forbidden
    asked = step_of(row.call, step)
    if asked is None:
        raise Refused(Reason("no_such_step", _("This application has no such section.")))
    return row, asked


def _write(row: Application, step: str, *, by: Any, done: bool | None, changed: list[str]) -> None:
    """Save a locked row with the next version of a step; the history gets a line a Continue, not one a keystroke."""
    what: dict[str, Any] = {"version": row.version_of(step) + 1, "by": by.pk, "at": timezone.now().isoformat()}
    if done is not None:
        what["done"] = done
    row.steps = row.noted(step, **what)
    row.save(update_fields=["steps", "updated_at", *changed])
    if done is not None:
        record(row, "save", by=by, step=step, version=what["version"], fields=changed)


def _own(call: Call, person: Any) -> Any:
    over = [ApplicationState.WITHDRAWN, ApplicationState.LAPSED]
    return Application.objects.for_list().filter(call=call, applicant=person).exclude(state__in=over).first()


def _known_of(call: Call, person: Any, last: Application | None) -> dict[str, Any]:
    """What a new draft begins with; `last` is their application before this."""
    known: dict[str, Any] = {"language": person.language}
    if last is not None:  # one that lapsed or was withdrawn in this very call is taken up again
        known |= {name: getattr(last, name) for name in (SAME_CALL if last.call_id == call.pk else COPIED)}
    known["organisation"] = _organisation_of(person, last)
    if gives_hours(call):
        instruments = list(instruments_to_choose(call)[:2])
        known["instrument"] = instruments[0] if len(instruments) == 1 else None
    return known


def _copy_samples(last: Application, application: Application) -> None:
    """Declare the same samples again; files and co-applicants are asked for anew."""
    samples = list(last.samples.all())
    for sample in samples:
        sample.pk, sample.application = None, application
    ApplicationSample.objects.bulk_create(samples)


def _organisation_of(person: Any, last: Application | None) -> Organisation | None:
    """Where the person is a confirmed member: that of the last application if they still are."""
    held = Membership.objects.confirmed().filter(user=person).select_related("organisation").order_by("pk")
    places = [membership.organisation for membership in held]
    return next((place for place in places if last and place.pk == last.organisation_id), next(iter(places), None))

"""What sessions already held left behind: who was there, what was said, how each side says it went."""

from datetime import datetime, timedelta

from bookings.enums import BookingState, Leaving, Part, Went
from bookings.models import Attendance, Booking, ChatMessage, Session, SessionReport
from portal.accounts.models import User
from portal.samples.actions.instruments import PRACTICE, operator_of
from portal.samples.actions.measured import put_measured
from portal.samples.stage import Stage, backdate

RELAY = "sample"
SAID = (
    ("operator", 2, "Good morning. The crystal is on the spindle; the shutter is yours."),
    ("holder", 4, "Thank you! Centring now. Is 0.4 degrees a frame all right for this one?"),
    ("operator", 5, "Fine. If the spots look split, turn to the second crystal in the list."),
    ("holder", 31, "They do not. Strategy says 92 degrees for 98 %; starting the run."),
    ("operator", 32, "Go ahead. I stay in the chat."),
)
TOLD = (
    (Went.WELL, 0, "Full sphere collected, the cell agrees with the published one."),
    (Went.PARTLY, 20, "The line dropped for twenty minutes; the run went on meanwhile and the data are complete."),
    (Went.WELL, 0, ""),
)


def put_lived(stage: Stage) -> None:
    """For the completed sessions on the practice instrument; words, reports and data for the last three."""
    rows = Session.objects.filter(booking__instrument__slug=PRACTICE, booking__state=BookingState.COMPLETED)
    sessions = list(rows.select_related("booking__award__holder", "booking__instrument").order_by("-starts_at"))
    operator = operator_of(sessions[0].booking.instrument)
    Attendance.objects.bulk_create(line for session in sessions for line in _lines(session, operator))
    for session, told in zip(sessions, TOLD, strict=False):
        _put_words(session, operator)
        _put_report(session, told)
    put_measured(stage, sessions)
    for session in sessions:
        session.joined_at = session.opened_at
    Session.objects.bulk_update(sessions, ["joined_at"])


def _lines(session: Session, operator: User) -> list[Attendance]:
    """The holder from the opening to the end, the operator for the first quarter of an hour."""
    begins, ends = session.opened_at, session.closed_at
    assert begins is not None
    assert ends is not None
    a_look = min(begins + timedelta(minutes=15), ends)
    return [
        _line(session, operator, Part.OPERATOR, begins, a_look, Leaving.LEFT),
        _line(session, session.booking.award.holder, Part.RESEARCHER, begins, ends, Leaving.ENDED),
    ]


def _line(session: Session, user: User, part: Part, begins: datetime, ends: datetime, why: Leaving) -> Attendance:
    return Attendance(
        session=session,
        user=user,
        part=part,
        relay=RELAY,
        joined_at=begins,
        seen_at=ends,
        left_at=ends,
        left_why=why,
    )


def _put_words(session: Session, operator: User) -> None:
    people = {"operator": operator, "holder": session.booking.award.holder}
    ChatMessage.objects.bulk_create(
        ChatMessage(
            session=session, author=people[who], text=text, sent_at=session.starts_at + timedelta(minutes=minutes)
        )
        for who, minutes, text in SAID
    )


def _put_report(session: Session, told: tuple[Went, int, str]) -> None:
    booking: Booking = session.booking
    went, lost, text = told
    report = SessionReport.objects.create(
        session=session,
        by_laboratory=False,
        author=booking.award.holder,
        went=went,
        minutes_lost=lost,
        text=text,
    )
    backdate(report, session.ends_at + timedelta(hours=3))

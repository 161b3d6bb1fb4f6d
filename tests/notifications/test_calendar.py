"""What a mail brings to the reader's calendar program: beside the words, and as a file."""

import email
import email.policy
from email.message import EmailMessage

import pytest
from django.core.mail import EmailMultiAlternatives
from django.utils import timezone, translation

from portal.notifications.kinds import CalendarPart, Context, Kind, register
from portal.notifications.mail import mail_of
from portal.notifications.models import Notification
from portal.notifications.rendering import Renderer
from tests.notifications.kinds import OPENED, PLAIN

TEXT = "BEGIN:VCALENDAR\r\nSUMMARY:Diffractomètre à monocristal\r\nEND:VCALENDAR\r\n"


def invite(context: Context, address: str, user_id: int | None) -> CalendarPart | None:
    if user_id is None:
        return None
    who = f"{context['title']}|{address}|{user_id}|{translation.get_language()}|{timezone.get_current_timezone_name()}"
    return CalendarPart("REQUEST", f"X-WHO:{who}\r\n{TEXT}")


INVITED = Kind(PLAIN.name, PLAIN.context, calendar=invite)


def row_for(user_id: int | None = 3, **data: object) -> Notification:
    return Notification(
        pk=7,
        kind=INVITED.name,
        key="k",
        address="amina@example.org",
        user_id=user_id,
        language="fr",
        time_zone="Africa/Nairobi",
        data={"title": "Élan", **data},
        due_at=timezone.now(),
    )


def sent(row: Notification) -> EmailMessage:
    letter = Renderer().letter(INVITED, row)
    assert letter is not None
    return email.message_from_bytes(mail_of(INVITED, row, letter).as_bytes(), policy=email.policy.default)


def kinds(message: EmailMessage) -> list[str]:
    return [part.get_content_type() for part in message.walk()]


def test_it_is_made_for_the_reader_in_their_language_and_zone() -> None:
    letter = Renderer().letter(INVITED, row_for())

    assert letter is not None
    assert letter.calendar is not None
    assert letter.calendar.text.startswith("X-WHO:Élan|amina@example.org|3|fr|Africa/Nairobi\r\n")


def test_it_travels_as_the_last_alternative_and_as_a_file_letter_by_letter() -> None:
    message = sent(row_for())

    assert kinds(message) == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "text/html",
        "text/calendar",
        "application/ics",
    ]
    calendar = next(part for part in message.walk() if part.get_content_type() == "text/calendar")
    assert calendar.get_param("method") == "REQUEST"
    assert calendar.get_payload(decode=True).decode().endswith(TEXT)
    (file,) = message.iter_attachments()
    assert (file.get_filename(), file.get_content_disposition()) == ("booking.ics", "attachment")
    assert file.get_payload(decode=True).decode().endswith(TEXT)


def test_who_needs_none_gets_the_words_alone() -> None:
    assert kinds(sent(row_for(user_id=None))) == ["multipart/alternative", "text/plain", "text/html"]


def test_nothing_to_say_is_nothing_to_enter() -> None:
    assert Renderer().letter(INVITED, row_for(is_gone=True)) is None


def test_django_s_own_way_to_write_a_mail_says_the_same() -> None:
    row = row_for()
    letter = Renderer().letter(INVITED, row)
    assert letter is not None

    written = EmailMultiAlternatives.message(mail_of(INVITED, row, letter)).as_bytes()

    message = email.message_from_bytes(written, policy=email.policy.default)
    assert kinds(message) == kinds(sent(row))
    calendar = next(part for part in message.walk() if part.get_content_type() == "text/calendar")
    assert calendar.get_param("method") == "REQUEST"


def test_a_message_to_many_names_no_reader_in_a_calendar() -> None:
    bulk = Kind("testing.bulk", OPENED.context, unsubscribe=OPENED.unsubscribe, calendar=invite)

    with pytest.raises(ValueError, match="its calendar names one reader"):
        register(bulk)

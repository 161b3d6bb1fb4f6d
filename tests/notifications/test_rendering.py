"""Words: in the reader's language and zone, with the headers that mail clients read."""

import email
import email.policy
from email.message import EmailMessage

import pytest
from django.core.mail import get_connection
from django.template.loader import get_template
from django.utils import timezone

from portal.notifications.actions import Recipient, notify
from portal.notifications.kinds import KINDS, Kind, register
from portal.notifications.mail import ReadyMail, mail_of, message_id
from portal.notifications.models import Notification
from portal.notifications.rendering import Renderer
from tests.notifications.kinds import ALL, OPENED, PLAIN, SECRET


def row_for(
    kind: Kind = OPENED, language: str = "en", time_zone: str = "UTC", token: str = "abc", **data
) -> Notification:
    return Notification(
        pk=7,
        kind=kind.name,
        key="k",
        address="amina@example.org",
        language=language,
        time_zone=time_zone,
        data={"title": "X-ray <time> & more", "token": token, **data},
        due_at=timezone.now(),
    )


def parsed(mail: ReadyMail) -> EmailMessage:
    return email.message_from_bytes(mail.as_bytes(), policy=email.policy.default)


def test_the_reader_s_language_and_zone() -> None:
    row = row_for(language="fr", time_zone="Africa/Nairobi")

    letter = Renderer().letter(OPENED, row)

    assert letter.subject.startswith("lundi: X-ray <time> & more")
    assert "12:00 EAT" in letter.text
    assert "http://testserver/fr/admin/" in letter.text
    assert '<html lang="fr" dir="ltr">' in letter.html


def test_an_unknown_language_or_zone_gives_the_portal_s_own() -> None:
    letter = Renderer().letter(OPENED, row_for(language="xx", time_zone="Mars/Olympus"))

    assert "Monday" in letter.subject
    assert "09:00 UTC" in letter.text


def test_the_language_of_the_worker_is_left_as_it_was() -> None:
    from django.utils import translation

    with translation.override("en"), timezone.override("Europe/Paris"):
        Renderer().letter(OPENED, row_for(language="fr", time_zone="Africa/Nairobi"))
        assert translation.get_language() == "en"
        assert timezone.get_current_timezone_name() == "Europe/Paris"


def test_the_subject_is_one_line_and_text_is_not_escaped_while_html_is() -> None:
    letter = Renderer().letter(OPENED, row_for())

    assert letter.subject == "Monday: X-ray <time> & more & more"
    assert "X-ray <time> & more" in letter.text
    assert "X-ray &lt;time&gt; &amp; more" in letter.html


def test_where_parts_of_a_text_have_nothing_to_say_one_line_is_left_empty() -> None:
    letter = Renderer().letter(PLAIN, row_for(PLAIN, title="One\n\n  \n\n  Two"))

    assert letter.text == "One\n\n  Two\n"


def test_a_line_break_in_a_title_cannot_add_a_header() -> None:
    letter = Renderer().letter(PLAIN, row_for(PLAIN, title="Hello\r\nBcc: all@example.org"))

    assert letter.subject == "Hello Bcc: all@example.org"


def test_bulk_is_rendered_once_and_still_everybody_gets_their_own_links() -> None:
    renderer, asked = Renderer(), []
    kind = Kind(
        OPENED.name, lambda data: asked.append(data) or OPENED.context(data), OPENED.unsubscribe, OPENED.personal
    )

    letters = [renderer.letter(kind, row_for(token=token)) for token in ("one", "two", "three")]
    renderer.letter(kind, row_for(language="fr"))

    assert len(asked) == 2  # a language
    for token, letter in zip(("one", "two", "three"), letters, strict=True):
        assert f"https://portal.example/manage/{token}/" in letter.text
        assert f"https://portal.example/end/{token}/?a=1&b=2" in letter.text
        assert f"https://portal.example/end/{token}/?a=1&amp;b=2" in letter.html
    assert not any("one/" in letter.text for letter in letters[1:])


def test_another_event_is_rendered_anew() -> None:
    renderer = Renderer()

    first, second = (renderer.letter(OPENED, row_for(title=title)) for title in ("first", "second"))

    assert ("first" in first.text, "second" in second.text) == (True, True)


def test_a_subscription_can_be_ended_with_one_click() -> None:
    row = row_for(token="abc")
    mail = mail_of(OPENED, row, Renderer().letter(OPENED, row))
    mail = parsed(mail)

    assert mail["List-Unsubscribe"] == "<https://portal.example/end/abc/?a=1&b=2>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["List-Id"] == "<testing.opened.testserver>"
    assert [part.get_content_type() for part in mail.get_payload()] == ["text/plain", "text/html"]


def test_other_mail_cannot() -> None:
    row = row_for(PLAIN)
    mail = mail_of(PLAIN, row, Renderer().letter(PLAIN, row))
    mail = parsed(mail)

    assert not [name for name in mail if name.startswith("List-")]
    assert (mail["To"], mail["Auto-Submitted"]) == ("amina@example.org", "auto-generated")
    assert "unsubscribe" not in mail.as_string().lower()


def test_the_message_id_is_the_row_s() -> None:
    row = row_for()

    assert message_id(row) == message_id(row_for())
    assert message_id(row).startswith("<notification-7.")
    assert message_id(row).endswith("@testserver>")
    row.key = "another"
    assert message_id(row) != message_id(row_for())


def test_prerendered_mail_keeps_its_words() -> None:
    row = row_for(SECRET, subject="Your\nkey", text="open sesame", html="<p>open sesame</p>")

    letter = Renderer().letter(SECRET, row)

    assert (letter.subject, letter.text, letter.html) == ("Your key", "open sesame", "<p>open sesame</p>")
    row.data.pop("html")
    assert len(mail_of(SECRET, row, Renderer().letter(SECRET, row)).alternatives) == 0


def test_a_kind_is_declared_once() -> None:
    with pytest.raises(ValueError, match="declared twice"):
        register(PLAIN)


@pytest.mark.parametrize("name", [name for name in KINDS if name not in {kind.name for kind in ALL}])
def test_every_kind_has_its_three_files(name: str) -> None:
    kind = KINDS[name]
    if not kind.prerendered:
        for ending in ("subject.txt", "txt", "html"):
            get_template(f"{kind.template}.{ending}")


@pytest.mark.django_db
def test_a_row_renders_as_it_was_written() -> None:
    notify(PLAIN, "event:1", [Recipient("amina@example.org")], {"title": "Größe"})

    assert Renderer().letter(PLAIN, Notification.objects.get()).text == "Größe\n"


LONG = "é" * 300 + " = . " + "word " * 400


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("Plain", "Hello\n"),
        ("Große Größe mit „Zeichen“ " + "weit " * 40, f"{LONG}\n\n.\n..dots\n  spaces at the end   \n=3D\n"),
        ("x" * 300, "From the start\nمرحبا\n日本\r\nsecond\rthird\n"),
    ],
)
@pytest.mark.parametrize("html", ["", f"<p>{LONG}</p>\n"])
def test_the_words_survive_the_journey(mail_sink, subject: str, text: str, html: str) -> None:
    row = row_for(SECRET, subject=subject, text=text, html=html)
    with get_connection() as server:
        mail_of(SECRET, row, Renderer().letter(SECRET, row)).travel(server)

    [mail] = mail_sink.wait_for(1)

    assert mail["Subject"] == " ".join(subject.split())
    assert mail.get_body(("plain",)).get_content().splitlines() == text.splitlines()
    assert max(len(line) for line in mail.as_bytes().splitlines()) < 998
    if html:
        assert mail.get_content_type() == "multipart/alternative"
        assert mail.get_body(("html",)).get_content().strip() == html.strip()
    assert mail.defects == []


def test_a_header_of_several_lines_is_refused() -> None:
    row = row_for(PLAIN)
    row.address = "amina@example.org\nBcc: all@example.org"

    with pytest.raises(ValueError, match="several lines"):
        mail_of(PLAIN, row, Renderer().letter(PLAIN, row)).as_bytes()

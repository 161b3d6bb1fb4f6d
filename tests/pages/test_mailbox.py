"""The demo's mailbox, over a folder that the real sink filled."""

import pytest
from django.conf import settings as django_settings
from django.core.mail import EmailMultiAlternatives
from django.test import Client

from portal.pages.mailbox import linked

pytestmark = pytest.mark.django_db
SITE = "http://testserver"


@pytest.fixture
def demo(settings):
    settings.DEMO = True
    return settings


def send(to: str, subject: str, text: str = "Hello", html: str = "") -> None:
    mail = EmailMultiAlternatives(subject, text, "portal@demo.example", [to])
    if html:
        mail.attach_alternative(html, "text/html")
    mail.send()


def newest() -> str:
    return max(path.stem for path in django_settings.MAIL_SINK.glob("*.eml"))


def test_outside_a_demo_there_is_no_mailbox(client: Client, mail_sink) -> None:
    send("amina@example.org", "Your key")

    assert client.get("/en/mailbox/").status_code == 404
    assert client.get(f"/en/mailbox/{newest()}/").status_code == 404


def test_without_a_language_it_leads_to_the_reader_s(client: Client, demo) -> None:
    response = client.get("/mailbox/", headers={"Accept-Language": "fr"})

    assert (response.status_code, response["Location"]) == (302, "/fr/mailbox/")


def test_an_empty_mailbox_says_so(client: Client, demo, mail_sink) -> None:
    assert "No messages" in client.get("/en/mailbox/").content.decode()


def test_newest_first_and_paged(client: Client, demo, mail_sink) -> None:
    for number in range(23):
        send("amina@example.org", f"Message <{number:02}>")

    first = client.get("/en/mailbox/").content.decode()
    last = client.get("/en/mailbox/?page=2").content.decode()

    assert first.index("Message &lt;22&gt;") < first.index("Message &lt;21&gt;") < first.index("Message &lt;03&gt;")
    assert "Message &lt;02&gt;" not in first
    assert "Message &lt;02&gt;" in last
    assert "23 messages" in last


def test_only_one_person_s(client: Client, demo, mail_sink) -> None:
    send("amina@example.org", "For Amina")
    send("ben@example.org", "For Ben")

    page = client.get("/en/mailbox/?to=AMINA").content.decode()

    assert "For Amina" in page
    assert "For Ben" not in page


def test_a_message_shows_its_text_with_links_to_this_site_only(client: Client, demo, mail_sink) -> None:
    text = f"Größe <b>\nConfirm: {SITE}/en/interest/abc/?a=1&b=2.\nhttps://elsewhere.example/x\n{SITE}.evil.example/"
    send("amina@example.org", "Confirm", text, html="<p>secret html</p>")

    page = client.get(f"/en/mailbox/{newest()}/").content.decode()

    assert "Größe &lt;b&gt;" in page
    assert f'<a href="{SITE}/en/interest/abc/?a=1&amp;b=2">' in page
    assert 'href="https://elsewhere.example' not in page
    assert f'href="{SITE}.evil' not in page
    assert "Yes, not shown here" in page
    assert "secret html" not in page


@pytest.mark.parametrize("name", ["..%2f..%2fsettings", "%2e%2e", "00000000000000000000-000000", "x.eml", "..%5cx"])
def test_nothing_else_can_be_read(client: Client, demo, mail_sink, name: str) -> None:
    (django_settings.MAIL_SINK.parent / "settings.eml").write_text("Subject: not mail\n\nhello")

    assert client.get(f"/en/mailbox/{name}/").status_code == 404


def test_looking_is_all_one_can_do(client: Client, demo, mail_sink) -> None:
    assert client.post("/en/mailbox/").status_code == 405


def test_a_link_ends_before_the_full_stop(settings) -> None:
    settings.SITE_URL = SITE

    assert linked(f"({SITE}/a/).") == f'(<a href="{SITE}/a/">{SITE}/a/</a>).'


def test_a_name_longer_than_a_file_s_is_none(client: Client, demo) -> None:
    assert client.get(f"/en/mailbox/{'a' * 300}/").status_code == 404

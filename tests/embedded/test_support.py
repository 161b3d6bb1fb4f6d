"""The ground the other tests stand on."""

import smtplib
import socket
from email.message import EmailMessage

import pytest
from django.core.cache import cache
from django.core.mail import send_mail
from django.db import connection

from tests.support.isolation import StrangerError


@pytest.mark.django_db
def test_the_database_is_a_real_postgresql():
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, current_setting('max_connections'), current_setting('fsync')")
        assert cursor.fetchone() == ("portal", "250", "off")
    assert connection.settings_dict["NAME"].startswith("test_")


def test_the_cache_is_a_real_valkey(broker):
    cache.set("answer", 42)
    assert cache.get("answer") == 42
    assert broker.info("server")["server_name"] == "valkey"


def test_mail_sent_by_django_reaches_the_inbox(mail_sink):
    send_mail("Bonjour à tous", "Body", "portal@demo.example", ["ada@demo.example", "bob@demo.example"])
    [message] = mail_sink.wait_for(1)
    assert message["Subject"] == "Bonjour à tous"
    assert message["X-Envelope-From"] == "portal@demo.example"
    assert mail_sink.to("bob@demo.example") != []
    assert mail_sink.to("eve@demo.example") == []


def test_the_inbox_keeps_the_order_of_arrival(mail_sink, settings):
    with smtplib.SMTP(settings.EMAIL_HOST, settings.EMAIL_PORT) as client:
        for number in range(50):
            message = EmailMessage()
            message["Subject"] = str(number)
            client.send_message(message, "portal@demo.example", ["ada@demo.example"])
    assert [message["Subject"] for message in mail_sink.messages()] == [str(number) for number in range(50)]


def test_other_machines_are_out_of_reach():
    with pytest.raises(StrangerError), socket.create_connection(("192.0.2.1", 80), timeout=1):
        pytest.fail("a connection to a documentation address was opened")
    with pytest.raises(StrangerError):
        socket.getaddrinfo("example.org", 80)

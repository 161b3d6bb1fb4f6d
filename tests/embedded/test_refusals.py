"""What cannot be started says why in one sentence that names the remedy."""

import importlib.util
import os
import secrets
import socket
import stat
import subprocess
import sys

import pytest
from django.conf import settings

from portal.embedded import EngineError, secret_key
from portal.embedded.engine import describe
from portal.embedded.mail import MailSink
from portal.embedded.postgres import UNSAFE_AND_FAST, Postgres
from portal.embedded.valkey import Valkey


def sentence_of(engine) -> str:
    with pytest.raises(EngineError) as refused:
        engine.start()
    assert "\n" not in str(refused.value)
    return str(refused.value)


@pytest.mark.parametrize(
    ("engine", "setting"), [(Postgres, "DATABASE_URL"), (Valkey, "REDIS_URL"), (MailSink, "EMAIL_URL")]
)
def test_a_folder_that_cannot_be_made(folder, engine, setting):
    (folder / "file").write_text("in the way")
    sentence = sentence_of(engine(folder / "file" / "below"))
    assert "not a directory" in sentence
    assert f"set {setting}" in sentence


def test_a_folder_that_cannot_be_written():
    sentence = sentence_of(Valkey("/proc/portal-cannot-write-here"))
    assert "no such file or directory" in sentence
    assert "set REDIS_URL" in sentence


def test_a_full_disk():
    """/dev/full is a disk that is always full."""
    with pytest.raises(OSError) as full, open("/dev/full", "wb", buffering=0) as file:
        file.write(b"x")
    assert "the disk is full" in str(Valkey("/tmp").failed(describe(full.value)))


def test_a_mail_port_that_is_taken(folder):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        sentence = sentence_of(MailSink(folder / "mail", port=port))
    assert f"port {port} is taken" in sentence
    assert "set EMAIL_URL" in sentence


def test_a_platform_without_wheels(folder, monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    for engine, setting in ((Postgres(folder / "p"), "DATABASE_URL"), (Valkey(folder / "v"), "REDIS_URL")):
        sentence = sentence_of(engine)
        assert "for this platform" in sentence
        assert f"set {setting}" in sentence


def test_data_of_another_version(folder):
    (folder / "postgres" / "data").mkdir(parents=True)
    (folder / "postgres" / "data" / "PG_VERSION").write_text("13\n")
    assert "of version 13, the program is 18" in sentence_of(Postgres(folder / "postgres"))


def test_a_setting_that_the_server_refuses(folder):
    sentence = sentence_of(Postgres(folder / "postgres", options=[*UNSAFE_AND_FAST, "max_connections=many"]))
    assert "max_connections" in sentence


def test_the_secret_key_is_made_once_and_for_its_owner_only(folder):
    key = secret_key(folder / "var")
    assert len(key) >= 50
    assert secret_key(folder / "var") == key
    assert stat.S_IMODE((folder / "var" / "secret_key").stat().st_mode) == 0o600
    assert os.listdir(folder / "var") == ["secret_key"]


def test_a_key_that_cannot_be_kept(folder):
    (folder / "file").write_text("in the way")
    with pytest.raises(EngineError, match="set VAR_DIR or SECRET_KEY"):
        secret_key(folder / "file" / "var")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY is missing or weak"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY is missing or weak"),
        ({"SECRET_KEY": "a" * 60}, "SECRET_KEY is missing or weak"),
        ({"SECRET_KEY": "django-insecure-" + "x7Kq" * 10}, "SECRET_KEY is missing or weak"),
        ({"FIELD_ENCRYPTION_KEY": f"{secrets.token_urlsafe(50)},old"}, "FIELD_ENCRYPTION_KEY is missing or weak"),
        ({"DATABASE_URL": "postgres://db.example"}, "DATABASE_URL names no database"),
        ({"PORT": "abc"}, "A variable of the environment cannot be read (invalid literal for int()"),
    ],
)
def test_production_with_a_setting_that_will_not_do_refuses_in_one_sentence(given, said):
    env = os.environ | {"SECRET_KEY": secrets.token_urlsafe(50), "DEMO": "0", "DEBUG": "0"} | given
    done = subprocess.run(
        [sys.executable, "manage.py", "check"], cwd=settings.BASE_DIR, env=env, capture_output=True, text=True
    )
    assert done.returncode == 1
    assert done.stderr.startswith(said)
    assert done.stderr.count("\n") == 1

"""The sample programme, loaded once for a module: it takes seconds, and each test leaves it as it was."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.db import transaction

from portal.accounts.models import User
from portal.samples.actions.people import DOMAIN


@pytest.fixture(scope="module")
def loaded(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("sample_data", force=True, verbosity=0)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def programme(loaded: None, db: None) -> None:
    cache.clear()  # sign-ins are counted


def account(name: str) -> User:
    return User.objects.get(email=f"{name}{DOMAIN}")

"""An application of a researcher to a call for an instrument, and ways to look at what became of it."""

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from calls.models import Application
from portal.accounts.models import Organisation, User
from portal.notifications.models import Notification
from tests.factories.applications import ApplicationFactory
from tests.factories.calls import CallFactory


@pytest.fixture
def draft(researcher: User, institute: Organisation, instrument: Any) -> Application:
    call = CallFactory(instruments=[instrument], needs_endorsement=True)
    return ApplicationFactory(call=call, applicant=researcher, organisation=institute, instrument=instrument)


@pytest.fixture(autouse=True)
def media(tmp_path: Path, settings: Any) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


def told(kind: str) -> set[str]:
    """Who was written a message of this kind."""
    return set(Notification.objects.filter(kind=f"calls.{kind}").values_list("address", flat=True))


def kept_files() -> list[Path]:
    return [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]

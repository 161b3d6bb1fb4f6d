"""The words of trainings and certificates: what they name, where they lead, and when nothing is left to say."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.utils import timezone

from portal.notifications.kinds import KINDS
from portal.notifications.models import Notification
from portal.notifications.rendering import Letter, Renderer
from tests.factories.trainings import CertificateFactory, TrainingFactory, TrainingPlaceFactory, TrainingWishFactory

pytestmark = pytest.mark.django_db
TITLE, WHY = "Crystals <cold>", "No <tube>"


def letter(name: str, **data: Any) -> Letter | None:
    kind = KINDS[f"instruments.{name}"]
    row = Notification(kind=kind.name, address="a@example.org", language="en", time_zone="Africa/Nairobi", data=data)
    return Renderer().letter(kind, row)


@pytest.mark.parametrize(
    ("name", "state", "stale"),
    [
        ("training_opened", "published", "cancelled"),
        ("training_changed", "published", "held"),
        ("training_cancelled", "cancelled", "published"),
        ("training_held", "held", "closed"),
    ],
)
def test_of_a_training(name: str, state: str, stale: str) -> None:
    training = TrainingFactory(
        title=TITLE,
        state=state,
        starts_at=datetime(2027, 3, 22, 9, tzinfo=UTC),
        ends_at=datetime(2027, 3, 22, 11, tzinfo=UTC),
    )
    found = letter(name, training=training.pk, why=WHY if name == "training_cancelled" else "")
    assert found is not None
    assert TITLE in found.subject
    assert f"/en/trainings/{training.ref}/" in found.text
    assert "Monday 22 March 2027, 12:00–14:00 (Nairobi time); 10:00–12:00 (Paris time)" in found.text
    assert "<cold>" not in found.html
    assert "<tube>" not in found.html
    assert (WHY in found.text) is (name == "training_cancelled")
    training.state = stale
    training.save()
    assert letter(name, training=training.pk, why="") is None


@pytest.mark.parametrize(("name", "state"), [("place_given", "given"), ("place_refused", "refused")])
def test_of_a_place(name: str, state: str) -> None:
    place = TrainingPlaceFactory(training__title=TITLE, state=state, note=WHY if state == "refused" else "")
    found = letter(name, place=place.pk)
    assert found is not None
    assert f"/en/trainings/{place.training.ref}/" in found.text
    assert (WHY in found.text) is (state == "refused")
    place.state = "withdrawn"
    place.save()
    assert letter(name, place=place.pk) is None


@pytest.mark.parametrize(("result", "word"), [("failed", "did not pass"), ("absent", "were not there")])
def test_of_how_it_ended(result: str, word: str) -> None:
    place = TrainingPlaceFactory(training__over=True, training__state="closed", state="given", result=result)
    found = letter("training_result", place=place.pk)
    assert found is not None
    assert word in found.text


@pytest.mark.parametrize("name", ["given", "renewed", "ending", "revoked"])
def test_of_a_certificate(name: str) -> None:
    is_revoked = name == "revoked"
    certificate = CertificateFactory(
        valid_until=date(2027, 5, 1), revoked_at=timezone.now() if is_revoked else None, revoked_why=WHY
    )
    found = letter(f"certificate_{name}", certificate=certificate.pk)
    assert found is not None
    assert str(certificate.instrument) in found.subject
    assert f"/en/certificates/{certificate.code}/" in found.text
    assert "1 May 2027" in found.text
    assert (WHY in found.text) is is_revoked
    certificate.revoked_at = None if is_revoked else timezone.now()
    certificate.save()
    assert letter(f"certificate_{name}", certificate=certificate.pk) is None


def test_of_wishes() -> None:
    wish = TrainingWishFactory(state="answered")
    found = letter("wish_answered", wish=wish.pk, why=WHY)
    assert found is not None
    assert WHY in found.text
    laboratory = wish.instrument.organisation
    assert letter("requests_gathered", organisation=laboratory.pk) is None
    TrainingWishFactory(instrument=wish.instrument)
    TrainingPlaceFactory(training__instrument=wish.instrument, training__title=TITLE)
    found = letter("requests_gathered", organisation=laboratory.pk)
    assert found is not None
    assert "1 person asks to be trained" in found.text
    assert f"1 person asks for a place: {TITLE}" in found.text
    assert "/en/trainings/wishes/" in found.text
    assert "<cold>" not in found.html

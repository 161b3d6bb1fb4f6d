"""The words of every message that accounts send, in every language."""

from typing import Any

import pytest
from django.conf import settings

from portal.accounts import notices
from portal.accounts.models import Membership, Organisation, User
from portal.notifications.kinds import KINDS, Kind
from portal.notifications.models import Notification
from portal.notifications.rendering import Letter, Renderer
from tests.factories.accounts import MembershipFactory, OrganisationFactory

pytestmark = pytest.mark.django_db

LANGUAGES = [code for code, _name in settings.LANGUAGES]
OURS = [kind for kind in KINDS.values() if kind.name.startswith("accounts.") and not kind.prerendered]


def letter(kind: Kind, data: dict[str, Any], language: str = "en") -> Letter | None:
    row = Notification(
        kind=kind.name, address="a@example.org", language=language, time_zone="Africa/Nairobi", data=data
    )
    return Renderer().letter(kind, row)


@pytest.fixture
def request_row(focal_point: User) -> Membership:
    organisation = OrganisationFactory(name="Institute of <Light> & Matter", slug="light", state="proposed")
    return MembershipFactory(organisation=organisation, user=focal_point, state="requested")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", OURS, ids=lambda kind: kind.name)
def test_each_message_names_the_organisation_and_leads_to_it(
    kind: Kind, language: str, request_row: Membership
) -> None:
    data = {"membership": request_row.pk, "organisation": request_row.organisation_id, "why": "Unknown <here>."}
    words = letter(kind, data, language)
    assert "Institute of <Light> & Matter" in words.subject + words.text
    assert "Institute of &lt;Light&gt; &amp; Matter" in words.html
    assert f"{settings.SITE_URL}/{language}/" in words.text
    assert f"{settings.SITE_URL}/{language}/" in words.html
    assert "\n" not in words.subject


@pytest.mark.parametrize("kind", [notices.MEMBERSHIP_REFUSED, notices.MEMBERSHIP_ENDED], ids=lambda kind: kind.name)
def test_the_reason_is_told_where_there_is_one(kind: Kind, request_row: Membership) -> None:
    assert "Unknown here." in letter(kind, {"membership": request_row.pk, "why": "Unknown here."}).text
    assert "Reason" not in letter(kind, {"membership": request_row.pk, "why": ""}).text


def test_a_request_answered_meanwhile_needs_no_mail(request_row: Membership) -> None:
    Membership.objects.update(state="confirmed")
    assert letter(notices.MEMBERSHIP_REQUESTED, {"membership": request_row.pk}) is None


def test_an_organisation_verified_meanwhile_needs_no_mail(request_row: Membership) -> None:
    Organisation.objects.update(state="verified")
    assert letter(notices.ORGANISATION_PROPOSED, {"organisation": request_row.organisation_id}) is None


@pytest.mark.parametrize("kind", OURS, ids=lambda kind: kind.name)
def test_nothing_is_said_of_rows_that_are_gone(kind: Kind) -> None:
    assert letter(kind, {"membership": 0, "organisation": 0}) is None


def test_allauths_mails_keep_no_keys_once_they_are_settled() -> None:
    assert notices.MAIL.secret
    assert notices.MAIL.prerendered

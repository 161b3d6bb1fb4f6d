"""The back office shows a call with its parts, writes none of them, and keeps the secret link to itself."""

import pytest
from django.urls import reverse

from tests.factories.applications import PanelMemberFactory
from tests.factories.calls import CallFactory, DocumentFactory, LateAccessFactory

pytestmark = pytest.mark.django_db


def test_a_call_with_its_parts(client, admin_user):
    call = CallFactory(criteria=[60, 40])
    document, access, member = DocumentFactory(call=call), LateAccessFactory(call=call), PanelMemberFactory(call=call)
    client.force_login(admin_user)
    page = client.get(reverse("admin:calls_call_change", args=[call.pk])).content.decode()
    for words in ("Merit 0", document.sha256, access.address, str(member.user)):
        assert words in page
    assert access.token not in page
    assert 'name="_save"' not in page

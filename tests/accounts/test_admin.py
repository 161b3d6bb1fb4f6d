"""The back office for people: admins only, rows to look at, deeds that go through actions."""

from typing import Any

import pytest
from django.test import Client

from portal.accounts import actions
from portal.accounts.models import ApiToken, Membership, Organisation, User
from portal.audit.models import Record
from portal.core.errors import Forbidden
from tests.factories.accounts import MembershipFactory, OrganisationFactory, UserFactory

pytestmark = pytest.mark.django_db
LISTS = ["user", "organisation", "membership", "apitoken"]


def do(client: Client, model: str, deed: str, *rows: Any) -> Any:
    data = {"action": deed, "_selected_action": [row.pk for row in rows]}
    return client.post(f"/en/admin/accounts/{model}/", data, follow=True)


@pytest.mark.parametrize("model", LISTS)
def test_lists_search_and_rows_open(model: str, client: Client, admin_user: User, researcher: User) -> None:
    actions.make_token("laptop", can_write=False, by=researcher)
    actions.set_time_zone(researcher, "Africa/Accra", by=researcher)
    rows = {
        "user": researcher,
        "organisation": Organisation.objects.get(),
        "membership": Membership.objects.get(),
        "apitoken": ApiToken.objects.get(),
    }
    client.force_login(admin_user)
    assert client.get(f"/en/admin/accounts/{model}/?q=a").status_code == 200
    assert client.get(f"/en/admin/accounts/{model}/{rows[model].pk}/change/").status_code == 200


@pytest.mark.parametrize("member", ["staff", "researcher", "operator"])
def test_nobody_else_gets_in(member: str, client: Client, request: Any) -> None:
    client.force_login(request.getfixturevalue(member))
    assert client.get("/en/admin/accounts/user/").status_code == 302


@pytest.mark.parametrize("model", LISTS)
def test_nothing_is_added_or_deleted_by_hand(model: str, client: Client, admin_user: User, researcher: User) -> None:
    client.force_login(admin_user)
    assert client.get(f"/en/admin/accounts/{model}/add/").status_code == 403
    assert client.post(f"/en/admin/accounts/user/{researcher.pk}/delete/", {"post": "yes"}).status_code == 403
    assert User.objects.filter(pk=researcher.pk).exists()


@pytest.mark.parametrize(
    ("deed", "field", "before", "after"),
    [
        ("make_staff", "is_staff", False, True),
        ("end_staff", "is_staff", True, False),
        ("make_admin", "is_superuser", False, True),
        ("end_admin", "is_superuser", True, False),
        ("close", "is_active", True, False),
        ("reopen", "is_active", False, True),
    ],
)
def test_standing_changes_with_a_history(
    deed: str, field: str, before: bool, after: bool, client: Client, admin_user: User
) -> None:
    user = UserFactory(**{field: before})
    client.force_login(admin_user)
    do(client, "user", deed, user)
    user.refresh_from_db()
    assert getattr(user, field) is after
    entry = Record.objects.get()
    assert (entry.verb, entry.by, entry.before, entry.after) == (
        field,
        admin_user,
        str(before).lower(),
        str(after).lower(),
    )


def test_an_admin_is_staff_too(admin_user: User) -> None:
    user = UserFactory()
    actions.set_standing(user, "is_superuser", True, by=admin_user)
    user.refresh_from_db()
    assert user.is_staff


def test_nobody_changes_their_own_standing(client: Client, admin_user: User) -> None:
    client.force_login(admin_user)
    answer = do(client, "user", "end_admin", admin_user)
    assert "Ask another admin" in answer.content.decode()
    admin_user.refresh_from_db()
    assert admin_user.is_superuser


def test_staff_change_nobodys_standing(staff: User, researcher: User) -> None:
    with pytest.raises(Forbidden):
        actions.set_standing(researcher, "is_staff", True, by=staff)


def test_a_closed_account_is_signed_out(client: Client, admin_user: User, researcher: User) -> None:
    client.force_login(researcher)
    actions.set_standing(researcher, "is_active", False, by=admin_user)
    assert client.get("/en/me/profile/").status_code == 302


def test_deeds_go_through_actions(client: Client, admin_user: User) -> None:
    organisation = OrganisationFactory(state="proposed")
    asked = MembershipFactory(organisation=organisation, state="requested")
    other = MembershipFactory(organisation=organisation, state="refused")
    client.force_login(admin_user)
    assert "Verify the organisation first" in do(client, "membership", "confirm", asked).content.decode()
    do(client, "organisation", "verify", organisation)
    answer = do(client, "membership", "confirm", asked, other)
    assert "changed in the meantime" in answer.content.decode(), "one refusal stops none of the others"
    assert list(Membership.objects.order_by("pk").values_list("state", flat=True)) == ["confirmed", "refused"]
    assert list(Record.objects.order_by("pk").values_list("verb", flat=True)) == ["verify", "confirm"]


def test_an_organisations_description_can_be_repaired_but_not_its_state(client: Client, admin_user: User) -> None:
    organisation = OrganisationFactory(state="proposed", name="Lakside")
    client.force_login(admin_user)
    data = {"name": "Lakeside", "kind": "university", "country": "KE", "city": "", "time_zone": "Africa/Nairobi"}
    url = f"/en/admin/accounts/organisation/{organisation.pk}/change/"
    client.post(url, data | {"state": "verified"})
    organisation.refresh_from_db()
    assert (organisation.name, organisation.state) == ("Lakeside", "proposed")
    entry = Record.objects.get()
    assert (entry.verb, entry.by, "name" in entry.details["fields"]) == ("change", admin_user, True)
    Organisation.objects.update(state="merged", merged_into=OrganisationFactory())
    assert client.post(url, data | {"name": "Elsewhere"}).status_code == 422
    organisation.refresh_from_db()
    assert organisation.name == "Lakeside"


def test_an_admin_revokes_a_token(client: Client, admin_user: User, researcher: User) -> None:
    token, _secret = actions.make_token("laptop", can_write=False, by=researcher)
    client.force_login(admin_user)
    do(client, "apitoken", "revoke", token)
    assert not ApiToken.objects.exists()

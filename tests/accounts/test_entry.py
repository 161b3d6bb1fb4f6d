"""Staff change what the directory says of an organisation; nobody's change is overwritten unseen."""

from typing import Any

import pytest
from django.test import Client

from portal.accounts import actions
from portal.accounts.models import Organisation, User
from portal.audit.actions import history_of
from portal.core.errors import Forbidden, Taken
from tests.factories.accounts import OrganisationFactory

pytestmark = pytest.mark.django_db
EDIT = "/en/desk/organisations/lakeside-university/edit/"


def typed(client: Client, **changes: str) -> dict[str, str]:
    """What the page's form holds, with some of it typed over."""
    form = client.get(EDIT).context["form"]
    return {name: str(value) for name, value in form.initial.items()} | changes


def test_an_entry_is_changed_and_keeps_its_address(client: Client, staff: User, institute: Organisation) -> None:
    client.force_login(staff)
    values = typed(
        client, name="Lakeside Technical University", summary_en="It has *one* diffractometer.", kind="chair"
    )
    assert client.post(EDIT, values)["Location"] == "/en/organisations/lakeside-university/"
    institute.refresh_from_db()
    assert (institute.name, institute.kind, institute.slug) == (
        "Lakeside Technical University",
        "chair",
        "lakeside-university",
    )
    assert set(history_of(institute).get().details["fields"]) == {"name", "kind", "summary_en"}
    page = client.get(institute.get_absolute_url()).content.decode()
    assert "It has <em>one</em> diffractometer." in page


def test_saving_what_is_there_changes_nothing(client: Client, staff: User, institute: Organisation) -> None:
    client.force_login(staff)
    assert client.post(EDIT, typed(client)).status_code == 302
    assert not history_of(institute).exists()


def test_a_change_meanwhile_is_shown_beside_what_was_typed(
    client: Client, staff: User, admin_user: User, institute: Organisation
) -> None:
    client.force_login(staff)
    values = typed(client, city="Kisumu")
    actions.change_organisation(institute, by=admin_user, city="Mombasa")
    answer = client.post(EDIT, values)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Mombasa" in page
    assert 'value="Kisumu"' in page
    institute.refresh_from_db()
    assert institute.city == "Mombasa"
    again = values | {"seen": answer.context["form"]["seen"].value()}
    for _click in range(2):
        assert client.post(EDIT, again).status_code == 302, "whoever has compared the two may save, and press twice"
    institute.refresh_from_db()
    assert institute.city == "Kisumu"


def test_a_ror_id_of_another_is_refused(staff: User, institute: Organisation) -> None:
    OrganisationFactory(ror="03yrm5c26")
    with pytest.raises(Taken) as refusal:
        actions.change_organisation(institute, by=staff, ror="03yrm5c26", city="Kisumu")
    assert refusal.value.codes == ["ror_taken"]
    institute.refresh_from_db()
    assert institute.city == "Nairobi"


@pytest.mark.parametrize("person", ["researcher", "focal_point", "operator", "stranger_focal_point"])
def test_only_staff_change_it(person: str, institute: Organisation, request: Any) -> None:
    with pytest.raises(Forbidden):
        actions.change_organisation(institute, by=request.getfixturevalue(person), city="Kisumu")


@pytest.mark.parametrize(
    ("field", "value"),
    [("ror", "03yrm5c27"), ("name", ""), ("kind", "circus"), ("country", "XX"), ("time_zone", "Mars/Olympus"),
     ("website", "javascript:alert(1)"), ("summary_en", "x" * 2001)],
)  # fmt: skip
def test_a_bad_entry_is_refused(field: str, value: str, client: Client, staff: User, institute: Organisation) -> None:
    client.force_login(staff)
    answer = client.post(EDIT, typed(client, **{field: value}))
    assert answer.status_code == 400
    assert field in answer.context["form"].errors

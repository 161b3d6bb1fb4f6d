"""The back office: admins only, through the same actions; and what waits on the dashboards."""

from typing import Any

import pytest
from django.test import Client

from instruments.models import Instrument, Technique
from instruments.waiting import waiting_for
from portal.accounts.models import User
from portal.audit.models import Record
from portal.core.waiting import written
from tests.factories.instruments import TechniqueFactory
from tests.factories.trainings import CertificateFactory, TrainingFactory, TrainingPlaceFactory, TrainingWishFactory

ADMIN = "/en/admin/instruments/"


@pytest.fixture
def in_admin(client: Client, admin_user: User) -> Client:
    client.force_login(admin_user)
    return client


@pytest.mark.parametrize(
    "part",
    ["instrument/", "technique/", "closure/", "instrument/?q=alpine", "training/?q=a", "trainingwish/?q=a"],
)
def test_lists_and_forms_open_for_admins_alone(
    part: str, in_admin: Client, instrument: Instrument, staff: User
) -> None:
    assert in_admin.get(ADMIN + part).status_code == 200
    assert in_admin.get(f"{ADMIN}instrument/{instrument.pk}/change/").status_code == 200
    in_admin.force_login(staff)
    assert in_admin.get(ADMIN + part).status_code == 302


def test_the_admin_has_no_inline_script_or_style(in_admin: Client, instrument: Instrument) -> None:
    page = in_admin.get(f"{ADMIN}instrument/{instrument.pk}/change/").content.decode()
    assert " style=" not in page
    assert "<style" not in page


def test_a_change_goes_through_the_action(in_admin: Client, instrument: Instrument, admin_user: User) -> None:
    url = f"{ADMIN}instrument/{instrument.pk}/change/"
    form = in_admin.get(url).context["adminform"].form
    sent = {name: value for name, value in form.initial.items() if name in form.fields and value is not None}
    sent |= {"place": "Lyon", "techniques": [row.pk for row in instrument.techniques.all()], "state": "retired"}
    for prefix in ("units", "opening_hours", "policy"):
        sent |= {f"{prefix}-TOTAL_FORMS": 0, f"{prefix}-INITIAL_FORMS": 0}
    assert in_admin.post(url, sent).status_code == 302
    instrument.refresh_from_db()
    assert (instrument.place, instrument.state) == ("Lyon", "listed")
    record = Record.objects.get()
    assert (record.verb, record.by) == ("update", admin_user)


def test_a_technique_moved_by_an_admin_takes_those_below_it_along(in_admin: Client) -> None:
    stem, other = (TechniqueFactory(slug=slug, path=slug) for slug in ("stem", "other"))
    leaf = TechniqueFactory(slug="leaf", path="stem/leaf", parent=stem)
    url = f"{ADMIN}technique/{stem.pk}/change/"
    typed = {"slug": "stem", "name_en": "Stem", "name_fr": "Tige", "position": 1, "path": "nowhere"}
    assert in_admin.post(url, typed | {"parent": other.pk, "slug": "stalk"}).status_code == 302
    leaf.refresh_from_db()
    assert leaf.path == "other/stalk/leaf"
    assert in_admin.post(url, typed | {"parent": leaf.pk}).status_code == 422
    assert in_admin.post(f"{ADMIN}technique/add/", typed | {"slug": "twig", "parent": leaf.pk}).status_code == 302
    paths = ["other", "other/stalk", "other/stalk/leaf", "other/stalk/leaf/twig"]
    assert list(Technique.objects.order_by("path").values_list("path", flat=True)) == paths


def test_a_technique_in_use_is_not_deleted(in_admin: Client, instrument: Instrument) -> None:
    used, unused = instrument.techniques.get(), TechniqueFactory()
    for row, status in ((used, 403), (unused, 302)):
        assert in_admin.post(f"{ADMIN}technique/{row.pk}/delete/", {"post": "yes"}).status_code == status
    deed_of_all = {"action": "delete_selected", "_selected_action": [used.pk], "post": "yes"}
    in_admin.post(f"{ADMIN}technique/", deed_of_all)
    assert list(instrument.techniques.all()) == [used]
    assert not Technique.objects.filter(pk=unused.pk).exists()


def deed(client: Client, name: str, *rows: Instrument) -> Any:
    sent = {"action": name, "_selected_action": [row.pk for row in rows]}
    return client.post(f"{ADMIN}instrument/", sent, follow=True)


def test_deeds_go_through_the_actions(in_admin: Client, instrument: Instrument) -> None:
    deed(in_admin, "suspend_them", instrument)
    instrument.refresh_from_db()
    assert instrument.state == "suspended"
    page = deed(in_admin, "list_them", instrument).content.decode()
    assert "changed in the meantime" in page
    deed(in_admin, "resume_them", instrument)
    instrument.refresh_from_db()
    assert instrument.state == "listed"
    assert list(Record.objects.order_by("pk").values_list("verb", flat=True)) == ["suspend", "resume"]


def test_nothing_is_added_or_deleted_there(in_admin: Client, instrument: Instrument) -> None:
    assert in_admin.get(f"{ADMIN}instrument/add/").status_code == 403
    assert in_admin.post(f"{ADMIN}instrument/{instrument.pk}/delete/", {"post": "yes"}).status_code == 403
    assert Instrument.objects.exists()


@pytest.mark.parametrize(
    ("state", "who", "lines"),
    [
        ("proposed", "staff", ["Vet the instrument Alpine diffractometer"]),
        ("proposed", "operator", []),
        ("suspended", "operator", ["Alpine diffractometer is suspended: resume it when it works again"]),
        ("returned", "operator", ["Answer what staff ask about Alpine diffractometer"]),
        ("suspended", "stranger_operator", []),
        ("proposed", "researcher", []),
        ("listed", "staff", []),
    ],
)
def test_what_waits(
    state: str, who: str, lines: list[str], instrument: Instrument, request: pytest.FixtureRequest
) -> None:
    Instrument.objects.update(state=state)
    found = written(waiting_for(request.getfixturevalue(who)))
    assert [line.title for line in found] == lines
    assert all(line.url == f"/en/desk/instruments/{instrument.slug}/" for line in found)


def test_certificates_are_revoked_by_the_action(in_admin: Client, instrument: Instrument, admin_user: User) -> None:
    certificate = CertificateFactory(instrument=instrument)
    assert in_admin.get(f"{ADMIN}certificate/{certificate.pk}/change/").status_code == 200
    sent = {"action": "revoke_them", "_selected_action": [certificate.pk]}
    in_admin.post(f"{ADMIN}certificate/", sent, follow=True)
    certificate.refresh_from_db()
    assert (certificate.revoked_by, certificate.revoked_why) == (admin_user, "Revoked by the administrators.")


def test_a_training_and_its_places_are_only_looked_at(in_admin: Client, instrument: Instrument) -> None:
    place = TrainingPlaceFactory(training__instrument=instrument)
    url = f"{ADMIN}training/{place.training.pk}/change/"
    assert place.training.title in in_admin.get(url).content.decode()
    assert in_admin.post(url, {"title": "Mine"}).status_code == 403


def test_what_waits_of_trainings(instrument: Instrument, operator: User, researcher: User, staff: User) -> None:
    place = TrainingPlaceFactory(training__instrument=instrument, training__title="First crystals")
    TrainingPlaceFactory(training=place.training)
    TrainingFactory(instrument=instrument, over=True, title="Cold crystals")
    TrainingFactory(instrument=instrument, title="Nothing waits here")
    TrainingWishFactory(instrument=instrument)
    assert {line.title for line in written(waiting_for(operator))} == {
        "2 people ask for a place: First crystals",
        "Enter the results of Cold crystals",
        "1 person asks to be trained",
    }
    assert written(waiting_for(researcher)) == []
    assert written(waiting_for(staff)) == []

"""Names an organisation had, or has besides: found by them everywhere, shown on its page."""

from importlib import import_module
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test import Client

from calls.forms.award import GrantForm
from portal.accounts import actions
from portal.accounts.actions.directory import planned
from portal.accounts.forms import EntryForm
from portal.accounts.models import Organisation, OrganisationFile, User
from portal.audit.actions import history_of
from portal.pages.search.finding import find
from portal.pages.search.words import corrected, gather_all
from portal.stories.forms.story import StoryForm
from tests.factories.accounts import OrganisationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def kept(db: None, staff: User) -> Organisation:
    """One that took in two others, and has an acronym."""
    kept = OrganisationFactory(name="Lakeside University", slug="lakeside", country="KE", other_names="LSU")
    early = OrganisationFactory(name="Polytechnique de Zürn", country="KE", former_names="Old Zurn School")
    actions.merge_organisations(early, OrganisationFactory(name="Zurn", slug="zurn", country="KE"), by=staff)
    actions.merge_organisations(Organisation.objects.get(slug="zurn"), kept, by=staff)
    kept.refresh_from_db()
    return kept


NAMES = ["zürn", "POLYTECHNIQUE DE ZURN", "old zurn school", "lsu", "Lakeside"]


def test_a_merge_keeps_every_name_once(kept: Organisation, staff: User) -> None:
    assert kept.former == ["Old Zurn School", "Polytechnique de Zürn", "Zurn"]
    assert kept.others == ["LSU"]
    again = OrganisationFactory(name="LAKESIDE UNIVERSITY", other_names="lsu\nUniversité du Lac")
    actions.merge_organisations(again, kept, by=staff)
    kept.refresh_from_db()
    assert kept.former == ["Old Zurn School", "Polytechnique de Zürn", "Zurn"]
    assert kept.others == ["LSU", "Université du Lac"]
    assert history_of(kept).filter(verb="take_over").first().details["filled"] == ["other_names"]


@pytest.mark.parametrize("text", NAMES)
@pytest.mark.parametrize("language", ["en", "fr"])
def test_it_is_found_by_every_name(text: str, language: str, kept: Organisation, client: Client) -> None:
    OrganisationFactory(name="Another", country="KE")
    assert list(Organisation.objects.matching(text, language)) != []
    assert list(Organisation.objects.matching(text, language).current()) == [kept]
    assert find(text, AnonymousUser(), language).keys["organisations"] == [kept.pk]
    assert [row["slug"] for row in client.get("/api/v1/organisations/", {"q": text}).json()["results"]] == ["lakeside"]
    assert "Lakeside University" in client.get("/en/network/", {"q": text}).content.decode()


def test_its_names_are_shown_and_said_to_programs(kept: Organisation, client: Client) -> None:
    text = client.get("/en/organisations/lakeside/").content.decode()
    assert "formerly <bdi>Old Zurn School</bdi>, <bdi>Polytechnique de Zürn</bdi>, <bdi>Zurn</bdi>" in text
    assert "also <bdi>LSU</bdi>" in text
    assert '"alternateName": ["LSU", "Old Zurn School"' in text
    found = client.get("/en/search/", {"q": "polytechnique"}).content.decode()
    assert "formerly <bdi><mark>Polytechnique</mark> de Zürn</bdi>" in found
    assert "Old Zurn School" not in found
    row = client.get("/api/v1/organisations/lakeside/").json()
    assert (row["former_names"][2], row["other_names"]) == ("Zurn", ["LSU"])


def test_a_mistyped_former_name_is_forgiven(kept: Organisation) -> None:
    gather_all()
    assert corrected("polytecnique", "en") == "polytechnique"


@pytest.mark.parametrize("name", ["Lakeside university", "zurn", "lsu ", "OLD ZÜRN SCHOOL"])
def test_who_enters_it_again_under_any_name_is_shown_it(name: str, kept: Organisation) -> None:
    assert list(Organisation.objects.like(name, "KE", "")) == [kept]
    assert list(Organisation.objects.like(name, "UG", "")) == []


def test_a_row_of_a_file_finds_it_by_any_name_and_does_not_rename_it(kept: Organisation, staff: User) -> None:
    content = "name,country,city\nOld Zurn school,KE,Kisumu\nLsu,KE,Nakuru\n"
    file = OrganisationFile.objects.create(owner=staff, name="a.csv", content=content, replaces=True)
    first, second = planned(file)
    assert (first.row, first.outcome, first.fields) == (kept, "changed", ["city"])
    assert "row 2" in " ".join(second.line.problems)


@pytest.mark.parametrize("line", ["old zurn school", "polytechnique de ZÜRN", "LSU", "lakeside university"])
def test_a_story_names_it_by_any_name(line: str, kept: Organisation, staff: User) -> None:
    OrganisationFactory(name="Old", other_names="School")
    typed = {"title_en": "A title", "kind": "access", "shows_people": "False", "version": "0", "organisations": line}
    form = StoryForm(typed, person=staff)
    assert form.is_valid(), form.errors
    assert form.links()["organisations"] == [kept]


def test_lists_to_choose_from_say_its_names(kept: Organisation) -> None:
    labels = [label for _value, label in GrantForm().fields["organisation"].choices]
    assert "Lakeside University (LSU, Old Zurn School, Polytechnique de Zürn, Zurn)" in labels


# --- What staff write -------------------------------------------------------------------------------------


def form_of(organisation: Organisation, **typed: str) -> EntryForm:
    stored = EntryForm(organisation).initial
    return EntryForm(organisation, {**stored, **typed})


def test_staff_write_names_one_a_line(kept: Organisation, staff: User, client: Client) -> None:
    client.force_login(staff)
    address = "/en/desk/organisations/lakeside/edit/"
    values = {**client.get(address).context["form"].initial, "other_names": " L  S U \r\n\r\nl s u\r\nمعهد\r\n"}
    values["former_names"] = ""
    assert client.post(address, values).status_code == 302
    kept.refresh_from_db()
    assert (kept.others, kept.former) == (["L S U", "معهد"], [])
    assert set(history_of(kept).get(verb="change").details["fields"]) == {"former_names", "other_names"}
    assert "formerly" not in client.get("/en/organisations/lakeside/").content.decode()


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("x" * 201, "at most 200 letters"),
        ("\n".join(f"Name {n}" for n in range(51)), "at most 50 names"),
        ("a\u202eb", "invisible character"),
    ],
)
def test_names_that_make_no_sense_are_refused_with_a_sentence(typed: str, words: str, kept: Organisation) -> None:
    form = form_of(kept, other_names=typed)
    assert not form.is_valid()
    assert words in str(form.errors["other_names"])
    assert form_of(kept, other_names="x" * 200).is_valid()


def test_names_are_shown_as_text(client: Client) -> None:
    OrganisationFactory(name="Plain", slug="plain", former_names="<b>alert", other_names="</script>")
    for address in ("/en/organisations/plain/", "/en/search/?q=alert", "/en/network/?q=alert"):
        text = client.get(address).content.decode()
        assert "<b>alert" not in text
        assert "&lt;b&gt;alert" in text.replace("<mark>", "").replace("</mark>", "")


def test_what_was_merged_before_names_were_kept_is_found_too(kept: Organisation) -> None:
    Organisation.objects.update(former_names="")
    sql: Any = import_module("portal.accounts.migrations.0005_names_and_pairs").NAMES_OF_MERGED
    with connection.cursor() as cursor:
        cursor.execute(sql)
    kept.refresh_from_db()
    assert set(kept.former) == {"Polytechnique de Zürn", "Zurn"}

"""Organisations by file: trial, taking over once, what becomes of faulty rows."""

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from portal.accounts import actions
from portal.accounts.actions.directory import planned
from portal.accounts.models import Organisation, OrganisationFile, User
from portal.accounts.organisation_csv import COLUMNS, MOST_ROWS
from portal.audit.actions import history_of
from portal.core.errors import Forbidden, Refused
from tests.factories.accounts import OrganisationFactory

pytestmark = pytest.mark.django_db
HALF_WRONG = """name;kind;country;city;ror;website
Savanna College;university;KE;Nakuru;;savanna.example
Institut du Lac;institut de recherche;Sénégal;Dakar;03yrm5c26;https://lac.example
Odd Place;circus;KE;;;
Nowhere;university;Atlantis;;;
;university;KE;;;
Mistyped;university;KE;;03yrm5c27;
"""


def kept_file(text: str, staff: User, *, replaces: bool = False) -> OrganisationFile:
    return actions.keep_file("list.csv", text.encode(), replaces=replaces, by=staff)


def outcomes(file: OrganisationFile) -> list[str]:
    return [plan.outcome for plan in planned(file)]


def problems(file: OrganisationFile) -> list[str]:
    return [" ".join(plan.line.problems) for plan in planned(file) if plan.line.problems]


def test_a_trial_enters_nothing_and_says_what_each_row_comes_to(staff: User) -> None:
    OrganisationFactory(name="Savanna Collège", country="KE", city="")
    file = kept_file(HALF_WRONG, staff)
    assert outcomes(file) == ["changed", "new", "faulty", "faulty", "faulty", "faulty"]
    assert Organisation.objects.count() == 1
    kind, country, name, ror = problems(file)
    assert kind.startswith("kind: is one of: university, institute,")
    assert country == "country: “Atlantis” is no country: write its two letters, such as FR, or its name."
    assert name == "name: is missing."
    assert ror == "ror: This ROR id has a typing error: its check digits do not fit."


def test_the_good_half_is_taken_over_once(staff: User) -> None:
    known = OrganisationFactory(name="Savanna Collège", country="KE", city="", time_zone="Africa/Kampala")
    file = actions.take_file(kept_file(HALF_WRONG, staff), by=staff)
    assert (file.entered, file.changed, Organisation.objects.count()) == (1, 1, 2)
    new = Organisation.objects.get(name="Institut du Lac")
    assert (new.kind, new.country.code, new.time_zone, new.ror, new.state, new.slug) == (
        "institute",
        "SN",
        "Africa/Dakar",
        "03yrm5c26",
        "verified",
        "institut-du-lac",
    )
    known.refresh_from_db()
    assert (known.name, known.city, known.website, known.time_zone) == (
        "Savanna Collège",
        "Nakuru",
        "https://savanna.example",
        "Africa/Kampala",
    )
    assert (history_of(new).get().verb, history_of(known).get().details["fields"]) == ("import", ["city", "website"])
    with pytest.raises(Refused) as refusal:
        actions.take_file(file, by=staff)
    assert refusal.value.codes == ["taken_already"]
    assert Organisation.objects.count() == 2
    again = kept_file(HALF_WRONG, staff)
    assert outcomes(again)[:2] == ["same", "same"]
    with pytest.raises(Refused) as refusal:
        actions.take_file(again, by=staff)
    assert refusal.value.codes == ["nothing_to_do"]


def test_what_is_filled_stays_unless_it_is_to_be_replaced(staff: User) -> None:
    row = OrganisationFactory(name="Savanna College", country="KE", city="Nairobi", ror="03yrm5c26")
    text = "name,country,city,ror,summary_fr\nThe Savanna College,UG,Nakuru,https://ror.org/03yrm5c26,Au nord.\n"
    actions.take_file(kept_file(text, staff), by=staff)
    row.refresh_from_db()
    assert (row.name, row.city, row.summary_fr) == ("Savanna College", "Nairobi", "Au nord.")
    actions.take_file(kept_file(text, staff, replaces=True), by=staff)
    row.refresh_from_db()
    assert (row.name, row.country.code, row.city, row.slug) == ("The Savanna College", "UG", "Nakuru", row.slug)
    assert row.former == ["Savanna College"], "it is still found by the name it had"
    actions.take_file(kept_file(text.replace("The Savanna", "THE Savanna"), staff, replaces=True), by=staff)
    row.refresh_from_db()
    assert (row.name, row.former) == ("THE Savanna College", ["Savanna College"])


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ("College,university,KE,\nCOLLÈGE,institute,KE,", "is about the same organisation as row 2"),
        ("One,university,KE,03yrm5c26\nTwo,university,UG,03yrm5c26", "is about the same organisation as row 2"),
        ("Twice,university,KE,", "several entries have this name"),
        ("Marked,university,KE,03yrm5c26", "has another one, 05gq02987"),
        ("Kindless,,KE,", "kind: is missing"),
        ("=1+1,university,KE,", "this is a formula"),
        ("Far,university,KE,,,x", "this row has more cells"),
    ],
)
def test_rows_that_contradict_each_other_or_the_directory(rows: str, words: str, staff: User) -> None:
    OrganisationFactory.create_batch(2, name="Twice")
    OrganisationFactory(name="Marked", ror="05gq02987")
    file = kept_file(f"name,kind,country,ror\n{rows}\n", staff)
    assert words.lower() in problems(file)[-1].lower()


def test_a_merged_name_or_ror_leads_to_the_kept_one(staff: User) -> None:
    kept = OrganisationFactory(name="Lakeside University", city="")
    OrganisationFactory(name="Lake Univ", ror="03yrm5c26", state="merged", merged_into=kept)
    file = kept_file("name,country,city,ror\nLake univ,KE,Kisumu,\n", staff)
    assert [plan.row for plan in planned(file)] == [kept]
    actions.take_file(file, by=staff)
    kept.refresh_from_db()
    assert kept.city == "Kisumu"
    [plan] = planned(kept_file("name,country,ror\nAnything,SN,03yrm5c26\n", staff))
    assert plan.row == kept


def test_of_two_rows_about_one_entry_only_the_first_is_taken(staff: User) -> None:
    row = OrganisationFactory(name="College", country="KE", city="")
    file = kept_file("name,country,city,summary_en\nCollege,KE,Nakuru,\nCollege,KE,Kisumu,By the lake.\n", staff)
    assert outcomes(file) == ["changed", "faulty"]
    actions.take_file(file, by=staff)
    row.refresh_from_db()
    assert (row.city, row.summary_en or "") == ("Nakuru", "")


def test_an_id_of_a_new_row_is_not_given_to_an_entry_too(staff: User) -> None:
    row = OrganisationFactory(name="College", country="KE", ror="")
    text = "name,kind,country,ror\nInstitute,institute,KE,03yrm5c26\nCollege,university,KE,03yrm5c26\n"
    file = kept_file(text, staff)
    assert outcomes(file) == ["new", "faulty"]
    assert problems(file)[-1] == "name: is about the same organisation as row 2."
    actions.take_file(file, by=staff)
    row.refresh_from_db()
    assert (row.ror, Organisation.objects.get(ror="03yrm5c26").name) == ("", "Institute")


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"", "empty"),
        (b"name,country\n", "no rows below"),
        (b"name,kind\nA,university", "missing: country"),
        (b"name,country,price\nA,KE,1", "not ours: price"),
        (b"name,country\nMa\xe9,KE", "not in UTF-8"),
        (b"PK\x03\x04\x00\x00", "not a text file"),
        (b"x" * (1024 * 1024 + 1), "up to 1 MB"),
        (b"name,country\n" + b"A,KE\n" * (MOST_ROWS + 1), "up to 2000 rows"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(raw: bytes, words: str, staff: User) -> None:
    with pytest.raises(Refused, match=words):
        actions.keep_file("list.csv", raw, replaces=False, by=staff)
    assert not OrganisationFile.objects.exists()


@pytest.mark.parametrize("person", ["researcher", "focal_point", "operator", "admin_user"])
def test_only_staff_send_and_only_who_sent_it_takes_it_over(person: str, staff: User, request: Any) -> None:
    other = request.getfixturevalue(person)
    if not other.is_staff:
        with pytest.raises(Forbidden):
            kept_file(HALF_WRONG, other)
    with pytest.raises(Forbidden):
        actions.take_file(kept_file(HALF_WRONG, staff), by=other)
    assert not Organisation.objects.filter(name="Savanna College").exists()


def test_a_large_file_costs_few_questions(staff: User, django_assert_max_num_queries: Any) -> None:
    OrganisationFactory.create_batch(3)
    rows = "".join(f"College {number},university,KE\n" for number in range(1000))
    file = kept_file(f"name,kind,country\n{rows}", staff)
    with django_assert_max_num_queries(16):
        assert actions.take_file(file, by=staff).entered == 1000


def test_files_are_forgotten_after_a_month(staff: User) -> None:
    old, new = kept_file(HALF_WRONG, staff), kept_file(HALF_WRONG, staff)
    OrganisationFile.objects.filter(pk=old.pk).update(created_at=timezone.now() - timedelta(days=31))
    assert actions.forget_files(timezone.now()) == 1
    assert list(OrganisationFile.objects.all()) == [new]


# --- Pages ------------------------------------------------------------------------------------------


def sent(client: Client, content: bytes, **fields: str) -> Any:
    file = SimpleUploadedFile("list.csv", content, content_type="text/csv")
    return client.post("/en/desk/organisations/import/", {"file": file, **fields})


def test_from_the_template_to_the_directory(client: Client, staff: User) -> None:
    client.force_login(staff)
    template = b"".join(client.get("/en/desk/organisations/import/template/"))
    trial = client.get(sent(client, template)["Location"])
    assert trial.context["number"] == {"faulty": 0, "new": 1, "changed": 0, "same": 0}
    take = f"/en/desk/organisations/import/{trial.context['file'].pk}/take/"
    assert client.get(take).status_code == 405
    done = client.post(take, follow=True).content.decode()
    assert "Taken over: 1 entered, 0 changed." in done
    assert "Lakeside University" in client.get("/en/network/").content.decode()
    again = client.post(take)
    assert again.status_code == 422
    assert "nothing was done twice" in again.content.decode()


def test_the_faulty_half_comes_back_and_is_read_again(client: Client, staff: User) -> None:
    client.force_login(staff)
    page = client.get(sent(client, HALF_WRONG.encode())["Location"])
    assert page.context["number"]["faulty"] == 4
    answer = client.get(f"/en/desk/organisations/import/{page.context['file'].pk}/faulty/")
    back = b"".join(answer).decode("utf-8-sig")
    header, *rows = list(csv.reader(io.StringIO(back)))
    assert header == ["line", "problems", *COLUMNS]
    assert [row[0] for row in rows] == ["4", "5", "6", "7"]
    mended = back.replace("circus", "company")
    assert client.get(sent(client, mended.encode())["Location"]).context["number"]["new"] == 1


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"a,b\n1,2", b"x" * 1_100_000])
def test_an_odd_file_is_answered_with_a_sentence(content: bytes, client: Client, staff: User) -> None:
    client.force_login(staff)
    answer = sent(client, content)
    assert answer.status_code in (400, 422)
    assert "There is a problem" in answer.content.decode()
    assert client.post("/en/desk/organisations/import/").status_code == 400


def test_a_file_is_shown_to_nobody_else(client: Client, staff: User, admin_user: User) -> None:
    file = kept_file(HALF_WRONG, staff)
    client.force_login(admin_user)
    for part in ("", "faulty/"):
        assert client.get(f"/en/desk/organisations/import/{file.pk}/{part}").status_code == 404
    assert client.post(f"/en/desk/organisations/import/{file.pk}/take/").status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_the_trial_asks_as_many_questions_for_three_rows_as_for_one(
    rows: int, client: Client, staff: User, django_assert_num_queries: Any
) -> None:
    OrganisationFactory(name="College 0")
    text = "name,kind,country\n" + "".join(f"College {number},university,KE\n" for number in range(rows))
    file = kept_file(text, staff)
    client.force_login(staff)
    with django_assert_num_queries(6):  # session, person, file, what became of it, candidates, those that stand
        assert client.get(f"/en/desk/organisations/import/{file.pk}/").context["total"] == rows

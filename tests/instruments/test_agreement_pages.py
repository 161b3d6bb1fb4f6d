"""The pages of agreements: who reads and answers them, what is typed, the paper."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pypdf import PdfReader

from instruments.models import Agreement, Instrument
from portal.accounts.models import User
from portal.audit.models import Record
from tests.factories.agreements import AgreementFactory
from tests.factories.instruments import InstrumentFactory

pytestmark = pytest.mark.django_db
LIST = "/en/agreements/"


@pytest.fixture
def at_desk(client: Client, staff: User) -> Client:
    client.force_login(staff)
    return client


def page(client: Client, url: str, status: int = 200) -> str:
    response = client.get(url)
    assert response.status_code == status
    return response.content.decode()


def typed(**changes: Any) -> dict[str, Any]:
    today = timezone.now().date()
    return {
        "laboratory_gives": "Twelve hours.", "programme_gives": "Users.", "minutes_a_year": "144.5",
        "starts_on": today.isoformat(), "ends_on": (today + timedelta(days=365)).isoformat(),
    } | changes  # fmt: skip


def test_what_ends_an_agreement_stands_last_among_its_buttons(at_desk: Client) -> None:
    words = page(at_desk, AgreementFactory(agreed=True).get_absolute_url())
    assert words.index("Renew it") < words.index("btn-danger")


ROLES = {"operator": 200, "staff": 200, "admin_user": 200, "visitor": 302, "stranger_operator": 404}


@pytest.mark.parametrize("who", [*ROLES, "researcher", "focal_point", "reviewer", "donor"])
def test_who_reads_it(
    who: str, client: Client, instrument: Instrument, operator: User, request: pytest.FixtureRequest
) -> None:
    draft = AgreementFactory(instrument=instrument)
    offered = AgreementFactory(instrument=instrument, offered=True)
    person, expected = request.getfixturevalue(who), ROLES.get(who, 404)
    if person.is_authenticated:
        client.force_login(person)
    for part in ("", "agreement.pdf"):
        assert client.get(f"{LIST}{offered.ref}/{part}").status_code == expected
    seen_draft = {"visitor": 302, "staff": 200, "admin_user": 200}.get(who, 404)
    assert client.get(f"{LIST}{draft.ref}/").status_code == seen_draft
    assert client.get(LIST).status_code == {"visitor": 302, "stranger_operator": 200}.get(who, min(expected, 403))
    for verb in ("offer", "agree", "decline", "withdraw", "end"):
        signs = verb in ("agree", "decline")
        is_theirs = who == "operator" if signs else who in ("staff", "admin_user")
        assert client.get(f"{LIST}{offered.ref}/{verb}/").status_code == (
            200 if is_theirs else 403 if expected == 200 else expected
        )
    assert not Record.objects.exists()


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_takes_the_same_queries(number: int, at_desk: Client, django_assert_num_queries: Any) -> None:
    for _ in range(number):
        AgreementFactory()
    with django_assert_num_queries(4):  # session, person, count, rows
        assert len(at_desk.get(LIST).context["page"]) == number


def test_the_list_is_filtered(at_desk: Client) -> None:
    today = timezone.now().date()
    ending = AgreementFactory(agreed=True, starts_on=today - timedelta(days=300))
    other = AgreementFactory()
    assert set(at_desk.get(LIST).context["page"]) == {ending, other}
    assert list(at_desk.get(LIST, {"ending": "on"}).context["page"]) == [ending]
    assert list(at_desk.get(LIST, {"state": "draft"}).context["page"]) == [other]
    assert list(at_desk.get(LIST, {"state": "nonsense"}).context["page"]) == []


def test_from_the_instrument_to_a_signature(
    client: Client, instrument: Instrument, staff: User, operator: User
) -> None:
    Instrument.objects.update(proposal="Twelve hours a month.")
    client.force_login(staff)
    url = f"{LIST}new/?instrument={instrument.slug}"
    assert url in page(client, f"/en/desk/instruments/{instrument.slug}/")
    assert "Twelve hours a month." in page(client, url)
    address = client.post(url, typed())["Location"]
    agreement = Agreement.objects.get()
    assert (agreement.minutes_a_year, agreement.state, address) == (8670, "draft", agreement.get_absolute_url())
    assert client.post(f"{address}offer/")["Location"] == address
    client.force_login(operator)
    assert "Read the agreement on Alpine diffractometer and answer" in page(client, "/en/me/")
    assert f'href="{address}"' in page(client, f"/en/desk/instruments/{instrument.slug}/")
    refused = client.post(f"{address}agree/", {"signatory": "Dr Head"})
    assert refused.status_code == 400
    assert "Confirm that this person agrees." in refused.content.decode()
    assert client.post(f"{address}agree/", {"signatory": "Dr Head", "is_entitled": "on"})["Location"] == address
    assert "Signed for the laboratory by Dr Head." in page(client, address)
    assert client.get(f"{address}agree/").status_code == 200
    assert client.post(f"{address}agree/", {"signatory": "Dr Head", "is_entitled": "on"}).status_code == 422


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"laboratory_gives": ""}, "required"),
        ({"programme_gives": "x" * 4001}, "at most 4000"),
        ({"minutes_a_year": "soon"}, "Enter hours as a number"),
        ({"minutes_a_year": "9000"}, "less than or equal to 8784"),
        ({"minutes_a_year": "0.001"}, "There is a problem"),
        ({"ends_on": "2020-01-01"}, "comes after the first"),
        ({"ends_on": "2099-01-01"}, "ten years at most"),
        ({"starts_on": "0000-00-00"}, "valid date"),
    ],
)
def test_wrong_agreements(changes: dict[str, str], message: str, at_desk: Client, instrument: Instrument) -> None:
    response = at_desk.post(f"{LIST}new/?instrument={instrument.slug}", typed(**changes))
    assert response.status_code in (400, 422)
    assert message in response.content.decode()
    assert not Agreement.objects.exists()


def test_the_page_of_retiring_says_which_agreements_end(at_desk: Client, instrument: Instrument) -> None:
    agreed = AgreementFactory(instrument=instrument, agreed=True)
    offered = AgreementFactory(instrument=instrument, offered=True)
    url = f"/en/desk/instruments/{instrument.slug}/"
    words = page(at_desk, f"{url}retire/")
    for text in (agreed.ref, "Both sides are told.", offered.ref, "nobody has signed yet"):
        assert text in words
    assert agreed.ref not in page(at_desk, f"{url}suspend/")
    assert at_desk.post(f"{url}retire/", {"why": "The tube is at its end."}).status_code == 302
    words = page(at_desk, agreed.get_absolute_url())
    assert "The tube is at its end." in words
    assert "Renew it" not in words
    assert agreed.ref not in page(at_desk, f"{url}retire/")


def test_no_agreement_about_nothing(at_desk: Client) -> None:
    for query in ("", "?instrument=nonsense", "?instrument=%00"):
        assert at_desk.get(f"{LIST}new/{query}").status_code == 404


def test_nobody_puts_words_to_the_laboratory_that_a_colleague_changed_meanwhile(
    at_desk: Client, instrument: Instrument, operator: User
) -> None:
    draft = AgreementFactory(instrument=instrument)
    url = f"{LIST}{draft.ref}/offer/"
    read = at_desk.get(url).context["version"]
    Agreement.objects.update(laboratory_gives="A hundred hours.")
    answer = at_desk.post(url, {"version": read})
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "changed after you opened it" in text
    assert "A hundred hours." in text
    assert Agreement.objects.get().state == "draft"
    assert f'name="version" value="{answer.context["version"]}"' in text
    assert at_desk.post(url, {"version": answer.context["version"]}).status_code == 302
    assert Agreement.objects.get().state == "offered"


def test_two_who_write_at_once_see_both_texts(at_desk: Client, instrument: Instrument) -> None:
    agreement = AgreementFactory(instrument=instrument)
    url = f"{LIST}{agreement.ref}/edit/"
    old = at_desk.get(url).context["form"].initial["version"]
    Agreement.objects.update(laboratory_gives="Ten hours.")
    response = at_desk.post(url, typed(laboratory_gives="Two hours.", version=old))
    words = response.content.decode()
    assert response.status_code == 409
    assert "Ten hours." in words
    assert "Two hours." in words
    again = response.context["form"].data["version"]
    assert at_desk.post(url, typed(laboratory_gives="Two hours.", version=again)).status_code == 302
    agreement.refresh_from_db()
    assert agreement.laboratory_gives == "Two hours."
    Agreement.objects.update(state="offered")
    assert at_desk.get(url)["Location"] == agreement.get_absolute_url()
    late = at_desk.post(url, typed(laboratory_gives="Typed too late.", version=again))
    assert late.status_code == 422
    assert "Typed too late." in late.content.decode()


def test_a_draft_taken_back_before_the_laboratory_had_it_stays_at_the_desk(
    at_desk: Client, instrument: Instrument, operator: User
) -> None:
    draft, offered = AgreementFactory(instrument=instrument), AgreementFactory(instrument=instrument, offered=True)
    for agreement in (draft, offered):
        url = f"{LIST}{agreement.ref}/"
        assert at_desk.post(f"{url}withdraw/", {"why": "Talks go on elsewhere."}).status_code == 302
        assert "Talks go on elsewhere." in page(at_desk, url)
    lab = Client()
    lab.force_login(operator)
    for part in ("", "agreement.pdf", "decline/"):
        page(lab, f"{LIST}{draft.ref}/{part}", 404)
    assert draft.ref not in page(lab, LIST)
    assert offered.ref in page(lab, LIST)
    assert "Talks go on elsewhere." in page(lab, f"{LIST}{offered.ref}/")


def test_reasons_are_asked_for_and_a_renewal_is_a_draft(at_desk: Client, instrument: Instrument) -> None:
    agreement = AgreementFactory(instrument=instrument, agreed=True)
    url = f"{LIST}{agreement.ref}/"
    following = at_desk.post(f"{url}renew/")["Location"]
    assert following != url
    assert "The agreement that follows" in page(at_desk, url)
    assert at_desk.post(f"{url}end/", {"why": ""}).status_code == 400
    assert at_desk.post(f"{url}end/", {"why": "The tube is broken."}).status_code == 302
    assert "The tube is broken." in page(at_desk, url)
    assert at_desk.post(f"{url}explode/").status_code == 404


def test_staff_are_reminded_on_their_page(at_desk: Client, instrument: Instrument) -> None:
    today = timezone.now().date()
    AgreementFactory(instrument=instrument, agreed=True, starts_on=today - timedelta(days=300))
    AgreementFactory(instrument=InstrumentFactory(name_en="Far scope"), agreed=True)
    words = page(at_desk, "/en/desk/")
    assert "Renew the agreement on Alpine diffractometer, or let it end" in words
    assert "Far scope" not in words


@pytest.mark.parametrize(("language", "title"), [("en", "Agreement on access"), ("fr", "Alpine diffractometer (fr)")])
def test_the_paper(language: str, title: str, at_desk: Client, instrument: Instrument, tmp_path: Any) -> None:
    agreement = AgreementFactory(
        instrument=instrument, agreed=True, starts_on=date(2027, 3, 1), laboratory_gives="Twelve hours.\nأهلا"
    )
    response = at_desk.get(f"/{language}/agreements/{agreement.ref}/agreement.pdf")
    assert response["Content-Type"] == "application/pdf"
    assert "no-store" in response["Cache-Control"]
    path = tmp_path / "agreement.pdf"
    path.write_bytes(response.content)
    words = PdfReader(path).pages[0].extract_text()
    for text in (title, agreement.ref, "144 h", "Twelve hours.", "Dr Head"):
        assert text in words

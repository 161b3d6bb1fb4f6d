"""Pages of interests, as people, mail scanners and tinkerers open them."""

import pytest
from django.test import Client
from django.urls import reverse

from calls import throttles
from calls.models import Interest
from portal.notifications.models import Notification
from tests.factories.calls import CallFactory
from tests.factories.instruments import TechniqueFactory
from tests.factories.interests import EquipmentCategoryFactory, InterestFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("broker")]

DECLARE = "/en/interest/"
WISH = {"address": "ada@example.org", "standing": "beneficiary", "language": "en", "agree": "on"}


def snapshot() -> list[tuple[object, ...]]:
    rows = Interest.objects.order_by("pk").values_list("pk", "state", "standing", "language", "updated_at")
    return [*rows, ("mails", Notification.objects.count())]


# --- Declaring ---------------------------------------------------------------------------------


def test_a_visitor_declares(client):
    technique = TechniqueFactory(slug="sem")
    answer = client.post(DECLARE, {**WISH, "techniques": [technique.pk], "kinds": ["training"], "country": "KE"})
    assert (answer.status_code, answer.url) == (302, "/en/interest/sent/")
    assert "Look into your mail" in client.get(answer.url).content.decode()
    interest = Interest.objects.get()
    assert (interest.address, interest.country, interest.kinds) == ("ada@example.org", "KE", ["training"])
    assert list(interest.techniques.all()) == [technique]
    assert "I agree that the" in interest.consent
    assert interest.frequency == "at_once"


@pytest.mark.parametrize("copied", ["ada@example.org\u200b", "\u202aada@example.org\u202c", "ada@exam\u00adple.org"])
def test_marks_that_nobody_sees_do_not_keep_mails_from_arriving(client, copied):
    assert client.post(DECLARE, {**WISH, "address": copied}).status_code == 302
    wish = {"address": copied, "agree": True, "kinds": ["training"]}
    assert client.post("/api/v1/interests/", wish, content_type="application/json").status_code == 202
    assert [row.address for row in Interest.objects.all()] == ["ada@example.org"] * 2


def test_consent_is_kept_in_the_language_it_was_given(client):
    client.post("/fr/interest/", {**WISH, "language": "fr"})
    page = client.get("/fr/interest/").content.decode()
    assert Interest.objects.get().consent.split(".")[0] in page.replace("&#x27;", "'")


@pytest.mark.parametrize("known", [None, "unconfirmed", "active", "ended"])
def test_the_answer_is_the_same_for_every_address(client, known):
    traits = {"active": {}, "unconfirmed": {"unconfirmed": True}, "ended": {"ended": True}}
    if known:
        InterestFactory(address=WISH["address"], **traits[known])
    answer = client.post(DECLARE, WISH)
    assert (answer.status_code, answer.url, answer.content) == (302, "/en/interest/sent/", b"")
    assert Notification.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"address": "ada@"}, "Enter an email address such as name@example.org."),
        ({"address": "ada example.org"}, "Enter an email address such as name@example.org."),
        ({"address": ""}, "Enter your email address."),
        ({"address": "a@" + "b" * 300 + ".org"}, "Enter an email address such as name@example.org."),
        ({"address": "a\0b@example.org"}, "Null characters are not allowed."),
        ({"agree": ""}, "Tick the box if you agree"),
        ({"standing": "emperor"}, "Select a valid choice."),
        ({"language": "xx"}, "Select a valid choice."),
        ({"country": "XX"}, "Select a valid choice."),
        ({"kinds": ["lottery"]}, "Select a valid choice."),
        ({"techniques": ["999999"]}, "Select a valid choice."),
        ({"techniques": ["sem; drop"]}, "is not a valid value"),
        ({"note": "x" * 1001}, "at most 1000 characters"),
    ],
)
def test_bad_input_is_explained_and_changes_nothing(client, changes, sentence):
    answer = client.post(DECLARE, {**WISH, **changes})
    page = answer.content.decode()
    assert answer.status_code == 400
    assert sentence in page
    assert "<title>Error:" in page
    assert not Interest.objects.exists()
    assert not Notification.objects.exists()


def test_what_was_typed_is_still_there_after_an_error(client):
    page = client.post(DECLARE, {**WISH, "address": "ada@", "note": "Zeolites"}).content.decode()
    assert 'value="ada@"' in page
    assert "Zeolites" in page


def test_a_robot_gets_the_same_answer_and_nothing_is_written(client):
    answer = client.post(DECLARE, {**WISH, "website": "https://spam.example"})
    assert (answer.status_code, answer.url) == (302, "/en/interest/sent/")
    assert not Interest.objects.exists()


def test_too_many_requests_from_one_network(client, monkeypatch):
    monkeypatch.setattr(throttles.InterestThrottle, "rate", "3/hour", raising=False)
    codes = [client.post(DECLARE, {**WISH, "country": code}).status_code for code in ("KE", "SN", "FR", "GH")]
    assert codes == [302, 302, 302, 429]
    assert Interest.objects.count() == 3
    assert client.post(DECLARE, WISH, REMOTE_ADDR="192.0.2.7").status_code == 302


def test_the_form_begins_with_what_is_known(client, researcher):
    TechniqueFactory(slug="sem")
    client.force_login(researcher)
    form = client.get(f"{DECLARE}?technique=sem&kind=training").context["form"]
    assert form["address"].value() == researcher.email
    assert form["country"].value() == "KE"
    assert [technique.slug for technique in form["techniques"].initial] == ["sem"]
    assert (form["standing"].value(), form["kinds"].value()) == ("beneficiary", ["training"])


@pytest.mark.parametrize(
    "query", ["?technique=none", "?call=none", "?call=%00", "?technique=%00", "?as=%00", "?kind=x"]
)
def test_nonsense_in_the_query_is_passed_over(client, query):
    assert client.get(f"{DECLARE}{query}").status_code == 200


def test_on_a_call(client):
    call = CallFactory(title_en="Beam time")
    address = f"{DECLARE}?call={call.slug}"
    page = client.get(address).content.decode()
    assert "Beam time" in page
    assert 'name="techniques"' not in page
    client.post(address, WISH)
    assert Interest.objects.get().call == call


def test_the_own_address_hears_at_once(client, researcher):
    client.force_login(researcher)
    answer = client.post(DECLARE, {**WISH, "address": researcher.email}, follow=True)
    interest = Interest.objects.get()
    assert answer.redirect_chain == [(f"/en/interest/{interest.token}/", 302)]
    assert "nothing more to confirm" in answer.content.decode()
    assert (interest.state, interest.user) == ("active", researcher)


# --- The link in the mail ----------------------------------------------------------------------


@pytest.mark.parametrize("made", [{"unconfirmed": True}, {}, {"ended": True}])
@pytest.mark.parametrize("method", ["get", "head"])
def test_opening_a_link_changes_nothing(client, made, method):
    interest = InterestFactory(**made)
    before = snapshot()
    for name in ("interest:confirm", "interest:manage", "unsubscribe"):
        answer = getattr(client, method)(reverse(name, args=[interest.token]))
        assert answer.status_code in (200, 302)
    assert getattr(client, method)(reverse("interest:end", args=[interest.token])).status_code == 405
    assert snapshot() == before


def test_confirming_takes_the_button(client):
    interest = InterestFactory(unconfirmed=True)
    address = f"/en/interest/{interest.token}/confirm/"
    page = client.get(address)
    assert "Yes, write to me" in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    assert client.post(address).url == f"/en/interest/{interest.token}/"
    interest.refresh_from_db()
    assert interest.state == "active"
    assert client.post(address).status_code == 302  # pressed twice


def test_confirming_needs_the_form(db):
    interest = InterestFactory(unconfirmed=True)
    assert Client(enforce_csrf_checks=True).post(f"/en/interest/{interest.token}/confirm/").status_code == 403


def test_an_ended_interest_cannot_be_confirmed(client):
    interest = InterestFactory(ended=True)
    answer = client.post(f"/en/interest/{interest.token}/confirm/")
    assert answer.status_code == 422
    assert "Hear from us again" in answer.content.decode()
    interest.refresh_from_db()
    assert interest.state == "ended"


def altered(token: str) -> list[str]:
    """The token with one character changed, lost, or added."""
    other = "A" if token[10] != "A" else "B"
    return [token[:10] + other + token[11:], token[:-1], token + "A", token.swapcase(), "%00" + token[1:], "x"]


def test_an_altered_link_opens_nothing_and_tells_nothing(client):
    interest = InterestFactory(unconfirmed=True)
    pages = set()
    for token in altered(interest.token):
        for address in (f"/en/interest/{token}/confirm/", f"/en/interest/{token}/", f"/interest/unsubscribe/{token}/"):
            for method in (client.get, client.post):
                answer = method(address)
                assert answer.status_code == 404
                pages.add("This link opens nothing" in answer.content.decode())
                assert interest.address not in answer.content.decode()
        assert client.post(f"/en/interest/{token}/end/").status_code == 404
    assert pages == {True}
    interest.refresh_from_db()
    assert interest.state == "unconfirmed"


def test_changing(client):
    interest = InterestFactory()
    technique = TechniqueFactory(slug="sem")
    typed = {"standing": "contributor", "language": "fr", "techniques": [technique.pk], "country": "SN"}
    answer = client.post(f"/en/interest/{interest.token}/", typed, follow=True)
    assert "Your changes are kept." in answer.content.decode()
    interest.refresh_from_db()
    assert (interest.standing, interest.language, interest.country) == ("contributor", "fr", "SN")
    assert list(interest.techniques.all()) == [technique]


@pytest.mark.parametrize(("made", "status"), [({"unconfirmed": True}, 422), ({"ended": True}, 422), ({}, 302)])
def test_only_an_active_interest_changes_or_ends(client, made, status):
    interest = InterestFactory(**made)
    address = f"/en/interest/{interest.token}/"
    assert client.post(address, {"standing": "donor", "language": "en"}).status_code == status
    assert client.post(f"{address}end/").status_code == status


def test_a_bad_change_is_explained(client):
    interest = InterestFactory()
    answer = client.post(f"/en/interest/{interest.token}/", {"standing": "emperor", "language": "en"})
    assert answer.status_code == 400
    assert "Select a valid choice" in answer.content.decode()
    interest.refresh_from_db()
    assert interest.standing == "beneficiary"


def test_ending_one_or_all(client):
    one, two = InterestFactory(address="ada@example.org"), InterestFactory(address="ada@example.org", kinds=["other"])
    page = client.get(f"/en/interest/{one.token}/").content.decode()
    assert f"/en/interest/{two.token}/" in page
    answer = client.post(f"/en/interest/{one.token}/end/", follow=True)
    assert "You no longer hear from us" in answer.content.decode()
    assert list(Interest.objects.active()) == [two]
    client.post(f"/en/interest/{two.token}/end/", {"all": "1"})
    assert not Interest.objects.active().exists()


def test_one_click_unsubscribe(db):
    """RFC 8058: a POST from the mail program, without cookies, answered 200 without a redirect, however often."""
    interest = InterestFactory(language="fr")
    second = InterestFactory(address=interest.address, kinds=["training"])
    mail_program = Client(enforce_csrf_checks=True)
    for _ in range(2):
        answer = mail_program.post(f"/interest/unsubscribe/{interest.token}/", {"List-Unsubscribe": "One-Click"})
        assert answer.status_code == 200
    for row in (interest, second):
        row.refresh_from_db()
        assert row.state == "ended"


def test_unsubscribe_opened_by_a_person_shows_the_manage_page(client):
    interest = InterestFactory(language="fr")
    answer = client.get(f"/interest/unsubscribe/{interest.token}/")
    assert (answer.status_code, answer.url) == (302, f"/fr/interest/{interest.token}/")


@pytest.mark.parametrize("others", [1, 3])
def test_the_manage_page_asks_the_same_number_of_questions(client, others, django_assert_num_queries):
    interest = InterestFactory(address="ada@example.org")
    techniques = [TechniqueFactory(slug="sem"), TechniqueFactory(slug="tem")]
    for _ in range(others):
        InterestFactory(address="ada@example.org", call=CallFactory(), techniques=techniques)
    with django_assert_num_queries(8):
        client.get(f"/en/interest/{interest.token}/")


@pytest.mark.parametrize("techniques", [1, 3])
def test_the_form_asks_the_same_number_of_questions(client, techniques, django_assert_num_queries):
    for number in range(techniques):
        TechniqueFactory(slug=f"technique-{number}")
        EquipmentCategoryFactory(slug=f"category-{number}")
    with django_assert_num_queries(2):
        client.get(DECLARE)


# --- The three doors ---------------------------------------------------------------------------

DOORS = {
    "beneficiary": {"techniques", "categories", "kinds", "countries", "combine", "note"},
    "contributor": {"institution", "offering", "techniques"},
    "donor": {"offering", "categories", "countries", "combine"},
}
ALWAYS = {"address", "standing", "country", "frequency", "language", "agree", "website"}


@pytest.mark.parametrize(("door", "asked"), DOORS.items())
def test_each_door_asks_what_fits_it(client, door, asked):
    page = client.get(f"{DECLARE}?as={door}&technique=x")
    assert set(page.context["form"].fields) == ALWAYS | asked
    text = page.content.decode()
    for other in DOORS:
        assert f"?as={other}&amp;technique=x" in text
    assert text.count("door-chosen") == 1
    assert f'name="standing" value="{door}"' in text


def test_a_contributor_says_what_can_be_opened(client):
    typed = {"standing": "contributor", "institution": "Coastal Institute", "offering": "A TEM, two days a month."}
    assert client.post(f"{DECLARE}?as=contributor", {**WISH, **typed, "frequency": "weekly"}).status_code == 302
    interest = Interest.objects.get()
    assert (interest.standing, interest.institution) == ("contributor", "Coastal Institute")
    assert (interest.offering, interest.frequency) == ("A TEM, two days a month.", "weekly")


def test_a_donor_says_what_can_be_given_and_to_where(client):
    balances = EquipmentCategoryFactory(slug="balances")
    typed = {"standing": "donor", "offering": "Two balances.", "categories": [balances.pk], "countries": ["SN", "KE"]}
    assert client.post(DECLARE, {**WISH, **typed, "combine": "any"}).status_code == 302
    interest = Interest.objects.get()
    assert (interest.countries, interest.combine, list(interest.categories.all())) == (["KE", "SN"], "any", [balances])
    assert interest.consent_version == "2"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"categories": ["999999"]}, "Select a valid choice."),
        ({"countries": ["XX"]}, "Select a valid choice."),
        ({"combine": "some"}, "Select a valid choice."),
        ({"frequency": "hourly"}, "Select a valid choice."),
        ({"standing": "donor", "offering": "x" * 2001}, "at most 2000 characters"),
        ({"standing": "contributor", "institution": "x" * 201}, "at most 200 characters"),
    ],
)
def test_bad_criteria_are_explained_and_change_nothing(client, changes, sentence):
    answer = client.post(DECLARE, {**WISH, **changes})
    assert answer.status_code == 400
    assert sentence in answer.content.decode()
    assert not Interest.objects.exists()


def test_what_can_never_fit_is_refused(client):
    wish = {**WISH, "categories": [EquipmentCategoryFactory().pk], "kinds": ["training"]}
    answer = client.post(DECLARE, wish)
    assert answer.status_code == 400
    assert "choose the kind Equipment too" in answer.content.decode()
    assert client.post(DECLARE, {**wish, "combine": "any"}).status_code == 302


def test_changing_keeps_what_the_door_does_not_ask_and_drops_what_another_did(client):
    balances = EquipmentCategoryFactory(slug="balances")
    interest = InterestFactory(standing="contributor", kinds=["training"], offering="A TEM.", categories=[balances])
    address = f"/en/interest/{interest.token}/"
    typed = {"standing": "contributor", "language": "en", "offering": "A SEM.", "frequency": "daily"}
    assert client.post(address, typed).status_code == 302
    interest.refresh_from_db()
    assert (interest.offering, interest.kinds, interest.frequency) == ("A SEM.", ["training"], "daily")
    assert list(interest.categories.all()) == [balances]
    assert client.post(address, {"standing": "donor", "language": "en", "offering": "A SEM."}).status_code == 302
    interest.refresh_from_db()
    assert (interest.standing, interest.kinds, interest.frequency) == ("donor", [], "at_once")
    assert not interest.categories.exists()


def test_the_manage_page_shows_another_door_when_asked(client):
    interest = InterestFactory()
    assert client.get(f"/en/interest/{interest.token}/?as=donor").context["form"].door == "donor"
    interest.refresh_from_db()
    assert interest.standing == "beneficiary"


# --- The back office ---------------------------------------------------------------------------


def test_the_back_office_ends_interests_and_never_shows_their_links(client, admin_user):
    interest = InterestFactory(techniques=[TechniqueFactory(slug="sem")])
    client.force_login(admin_user)
    for address in ("changelist", "change"):
        arguments = [interest.pk] if address == "change" else []
        page = client.get(reverse(f"admin:calls_interest_{address}", args=arguments))
        assert page.status_code == 200
        assert interest.address in page.content.decode()
        assert interest.token not in page.content.decode()
    client.post(reverse("admin:calls_interest_changelist"), {"action": "end", "_selected_action": [interest.pk]})
    interest.refresh_from_db()
    assert interest.state == "ended"


@pytest.mark.parametrize("kept", ["nothing-such", "draft", "closed"])
def test_a_call_of_which_there_is_nothing_to_hear_is_said_and_not_swallowed(client, kept):
    calls = {"draft": CallFactory(draft=True), "closed": CallFactory(closed=True)}
    address = f"/en/interest/?call={calls[kept].slug if kept in calls else kept}"
    page = client.get(address)
    text = page.content.decode()
    assert page.status_code == 200
    assert "The call you came for is closed, or there is none at this address." in text
    assert 'action="/en/interest/"' in text
    data = {"address": "ada@example.org", "standing": "beneficiary", "language": "en", "agree": "on"}
    refused = client.post(address, data)
    assert refused.status_code == 409
    assert "Nothing was noted." in refused.content.decode()
    assert not Interest.objects.exists()
    assert client.post("/en/interest/", data).status_code == 302
    assert Interest.objects.get().call is None

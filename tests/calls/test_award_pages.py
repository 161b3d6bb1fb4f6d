"""Pages of awards: who sees which, the ledger, answering, sharing, granting, revoking, correcting."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from calls.actions import award as deeds
from calls.enums import AwardState
from calls.models import Award
from portal.audit.models import Record
from tests.factories.calls import AwardFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def award(researcher, institute, instrument) -> Award:
    """Held by the researcher; the focal point leads its organisation."""
    return AwardFactory(
        title="Copper complexes", holder=researcher, organisation=institute, instrument=instrument, granted_minutes=600
    )


def text_of(response) -> str:
    return response.content.decode()


def url(name: str, award: Award, *args) -> str:
    return reverse(name, args=[award.ref, *args])


EVERYBODY = [
    (None, 302), ("researcher", 200), ("focal_point", 200), ("staff", 200), ("admin_user", 200), ("operator", 404),
    ("reviewer", 404), ("donor", 404), ("stranger_researcher", 404), ("stranger_focal_point", 404),
    ("stranger_operator", 404),
]  # fmt: skip


@pytest.mark.parametrize(("who", "status"), EVERYBODY)
def test_who_sees_an_award(client, award, who, status, request):
    if who:
        client.force_login(request.getfixturevalue(who))
    response = client.get(award.get_absolute_url())
    assert response.status_code == status
    assert ("Copper complexes" in text_of(response)) == (status == 200)
    listed = client.get(reverse("awards:list"))
    if who:
        assert ("Copper complexes" in text_of(listed)) == (status == 200)
    else:
        assert listed.status_code == 302


def test_a_researcher_who_takes_part_sees_and_changes_nothing(client, award, stranger_researcher, focal_point):
    award.members.add(stranger_researcher)
    client.force_login(stranger_researcher)
    text = text_of(client.get(award.get_absolute_url()))
    assert "Copper complexes" in text
    assert "Add the researcher" not in text
    assert client.post(url("awards:member_add", award), {"email": focal_point.email}).status_code == 403
    assert client.post(url("awards:accept", award)).status_code == 403
    assert list(award.members.all()) == [stranger_researcher]


def test_the_ledger_tells_every_movement(client, award, focal_point):
    deeds.spend(award, 150, booking="AB23CD45", by=focal_point)
    deeds.give_back(award, 30, booking="AB23CD45", by=None, why="Cancelled in time")
    client.force_login(focal_point)
    text = text_of(client.get(award.get_absolute_url()))
    for words in (
        "+10 h",
        "−2 h 30 min",
        "+30 min",
        "8 h",
        "AB23CD45",
        "Cancelled in time",
        "Farid Focal",
        "the clock",
    ):
        assert words in text


def test_who_only_takes_part_is_not_led_to_bookings_of_others(client, award, stranger_researcher, researcher):
    award.members.add(stranger_researcher)
    deeds.spend(award, 150, booking="AB23CD45", by=researcher)
    for person, leads in ((stranger_researcher, False), (researcher, True)):
        client.force_login(person)
        text = text_of(client.get(award.get_absolute_url()))
        assert "AB23CD45" in text
        assert (reverse("bookings:detail", args=["AB23CD45"]) in text) is leads


@pytest.mark.parametrize("entries", [1, 3])
def test_the_page_takes_the_same_statements_whatever_its_length(
    client, award, focal_point, entries, django_assert_num_queries
):
    for number in range(entries - 1):
        deeds.spend(award, 60, booking=f"AB23CD4{number}", by=focal_point)
    client.force_login(focal_point)
    client.get(award.get_absolute_url())
    with django_assert_num_queries(7):  # session, person, award, membership, may book, ledger, researchers
        client.get(award.get_absolute_url())


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_takes_the_same_statements_whatever_its_length(
    client, focal_point, institute, rows, django_assert_num_queries
):
    for _ in range(rows):
        AwardFactory(organisation=institute)
    client.force_login(focal_point)
    with django_assert_num_queries(4):  # session, person, count, page
        assert len(client.get(reverse("awards:list")).context["page_obj"]) == rows


def test_the_list_by_state(client, staff):
    AwardFactory(title="one")
    AwardFactory(title="two", state=AwardState.OFFERED)
    client.force_login(staff)
    for state, found in (("offered", {"two"}), ("nonsense", {"one", "two"}), ("", {"one", "two"})):
        response = client.get(reverse("desk_calls:awards"), {"state": state})
        assert {award.title for award in response.context["page_obj"]} == found


# --- Answering ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "state"), [("accept", AwardState.ACTIVE), ("refuse", AwardState.REFUSED)])
def test_the_holder_answers_by_a_button(client, award, researcher, name, state):
    Award.objects.filter(pk=award.pk).update(state=AwardState.OFFERED, answer_by=timezone.now() + timedelta(days=2))
    client.force_login(researcher)
    assert "Accept the award" in text_of(client.get(award.get_absolute_url()))
    assert client.get(url(f"awards:{name}", award)).status_code == 405
    assert client.post(url(f"awards:{name}", award)).status_code == 302
    award.refresh_from_db()
    assert award.state == state
    again = client.post(url(f"awards:{name}", award))
    assert again.status_code == 422
    assert "This has changed in the meantime" in text_of(again)


def test_a_focal_point_sees_the_offer_without_its_buttons(client, award, focal_point):
    Award.objects.filter(pk=award.pk).update(state=AwardState.OFFERED)
    client.force_login(focal_point)
    assert "Accept the award" not in text_of(client.get(award.get_absolute_url()))
    assert client.post(url("awards:accept", award)).status_code == 403
    award.refresh_from_db()
    assert award.state == AwardState.OFFERED


def test_an_offer_past_its_day_has_no_buttons(client, award, researcher):
    Award.objects.filter(pk=award.pk).update(state=AwardState.OFFERED, answer_by=timezone.now() - timedelta(days=2))
    client.force_login(researcher)
    assert "Accept the award" not in text_of(client.get(award.get_absolute_url()))
    assert "The day to answer this offer has passed" in text_of(client.post(url("awards:accept", award)))


@pytest.mark.parametrize("name", ["accept", "refuse", "member_add"])
@pytest.mark.parametrize("who", ["stranger_researcher", "stranger_focal_point", "operator", "donor"])
def test_a_stranger_does_not_even_learn_that_it_exists(client, award, name, who, request):
    client.force_login(request.getfixturevalue(who))
    assert client.post(url(f"awards:{name}", award), {"email": "a@example.org"}).status_code == 404


# --- Sharing --------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["researcher", "focal_point", "staff"])
def test_holder_focal_point_and_staff_choose_the_researchers(client, award, focal_point, who, request):
    client.force_login(request.getfixturevalue(who))
    assert client.post(url("awards:member_add", award), {"email": focal_point.email}).status_code == 302
    assert list(award.members.all()) == [focal_point]
    assert client.post(url("awards:member_remove", award, focal_point.pk)).status_code == 302
    assert not award.members.exists()
    assert client.post(url("awards:member_remove", award, focal_point.pk)).status_code == 404


@pytest.mark.parametrize(
    ("address", "status", "sentence"),
    [
        ("", 400, "This field is required"),
        ("nonsense", 400, "Enter a valid email address"),
        ("nobody@example.org", 422, "Nobody with this address is a confirmed member of"),
    ],
)
def test_an_address_that_does_not_do_is_explained(client, award, researcher, address, status, sentence):
    client.force_login(researcher)
    response = client.post(url("awards:member_add", award), {"email": address})
    assert response.status_code == status
    assert sentence in text_of(response)
    assert not award.members.exists()


# --- Staff ----------------------------------------------------------------------------------------


@pytest.fixture
def typed(researcher, institute, instrument):
    """What the form of a grant sends."""
    today = timezone.now().date()
    return {
        "title": "Zinc complexes",
        "holder": researcher.email.upper(),
        "organisation": institute.pk,
        "instrument": instrument.pk,
        "hours": "12.5",
        "valid_from": today.isoformat(),
        "valid_until": (today + timedelta(days=90)).isoformat(),
    }


def test_staff_grant_hours(client, staff, typed, researcher):
    client.force_login(staff)
    response = client.post(reverse("desk_calls:award_new"), typed)
    award = Award.objects.get()
    assert response.url == award.get_absolute_url()
    assert (award.holder, award.state, award.balance_minutes) == (researcher, AwardState.OFFERED, 750)


@pytest.mark.parametrize(
    ("changes", "status", "sentence"),
    [
        ({"holder": "nobody@example.org"}, 400, "Nobody has an account under this address"),
        ({"hours": "0"}, 422, "more than zero"),
        ({"hours": "1e9"}, 400, "less than or equal to"),
        ({"valid_until": "2020-01-01"}, 422, "already over"),
        ({"valid_until": "31.12.2099"}, 400, "Enter a valid date"),
        ({"instrument": "999999"}, 400, "Select a valid choice"),
        ({"title": ""}, 400, "This field is required"),
    ],
)
def test_a_grant_that_does_not_do_is_explained(client, staff, typed, changes, status, sentence):
    client.force_login(staff)
    response = client.post(reverse("desk_calls:award_new"), typed | changes)
    assert response.status_code == status
    assert sentence in text_of(response)
    assert not Award.objects.exists()


def test_staff_revoke_with_a_reason_that_the_holder_reads(client, award, staff, researcher):
    client.force_login(staff)
    assert client.post(url("desk_calls:award_revoke", award), {"why": ""}).status_code == 400
    assert client.post(url("desk_calls:award_revoke", award), {"why": "The project ended"}).status_code == 302
    assert client.post(url("desk_calls:award_revoke", award), {"why": "Again"}).status_code == 422
    client.force_login(researcher)
    assert "The project ended" in text_of(client.get(award.get_absolute_url()))


@pytest.mark.parametrize(
    ("hours", "why", "status", "balance"),
    [
        ("1.5", "Power cut", 302, 690),
        ("-10", "Given back", 302, 0),
        ("-10.5", "Too much", 422, 600),
        ("0", "Nothing", 422, 600),
        ("1", "", 400, 600),
        ("x", "Power cut", 400, 600),
    ],
)
def test_staff_correct_the_hours(client, award, staff, hours, why, status, balance):
    client.force_login(staff)
    response = client.post(url("desk_calls:award_adjust", award), {"hours": hours, "why": why})
    assert response.status_code == status
    award.refresh_from_db()
    assert award.balance_minutes == balance


@pytest.mark.parametrize(
    ("priority", "why", "status", "after"),
    [
        ("3", "A thesis ends", 302, 3),
        ("0", "As it is", 422, 0),
        ("10", "x", 400, 0),
        ("-1", "x", 400, 0),
        ("3", "", 400, 0),
    ],
)
def test_staff_set_the_priority_on_the_waiting_list(client, award, staff, priority, why, status, after):
    client.force_login(staff)
    response = client.post(url("desk_calls:award_priority", award), {"priority": priority, "why": why})
    assert response.status_code == status
    award.refresh_from_db()
    assert award.priority == after
    records = Record.objects.filter(model="calls.award", row_id=award.pk, verb="prioritise", by=staff)
    assert list(records.values_list("before", "after", "why")) == ([("0", "3", why)] if status == 302 else [])


@pytest.mark.parametrize("name", ["award_revoke", "award_adjust", "award_priority"])
@pytest.mark.parametrize(
    ("who", "status"), [(None, 302), ("researcher", 403), ("focal_point", 403), ("stranger_researcher", 403)]
)
def test_the_desks_deeds_are_for_staff(client, award, name, who, status, request):
    if who:
        client.force_login(request.getfixturevalue(who))
    page = url(f"desk_calls:{name}", award)
    for response in (client.get(page), client.post(page, {"why": "x", "hours": "10", "priority": "5"})):
        assert response.status_code == status
    award.refresh_from_db()
    assert (award.state, award.balance_minutes, award.priority) == (AwardState.ACTIVE, 600, 0)


@pytest.mark.parametrize("name", ["awards", "award_new"])
@pytest.mark.parametrize(("who", "status"), [(None, 302), ("researcher", 403), ("focal_point", 403), ("staff", 200)])
def test_the_desks_pages_are_for_staff(client, name, who, status, request):
    if who:
        client.force_login(request.getfixturevalue(who))
    assert client.get(reverse(f"desk_calls:{name}")).status_code == status

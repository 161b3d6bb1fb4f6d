"""Two entries become one: every row of every app goes along, nobody is anything twice, the old address leads on."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client

from donations.models import Batch
from instruments.models import Agreement
from portal.accounts import actions
from portal.accounts.actions.merge import pointers, rows_to_move
from portal.accounts.enums import OrganisationState
from portal.accounts.models import Membership, Organisation, User
from portal.accounts.tasks import settle_organisations
from portal.audit.actions import history_of
from portal.audit.models import Record
from portal.core.errors import Forbidden, Refused, Taken, WrongState
from portal.notifications.models import Notification
from tests.factories.accounts import MembershipFactory, OrganisationFactory, UserFactory
from tests.factories.applications import ApplicationFactory
from tests.factories.bookings import BookingFactory, WaitlistEntryFactory
from tests.factories.calls import AwardFactory
from tests.factories.donations import AcceptedMatchFactory, NeedFactory, OfferFactory, PledgeFactory, ShipmentFactory
from tests.factories.instruments import InstrumentFactory
from tests.factories.stories import EventFactory, StoryFactory
from tests.factories.trainings import CertificateFactory, TrainingFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def kept(db: None) -> Organisation:
    return OrganisationFactory(name="Lakeside University", slug="lakeside", city="")


@pytest.fixture
def double(db: None) -> Organisation:
    return OrganisationFactory(
        name="University of Lakeside", slug="of-lakeside", city="Kisumu", ror="03yrm5c26", summary_fr="Au bord du lac."
    )


def fill(organisation: Organisation) -> None:
    """A row of every table that points to organisations."""
    MembershipFactory(organisation=organisation)
    instrument = InstrumentFactory(organisation=organisation)
    Agreement.objects.create(
        instrument=instrument, organisation=organisation, laboratory_gives="Time", programme_gives="Training",
        starts_on=date(2026, 1, 1), ends_on=date(2027, 1, 1),
    )  # fmt: skip
    TrainingFactory(instrument=instrument)
    CertificateFactory(instrument=instrument)
    ApplicationFactory(organisation=organisation)
    award = AwardFactory(organisation=organisation, instrument=instrument)
    BookingFactory(award=award)
    WaitlistEntryFactory(award=award)
    need = NeedFactory(organisation=organisation)
    OfferFactory(organisation=organisation)
    Batch.objects.create(owner=UserFactory(), organisation=organisation, name="a.csv", content="")
    PledgeFactory(organisation=organisation)
    ShipmentFactory(match=AcceptedMatchFactory(need=need))
    EventFactory().organisations.add(organisation)
    StoryFactory().organisations.add(organisation)
    OrganisationFactory(state="merged", merged_into=organisation)


def test_every_row_of_every_app_goes_along(kept: Organisation, double: Organisation, staff: User) -> None:
    fill(double)
    pointing = {(each.model._meta.label, each.column): each.rows(double).count() for each in pointers()}
    assert 0 not in pointing.values(), "a table points to organisations that `fill` does not know"
    moving = dict(rows_to_move(double))
    actions.merge_organisations(double, kept, by=staff)
    for pointer in pointers():
        asked = (pointer.model._meta.label, pointer.column)
        expected = pointing[asked] + (1 if asked == ("accounts.Organisation", "merged_into") else 0)  # itself
        assert (pointer.rows(double).count(), pointer.rows(kept).count()) == (0, expected), asked
    assert sum(moving.values()) == sum(pointing.values())
    told = history_of(kept).get(verb="take_over")
    assert (told.by, sum(told.details["moved"].values())) == (staff, sum(pointing.values()))


def test_the_kept_one_takes_what_it_lacks_and_keeps_what_it_says(
    kept: Organisation, double: Organisation, staff: User
) -> None:
    actions.merge_organisations(double, kept, by=staff)
    kept.refresh_from_db()
    double.refresh_from_db()
    assert (kept.name, kept.city, kept.ror, kept.summary_fr) == (
        "Lakeside University",
        "Kisumu",
        "03yrm5c26",
        "Au bord du lac.",
    )
    assert (double.state, double.merged_into, double.ror) == ("merged", kept, "")
    entry = history_of(double).get()
    assert (entry.verb, entry.by, entry.before, entry.after) == ("merge", staff, "verified", "merged")


def test_who_is_the_same_in_both_stays_once_with_the_better_state(
    kept: Organisation, double: Organisation, staff: User
) -> None:
    asks_here = MembershipFactory(organisation=kept, state="requested")
    confirmed_there = MembershipFactory(organisation=double, user=asks_here.user)
    here = MembershipFactory(organisation=kept)
    there = MembershipFactory(organisation=double, user=here.user)
    other_role = MembershipFactory(organisation=double, user=here.user, role="operator", state="requested")
    actions.merge_organisations(double, kept, by=staff)
    states = {row.pk: row.state for row in kept.memberships.all()}
    assert states == {
        asks_here.pk: "ended",
        confirmed_there.pk: "confirmed",
        here.pk: "confirmed",
        there.pk: "ended",
        other_role.pk: "requested",
    }
    assert {entry.row_id for entry in Record.objects.filter(model="accounts.membership", verb="merge")} == {
        asks_here.pk,
        there.pk,
    }


def test_links_that_both_have_are_made_once(kept: Organisation, double: Organisation, staff: User) -> None:
    both, one = StoryFactory(), StoryFactory()
    both.organisations.add(kept, double)
    one.organisations.add(double)
    actions.merge_organisations(double, kept, by=staff)
    assert [list(story.organisations.all()) for story in (both, one)] == [[kept], [kept]]


def test_its_people_are_told_and_nobody_else(kept: Organisation, double: Organisation, staff: User) -> None:
    member = MembershipFactory(organisation=double).user
    MembershipFactory(organisation=double, state="ended")
    MembershipFactory(organisation=kept)
    actions.merge_organisations(double, kept, by=staff)
    row = Notification.objects.get()
    assert (row.kind, row.address, row.data["former"]) == (
        "accounts.organisation_merged",
        member.email,
        "University of Lakeside",
    )


@pytest.mark.parametrize("person", ["researcher", "focal_point", "operator", "donor"])
def test_only_staff_merge(person: str, kept: Organisation, double: Organisation, request: Any) -> None:
    with pytest.raises(Forbidden):
        actions.merge_organisations(double, kept, by=request.getfixturevalue(person))
    assert not Organisation.objects.filter(state=OrganisationState.MERGED).exists()


def test_what_makes_no_sense_is_refused(kept: Organisation, double: Organisation, staff: User) -> None:
    with pytest.raises(Refused) as itself:
        actions.merge_organisations(kept, kept, by=staff)
    proposed = OrganisationFactory(state="proposed")
    with pytest.raises(Refused) as unverified:
        actions.merge_organisations(double, proposed, by=staff)
    assert (itself.value.codes, unverified.value.codes) == (["same"], ["not_verified"])
    actions.merge_organisations(proposed, kept, by=staff)
    with pytest.raises(WrongState):
        actions.merge_organisations(proposed, double, by=staff)
    with pytest.raises(Refused):
        actions.merge_organisations(double, proposed, by=staff)


def test_a_promise_that_would_break_is_said_and_nothing_is_merged(
    kept: Organisation, double: Organisation, staff: User
) -> None:
    """Such as one that a table makes after this was written."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE UNIQUE INDEX award_once_a_place ON calls_award (organisation_id)")
    AwardFactory(organisation=kept)
    award = AwardFactory(organisation=double)
    with pytest.raises(Taken, match="award_once_a_place") as refusal:
        actions.merge_organisations(double, kept, by=staff)
    assert refusal.value.codes == ["clash"]
    double.refresh_from_db()
    award.refresh_from_db()
    assert (double.state, award.organisation) == (OrganisationState.VERIFIED, double)


def test_a_merged_row_says_into_what(kept: Organisation) -> None:
    with pytest.raises(IntegrityError, match="organisation_merged_into_another"), transaction.atomic():
        Organisation.objects.filter(pk=kept.pk).update(state="merged")


def test_what_reaches_a_merged_one_late_is_moved_by_the_clock(
    kept: Organisation, double: Organisation, staff: User
) -> None:
    here = MembershipFactory(organisation=kept)
    actions.merge_organisations(double, kept, by=staff)
    settle_organisations()
    assert not Record.objects.filter(verb="gather").exists()
    late = MembershipFactory(organisation=double, user=here.user)
    award = AwardFactory(organisation=double)
    settle_organisations()
    award.refresh_from_db()
    late.refresh_from_db()
    assert (award.organisation, late.organisation, late.state) == (kept, kept, "ended")
    assert history_of(kept).get(verb="gather").details["of"] == "of-lakeside"


# --- Pages ------------------------------------------------------------------------------------------


def test_staff_choose_look_and_merge(client: Client, kept: Organisation, double: Organisation, staff: User) -> None:
    MembershipFactory(organisation=double)
    client.force_login(staff)
    page = client.get("/en/desk/organisations/of-lakeside/merge/?q=lakeside").content.decode()
    assert "?into=lakeside" in page
    assert "?into=of-lakeside" not in page
    check = client.get("/en/desk/organisations/of-lakeside/merge/?into=lakeside")
    assert "memberships: <span" in check.content.decode()
    assert Organisation.objects.filter(state="merged").count() == 0, "looking merges nothing"
    answer = client.post("/en/desk/organisations/of-lakeside/merge/", {"into": "lakeside"})
    assert answer["Location"] == "/en/organisations/lakeside/"
    assert Membership.objects.get().organisation == kept
    again = client.post("/en/desk/organisations/of-lakeside/merge/", {"into": "lakeside"})
    assert (again.status_code, again["Location"]) == (302, "/en/organisations/lakeside/")


def test_the_old_address_leads_to_the_kept_one(
    client: Client, kept: Organisation, double: Organisation, staff: User
) -> None:
    actions.merge_organisations(double, kept, by=staff)
    for reader in (None, staff):
        if reader:
            client.force_login(reader)
        answer = client.get("/fr/organisations/of-lakeside/")
        assert (answer.status_code, answer["Location"]) == (301, "/fr/organisations/lakeside/")
        answer = client.get("/fr/organisations/of-lakeside/equipment/")
        assert (answer.status_code, answer["Location"]) == (301, "/fr/organisations/lakeside/equipment/")
        answer = client.get("/api/v1/organisations/of-lakeside/")
        assert (answer.status_code, answer["Location"]) == (301, "/api/v1/organisations/lakeside/")
        listed = client.get("/en/network/").content.decode() + client.get("/api/v1/organisations/").content.decode()
        assert "of-lakeside" not in listed
    assert client.get("/en/organisations/of-lakeside/members/")["Location"] == "/en/organisations/lakeside/members/"
    assert client.get("/en/desk/organisations/of-lakeside/merge/")["Location"] == "/en/organisations/lakeside/"
    assert client.get("/en/desk/organisations/of-lakeside/edit/").status_code == 404


def test_likely_doubles_are_shown_with_the_surer_one_kept(client: Client, staff: User) -> None:
    verified = OrganisationFactory(name="Université du Lac", country="BJ")
    OrganisationFactory(name="Lac university", slug="lac", country="BJ", state="proposed")
    OrganisationFactory(name="University of the Lake", country="BJ")
    client.force_login(staff)
    [(duplicate, kept, why)] = client.get("/en/desk/organisations/doubles/").context["pairs"]
    assert (duplicate.slug, kept, why) == ("lac", verified, "They have the same name, in the same country.")


@pytest.mark.parametrize("pairs", [1, 3])
def test_the_list_of_doubles_asks_five_questions(
    pairs: int, client: Client, staff: User, django_assert_num_queries: Any
) -> None:
    for number in range(pairs):
        OrganisationFactory.create_batch(2, name=f"College {'abc'[number] * 9}")
    client.force_login(staff)
    with django_assert_num_queries(5):  # session, person, all names, pairs told apart, the rows shown
        assert len(client.get("/en/desk/organisations/doubles/").context["pairs"]) == pairs


@pytest.mark.parametrize("into", ["nowhere", "of-lakeside", "%00", "' or 1=1"])
def test_an_odd_choice_is_answered_with_a_sentence(
    into: str, client: Client, kept: Organisation, double: Organisation, staff: User
) -> None:
    client.force_login(staff)
    assert client.get("/en/desk/organisations/of-lakeside/merge/", {"into": into}).status_code == 400
    assert client.post("/en/desk/organisations/of-lakeside/merge/", {"into": into}).status_code == 400
    assert not Organisation.objects.filter(state="merged").exists()


# --- At once ----------------------------------------------------------------------------------------


def at_once(*deeds: Callable[[], object]) -> list[str]:
    """Do all of them in their own threads; return the codes of what was refused."""

    def do(deed: Callable[[], object]) -> str:
        try:
            deed()
        except Refused as refusal:
            return refusal.codes[0]
        finally:
            connection.close()
        return ""

    with ThreadPoolExecutor(len(deeds)) as pool:
        return sorted(pool.map(do, deeds))


@pytest.mark.django_db(transaction=True)
def test_two_clicks_merge_once_and_both_ways_round_is_one_way() -> None:
    staff = UserFactory(is_staff=True)
    one, other = OrganisationFactory(), OrganisationFactory()
    MembershipFactory(organisation=one)
    MembershipFactory(organisation=other)
    refusals = at_once(
        lambda: actions.merge_organisations(one, other, by=staff),
        lambda: actions.merge_organisations(one, other, by=staff),
        lambda: actions.merge_organisations(other, one, by=staff),
    )
    assert len([code for code in refusals if code == ""]) == 1
    assert set(refusals) <= {"", "wrong_state", "merged"}
    kept = Organisation.objects.get(state="verified")
    assert Membership.objects.filter(organisation=kept).count() == 2

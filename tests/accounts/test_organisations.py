"""Organisations: seen, found, proposed, verified."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import translation

from portal.accounts import actions
from portal.accounts.enums import MembershipState, OrganisationState, Role
from portal.accounts.models import Membership, Organisation, User
from portal.audit.actions import history_of
from portal.core.errors import Forbidden, Taken, WrongState
from portal.notifications.models import Notification
from tests.factories.accounts import MembershipFactory, OrganisationFactory, UserFactory

pytestmark = pytest.mark.django_db

VALUES = {
    "name": "Highland College",
    "kind": "university",
    "country": "ET",
    "city": "Addis Ababa",
    "time_zone": "Africa/Addis_Ababa",
    "ror": "03yrm5c26",
    "website": "https://highland.example",
}


def test_a_proposal_waits_for_staff_and_its_proposer_asks_to_join(researcher: User, staff: User) -> None:
    organisation = actions.propose_organisation(by=researcher, role=Role.FOCAL_POINT, **VALUES)
    assert (organisation.state, organisation.slug) == (OrganisationState.PROPOSED, "highland-college")
    membership = Membership.objects.get(organisation=organisation)
    assert (membership.user, membership.role, membership.state) == (researcher, "focal_point", "requested")
    kinds = set(Notification.objects.values_list("kind", "address"))
    assert kinds == {
        ("accounts.organisation_proposed", staff.email),
        ("accounts.membership_requested", staff.email),
    }
    assert history_of(organisation).get().verb == "propose"


@pytest.mark.parametrize("name", ["Propose", "Memberships", "Highland College", "北京"])
def test_address_parts_never_clash(name: str, researcher: User) -> None:
    OrganisationFactory(slug="highland-college")
    OrganisationFactory(slug="organisation")
    organisation = actions.propose_organisation(by=researcher, role=Role.RESEARCHER, **VALUES | {"name": name})
    assert organisation.slug not in {"propose", "memberships", "highland-college", "organisation", ""}


def test_a_second_entry_with_the_same_ror_leaves_nothing(researcher: User) -> None:
    OrganisationFactory(ror=VALUES["ror"])
    with pytest.raises(Taken) as refusal:
        actions.propose_organisation(by=researcher, role=Role.RESEARCHER, **VALUES)
    assert refusal.value.codes == ["ror_taken"]
    assert not Organisation.objects.filter(name="Highland College").exists()
    assert not Notification.objects.exists()


def test_verifying_makes_it_public_and_tells_who_asked(researcher: User, staff: User) -> None:
    organisation = OrganisationFactory(state="proposed")
    MembershipFactory(organisation=organisation, user=researcher, state=MembershipState.REQUESTED)
    assert not Organisation.objects.visible_to(AnonymousUser()).filter(pk=organisation.pk).exists()
    actions.verify_organisation(organisation, by=staff)
    assert Organisation.objects.visible_to(AnonymousUser()).filter(pk=organisation.pk).exists()
    assert Notification.objects.get(kind="accounts.organisation_verified").address == researcher.email
    entry = history_of(organisation).get()
    assert (entry.verb, entry.by, entry.before, entry.after) == ("verify", staff, "proposed", "verified")
    with pytest.raises(WrongState):
        actions.verify_organisation(organisation, by=staff)


@pytest.mark.parametrize("member", ["researcher", "focal_point", "operator", "stranger_focal_point"])
def test_only_staff_verify(member: str, request: pytest.FixtureRequest) -> None:
    organisation = OrganisationFactory(state="proposed")
    with pytest.raises(Forbidden):
        actions.verify_organisation(organisation, by=request.getfixturevalue(member))
    organisation.refresh_from_db()
    assert organisation.state == OrganisationState.PROPOSED


def test_a_proposed_one_is_seen_by_its_people_and_staff_only(
    researcher: User, staff: User, stranger_researcher: User
) -> None:
    organisation = OrganisationFactory(state="proposed")
    MembershipFactory(organisation=organisation, user=researcher, state="requested")
    seen_by = [
        user
        for user in (researcher, staff, stranger_researcher, AnonymousUser())
        if Organisation.objects.visible_to(user).filter(pk=organisation.pk).exists()
    ]
    assert seen_by == [researcher, staff]


@pytest.mark.parametrize(
    "text",
    [
        "lakeside",
        "NAIROBI",
        "Kenya",
        "03yrm5c26",
        "https://ror.org/03YRM5C26/",
        " lakeside univ ",
        "Lakeside Université",
        "hydrology",
        "ken",
    ],
)
def test_search_finds_by_name_town_country_ror_and_what_is_said_of_it(text: str) -> None:
    wanted = OrganisationFactory(name="Lakeside Université", ror="03yrm5c26", summary_en="A school of hydrology.")
    OrganisationFactory(name="Coastal Institute", country="SN", city="Dakar")
    assert list(Organisation.objects.matching(text, "en")) == [wanted]


def test_a_country_is_found_by_its_name_in_the_language_of_the_reader() -> None:
    wanted = OrganisationFactory(country="SN", city="Dakar", name="Coastal Institute")
    OrganisationFactory()
    with translation.override("fr"):
        assert list(Organisation.objects.matching("senegal", "fr")) == [wanted]


def test_what_was_merged_is_seen_by_nobody_and_its_double_leads_to_the_kept(staff: User) -> None:
    kept = OrganisationFactory(name="Lakeside University", country="KE")
    former = OrganisationFactory(name="Lake Side Univ", country="KE", state="merged", merged_into=kept)
    MembershipFactory(organisation=former, user=staff)
    for user in (staff, AnonymousUser()):
        assert list(Organisation.objects.visible_to(user)) == [kept]
    assert list(Organisation.objects.like("lake side univ", "KE", "")) == [kept]


def test_likely_doubles_are_found_by_name_and_country_or_ror() -> None:
    same_name = OrganisationFactory(name="Lakeside University", country="KE")
    same_ror = OrganisationFactory(name="Université du Lac", country="BJ", ror="03yrm5c26")
    OrganisationFactory(name="Lakeside University", country="UG")
    OrganisationFactory(name="Other", country="KE")
    assert set(Organisation.objects.like("lakeside university ", "KE", "03yrm5c26")) == {same_name, same_ror}
    assert set(Organisation.objects.like("lakeside university ", "KE", "")) == {same_name}


def test_requests_reach_those_who_answer_them(
    institute: Organisation, laboratory: Organisation, focal_point: User, operator: User, staff: User
) -> None:
    asked = {
        "researcher": MembershipFactory(organisation=institute, role="researcher", state="requested"),
        "operator": MembershipFactory(organisation=laboratory, role="operator", state="requested"),
        "focal": MembershipFactory(organisation=institute, role="focal_point", state="requested"),
        "first": MembershipFactory(organisation=laboratory, role="researcher", state="requested"),
    }
    MembershipFactory(organisation=institute, role="researcher", state="refused")

    def to_answer(user: User) -> set[str]:
        found = set(Membership.objects.to_answer_by(user))
        return {name for name, row in asked.items() if row in found}

    assert to_answer(focal_point) == {"researcher"}
    assert to_answer(operator) == {"operator"}
    assert to_answer(staff) == {"focal", "first"}
    assert to_answer(UserFactory()) == set()

"""Organisations, the sample accounts and the other people of the sample programme."""

from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password

from portal.accounts.enums import MembershipState, OrganisationState, Role
from portal.accounts.models import Membership, Organisation, User
from portal.samples.reading import read
from portal.samples.stage import Stage

PASSWORD = "demo-access"  # noqa: S105 known to everybody, as the contract says
DOMAIN = "@demo.example"
JOINED = 330  # days ago


def put_organisations(stage: Stage) -> None:
    lines = read("organisations")["organisation"]
    rows = [Organisation(slug=line.pop("key"), state=OrganisationState.VERIFIED, **line) for line in lines]
    Organisation.objects.bulk_create(rows)
    Organisation.objects.filter(pk__in=[row.pk for row in rows]).update(created_at=stage.ago(JOINED + 20))
    for row in rows:
        stage.organisations[row.slug] = row
        stage.note(row, "propose", stage.ago(JOINED + 20), after=OrganisationState.PROPOSED)


def put_people(stage: Stage) -> None:
    """The accounts can sign in with PASSWORD, nobody else can; every address is verified."""
    lines = read("people")["person"]
    password = make_password(PASSWORD)  # hashed once, since it is slow on purpose
    for line in lines:
        stage.people[line["key"]] = _person(stage, line, password)
    User.objects.bulk_create(stage.people.values())
    EmailAddress.objects.bulk_create(
        EmailAddress(user=user, email=user.email, verified=True, primary=True) for user in stage.people.values()
    )
    for user in stage.people.values():
        stage.note(user, "join", user.joined_at, by=user)
    _put_memberships(stage, lines)


def _person(stage: Stage, line: dict[str, Any], password: str) -> User:
    fields = {name: value for name, value in line.items() if name not in ("key", "organisation", "role")}
    can_sign_in = line["email"].endswith(DOMAIN)
    joined = stage.ago(JOINED)
    return User(password=password if can_sign_in else make_password(None), joined_at=joined, agreed_at=joined, **fields)


def _put_memberships(stage: Stage, lines: list[dict[str, Any]]) -> None:
    rows = [
        Membership(
            user=stage.people[line["key"]],
            organisation=stage.organisations[line["organisation"]],
            role=Role(line["role"]),
            state=MembershipState.CONFIRMED,
        )
        for line in lines
        if "organisation" in line
    ]
    Membership.objects.bulk_create(rows)
    asked, answered = stage.ago(JOINED - 1), stage.ago(JOINED - 3)
    Membership.objects.filter(pk__in=[row.pk for row in rows]).update(created_at=asked, updated_at=answered)
    for row in rows:
        stage.note(row, "request", asked, by=row.user, after=MembershipState.REQUESTED)
        stage.note(
            row,
            "confirm",
            answered,
            by=stage.people["staff"],
            before=MembershipState.REQUESTED,
            after=MembershipState.CONFIRMED,
        )

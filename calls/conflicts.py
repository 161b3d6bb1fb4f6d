"""Conflicts of interest, as questions the database answers: one truth for lists, counts, exports, deeds and spreading.

A person conflicts with an application when they take part in it (or were invited to), when they hold a confirmed
membership in its organisation or in one where its applicant or a co-applicant holds one, or when they said so.

Each question takes an application and a person, either as a primary key or as an `OuterRef` to one, and gives a
condition for the rows of the outer query.
"""

from typing import Any

from django.apps import apps
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Lower

from calls.enums import ReviewState
from portal.accounts.enums import MembershipState

Row = int | OuterRef
HELD = MembershipState.CONFIRMED


def between(application: Row, person: Row) -> Q:
    """Whether the person must not judge the application, for whatever reason."""
    return taking_part(application, person) | working_together(application, person) | declared(application, person)


def taking_part(application: Row, person: Row) -> Q:
    """Applicant, co-applicant, or invited as one under an address of their account, be it their second."""
    team = _model("TeamMember").objects.filter(application=application)
    account = apps.get_model("accounts", "User").objects.filter(email=Lower(OuterRef("address")))
    verified = apps.get_model("account", "EmailAddress").objects.filter(email=Lower(OuterRef("address")), verified=True)
    invited = team.alias(account=Subquery(account.values("pk")), other=Subquery(verified.values("user")[:1])).filter(
        Q(user=person) | Q(account=person) | Q(other=person)
    )
    return Q(Exists(_applications(application).filter(applicant=person))) | Q(Exists(invited))


def working_together(application: Row, person: Row) -> Q:
    """Confirmed members of one organisation: the application's, or one in which its people work."""
    named = _applications(application).filter(
        organisation__memberships__user=person, organisation__memberships__state=HELD
    )
    with_applicant = _applications(application).filter(**_colleague("applicant", person))
    with_team = _model("TeamMember").objects.filter(application=application).filter(**_colleague("user", person))
    return Q(Exists(named)) | Q(Exists(with_applicant)) | Q(Exists(with_team))


def declared(application: Row, person: Row) -> Q:
    """They were asked for a review and declared a conflict."""
    reviews = _model("Review").objects.filter(application=application, reviewer=person, state=ReviewState.CONFLICT)
    return Q(Exists(reviews))


def exists_between(application: Any, person: Any) -> bool:
    """Whether this person conflicts with this application."""
    return bool(_applications(application.pk).filter(between(application.pk, person.pk)).exists())


def takes_part(application: Any, person: Any) -> bool:
    """Whether this person is, or is invited to be, one of the application's people."""
    return bool(_applications(application.pk).filter(taking_part(application.pk, person.pk)).exists())


def pairs(call: Any) -> set[tuple[int, int]]:
    """Every (application, panel member) of a call, as primary keys, who conflict. One statement."""
    met = _model("Application").objects.filter(call=call).annotate(person=F("call__panel__user"))
    rows = met.filter(between(OuterRef("pk"), OuterRef("person")))
    return set(rows.order_by().values_list("pk", "person"))


def _colleague(who: str, person: Row) -> dict[str, Any]:
    """The conditions, on one row of memberships each, that `who` and the person are members of one organisation."""
    there = f"{who}__memberships__organisation__memberships"
    return {f"{who}__memberships__state": HELD, f"{there}__state": HELD, f"{there}__user": person}


def _applications(pk: Row) -> Any:
    return _model("Application").objects.filter(pk=pk)


def _model(name: str) -> Any:
    return apps.get_model("calls", name)

"""A call in judgement: an application in review to the Alpine diffractometer, two criteria, a panel of one."""

import pytest

from calls.models import Application, Call, Criterion, PanelMember, Review
from tests.factories.applications import ApplicationFactory, CriterionFactory, PanelMemberFactory, ReviewFactory
from tests.factories.calls import CallFactory


@pytest.fixture
def call(instrument) -> Call:
    return CallFactory(slug="diffraction", title_en="Diffraction time", closed=True, instruments=[instrument])


@pytest.fixture
def criteria(call) -> list[Criterion]:
    return [
        CriterionFactory(call=call, name_en="Merit", name_fr="Mérite", weight=60, position=1),
        CriterionFactory(call=call, name_en="Plan", name_fr="Plan", weight=40, position=2),
    ]


@pytest.fixture
def apply(call, institute, instrument, researcher):
    """Make an application of somebody at the institute, by default the researcher's, in the state of a trait."""

    def applied(**fields) -> Application:
        given = {"applicant": researcher, "title": "Copper complexes", "organisation": institute} | fields
        return ApplicationFactory(call=call, instrument=instrument, **given)

    return applied


@pytest.fixture
def application(apply) -> Application:
    return apply(review=True)


@pytest.fixture
def member(call, reviewer) -> PanelMember:
    return PanelMemberFactory(call=call, user=reviewer)


@pytest.fixture
def review(application, criteria, member) -> Review:
    return ReviewFactory(application=application, reviewer=member.user)

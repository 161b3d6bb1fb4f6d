"""Rows of the same name, made at the same moment, get an address each: a button pressed twice is no fault of ours."""

from collections.abc import Callable
from itertools import count
from typing import Any

import pytest

from calls.actions.call import create_call
from calls.models import Call
from instruments.actions.edit import create_instrument
from instruments.models import Instrument
from portal.stories.actions.event import create_event
from portal.stories.actions.page import create_page, hide_page, save_page
from portal.stories.actions.story import begin_story
from portal.stories.models import Event, Page, Story
from tests.factories.accounts import OrganisationFactory, UserFactory
from tests.factories.calls import CallFactory
from tests.factories.stories import EventFactory
from tests.instruments.test_training_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def _call(by: Any) -> Callable[[], object]:
    like = CallFactory.build()
    names = ("kind", "opens_at", "closes_at", "time_zone")
    fields = {name: getattr(like, name) for name in names}
    return lambda: create_call(by=by, title_en="The same", **fields)


def _event(by: Any) -> Callable[[], object]:
    like = EventFactory.build()
    fields = {name: getattr(like, name) for name in ("kind", "starts_at", "ends_at", "time_zone")}
    return lambda: create_event(by=by, title_en="The same", **fields)


def _instrument(by: Any) -> Callable[[], object]:
    laboratory = OrganisationFactory()
    fields: dict[str, Any] = {"name_en": "The same", "time_zone": "Africa/Nairobi", "place": "Nairobi"}
    return lambda: create_instrument(by=by, organisation=laboratory, techniques=[], **fields)


def _page(by: Any) -> Callable[[], object]:
    return lambda: create_page(by=by, title_en="The same", body_en="Words", section="about")


def _story(by: Any) -> Callable[[], object]:
    number = count()  # the very same form sent again begins nothing
    return lambda: begin_story(by=by, sender=by, title_en="The same", kind="access", body_en=f"Text {next(number)}")


@pytest.mark.parametrize(
    ("model", "making"),
    [(Call, _call), (Event, _event), (Instrument, _instrument), (Page, _page), (Story, _story)],
    ids=["call", "event", "instrument", "page", "story"],
)
def test_the_same_name_at_the_same_moment(model: Any, making: Callable[[Any], Callable[[], object]]) -> None:
    deed = making(UserFactory(is_staff=True, is_superuser=True))
    assert at_once(*[deed] * 4) == ["", "", "", ""]
    assert sorted(model.objects.values_list("slug", flat=True)) == ["the-same", *(f"the-same-{n}" for n in (2, 3, 4))]


def test_a_page_that_came_with_the_portal_is_hidden_or_saved_first_by_one() -> None:
    staff = UserFactory(is_staff=True)
    assert at_once(*[lambda: hide_page("partners", by=staff)] * 4) == ["", "", "", ""]
    assert (Page.objects.get().version, Page.objects.get().is_shown) == (1, False)
    saving = [lambda text=text: save_page("cookies", by=staff, version=0, summary_en=text) for text in ("A", "B", "C")]
    assert at_once(*saving) == ["", "conflict", "conflict"]

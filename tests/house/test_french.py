"""Words that English says alike and French does not, where people read them."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.template import Context, Template
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from calls.forms.call import CallFilter
from donations.gift_words import DEEDS as GIFT_DEEDS
from donations.words import DEEDS as MATCH_DEEDS
from portal.core.templatetags.ui import colon
from portal.stories.forms.event_filter import EventFilter
from portal.stories.forms.story_filter import StoryFilter
from portal.stories.views.event.desk import HAPPENED
from tests.factories.accounts import OrganisationFactory
from tests.factories.donations import FollowUpFactory
from tests.factories.stories import ConsentFactory, StoryFactory

pytestmark = pytest.mark.django_db


def page(client: Client, name: str, *args: Any, query: str = "") -> str:
    with translation.override("fr"):
        address = reverse(name, args=args)
    return client.get(address + query).content.decode()


def test_a_person_shown_agrees_and_is_no_agreement_with_a_laboratory(client, staff) -> None:
    story = StoryFactory(shows_people=True)
    ConsentFactory(story=story)
    client.force_login(staff)
    for name in ("stories:people", "stories:check", "desk_stories:story"):
        text = page(client, name, story.slug)
        assert ("accord donné" in text, "conclue" in text) == (True, False), name


def test_the_organisation_that_stays_is_kept_like_no_promise(client, staff) -> None:
    first = OrganisationFactory(name="Lake College", country="KE")
    second = OrganisationFactory(name="Lake college", country="KE")
    client.force_login(staff)
    for text in (
        page(client, "desk_accounts:doubles"),
        page(client, "desk_accounts:merge", first.slug, query=f"?into={second.slug}"),
    ):
        assert ("Conservée" in text, "Respecté" in text) == (True, False)


def test_a_column_of_answers_asks_nobody_to_answer(client, staff) -> None:
    FollowUpFactory(state="silent")
    client.force_login(staff)
    text = page(client, "desk_donations:follow_ups")
    assert ("Réponse</th>" in text, "Répondre" in text) == (True, False)


@pytest.mark.parametrize(
    ("said", "french"),
    [
        (HAPPENED["cancel"], "Annulé"),
        (GIFT_DEEDS["withdraw"], "Retirée"),
        (MATCH_DEEDS["propose"], "Proposé"),
    ],
)
def test_what_was_done_agrees_with_what_it_was_done_to(said: Any, french: str) -> None:
    with translation.override("fr"):
        assert str(said) == french


def test_all_of_them_agrees_with_what_is_chosen_from() -> None:
    with translation.override("fr"):
        events = EventFilter(years=[2024], countries=["KE"])
        fields = [
            CallFilter(techniques=[]).fields["technique"],
            StoryFilter({}, [], []).fields["technique"],
            events.fields["year"],
        ]
        assert [str(field.choices[0][1]) for field in fields] == ["Toutes"] * 3
        assert str(events.fields["country"].choices[0][1]) == "Tous"


def test_a_colon_has_the_space_before_it_that_french_sets() -> None:
    with translation.override("fr"):
        assert colon() == "\u00a0: "
    with translation.override("en"):
        assert colon() == ": "


def test_two_clocks_have_the_space_between_them_that_french_sets() -> None:
    words = "{% moment when also='Africa/Lagos' %}"
    when = datetime(2027, 3, 1, 12, tzinfo=UTC)
    for language, between in (("fr", "\u202f; <bdi>"), ("en", "; <bdi>")):
        with translation.override(language), timezone.override("Africa/Nairobi"):
            assert between in Template(words).render(Context({"when": when})), language


@pytest.mark.parametrize("left", [0, 1, 2])
def test_none_is_not_told_as_one(left: int) -> None:
    """French says 0 in the singular: a singular without its number would say that one is there."""
    one, many = "One piece is to be had.", "%(number)s pieces are to be had."
    with translation.override("fr"):
        assert f"{left} pièce" in translation.ngettext(one, many, left) % {"number": left}

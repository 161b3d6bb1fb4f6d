"""Photographs of an instrument: who looks after them, where they are shown, and to whom."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from instruments import actions
from instruments.models import Instrument
from portal.accounts.models import User
from portal.audit.actions import history_of
from portal.core.errors import Forbidden, Refused
from portal.core.files import PICTURE, check_upload
from portal.stories.actions.picture import add_picture, change_picture, prepare_pictures, remove_picture
from portal.stories.models import Event, Picture
from tests.factories.stories import EventFactory, PictureFactory, VariantFactory
from tests.support.uploads import picture, upload

pytestmark = pytest.mark.django_db
WORDS = {"alt_en": "The goniometer", "alt_fr": "Le goniomètre"}


def checked(name: str = "bench") -> Any:
    return check_upload(upload(picture("JPEG", size=(800, 600)), name), kinds=(PICTURE,))


def shown(instrument: Instrument, **fields: Any) -> Picture:
    """One that workers have drawn."""
    row: Picture = PictureFactory(story=None, instrument=instrument, state="ready", **fields)
    for kind in ("jpg", "webp"):
        VariantFactory(picture=row, format=kind, width=360)
    return row


def signed_in(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def test_an_operator_adds_one_and_everybody_sees_it(instrument: Instrument, operator: User, client: Client) -> None:
    at_lab, url = signed_in(operator), f"/en/instruments/{instrument.slug}/pictures/"
    assert f'href="{url}"' in at_lab.get(f"/en/desk/instruments/{instrument.slug}/").content.decode()
    page = at_lab.get(url).content.decode()
    assert "At most 6." in page
    assert f'href="/en/desk/instruments/{instrument.slug}/"' in page
    assert at_lab.post(url, {"file": upload(picture(), "bench.png"), **WORDS}).status_code == 302
    row = instrument.pictures.get()
    assert prepare_pictures() == 1
    page = client.get(instrument.get_absolute_url()).content.decode()
    assert 'alt="The goniometer"' in page
    assert 'loading="lazy"' in page
    assert 'property="og:image" content="http' in page
    address = row.variants.filter(format="jpg").first().get_absolute_url()
    answer = client.get(address)
    assert (answer.status_code, answer["Cache-Control"]) == (200, "public, max-age=31536000, immutable")
    assert "A picture was added" in at_lab.get(f"/en/desk/instruments/{instrument.slug}/").content.decode()
    assert at_lab.post(f"{url}{row.pk}/remove/").status_code == 302
    assert client.get(address).status_code == 404
    assert [entry.verb for entry in history_of(instrument)] == ["remove_picture", "add_picture"]


WHO = ["researcher", "focal_point", "reviewer", "donor", "stranger_operator", "stranger_researcher"]


@pytest.mark.parametrize("who", WHO)
def test_nobody_else_may(who: str, instrument: Instrument, staff: User, request: pytest.FixtureRequest) -> None:
    person, row = request.getfixturevalue(who), shown(instrument)
    for deed in (
        lambda: add_picture(instrument, checked(), WORDS, by=person),
        lambda: change_picture(row, WORDS, by=person),
        lambda: remove_picture(row, by=person),
    ):
        with pytest.raises(Forbidden):
            deed()
    assert signed_in(person).get(f"/en/instruments/{instrument.slug}/pictures/").status_code == 403
    assert signed_in(staff).get(f"/en/instruments/{instrument.slug}/pictures/").status_code == 200
    assert instrument.pictures.get() == row


def test_six_are_enough(instrument: Instrument, operator: User) -> None:
    PictureFactory.create_batch(6, story=None, instrument=instrument)
    with pytest.raises(Refused) as refused:
        add_picture(instrument, checked(), WORDS, by=operator)
    assert (refused.value.codes, instrument.pictures.count()) == (["too_many"], 6)


@pytest.mark.parametrize("state", ["refused", "withdrawn", "retired"])
def test_nothing_changes_of_what_is_no_longer_offered(state: str, instrument: Instrument, operator: User) -> None:
    row = shown(instrument)
    Instrument.objects.update(state=state)
    for deed in (
        lambda: add_picture(instrument, checked(), WORDS, by=operator),
        lambda: change_picture(row, WORDS, by=operator),
        lambda: remove_picture(row, by=operator),
    ):
        with pytest.raises(Refused) as refused:
            deed()
        assert refused.value.codes == ["final"]
    page = signed_in(operator).get(f"/en/instruments/{instrument.slug}/pictures/").content.decode()
    assert "no longer offered" in page
    assert "Add the picture" not in page
    assert signed_in(operator).get(f"/en/instruments/{instrument.slug}/pictures/{row.pk}/").status_code == 302


@pytest.mark.parametrize(
    ("state", "seen_by"),
    [
        ("listed", {"visitor", "researcher", "stranger_operator", "operator", "staff"}),
        ("suspended", {"visitor", "researcher", "stranger_operator", "operator", "staff"}),
        ("draft", {"operator", "staff"}),
        ("retired", {"operator", "staff"}),
    ],
)
def test_its_bytes_are_for_those_who_see_the_instrument(
    state: str, seen_by: set[str], instrument: Instrument, request: pytest.FixtureRequest
) -> None:
    drawing = shown(instrument).variants.filter(format="jpg").get()
    Instrument.objects.update(state=state)
    for who in ("visitor", "researcher", "stranger_operator", "operator", "staff"):
        person = request.getfixturevalue(who)
        client = Client() if who == "visitor" else signed_in(person)
        assert client.get(drawing.get_absolute_url()).status_code == (200 if who in seen_by else 404), who


def test_both_languages_before_it_is_listed(instrument: Instrument, operator: User, staff: User) -> None:
    Instrument.objects.update(state="draft")
    row = add_picture(instrument, checked(), {"alt_en": "The goniometer"}, by=operator)
    with pytest.raises(Refused) as refused:
        actions.list_instrument(instrument, by=staff)
    assert refused.value.codes == ["no_words"]
    instrument.refresh_from_db()
    assert instrument.state == "draft"
    change_picture(row, WORDS, by=operator)
    assert actions.list_instrument(instrument, by=staff).state == "listed"
    with pytest.raises(Refused):
        change_picture(row, {"alt_fr": ""}, by=operator)


@pytest.mark.parametrize("number", [1, 3])
def test_the_first_is_shown_and_the_others_are_links(
    number: int, client: Client, instrument: Instrument, django_assert_num_queries: Any
) -> None:
    for place in range(number):
        shown(instrument, position=place, alt_en=f"View {place}", credit="Amina")
    PictureFactory(story=None, instrument=instrument, alt_en="Not drawn yet")
    with django_assert_num_queries(8):  # instrument, techniques, units, hours, pictures, drawings, closures, trainings
        page = client.get(instrument.get_absolute_url()).content.decode()
    assert page.count("<img") == 1
    assert 'alt="View 0"' in page
    assert page.count("Show the picture") == number - 1
    assert "Not drawn yet" not in page


def test_with_little_data_all_are_links(client: Client, instrument: Instrument) -> None:
    shown(instrument)
    page = client.get(instrument.get_absolute_url(), headers={"Save-Data": "on"}).content.decode()
    assert "<picture" not in page
    assert "Show the picture" in page


def test_without_any_its_page_is_as_before(client: Client, instrument: Instrument) -> None:
    page = client.get(instrument.get_absolute_url()).content.decode()
    assert "og:image" not in page
    assert "programme.css" not in page
    assert "card-art" in page


@pytest.mark.parametrize("both", [True, False])
def test_a_picture_is_of_one_thing(both: bool, instrument: Instrument) -> None:
    event: Event | None = EventFactory() if both else None
    with pytest.raises(IntegrityError), transaction.atomic():
        PictureFactory(story=None, event=event, instrument=instrument if both else None)

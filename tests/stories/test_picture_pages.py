"""Pages of pictures: looking after them, files that lie, who fetches which bytes, little data."""

import io
import struct
import zlib

import pytest
from django.template import Context, Template
from django.test import Client, RequestFactory
from PIL import Image

from portal.stories.actions.picture import prepare_pictures
from portal.stories.enums import EventState
from portal.stories.models import Picture, Story
from tests.factories.stories import EventFactory, PictureFactory, StoryFactory, VariantFactory
from tests.support.uploads import pdf, picture, upload

pytestmark = pytest.mark.django_db
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
POLYGLOT = b"GIF89a/*" + SVG + b"*/"


def signed_in(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def png_of(width: int, height: int) -> bytes:
    """A PNG whose head promises that many points, and no more of it than that."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b"")
    )


def jpeg_with_script() -> bytes:
    return picture("JPEG") + b"<script>alert(1)</script>"


@pytest.fixture
def draft(researcher) -> Story:
    return StoryFactory(draft=True, sent_by=researcher, slug="from-lome")


@pytest.fixture
def address(draft) -> str:
    return "/en/stories/from-lome/pictures/"


class TestLookingAfter:
    def test_from_adding_to_removing(self, address, draft, researcher):
        client = signed_in(researcher)
        assert "No pictures yet." in client.get(address).content.decode()
        sent = {"file": upload(picture("JPEG", size=(800, 600)), "bench.jpg"), "alt_en": "The bench", "credit": "Amina"}
        assert client.post(address, sent).status_code == 302
        row = draft.pictures.get()
        page = client.get(address).content.decode()
        assert "It is being prepared" in page
        assert 'data-refresh="?rows"' in page
        assert "X-Stop" not in client.get(f"{address}?rows")
        assert prepare_pictures() == 1
        rows = client.get(f"{address}?rows")
        assert rows["X-Stop"] == "1"
        assert rows.content.decode().count(f"/pictures/{row.pk}/") >= 6
        assert "<html" not in rows.content.decode()
        typed = {"alt_en": "The bench", "alt_fr": "La paillasse", "ratio": "1:1", "focus": "17-50", "position": 1}
        assert client.post(f"{address}{row.pk}/", typed).status_code == 302
        row.refresh_from_db()
        assert (row.alt_fr, row.ratio, row.focus_x, row.focus_y, row.state) == (
            "La paillasse",
            "1:1",
            17,
            50,
            "waiting",
        )
        assert client.post(f"{address}{row.pk}/remove/").status_code == 302
        assert not draft.pictures.exists()

    def test_of_an_event_staff_alone(self, staff, researcher):
        row = PictureFactory(story=None, event=EventFactory(slug="cairo"), state="failed")
        assert signed_in(researcher).get("/en/events/cairo/pictures/").status_code == 403
        client = signed_in(staff)
        assert "It could not be prepared" in client.get("/en/events/cairo/pictures/").content.decode()
        assert client.post(f"/en/events/cairo/pictures/{row.pk}/again/").status_code == 302
        row.refresh_from_db()
        assert row.state == "waiting"

    def test_a_finer_focus_stays_unless_another_point_is_chosen(self, address, draft, researcher):
        row = PictureFactory(story=draft, focus_x=60, focus_y=45)
        typed = {"alt_en": "A", "ratio": "3:2", "focus": "50-50", "position": 1}
        signed_in(researcher).post(f"{address}{row.pk}/", typed)
        row.refresh_from_db()
        assert (row.focus_x, row.focus_y, row.alt_en, row.alt_fr) == (60, 45, "A", "")

    @pytest.mark.parametrize(
        ("content", "alt", "sentence"),
        [
            (SVG, "Words", "Send a picture as JPEG, PNG or WebP"),
            (POLYGLOT, "Words", "Send a picture as JPEG, PNG or WebP"),
            (pdf(), "Words", "Send a picture as JPEG, PNG or WebP"),
            (png_of(20_000, 15_000), "Words", "more than 30 million points"),
            (picture("JPEG", size=(400, 300))[:500], "Words", "damaged or incomplete"),
            (b"", "Words", "This file is empty"),
            (b"\xff\xd8\xff" + b"\0" * (10 * 1024 * 1024), "Words", "this one is larger"),
            (picture(), "", "what the picture shows"),
            (picture(), "x" * 251, "at most 250"),
        ],
        ids=["svg", "polyglot", "pdf", "300 megapixels", "cut", "empty", "large", "no words", "many words"],
    )
    def test_what_is_no_picture_is_said(self, content, alt, sentence, address, draft, researcher):
        answer = signed_in(researcher).post(address, {"file": upload(content, "bench.jpg"), "alt_en": alt})
        page = answer.content.decode()
        assert (answer.status_code, draft.pictures.count()) == (400, 0)
        assert sentence in page
        assert "<title>Error: " in page

    def test_what_hangs_on_a_picture_is_not_kept(self, address, draft, researcher):
        sent = {"file": upload(jpeg_with_script(), "bench.jpg"), "alt_en": "The bench"}
        assert signed_in(researcher).post(address, sent).status_code == 302
        with draft.pictures.get().file.open("rb") as kept:
            assert b"script" not in kept.read()

    def test_full_is_said(self, address, draft, researcher):
        PictureFactory.create_batch(8, story=draft)
        client = signed_in(researcher)
        assert "There is no room for more." in client.get(address).content.decode()
        sent = {"file": upload(picture()), "alt_en": "One more"}
        answer = client.post(address, sent)
        assert (answer.status_code, draft.pictures.count()) == (422, 8)

    def test_strangers_find_nothing(self, address, draft, stranger_researcher, researcher):
        row = PictureFactory(story=draft)
        other = PictureFactory()
        assert Client().get(address).status_code == 302
        stranger = signed_in(stranger_researcher)
        for place in (address, f"{address}{row.pk}/"):
            assert stranger.get(place).status_code == 404
        assert stranger.post(f"{address}{row.pk}/remove/").status_code == 404
        writer = signed_in(researcher)
        assert writer.get(f"{address}{other.pk}/").status_code == 404
        assert writer.post(f"{address}{other.pk}/remove/").status_code == 404
        assert writer.get("/en/calls/from-lome/pictures/").status_code == 404
        assert Picture.objects.count() == 2

    @pytest.mark.parametrize("number", [1, 3])
    def test_a_fixed_number_of_statements(self, number, address, draft, researcher, django_assert_num_queries):
        for row in PictureFactory.create_batch(number, story=draft):
            VariantFactory.create_batch(1, picture=row)
        client = signed_in(researcher)
        client.get(address)
        with django_assert_num_queries(6):
            client.get(address)


class TestBytes:
    def test_public_ones_are_kept_for_ever(self, django_assert_num_queries):
        row = VariantFactory(content=picture("JPEG"))
        with django_assert_num_queries(1):
            answer = Client().get(row.get_absolute_url(), headers={"Accept-Encoding": "gzip"})
        assert answer.content == picture("JPEG")
        assert answer["Content-Type"] == "image/jpeg"
        assert answer["Cache-Control"] == "public, max-age=31536000, immutable"
        assert "Content-Encoding" not in answer
        assert answer["ETag"] == f'"{row.digest}"'
        again = Client().get(row.get_absolute_url(), headers={"If-None-Match": answer["ETag"]})
        assert (again.status_code, again.content) == (304, b"")

    def test_of_a_draft_its_people_alone_and_kept_by_nobody(self, draft, researcher, staff, stranger_researcher):
        row = VariantFactory(picture__story=draft)
        for person in (researcher, staff):
            answer = signed_in(person).get(row.get_absolute_url())
            assert (answer.status_code, answer["Cache-Control"]) == (200, "private, no-store")
        assert signed_in(stranger_researcher).get(row.get_absolute_url()).status_code == 404
        assert Client().get(row.get_absolute_url()).status_code == 404

    def test_what_is_taken_off_is_gone(self):
        row = VariantFactory()
        Story.objects.update(state="archived")
        assert Client().get(row.get_absolute_url()).status_code == 404

    def test_of_events_once_announced(self):
        row = VariantFactory(picture__story=None, picture__event=EventFactory())
        secret = EventFactory(state=EventState.DRAFT, published_at=None)
        hidden = VariantFactory(picture__story=None, picture__event=secret)
        assert Client().get(row.get_absolute_url()).status_code == 200
        assert Client().get(hidden.get_absolute_url()).status_code == 404

    def test_only_under_its_own_name(self):
        row = VariantFactory()
        right = row.get_absolute_url()
        for wrong in (
            right.replace(row.digest, "0" * 16),
            right.replace("-360", "-720"),
            right.replace(".jpg", ".webp"),
            right.replace(".jpg", ".svg"),
            right.replace("-360", f"-{10**30}"),
        ):
            assert Client().get(wrong).status_code == 404
        assert Client().post(right).status_code == 405

    def test_bytes_that_are_lost_are_not_found(self):
        row = VariantFactory()
        row.file.storage.delete(row.file.name)
        assert Client().get(row.get_absolute_url()).status_code == 404


def drawn_picture(**fields) -> Picture:
    row = PictureFactory(state="ready", **fields)
    for kind in ("avif", "webp", "jpg"):
        for width in (360, 720):
            VariantFactory(picture=row, format=kind, width=width, height=width * 2 // 3, content=b"x" * 40_000)
    return row


def shown(row, *, more="", **headers) -> str:
    request = RequestFactory().get("/en/", headers=headers)
    return Template("{% load pictures %}{% picture row " + more + "%}").render(
        Context({"row": row, "request": request})
    )


class TestTag:
    def test_every_format_and_width(self, django_assert_num_queries):
        made = drawn_picture(caption_en="At home", credit="Amina")
        row = Picture.objects.drawn().get(pk=made.pk)
        with django_assert_num_queries(0):
            html = shown(row)
        assert html.index("image/avif") < html.index("image/webp") < html.index("<img")
        assert (html.count(" 360w"), html.count(" 720w")) == (3, 3)
        for part in ('alt="A crystal on a pin"', 'width="720"', 'height="480"', 'loading="lazy"', 'decoding="async"'):
            assert part in html
        assert "At home" in html
        assert "Photograph: Amina" in html

    def test_in_a_card_and_at_the_head(self):
        html = shown(drawn_picture(caption_en="At home"), more='sizes="10rem" caption=False eager=True ')
        assert 'sizes="10rem"' in html
        assert "At home" not in html
        assert "lazy" not in html

    def test_words_of_another_language_say_so(self):
        assert 'alt="Un cristal" lang="fr"' in shown(drawn_picture(alt_en="", alt_fr="Un cristal"))

    def test_nothing_before_it_is_drawn(self):
        assert shown(PictureFactory()).strip() == ""

    @pytest.mark.parametrize(
        ("headers", "is_link"),
        [
            ({}, False),
            ({"Save-Data": "on"}, True),
            ({"Save-Data": "off"}, False),
            ({"Cookie": "low_data=1"}, True),
            ({"Cookie": "low_data=0", "Save-Data": "on"}, False),
            ({"Cookie": "low_data=nonsense"}, False),
        ],
    )
    def test_where_little_data_is_wanted_a_link_says_what_it_weighs(self, headers, is_link):
        html = shown(drawn_picture(), **headers)
        assert ("<img" not in html) is is_link
        assert ("Show the picture (39.1\xa0KB)" in html) is is_link
        assert ("A crystal on a pin</span>" in html) is is_link
        assert (".webp" in html and "-720" in html) is True

    def test_a_whole_address_for_other_sites(self, settings):
        row = drawn_picture()
        address = Template("{% load pictures %}{% picture_address row %}").render(Context({"row": row}))
        assert address == settings.SITE_URL + row.variants.get(format="jpg", width=720).get_absolute_url()


class TestSwitch:
    def test_the_choice_stays_and_leads_back(self):
        client = Client(enforce_csrf_checks=True)
        back = "http://testserver/en/calls/?q=x"
        answer = client.post("/en/low-data/", {"low_data": "1"}, headers={"Referer": back})
        assert (answer.status_code, answer["Location"]) == (302, back)
        cookie = answer.cookies["low_data"]
        assert (cookie.value, cookie["httponly"], cookie["samesite"]) == ("1", True, "Lax")
        assert client.get("/en/about/").context["low_data"] is True
        client.post("/en/low-data/", {"low_data": "0"})
        assert client.get("/en/about/", headers={"Save-Data": "on"}).context["low_data"] is False

    @pytest.mark.parametrize("chosen", ["", "2", "yes", "\0"])
    def test_nonsense_is_refused(self, chosen):
        answer = Client().post("/en/low-data/", {"low_data": chosen})
        assert answer.status_code == 400
        assert not answer.cookies.get("low_data")

    def test_nobody_is_led_away(self):
        answer = Client().post("/en/low-data/", {"low_data": "1"}, headers={"Referer": "https://example.org/"})
        assert answer["Location"] == "/en/"
        assert Client().get("/en/low-data/").status_code == 405

    def test_pages_say_that_they_differ(self):
        assert {"Save-Data", "Cookie"} <= set(Client().get("/en/about/")["Vary"].split(", "))
        assert "Save-Data" not in Client().get("/robots.txt").get("Vary", "")


def test_png_head_is_what_it_says():
    with Image.open(io.BytesIO(png_of(300, 200))) as opened:
        assert opened.size == (300, 200)

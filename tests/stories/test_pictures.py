"""Pictures: checked, drawn anew, cropped and drawn by workers; changed by those who may change what they belong to."""

import io
from datetime import timedelta

import pytest
import time_machine
from django.core.files.storage import default_storage
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from PIL import Image

from portal.audit.actions import history_of
from portal.core.errors import Forbidden, Refused, Taken, WrongState
from portal.core.files import PICTURE, check_upload
from portal.stories.actions.picture import add_picture, change_picture, prepare_pictures, remove_picture, try_again
from portal.stories.actions.picture.prepare import claim, prepare
from portal.stories.cropping import crop_box, widths_of
from portal.stories.models import Picture, Story
from portal.stories.states import PICTURE_MOVES
from tests.factories.stories import EventFactory, PictureFactory, StoryFactory, VariantFactory
from tests.support.moves import check_move
from tests.support.uploads import picture, upload

pytestmark = pytest.mark.django_db
WORDS = {"alt_en": "A crystal on a pin", "alt_fr": "Un cristal sur une pointe"}
MOVES = {
    ("prepare", "waiting"): "ready",
    ("give_up", "waiting"): "failed",
    ("again", "ready"): "waiting",
    ("again", "failed"): "waiting",
}


def checked(kind="JPEG", **made):
    return check_upload(upload(picture(kind, **made), "Bench at home"), kinds=(PICTURE,))


def halves(size=(900, 600)) -> bytes:
    """Red on the left, blue on the right."""
    drawn, out = Image.new("RGB", size, "red"), io.BytesIO()
    drawn.paste("blue", (size[0] // 2, 0, *size))
    drawn.save(out, format="PNG")
    return out.getvalue()


def stored() -> set[str]:
    folders = default_storage.listdir("private/stories")[0] if default_storage.exists("private/stories") else []
    return {name for folder in folders for name in default_storage.listdir(f"private/stories/{folder}")[1]}


def opened(file) -> Image.Image:
    with file.open("rb") as bytes_:
        return Image.open(io.BytesIO(bytes_.read()))


@pytest.fixture
def draft(researcher) -> Story:
    return StoryFactory(draft=True, sent_by=researcher)


@pytest.mark.parametrize("state", ["waiting", "ready", "failed"])
@pytest.mark.parametrize("verb", PICTURE_MOVES)
def test_every_state_with_every_verb(verb, state):
    check_move(PICTURE_MOVES, MOVES, verb, state)


class TestCrop:
    @pytest.mark.parametrize(
        ("size", "ratio", "focus", "box"),
        [
            ((1600, 1200), "as_is", (0, 0), (0, 0, 1600, 1200)),
            ((1600, 1200), "3:2", (50, 50), (0, 67, 1600, 1133)),
            ((1600, 1200), "3:2", (50, 0), (0, 0, 1600, 1066)),
            ((1600, 1200), "3:2", (50, 100), (0, 134, 1600, 1200)),
            ((1600, 1200), "1:1", (0, 50), (0, 0, 1200, 1200)),
            ((1600, 1200), "1:1", (60, 50), (360, 0, 1560, 1200)),
            ((1600, 1200), "1:1", (100, 50), (400, 0, 1600, 1200)),
            ((3000, 1), "3:2", (100, 100), (2999, 0, 3000, 1)),
            ((1, 3000), "1:1", (50, 50), (0, 1500, 1, 1501)),
        ],
    )
    def test_the_largest_part_about_the_focus(self, size, ratio, focus, box):
        assert crop_box(*size, ratio, *focus) == box

    @pytest.mark.parametrize(
        ("wide", "widths"), [(2000, [360, 720, 1080]), (900, [360, 720, 900]), (700, [360, 700]), (40, [40])]
    )
    def test_never_wider_than_it_is(self, wide, widths):
        assert widths_of((100, 0, 100 + wide, 10)) == widths


class TestAdd:
    def test_without_what_its_camera_knew(self, draft, researcher):
        exif = Image.Exif()
        exif[0x010F] = "Camera of Amina"
        exif.get_ifd(0x8825)[2] = (6.0, 8.0, 13.0)  # where it was taken
        row = add_picture(draft, checked(size=(3600, 1800), exif=exif), WORDS | {"credit": " Amina "}, by=researcher)
        assert (row.width, row.height, row.state, row.position, row.credit) == (3000, 1500, "waiting", 1, "Amina")
        kept = opened(row.file)
        assert (kept.format, kept.size, len(kept.getexif()), "exif" in kept.info) == ("JPEG", (3000, 1500), 0, False)
        entry = history_of(draft).get()
        assert (entry.verb, entry.by, entry.details["picture"]) == ("add_picture", researcher, row.pk)

    def test_words_are_asked_for_and_in_both_languages_where_all_see_it(self, draft, researcher, staff):
        for thing, words, by in (
            (draft, {"alt_en": "  ", "alt_fr": ""}, researcher),
            (StoryFactory(), {"alt_en": "A crystal"}, staff),
            (EventFactory(), {"alt_fr": "Un cristal"}, staff),
        ):
            with pytest.raises(Refused) as refused:
                add_picture(thing, checked(), words, by=by)
            assert (refused.value.codes, thing.pictures.count()) == (["no_words"], 0)

    def test_eight_are_enough(self, draft, researcher):
        PictureFactory.create_batch(8, story=draft)
        with pytest.raises(Refused) as refused:
            add_picture(draft, checked(), WORDS, by=researcher)
        assert (refused.value.codes, draft.pictures.count()) == (["too_many"], 8)

    def test_the_same_twice_is_said(self, draft, researcher):
        add_picture(draft, checked(), WORDS, by=researcher)
        with pytest.raises(Taken):
            add_picture(draft, checked(), WORDS, by=researcher)

    def test_only_by_those_who_may_change_the_thing(self, draft, researcher, stranger_researcher):
        for thing, by in ((draft, stranger_researcher), (EventFactory(), researcher), (StoryFactory(), researcher)):
            with pytest.raises(Forbidden):
                add_picture(thing, checked(), WORDS, by=by)
        assert not Picture.objects.exists()

    def test_a_row_that_cannot_be_written_leaves_no_file(self, draft, researcher):
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE stories_picture ADD CONSTRAINT no_picture CHECK (credit <> 'Amina')")
        before = stored()
        with pytest.raises(IntegrityError), transaction.atomic():
            add_picture(draft, checked(), WORDS | {"credit": "Amina"}, by=researcher)
        assert stored() == before


class TestPrepare:
    def test_three_formats_at_every_width_it_has(self, draft, researcher):
        row = add_picture(draft, checked(size=(900, 900)), WORDS, by=researcher)
        assert prepare_pictures() == 1
        row.refresh_from_db()
        sizes = {(one.format, one.width, one.height) for one in row.variants.all()}
        assert sizes == {(kind, width, width * 2 // 3) for kind in ("avif", "webp", "jpg") for width in (360, 720, 900)}
        for one in row.variants.all():
            drawn = opened(one.file)
            names = {"AVIF": "avif", "WEBP": "webp", "JPEG": "jpg"}
            assert (names[drawn.format], drawn.size, len(drawn.getexif())) == (one.format, (one.width, one.height), 0)
        entry = history_of(row).get()
        assert (row.state, entry.verb, entry.actor, entry.after) == ("ready", "prepare", "clock", "ready")
        assert prepare_pictures() == 0

    def test_a_photograph_is_light(self, draft, researcher):
        noise = Image.effect_noise((2400, 1600), 90).convert("RGB")
        out = io.BytesIO()
        noise.save(out, format="JPEG", quality=95)
        row = add_picture(draft, check_upload(upload(out.getvalue(), "sand.jpg")), WORDS, by=researcher)
        prepare_pictures()
        sizes = {one.width: one.size for one in row.variants.filter(format="avif")}
        assert sizes[360] < 35_000
        assert sizes[1080] < 70_000

    def test_the_focus_stays_in(self, draft, researcher):
        row = add_picture(
            draft,
            check_upload(upload(halves(), "x.png")),
            WORDS | {"ratio": "1:1", "focus_x": 100, "focus_y": 50},
            by=researcher,
        )
        prepare_pictures()
        red, _green, blue = opened(row.variants.get(format="jpg", width=360).file).convert("RGB").getpixel((350, 180))
        assert blue > 200 > 50 > red
        red, _green, blue = opened(row.variants.get(format="jpg", width=360).file).convert("RGB").getpixel((10, 180))
        assert red > 200 > 50 > blue  # 150 of the 450 red points are left

    def test_a_killed_worker_loses_nothing(self, draft, researcher):
        row = add_picture(draft, checked(size=(400, 300)), WORDS, by=researcher)
        now = timezone.now()
        taken = claim(now)
        assert taken is not None
        assert claim(now) is None  # nobody else takes it while that worker may be drawing
        with time_machine.travel(now + timedelta(minutes=4)):
            assert prepare_pictures() == 1
        row.refresh_from_db()
        assert (row.state, row.attempts) == ("ready", 2)
        assert prepare(taken) is False  # the first one comes to after all
        assert row.variants.count() == 6

    def test_workers_that_die_three_times_over_one_picture_leave_it(self, draft, researcher):
        row = add_picture(draft, checked(), WORDS, by=researcher)
        now = timezone.now()
        for minutes in (0, 4, 8):
            with time_machine.travel(now + timedelta(minutes=minutes)):
                assert claim(timezone.now()) is not None
        with time_machine.travel(now + timedelta(minutes=12)):
            assert prepare_pictures() == 0
        row.refresh_from_db()
        assert (row.state, history_of(row).get().verb) == ("failed", "give_up")

    def test_what_cannot_be_drawn_is_given_up_and_may_be_tried_again(self, draft, researcher):
        row = PictureFactory(story=draft)  # its bytes are no picture
        good = add_picture(draft, checked(), WORDS, by=researcher)
        now = timezone.now()
        for minutes in (0, 4, 8):
            with time_machine.travel(now + timedelta(minutes=minutes)):
                prepare_pictures()
        row.refresh_from_db()
        good.refresh_from_db()
        assert (row.state, row.attempts, good.state) == ("failed", 3, "ready")
        try_again(row, by=researcher)
        row.refresh_from_db()
        assert (row.state, row.attempts) == ("waiting", 0)
        with pytest.raises(WrongState):
            try_again(row, by=researcher)

    def test_a_crop_changed_while_it_is_drawn_wins(self, draft, researcher):
        row = add_picture(draft, checked(size=(900, 600)), WORDS, by=researcher)
        taken = claim(timezone.now())
        change_picture(row, {"ratio": "1:1"}, by=researcher)
        assert prepare(taken) is False
        assert not row.variants.exists()
        assert prepare_pictures() == 1
        assert set(row.variants.values_list("width", "height")) == {(360, 360), (600, 600)}

    def test_a_write_that_fails_keeps_the_old_drawings_and_no_new_file(self, draft, researcher):
        row = add_picture(draft, checked(size=(400, 300)), WORDS, by=researcher)
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE stories_variant ADD CONSTRAINT no_jpeg CHECK (format <> 'jpg')")
        before = stored()
        taken = claim(timezone.now())
        with pytest.raises(IntegrityError), transaction.atomic():
            prepare(taken)
        assert (stored(), row.variants.count()) == (before, 0)


class TestChange:
    def test_words_alone_draw_nothing_anew(self, draft, researcher):
        row = PictureFactory(story=draft, state="ready")
        VariantFactory(picture=row)
        change_picture(row, {"alt_fr": "Une pointe", "caption_en": "Lomé", "ratio": "3:2"}, by=researcher)
        row.refresh_from_db()
        assert (row.state, row.alt_fr, row.alt_en, row.variants.count()) == (
            "ready",
            "Une pointe",
            "A crystal on a pin",
            1,
        )
        assert history_of(draft).get().details["changed"] == ["alt_fr", "caption_en"]

    def test_another_crop_is_drawn_and_the_old_one_goes(self, draft, researcher, django_capture_on_commit_callbacks):
        row = add_picture(draft, checked(size=(400, 300)), WORDS, by=researcher)
        prepare_pictures()
        old = set(row.variants.values_list("file", flat=True))
        change_picture(row, {"ratio": "1:1", "focus_x": 17, "focus_y": 50}, by=researcher)
        assert row.variants.count() == 6  # shown as it was until the new ones are there
        with django_capture_on_commit_callbacks(execute=True):
            assert prepare_pictures() == 1
        assert set(row.variants.values_list("width", "height")) == {(300, 300)}
        assert not any(default_storage.exists(place) for place in old)

    def test_words_of_what_all_see_stay_in_both_languages(self, staff):
        row = PictureFactory()
        with pytest.raises(Refused) as refused:
            change_picture(row, {"alt_fr": " "}, by=staff)
        row.refresh_from_db()
        assert (refused.value.codes, row.alt_fr) == (["no_words"], "Un cristal sur une pointe")

    def test_places_change(self, draft, researcher):
        first, second, third = PictureFactory.create_batch(3, story=draft)
        change_picture(third, {"position": 1}, by=researcher)
        assert list(draft.pictures.all()) == [third, first, second]
        remove_picture(first, by=researcher)
        assert list(draft.pictures.values_list("pk", "position")) == [(third.pk, 1), (second.pk, 2)]

    def test_what_is_removed_is_gone_from_the_store(self, draft, researcher, django_capture_on_commit_callbacks):
        row = add_picture(draft, checked(), WORDS, by=researcher)
        prepare_pictures()
        places = [row.file.name, *row.variants.values_list("file", flat=True)]
        with django_capture_on_commit_callbacks(execute=True):
            remove_picture(row, by=researcher)
            remove_picture(row, by=researcher)
        assert not draft.pictures.exists()
        assert not any(default_storage.exists(place) for place in places)

    @pytest.mark.parametrize("deed", [try_again, lambda row, by: change_picture(row, {"alt_en": "Late"}, by=by)])
    def test_one_that_somebody_took_out_meanwhile_says_so(self, researcher, deed):
        row = PictureFactory(story=StoryFactory(draft=True, sent_by=researcher))
        read_before = Picture.objects.get(pk=row.pk)
        remove_picture(row, by=researcher)
        with pytest.raises(WrongState):
            deed(read_before, by=researcher)

    @pytest.mark.parametrize("deed", [remove_picture, try_again, lambda row, by: change_picture(row, {}, by=by)])
    def test_by_nobody_else(self, deed, draft, stranger_researcher, researcher):
        with pytest.raises(Forbidden):
            deed(PictureFactory(story=draft, state="failed"), by=stranger_researcher)
        draft.state = "in_review"
        draft.save()
        with pytest.raises(Forbidden):
            deed(PictureFactory(story=draft, state="failed"), by=researcher)

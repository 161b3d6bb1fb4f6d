"""Data go to their people: sent in pieces over a line that drops, fetched whole; and a sample gets its label."""

import hashlib
import random
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from bookings.enums import BookingState
from bookings.models import Dataset, Upload
from tests.factories.bookings import BookingFactory
from tests.factories.samples import SampleFactory

MIB = 2**20
CONTENT = random.Random("a run").randbytes(3 * MIB + 7)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "run-1.img"
    path.write_bytes(CONTENT)
    return path


@pytest.fixture
def over(award):
    """A booking that ended yesterday."""
    return BookingFactory(award=award, start=timezone.now() - timedelta(days=1), state=BookingState.COMPLETED)


def test_a_large_file_survives_a_line_that_drops_and_reaches_its_people(
    window, operator, researcher, over, file, tmp_path
):
    lab = window(operator, expects=("net::ERR_FAILED",))
    lab.open(over.get_absolute_url())
    lab.press("Send data")
    lab.page.get_by_label("Title").fill("Cu-1, one run")
    lab.press("Continue")
    dataset = Dataset.objects.get()

    offsets, dropped = [], []

    def once_only(route):
        """The line drops after the first piece."""
        offset = int(route.request.headers.get("upload-offset", -1))
        if route.request.method == "PATCH" and not dropped:
            offsets.append(offset)
            if len(offsets) > 1:
                dropped.append(offset)
                route.abort("failed")
                return
        route.continue_()

    lab.page.route("**/uploads/**", once_only)
    lab.page.locator("input[type=file]").set_input_files(file)
    lab.page.get_by_role("button", name="Send", exact=True).click()
    lab.page.get_by_text("Something broke off; trying again").wait_for()
    assert (offsets, dropped) == ([0, MIB], [MIB])
    assert Upload.objects.get().received == MIB
    lab.page.get_by_text("Sent, and the same here as on your device").wait_for(timeout=60_000)
    sha256 = hashlib.sha256(CONTENT).hexdigest()
    assert [(row.name, row.size, row.sha256) for row in dataset.files.all()] == [("run-1.img", len(CONTENT), sha256)]
    assert lab.violations() == []

    holder = window(researcher)
    holder.open(over.get_absolute_url())
    holder.press("Cu-1, one run")
    assert sha256 in holder.text()
    with holder.page.expect_download() as fetched:
        holder.page.get_by_role("link", name="Download run-1.img").click()
    place = tmp_path / "fetched"
    fetched.value.save_as(place)
    assert (fetched.value.suggested_filename, place.read_bytes() == CONTENT) == ("run-1.img", True)


def test_who_closes_the_page_in_the_middle_goes_on_with_the_same_file(window, operator, over, file):
    dataset = Dataset.objects.create(booking=over, title="Cu-1", kept_until=timezone.now().date() + timedelta(days=30))
    lab = window(operator, expects=("net::ERR_FAILED",))
    lab.open(dataset.get_absolute_url())
    sent = []

    def first_alone(route):
        if route.request.method == "PATCH":
            sent.append(int(route.request.headers["upload-offset"]))
            if len(sent) > 1:
                route.abort("failed")
                return
        route.continue_()

    lab.page.route("**/uploads/**", first_alone)
    choose(lab, file)
    lab.page.get_by_text("Something broke off; trying again").wait_for()
    lab.page.unroute("**/uploads/**")
    lab.page.on("dialog", lambda dialog: dialog.accept())  # leaving asks whether to
    lab.open(dataset.get_absolute_url())
    assert "To go on, choose the same file again." in lab.text()
    offsets = []
    lab.page.on(
        "request",
        lambda request: offsets.append(request.headers["upload-offset"]) if request.method == "PATCH" else None,
    )
    choose(lab, file)
    lab.page.get_by_text("Sent, and the same here as on your device").wait_for(timeout=60_000)
    assert offsets[0] == str(MIB)
    assert dataset.files.get().size == len(CONTENT)
    assert not Upload.objects.on_their_way().exists()


def choose(visit, file):
    visit.page.locator("input[type=file]").set_input_files(file)
    visit.page.get_by_role("button", name="Send", exact=True).click()


@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
def test_a_sample_gets_a_label_with_a_code_for_its_page(window, researcher, award, script):
    award.instrument.ship_to = "Room B 12\n71 avenue des Martyrs\n38000 Grenoble"
    award.instrument.save()
    sample = SampleFactory(award=award, hazards=["toxic"], hazard_words="Copper salts")
    visit = window(researcher, script=script)
    visit.open(sample.get_absolute_url())
    visit.press("Print its label")
    label = visit.page.locator(f"[data-label='{sample.ref}']")
    for words in ("71 avenue des Martyrs", sample.label, sample.ref, "Copper salts"):
        assert words in label.inner_text()
    code = visit.page.get_by_role("img", name=f"Code that leads to the page of sample {sample.ref}")
    assert code.bounding_box()["width"] > 60
    visit.page.emulate_media(media="print")
    assert not visit.page.locator(".page-head").first.is_visible()
    assert label.is_visible()
    visit.page.emulate_media(media="screen")
    if script:
        assert visit.violations() == []

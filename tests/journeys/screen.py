"""The instrument's screen on a session's page, as the person in front of it uses it."""

import time

from tests.journeys.browsing import Visit
from tests.support.waiting import PATIENCE, soon

# Through a small canvas of our own: reading the picture itself would make the browser keep it elsewhere.
PIXEL = """([x, y]) => {
  const canvas = document.querySelector("[data-screen] canvas");
  if (!canvas || !canvas.width) return null;
  const dot = Object.assign(document.createElement("canvas"), { width: 1, height: 1 });
  const pen = dot.getContext("2d", { willReadFrequently: true });
  pen.drawImage(canvas, x, y, 1, 1, 0, 0, 1, 1);
  return Array.from(pen.getImageData(0, 0, 1, 1).data.slice(0, 3));
}"""


class Screen:
    """The picture in one window; places on it are the instrument's own pixels."""

    def __init__(self, visit: Visit) -> None:
        self.visit, self.page = visit, visit.page
        self.canvas = self.page.locator("[data-screen] canvas")

    def open(self, ref: str) -> "Screen":
        """Go to the session's page and wait for the picture."""
        assert self.visit.open(f"/en/sessions/{ref}/") == 200
        return self.arrive()

    def arrive(self, patience: float = PATIENCE) -> "Screen":
        deadline = time.monotonic() + patience
        while not self.is_connected():
            assert time.monotonic() < deadline, f"no picture after {patience} s: {self.says()} {self.visit.complaints}"
            time.sleep(0.03)
        return self

    def is_connected(self) -> bool:
        return self.page.locator("[data-desktop].is-connected").count() == 1 and bool(self.pixel(0, 0))

    def pixel(self, x: int, y: int) -> list[int] | None:
        """Red, green and blue, as they are painted; None without a picture."""
        found: list[int] | None = self.page.evaluate(PIXEL, [x, y])
        return found

    def picture(self) -> str:
        """The whole of it, as one long word."""
        return self.page.evaluate("document.querySelector('[data-screen] canvas').toDataURL()")

    def shows(self, x: int, y: int, colour: int, patience: float = PATIENCE) -> None:
        """Wait until the pixel has nearly this colour, 0xRRGGBB: slow lines get rounded ones."""
        wanted = colour.to_bytes(3)

        def is_near() -> bool:
            found = self.pixel(x, y)
            return found is not None and all(abs(a - b) < 24 for a, b in zip(found, wanted, strict=True))

        soon(is_near, True, patience)

    def place(self, x: int, y: int) -> tuple[float, float]:
        """Where in the window this pixel of the instrument is."""
        box = self.canvas.bounding_box()
        assert box is not None, "no picture"
        width, height = self.page.evaluate(
            "(() => { const c = document.querySelector('[data-screen] canvas'); return [c.width, c.height]; })()"
        )
        return box["x"] + (x + 0.5) * box["width"] / width, box["y"] + (y + 0.5) * box["height"] / height

    def press(self, x: int, y: int) -> None:
        """Hold the left button there; `let_go` ends it."""
        self.canvas.scroll_into_view_if_needed()
        self.page.mouse.move(*self.place(x, y))
        self.page.mouse.down()

    def let_go(self) -> None:
        self.page.mouse.up()

    def click(self, x: int, y: int) -> None:
        self.press(x, y)
        self.let_go()

    def says(self) -> str:
        """The words over the picture and in the page's own line."""
        cover, line = self.page.locator("[data-why]"), self.page.locator("[data-says]")
        return f"{cover.text_content()} {line.text_content()}"

    def hears(self, words: str, patience: float = PATIENCE) -> None:
        """Wait until it says so."""
        deadline = time.monotonic() + patience
        while words not in (said := self.says()):
            assert time.monotonic() < deadline, f"after {patience} s it says {said!r}"
            time.sleep(0.03)

    def control(self) -> str | None:
        """Whose it is, as the page says: `mine`, `other` or `free`."""
        return self.page.evaluate("document.querySelector('[data-on=control] [data-control]')?.dataset.control")

    def button(self, name: str) -> None:
        """Press a button of the room, which acts beside the page."""
        self.page.locator("main").get_by_role("button", name=name, exact=True).click()

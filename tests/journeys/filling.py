"""Fill in forms as people do, by the names of their fields."""

from typing import Any

from playwright.sync_api import Locator

from tests.journeys.browsing import Visit
from tests.support.uploads import pdf, picture


def fill_in(visit: Visit, fields: dict[str, Any]) -> None:
    """Type into, choose from or tick the fields of the page; a list chooses several, True ticks the only box."""
    for name, value in fields.items():
        for each in value if isinstance(value, list) else [value]:
            _put(visit.page.locator(f"main [name='{name}']"), each)


def photograph(name: str = "bench.jpg") -> Any:
    """A picture for a file field."""
    return {"name": name, "mimeType": "image/jpeg", "buffer": picture("JPEG", (1200, 900))}


def paper(name: str = "certificate.pdf") -> Any:
    return {"name": name, "mimeType": "application/pdf", "buffer": pdf(1)}


def table_file(name: str, content: str) -> Any:
    return {"name": name, "mimeType": "text/csv", "buffer": content.encode()}


def _put(control: Locator, value: Any) -> None:
    kind = control.first.get_attribute("type")
    if value is True:
        control.check()
    elif isinstance(value, dict):
        control.set_input_files(value)
    elif kind in ("radio", "checkbox"):
        control.and_(control.page.locator(f"[value='{value}']")).check()
    elif control.and_(control.page.locator("select")).count():
        control.select_option(str(value))
    else:
        control.fill(str(value))

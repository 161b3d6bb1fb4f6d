"""A person at a browser: whose pages, in which language, width and theme, and what the browser complained of."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from playwright.sync_api import Browser, BrowserContext, Locator, Page

from portal.accounts.models import User

Theme = Literal["light", "dark"]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
OPTIONS = {"runOnly": {"type": "tag", "values": RULES}, "resultTypes": ["violations"]}
AXE = Axe()
LOOK = f"axe.run({json.dumps(OPTIONS)}).then(found => found.violations)"
# The browser's own line for a page answered 4xx; the journeys look at the status themselves.
ANSWERED = "Failed to load resource: the server responded with a status of 4"


@dataclass
class Visit:
    """One browser window of one person, with a record of what went wrong in it."""

    site: str
    context: BrowserContext
    page: Page
    complaints: list[str] = field(default_factory=list)
    expects: tuple[str, ...] = ()  # parts of complaints that are none here

    def complain(self, text: str) -> None:
        if not any(part in text for part in self.expects):
            self.complaints.append(text)

    def open(self, path: str) -> int:
        """Go to a path such as `/en/calls/`, or to a whole address; returns the status."""
        answer = self.page.goto(path if path.startswith("http") else self.site + path)
        assert answer is not None
        return answer.status

    def press(self, name: str) -> None:
        """Press the button or follow the link of the page (not its menu) that is called so; wait where it leads."""
        main = self.page.locator("main")
        button, link = (main.get_by_role(role, name=name, exact=True) for role in ("button", "link"))
        self.follow(button.or_(link).first)

    def follow(self, target: Locator) -> None:
        """Click what leads to another page, and wait for that page."""
        with self.page.expect_navigation():
            target.click()

    def title(self) -> str:
        """The words of the page's first heading."""
        return self.page.locator("h1").first.inner_text()

    def text(self) -> str:
        return self.page.locator("main").inner_text()

    def sign_in(self, user: User) -> None:
        """Give the browser a session of this person, as the page of signing in would."""
        session = SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.save()
        cookie: Any = {"name": settings.SESSION_COOKIE_NAME, "value": session.session_key, "url": self.site}
        self.context.add_cookies([cookie])

    def violations(self) -> list[str]:
        """What axe has against the page: rule, place and why."""
        self.page.evaluate(AXE.axe_script)
        found = self.page.evaluate(LOOK)  # not by `AXE.run`, which brings a list of all that is well too
        return [
            f"{row['id']}: {node['html'][:140]} {one_line(node.get('failureSummary', ''))}"
            for row in found
            for node in row["nodes"]
        ]

    def sideways(self) -> int:
        """By how many pixels the page is wider than the window."""
        return self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")

    def focused(self, what: str) -> Any:
        """A property of the element that has the focus, such as `id` or `value`."""
        return self.page.evaluate(f"document.activeElement[{json.dumps(what)}]")


Opener = Callable[..., Visit]


def one_line(text: str) -> str:
    return re.sub(r"\s+", " ", text)[:200]


def open_window(
    browser: Browser,
    site: str,
    user: User | None = None,
    *,
    script: bool = True,
    width: int = 1280,
    theme: Theme = "light",
    zone: str = "Africa/Nairobi",
    expects: tuple[str, ...] = (),
) -> Visit:
    """A fresh window, signed in as `user` if given; without `script` the browser runs none of the page's own."""
    context = browser.new_context(
        java_script_enabled=script,
        viewport={"width": width, "height": 800},
        color_scheme=theme,
        timezone_id=zone,
        locale="en",
    )
    context.set_default_timeout(60_000)
    visit = Visit(site, context, context.new_page(), expects=expects)
    listen(visit, visit.page)
    if user is not None:
        visit.sign_in(user)
    return visit


def listen(visit: Visit, page: Page) -> None:
    """Note what the console says, script errors, and files that do not come."""

    def from_console(message: Any) -> None:
        if message.type in ("error", "warning") and not message.text.startswith(ANSWERED):
            visit.complain(f"{page.url}: {message.text}")

    def from_answer(answer: Any) -> None:
        if answer.status >= 500 or (answer.status >= 400 and answer.request.resource_type != "document"):
            visit.complain(f"{answer.url}: {answer.status}")

    page.on("console", from_console)
    page.on("response", from_answer)
    page.on("pageerror", lambda error: visit.complain(f"{page.url}: {error}"))

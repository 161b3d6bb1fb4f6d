"""Public pages are kept for visitors, and never a moment longer than they are true."""

import gzip
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache, caches
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.test import Client, RequestFactory, override_settings
from django.utils import timezone

from portal.audit.models import Record
from portal.core import kept
from portal.core.kept import is_quiet, public_page
from portal.stories.models import Story
from tests.core.test_cache import AWAY
from tests.factories.calls import CallFactory
from tests.pages.test_unchanged import PAGES, fill
from tests.support.statements import counted

committed = pytest.mark.django_db(transaction=True)
ADDRESS = "/en/stories/one/"


@pytest.fixture
def world() -> None:
    fill()
    kept.set_mark()


def statements_of(client: Client, path: str, **options: Any) -> tuple[int, HttpResponse]:
    with counted() as asked:
        response = client.get(path, **options)
    assert response.status_code == 200
    return asked.statements, response


@committed
def test_the_second_visitor_asks_the_database_for_nothing(world: None, client: Client) -> None:
    for path in PAGES:
        first, fresh = statements_of(client, path)
        second, again = statements_of(client, path)
        assert (path, first > 0, second) == (path, True, 0)
        assert again.content == fresh.content
        assert sorted(again.items()) == sorted(fresh.items())


@committed
def test_it_is_sent_as_small_as_a_fresh_one_and_not_at_all_to_whoever_has_it(world: None, client: Client) -> None:
    small = {"Accept-Encoding": "gzip"}
    _, fresh = statements_of(client, ADDRESS, headers=small)
    count, again = statements_of(client, ADDRESS, headers=small)
    assert count == 0
    assert gzip.decompress(again.content) == gzip.decompress(fresh.content)
    assert (again["ETag"], again["Content-Encoding"]) == (fresh["ETag"], "gzip")
    assert "Accept-Encoding" in again["Vary"]
    assert client.get(ADDRESS, headers={"If-None-Match": fresh["ETag"]}).status_code == 304


@committed
def test_what_is_published_is_there_at_once(world: None, client: Client) -> None:
    client.get(ADDRESS)
    Story.objects.filter(slug="one").update(title_en="Told anew")
    assert b"Told anew" in client.get(ADDRESS).content


@committed
def test_what_is_written_shows_when_it_is_committed_and_not_before(world: None, client: Client) -> None:
    client.get(ADDRESS)
    with transaction.atomic():
        Story.objects.filter(slug="one").update(title_en="Told anew")
        assert b"Told anew" in client.get(ADDRESS).content  # to whoever wrote it alone
        transaction.set_rollback(True)
    count, page = statements_of(client, ADDRESS)
    assert count == 0
    assert b"Told anew" not in page.content


@committed
def test_what_is_written_while_a_page_is_drawn_is_on_the_next_one(world: None) -> None:
    @public_page
    def slow(request: HttpRequest) -> HttpResponse:
        title = Story.objects.get(slug="one").title_en
        Story.objects.filter(slug="one").update(title_en="Told anew")
        return HttpResponse(title)

    assert slow(visit()).content != b"Told anew"
    assert slow(visit()).content == b"Told anew"


@committed
def test_what_no_page_shows_lets_them_be_kept(world: None, client: Client) -> None:
    client.get(ADDRESS)
    Record.objects.create(at=timezone.now(), actor="clock", model="stories.story", row_id=1, verb="noted")
    assert statements_of(client, ADDRESS)[0] == 0


@committed
def test_a_call_closes_by_the_clock(world: None, client: Client, time_machine: Any) -> None:
    closes = timezone.now().replace(second=0, microsecond=0) + timedelta(hours=1)
    CallFactory(slug="soon", closes_at=closes)
    time_machine.move_to(closes - timedelta(seconds=1), tick=False)
    before = client.get("/en/calls/soon/").content
    time_machine.move_to(closes, tick=False)
    assert client.get("/en/calls/soon/").content != before


@committed
def test_nothing_of_one_person_is_kept_for_others(world: None, researcher: Any, client: Client) -> None:
    own = b"/accounts/logout/"
    signed_in = Client()
    signed_in.force_login(researcher)
    assert own in signed_in.get("/en/").content
    assert own not in client.get("/en/").content
    assert statements_of(client, "/en/")[0] == 0
    assert own in signed_in.get("/en/").content


@committed
@pytest.mark.parametrize("own", [{"cookies": "time_zone=Africa/Nairobi"}, {"query": "?q=crystal"}])
def test_what_differs_for_a_visitor_is_drawn_for_them(world: None, client: Client, own: dict[str, str]) -> None:
    path = "/en/calls/" + own.get("query", "")
    for _time in range(2):
        assert statements_of(client, path, headers={"Cookie": own.get("cookies", "")})[0] > 0


@committed
def test_who_wants_little_data_is_sent_other_pages(world: None, client: Client) -> None:
    client.get(ADDRESS)
    small = {"Save-Data": "on"}
    assert statements_of(client, ADDRESS, headers=small)[0] > 0
    assert statements_of(client, ADDRESS, headers=small)[0] == 0


@committed
def test_who_filled_a_form_before_is_a_visitor_like_others(world: None, client: Client) -> None:
    Client().get(ADDRESS)
    client.get("/en/interest/")
    assert "csrftoken" in client.cookies
    assert statements_of(client, ADDRESS)[0] == 0


@committed
def test_a_page_with_a_form_of_ones_own_is_not_kept() -> None:
    kept.set_mark()
    asked = []

    @public_page
    def form(request: HttpRequest) -> HttpResponse:
        asked.append(request)
        return HttpResponse(get_token(request))

    assert form(visit()).content != form(visit()).content
    assert len(asked) == 2


@committed
def test_without_its_server_pages_are_drawn_for_everybody(world: None, client: Client) -> None:
    with override_settings(CACHES=AWAY):
        assert caches["default"].get(kept.MARK) is None
        for _time in range(2):
            assert statements_of(client, ADDRESS)[0] > 0


@committed
def test_a_server_that_forgot_everything_begins_anew(world: None, client: Client) -> None:
    cache.delete(kept.MARK)
    counts = [statements_of(client, ADDRESS)[0] for _time in range(3)]
    assert counts[0] == counts[1] > counts[2] == 0


@pytest.mark.parametrize(
    ("sql", "quiet"),
    [
        ('SELECT 1 FROM "stories_story" FOR UPDATE', True),
        ('UPDATE "django_session" SET a = 1', True),
        ('UPDATE "stories_story" SET a = 1', False),
        ('INSERT INTO "audit_record" VALUES (1) ON CONFLICT DO UPDATE SET a = 1', True),
        ("WITH due AS (SELECT id FROM notifications_notification FOR NO KEY UPDATE SKIP LOCKED) "
         "UPDATE notifications_notification SET a = 1", True),
        ("WITH gone AS (DELETE FROM audit_record RETURNING id) INSERT INTO stories_story SELECT id FROM gone", False),
        ('DELETE FROM ONLY "calls_call"', False),
        ('TRUNCATE "audit_record", "stories_story"', False),
        ("SAVEPOINT a", True),
        (b"UPDATE stories_story", False),
    ],
)  # fmt: skip
def test_what_a_statement_writes_is_read_off_it(sql: Any, quiet: bool) -> None:
    assert is_quiet(sql) is quiet


def visit() -> HttpRequest:
    request = RequestFactory().get("/en/drawn/")
    request.session = Client().session
    return request

"""What is written without a word shows on no page of the sample programme that is kept for visitors."""

import re
from typing import Any
from urllib.parse import urlsplit

from django.db import connection
from django.test import Client
from django.urls import resolve

from portal.core.kept import QUIET
from tests.pages.test_unchanged import PAGES

TABLES = re.compile(r'(?:FROM|JOIN)\s+"?(\w+)')


def test_no_page_that_is_kept_reads_what_is_written_without_a_word(programme: None) -> None:
    client = Client()
    paths = _kept_pages(client)
    read: dict[str, str] = {}

    def note(execute: Any, sql: str, *rest: Any) -> Any:
        read.update(dict.fromkeys(TABLES.findall(sql), path))
        return execute(sql, *rest)

    with connection.execute_wrapper(note):
        for path in paths:
            assert client.get(path).status_code == 200
    assert {"stories_story", "calls_call", "donations_offer", "instruments_training"} <= read.keys()
    assert {table: path for table, path in read.items() if table in QUIET} == {}
    assert set(connection.introspection.table_names()) >= QUIET


def _kept_pages(client: Client) -> list[str]:
    names = {resolve(path).view_name for path in PAGES}
    found = re.findall(r"<loc>([^<]+)</loc>", client.get("/sitemap.xml").content.decode())
    paths = [urlsplit(address).path for address in found]
    return [path for path in paths if path.startswith("/en/") and resolve(path).view_name in names]

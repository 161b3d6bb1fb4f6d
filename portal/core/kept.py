"""Public pages kept for visitors until something that one of them may show is written.

A visitor brings nothing that a page could differ by: no query, and no cookie of a session or a time zone.
What is kept bears the mark of the time at which it was asked for. Every commit that writes to a table outside `QUIET`
sets a new mark, whoever wrote it and how, so the next visitor is answered anew; and nothing is kept past its minute,
for calls open, close and run out by the clock.
"""

import gzip
import re
from collections.abc import Callable
from functools import wraps
from hashlib import sha256
from typing import Any, NamedTuple
from uuid import uuid4

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import patch_vary_headers, set_response_etag
from django.views.decorators.http import conditional_page

from portal.core import low_data

View = Callable[..., HttpResponse]
MARK = "kept:mark"
SECONDS = 60
# A form's token does no harm: a page that prints one is kept for nobody.
HARMLESS = {settings.LANGUAGE_COOKIE_NAME, settings.CSRF_COOKIE_NAME, low_data.COOKIE}
# Tables that are written often and shown on no page that is kept.
OFTEN_WRITTEN = """
    account_emailaddress account_emailconfirmation accounts_apitoken accounts_knownpair api_idempotencyrecord
    audit_record bookings_attendance bookings_booking bookings_booking_participants bookings_calendarfeed
    bookings_chatmessage bookings_connectioncheck bookings_datasetfile bookings_guest bookings_outcome
    bookings_sample bookings_session bookings_sessionreport bookings_standbyentry bookings_upload
    bookings_waitlistentry bookings_waitlistentry_awards calls_application calls_applicationsample calls_attachment
    calls_check calls_endorsement calls_interest calls_interest_categories calls_interest_techniques
    calls_lateaccess calls_ledgerentry calls_panelmember calls_review calls_score calls_teammember django_admin_log
    django_migrations django_session donations_matchingrun donations_quotation donations_trackingevent
    instruments_connector instruments_desktop instruments_trainingwish mfa_authenticator
    notifications_deliveryreport notifications_notification notifications_suppression pages_searchword
    stories_consent
"""
QUIET = frozenset(OFTEN_WRITTEN.split())
# "FOR UPDATE", "FOR NO KEY UPDATE" and "DO UPDATE" name no table.
WRITTEN = re.compile(r'(?:INSERT INTO|DELETE FROM|(?<!FOR )(?<!KEY )(?<!DO )UPDATE)\s+(?:ONLY\s+)?"?(\w+)', re.I)


class Kept(NamedTuple):
    """A page as it is sent, `body` gzipped, and the mark of when it was asked for."""

    mark: str
    body: bytes
    headers: dict[str, str]

    def answer(self, request: HttpRequest) -> HttpResponse:
        """The page, as small as the visitor can take it. It tells nobody's secrets, so its length may be read."""
        if "gzip" not in request.headers.get("Accept-Encoding", ""):
            return HttpResponse(gzip.decompress(self.body), headers=self.headers)
        small = {"Content-Encoding": "gzip", "ETag": f"W/{self.headers['ETag']}"}
        response = HttpResponse(self.body, headers=self.headers | small)
        patch_vary_headers(response, ["Accept-Encoding"])
        return response


def public_page(view: View) -> View:
    """Decorate the view of a page that is one for all visitors: kept for them, and ETag and 304 for everybody."""

    @conditional_page
    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not _is_visit(request):
            return view(request, *args, **kwargs)
        key = _key(request)
        found = cache.get_many([MARK, key])
        mark = found.get(MARK)
        if key in found and (kept := Kept(*found[key])).mark == mark:
            return kept.answer(request)
        response = view(request, *args, **kwargs)
        if not mark:
            set_mark()
        elif _is_for_all(request, response):
            _keep(key, mark, response)
        return response

    return answer


def set_mark() -> None:
    """Keep no page any longer that was asked for before."""
    cache.set(MARK, uuid4().hex, timeout=None)


def watch(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:
    """Around every statement of a database connection: set a new mark as soon as what it wrote can be read."""
    result = execute(sql, params, many, context)
    if not is_quiet(sql):
        writer = context["connection"]
        if not any(deed is set_mark for _savepoints, deed, *_ in writer.run_on_commit):
            writer.on_commit(set_mark, robust=True)
    return result


def is_quiet(sql: Any) -> bool:
    """Whether a statement changes nothing that a page may show; of what is not plain text, nothing is known."""
    if not isinstance(sql, str) or sql.startswith("TRUNCATE"):
        return False
    return sql.startswith("SELECT") or QUIET.issuperset(WRITTEN.findall(sql))


def _is_visit(request: HttpRequest) -> bool:
    """Inside a transaction a page shows what others may never see; and who writes templates sees each change."""
    is_plain = request.method == "GET" and not request.META["QUERY_STRING"] and HARMLESS.issuperset(request.COOKIES)
    return is_plain and not connection.in_atomic_block and not settings.DEBUG


def _key(request: HttpRequest) -> str:
    minute = int(timezone.now().timestamp()) // SECONDS
    styles = getattr(staticfiles_storage, "manifest_hash", "")  # a page of the last release names files that are gone
    parts = [request.scheme, request.get_host(), request.path, low_data.is_low_data(request), minute, styles]
    return f"kept:{sha256(repr(parts).encode()).hexdigest()}"


def _is_for_all(request: HttpRequest, response: HttpResponse) -> bool:
    """Whether the next visitor may have it: not a refusal, nor a page with a form that is this visitor's own."""
    is_own = response.cookies or request.session.modified or "CSRF_COOKIE" in request.META
    return response.status_code == 200 and not response.streaming and not is_own


def _keep(key: str, mark: str, response: HttpResponse) -> None:
    set_response_etag(response)
    body = gzip.compress(response.content, mtime=0)
    cache.set(key, (mark, body, dict(response.items())), timeout=SECONDS)

"""The desk of calls: writing, publishing, extending, withdrawing and deciding, by staff alone."""

from datetime import UTC, datetime

import pytest
from django.urls import reverse

from calls.enums import CallState
from calls.models import Call
from tests.factories.calls import CallFactory

pytestmark = pytest.mark.django_db
DESK_PAGES = ["call", "call_late", "call_publish", "call_extend", "call_withdraw", "call_decide", "call_archive"]


def titles(response) -> list[str]:
    return [call.title for call in response.context["page_obj"]]


def text_of(response) -> str:
    return response.content.decode()


def desk(name: str, call: Call | None = None) -> str:
    return reverse(f"desk_calls:{name}", args=[call.slug] if call else [])


@pytest.mark.parametrize("name", ["list", "call_new", *DESK_PAGES])
@pytest.mark.parametrize(
    ("who", "status"),
    [
        (None, 302), ("researcher", 403), ("focal_point", 403), ("operator", 403), ("reviewer", 403), ("donor", 403),
        ("stranger_researcher", 403), ("staff", 200), ("admin_user", 200),
    ],
)  # fmt: skip
def test_the_desk_is_for_staff(client, name, who, status, request):
    call = CallFactory(draft=True)
    if who:
        client.force_login(request.getfixturevalue(who))
    url = desk(name, call if name in DESK_PAGES else None)
    assert client.get(url).status_code == status
    if status != 200:
        assert client.post(url, {"why": "x"}).status_code in (302, 403, 405)
        assert Call.objects.get().state == CallState.DRAFT


def test_the_publish_page_lists_what_is_missing(client, staff):
    client.force_login(staff)
    call = CallFactory(draft=True, title_fr="", summary_fr="")
    text = text_of(client.get(desk("call_publish", call)))
    mend = reverse("desk_calls:call_edit", args=[call.slug, "texts"])
    assert f'<a href="{mend}">The title in French is missing.</a>' in text
    assert f'<a href="{mend}">The summary in French is missing.</a>' in text
    response = client.post(desk("call_publish", call))
    assert response.status_code == 422
    assert Call.objects.get().state == CallState.DRAFT


def test_publishing_twice_publishes_once(client, staff):
    client.force_login(staff)
    call = CallFactory(draft=True)
    assert client.post(desk("call_publish", call)).status_code == 302
    second = client.post(desk("call_publish", call))
    assert second.status_code == 422
    assert "This has changed in the meantime" in text_of(second)
    assert Call.objects.get().state == CallState.PUBLISHED


def test_looking_at_the_publish_page_publishes_nothing(client, staff):
    client.force_login(staff)
    call = CallFactory(draft=True)
    for name in DESK_PAGES:
        client.get(desk(name, call))
    assert Call.objects.get().state == CallState.DRAFT


def test_extending_on_the_calls_clock(client, staff):
    client.force_login(staff)
    call = CallFactory(closes_at=datetime(2027, 1, 31, 22, 59, tzinfo=UTC))
    assert client.post(desk("call_extend", call), {"closes": "2027-02-28T23:59"}).status_code == 302
    call.refresh_from_db()
    assert call.closes_at == datetime(2027, 2, 28, 22, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    ("closes", "status", "sentence"),
    [
        ("2027-01-01T12:00", 422, "can only be extended"),
        ("2027-03-28T02:30", 400, "There is no 02:30"),
        ("9999-12-31T23:59", 400, "Enter a day and time such as"),
        ("", 400, "This field is required"),
    ],
)
def test_an_extension_that_is_none_is_refused(client, staff, closes, status, sentence):
    client.force_login(staff)
    before = datetime(2027, 1, 31, 22, 59, tzinfo=UTC)
    call = CallFactory(closes_at=before)
    response = client.post(desk("call_extend", call), {"closes": closes})
    assert response.status_code == status
    assert sentence in text_of(response)
    assert Call.objects.get().closes_at == before


def test_withdrawing_asks_for_a_reason(client, staff):
    client.force_login(staff)
    call = CallFactory()
    assert client.post(desk("call_withdraw", call), {"why": ""}).status_code == 400
    assert Call.objects.get().state == CallState.PUBLISHED
    assert client.post(desk("call_withdraw", call), {"why": "No operator"}).status_code == 302
    call.refresh_from_db()
    assert (call.state, call.state_note) == (CallState.WITHDRAWN, "No operator")


def test_deciding_and_archiving(client, staff):
    client.force_login(staff)
    call = CallFactory(closed=True)
    for name, state in (("call_decide", CallState.DECIDED), ("call_archive", CallState.ARCHIVED)):
        assert client.post(desk(name, call)).status_code == 302
        assert Call.objects.get().state == state
    assert "No calls yet" in text_of(client.get("/en/calls/"))


def test_the_desk_tells_who_did_what(client, staff):
    client.force_login(staff)
    call = CallFactory(draft=True)
    client.post(desk("call_publish", call))
    client.post(desk("call_withdraw", call), {"why": "No operator"})
    text = text_of(client.get(desk("call", call)))
    for words in ("<b>Published</b>", "<b>Withdrawn</b>", "<bdi>Sam Staff</bdi>", "No operator"):
        assert words in text


@pytest.mark.parametrize("state", ["", "draft", "nonsense"])
def test_the_desks_list_by_state(client, staff, state):
    client.force_login(staff)
    CallFactory(title_en="published")
    CallFactory(title_en="draft", draft=True)
    found = set(titles(client.get(desk("list"), {"state": state})))
    assert found == ({"draft"} if state == "draft" else {"draft", "published"})


@pytest.mark.parametrize("rows", [1, 3])
def test_the_desks_list_takes_the_same_statements_whatever_its_length(client, staff, rows, django_assert_num_queries):
    client.force_login(staff)
    for _ in range(rows):
        CallFactory()
    with django_assert_num_queries(4):  # session, person, count, page
        client.get(desk("list"))

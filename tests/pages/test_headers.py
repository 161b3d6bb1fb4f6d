"""What protects a reader stands on every answer, also on those that never reach a view."""

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db
GUARDS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
ANSWERS = [
    ("/", 302), ("/en", 301), ("/en/calls/", 200), ("/en/nope/", 404), ("/healthz/live", 200), ("/nope", 404),
    ("/static/css/portal.css", 200), ("/static/nope.css", 404), ("/api/v1/calls", 301), ("/api/v1/nope/", 404),
    ("/feeds/calls.atom", 200), ("/robots.txt", 200), ("/accounts/login/", 302),
]  # fmt: skip


@pytest.mark.parametrize(("path", "status"), ANSWERS)
def test_every_answer_is_guarded(settings, path: str, status: int) -> None:
    settings.WHITENOISE_AUTOREFRESH = settings.WHITENOISE_USE_FINDERS = True  # nothing is collected in tests
    answer = Client().get(path)
    answer.close()
    assert answer.status_code == status
    assert {name: answer.get(name) for name in GUARDS} == GUARDS
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]


def test_a_foreign_host_is_guarded_too(client: Client) -> None:
    answer = client.get("/en/", headers={"Host": "elsewhere.example"})
    assert answer.status_code == 400
    assert {name: answer.get(name) for name in GUARDS} == GUARDS

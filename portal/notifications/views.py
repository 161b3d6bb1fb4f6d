"""Where mail providers report bounces and complaints: django-anymail checks who they are and reads what they say.

Nothing is there (404) before a secret is set: every provider must send it as user and password, and those that sign
must sign too. What is not signed or not theirs is answered 400 and changes nothing.
"""

import logging

from anymail.exceptions import AnymailConfigurationError, AnymailError
from anymail.signals import AnymailEvent
from anymail.webhooks.base import AnymailCoreWebhookView
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest
from django.utils import timezone
from django.utils.module_loading import import_string
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from portal.notifications.reports import heed, reports_of

logger = logging.getLogger(__name__)

# Amazon's needs its own client library and asks Amazon back, so it is not here.
PROVIDERS = {
    "brevo": "anymail.webhooks.brevo.BrevoTrackingWebhookView",
    "mailersend": "anymail.webhooks.mailersend.MailerSendTrackingWebhookView",
    "mailgun": "anymail.webhooks.mailgun.MailgunTrackingWebhookView",
    "mailjet": "anymail.webhooks.mailjet.MailjetTrackingWebhookView",
    "postal": "anymail.webhooks.postal.PostalTrackingWebhookView",
    "postmark": "anymail.webhooks.postmark.PostmarkTrackingWebhookView",
    "sendgrid": "anymail.webhooks.sendgrid.SendGridTrackingWebhookView",
    "sparkpost": "anymail.webhooks.sparkpost.SparkPostTrackingWebhookView",
}
# What anymail raises for those who are not who they say, and stumbles over when bodies are not what they should be.
NOT_BELIEVED = (AnymailError, ValueError, TypeError, LookupError, AttributeError, OverflowError, RecursionError)
SIGNED_FOR = 86_400  # seconds; a Mailgun signature does not cover the words, so it is not good for ever


@csrf_exempt
@require_http_methods(["HEAD", "POST"])
def tracking(request: HttpRequest, provider: str) -> HttpResponse:
    """One provider's webhook. HEAD is how some of them try the address."""
    reader = _reader(provider)
    if request.method == "HEAD":
        return HttpResponse()
    try:
        reader.run_validators(request)
        events = list(reader.parse_events(request))
        _check_age(events)
        reports = reports_of(provider, events, timezone.now())
    except NOT_BELIEVED as error:
        logger.warning("a report of %s is not believed: %r", provider, error)
        return HttpResponseBadRequest("Not a signed report.", content_type="text/plain; charset=utf-8")
    heed(reports)
    return HttpResponse()


def _reader(provider: str) -> AnymailCoreWebhookView:
    """Anymail's view of a provider; raises Http404 unless it is known and all its secrets are set."""
    if provider not in PROVIDERS or not settings.ANYMAIL.get("WEBHOOK_SECRET"):
        raise Http404
    try:
        reader: AnymailCoreWebhookView = import_string(PROVIDERS[provider])()
    except AnymailConfigurationError as error:
        logger.warning("reports of %s are refused, its key is not set: %s", provider, error)
        raise Http404 from error
    return reader


def _check_age(events: list[AnymailEvent]) -> None:
    """Raises ValueError for a signature that is too old, or from tomorrow."""
    for event in events:
        signature = event.esp_event.get("signature") if isinstance(event.esp_event, dict) else None
        signed = signature.get("timestamp") if isinstance(signature, dict) else None
        if signed is not None and abs(timezone.now().timestamp() - float(signed)) > SIGNED_FOR:
            raise ValueError("the signature is too old")

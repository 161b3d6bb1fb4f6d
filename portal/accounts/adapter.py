"""allauth's hooks into the portal: mails through the outbox, sealed keys, names from ORCID, the language at sign-in."""

import secrets
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import translate_url
from django.utils import translation

from portal.accounts.cookies import set_language_cookie
from portal.accounts.models import User
from portal.accounts.notices import MAIL, sealed
from portal.core.forms import without_marks
from portal.core.sealing import seal, unseal
from portal.notifications.actions import Recipient, notify, reader
from portal.notifications.links import absolute
from portal.notifications.rendering import reading_as, surroundings


class AccountAdapter(DefaultAccountAdapter):
    def clean_email(self, email: str) -> str:
        return str(super().clean_email(without_marks(email)))

    def format_email_subject(self, subject: str) -> str:
        return str(subject)  # the sender's name is the brand already

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Put the mail into the outbox, in the language of whoever has the address, with links below SITE_URL."""
        user = User.objects.filter(email=email.lower()).first() or context.get("user")
        known = isinstance(user, User) and user.pk
        to = reader(user) if known else Recipient(email, translation.get_language() or settings.LANGUAGE_CODE)
        words = {name: _own(value, to.language) if name.endswith("_url") else value for name, value in context.items()}
        site = SimpleNamespace(name=settings.BRAND_NAME, domain=settings.SITE_URL)
        with reading_as(to.language, to.time_zone):
            mail = self.render_mail(template_prefix, email, words | {"email": email, "current_site": site})
            data = {"subject": mail.subject, "text": f"{mail.body}\n", "html": _html(mail.subject, mail.body)}
        recipient = Recipient(email, to.language, to.time_zone, to.user_id)
        notify(MAIL, secrets.token_hex(8), [recipient], sealed(data))

    def post_login(self, request: HttpRequest, user: User, **options: Any) -> HttpResponse:
        """Let the interface speak the person's language from here on."""
        response = super().post_login(request, user, **options)
        if "Location" in response:
            response["Location"] = translate_url(response["Location"], user.language)
        set_language_cookie(response, user.language)
        return response


class MFAAdapter(DefaultMFAAdapter):
    """Keys of authenticator apps and recovery codes lie sealed in the database."""

    def encrypt(self, text: str) -> str:
        return seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        return unseal(encrypted_text)


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    """ORCID signs people in; the sign-up form still asks for what ORCID does not tell."""

    def get_provider(self, request: HttpRequest, provider: str, client_id: str | None = None) -> Any:
        """Return the provider; 404 while this installation has no keys for it."""
        try:
            return super().get_provider(request, provider, client_id)
        except ObjectDoesNotExist as error:
            raise Http404 from error

    def is_auto_signup_allowed(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False

    def get_signup_form_initial_data(self, sociallogin: Any) -> dict[str, Any]:
        name = sociallogin.account.extra_data.get("person", {}).get("name") or {}
        parts = [(name.get(part) or {}).get("value", "") for part in ("given-names", "family-name")]
        return {"email": sociallogin.user.email, "name": " ".join(filter(None, parts))}


def _html(subject: str, text: str) -> str:
    """The same words in the dress of our mails, without the signature, which that has too."""
    words = text.rpartition("\n-- \n")[0] or text
    return render_to_string("emails/accounts/mail.html", surroundings() | {"subject": subject, "text": words})


def _own(url: Any, language: str) -> Any:
    """Return an address of ours below SITE_URL and in `language`, whatever host the request named."""
    path = urlsplit(str(url))._replace(scheme="", netloc="").geturl()
    return absolute(translate_url(path, language))

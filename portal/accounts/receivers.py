"""What allauth announces and accounts act on."""

from typing import Any

from allauth.account.signals import user_signed_up
from allauth.mfa.signals import authenticator_added, authenticator_removed
from allauth.socialaccount.signals import social_account_added, social_account_updated
from django.contrib.auth.signals import user_logged_in
from django.core.exceptions import ValidationError
from django.dispatch import receiver
from django.http import HttpRequest

from portal.accounts.actions import take_orcid
from portal.accounts.identifiers import clean_orcid
from portal.accounts.models import Membership
from portal.accounts.second_factor import forget
from portal.accounts.standing import remember


@receiver([social_account_added, social_account_updated])
def orcid_connected(sender: Any, request: HttpRequest, sociallogin: Any, **kwargs: Any) -> None:
    """The iD that ORCID vouched for becomes the account's."""
    account = sociallogin.account
    if account.provider != "orcid" or not account.user_id:
        return
    try:
        orcid = clean_orcid(account.uid)
    except ValidationError:
        return  # ORCID's test server also knows iDs that are none
    take_orcid(account.user, orcid)


@receiver(user_signed_up)
def orcid_signed_up(sender: Any, request: HttpRequest, user: Any, **kwargs: Any) -> None:
    """An account that was made by signing in with ORCID holds its iD from the start."""
    if sociallogin := kwargs.get("sociallogin"):
        orcid_connected(sender, request, sociallogin)


@receiver([authenticator_added, authenticator_removed, user_logged_in])
def second_factor_changed(sender: Any, request: HttpRequest | None = None, **kwargs: Any) -> None:
    """Look again whether this session needs a second factor."""
    if request is not None:
        forget(request)


@receiver(user_logged_in)
def signed_in(sender: Any, request: HttpRequest | None = None, user: Any = None, **kwargs: Any) -> None:
    """Look once, at sign-in, whether the header leads to the laboratory's page."""
    if request is not None and hasattr(request, "session"):
        remember(request, Membership.objects.confirmed().filter(user=user))

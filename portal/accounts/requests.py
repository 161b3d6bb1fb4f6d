"""The request of somebody who is signed in, for type checkers: views behind `login_required` and its like."""

from django.http import HttpRequest

from portal.accounts.models import User


class SignedInRequest(HttpRequest):
    user: User

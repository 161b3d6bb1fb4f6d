"""Requests of people who are signed in, for type checkers: behind `login_required`, `IsAuthenticated`, the admin."""

from django.http import HttpRequest
from rest_framework.request import Request

from portal.accounts.models import User


class SignedInRequest(HttpRequest):
    user: User


class SignedInApiRequest(Request):
    user: User

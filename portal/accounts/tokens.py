"""API tokens."""

from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Token ...`."""

    def authenticate(self, request: Request) -> None:
        return None

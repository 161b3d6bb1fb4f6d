"""Cursor paging: stable while rows come and go."""

import re
from typing import Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request

ROW_NUMBER = re.compile(r"\d{1,18}")


class NewestFirst(CursorPagination):
    """Newest row first, `?page_size=` up to 200, `?cursor=` as `next` and `previous` give it."""

    ordering = "-pk"
    page_size = 50
    max_page_size = 200
    page_size_query_param = "page_size"

    def decode_cursor(self, request: Request) -> Any:
        """Return the cursor or None; raise 400 for one that this API did not give."""
        try:
            cursor = super().decode_cursor(request)
        except NotFound:
            raise _unknown_cursor() from None
        if cursor and cursor.position is not None and not ROW_NUMBER.fullmatch(str(cursor.position)):
            raise _unknown_cursor()
        return cursor


def _unknown_cursor() -> ValidationError:
    sentence = _("This cursor is not one of ours. Begin again without it, or follow the address in next.")
    return ValidationError({"cursor": [sentence]}, code="unknown_cursor")

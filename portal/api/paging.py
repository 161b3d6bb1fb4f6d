"""Cursor paging: stable while rows come and go."""

import re
from base64 import b64decode
from typing import Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request

CURSOR = re.compile(rb"(?:o=\d{1,4}&?)?(?:r=1&?)?(?:p=\d{1,18})?")  # offset, backwards, number of a row
PAGE_SIZE = re.compile(r"[0-9]{1,6}")


class NewestFirst(CursorPagination):
    """Newest row first, `?page_size=` up to 200, `?cursor=` as `next` and `previous` give it."""

    ordering = "-pk"
    page_size = 50
    max_page_size = 200
    page_size_query_param = "page_size"

    def get_page_size(self, request: Request) -> int:
        """Return the rows of a page; raise 400 for anything but 1 to 200."""
        asked = request.query_params.get(self.page_size_query_param)
        if asked is None:
            return self.page_size
        size = int(asked) if PAGE_SIZE.fullmatch(asked) else 0
        if not 1 <= size <= self.max_page_size:
            sentence = _("Ask for 1 to %(most)d rows a page.") % {"most": self.max_page_size}
            raise ValidationError({self.page_size_query_param: [sentence]}, code="page_size")
        return size

    def get_schema_operation_parameters(self, view: Any) -> Any:
        """Tell the bounds of `page_size`, too."""
        parameters = super().get_schema_operation_parameters(view)
        for parameter in parameters:
            if parameter["name"] == self.page_size_query_param:
                parameter["schema"] |= {"minimum": 1, "maximum": self.max_page_size, "default": self.page_size}
        return parameters

    def decode_cursor(self, request: Request) -> Any:
        """Return the cursor or None; raise 400 for one that this API did not give."""
        if not _is_ours(request.query_params.get(self.cursor_query_param, "")):
            raise _unknown_cursor()
        return super().decode_cursor(request)


def _is_ours(cursor: str) -> bool:
    """The framework itself skips what is no base64 and what it does not know, and answers with the first page."""
    try:
        return bool(CURSOR.fullmatch(b64decode(cursor, validate=True)))
    except ValueError:
        return False


def _unknown_cursor() -> ValidationError:
    sentence = _("This cursor is not one of ours. Begin again without it, or follow the address in next.")
    return ValidationError({"cursor": [sentence]}, code="unknown_cursor")

"""Cursor paging: stable while rows come and go."""

import re
from typing import Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request

ROW_NUMBER = re.compile(r"\d{1,18}")
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

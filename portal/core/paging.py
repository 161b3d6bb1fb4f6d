"""Every list is paged."""

from typing import Any, Protocol, cast

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest

PER_PAGE = 20


class Sliced(Protocol):
    """What a page can be cut from; `count()`, where it has it, is asked instead of the length."""

    def __len__(self) -> int: ...

    def __getitem__(self, part: slice) -> Any: ...


def page_of(request: HttpRequest, rows: QuerySet[Any] | Sliced, per_page: int = PER_PAGE) -> Page[Any]:
    """Return the page named by `?page=`; nonsense and numbers past the end give the nearest page there is."""
    return Paginator(cast(Any, rows), per_page).get_page(request.GET.get("page"))

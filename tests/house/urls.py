"""Every address of the portal, read from the URL configuration."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver


@dataclass(frozen=True)
class Route:
    """`name` with its namespaces, `arguments` the names of what stands in angle brackets."""

    name: str
    arguments: tuple[str, ...]
    pattern: str

    def __str__(self) -> str:
        return f"{self.name} ({self.pattern})"


def routes() -> list[Route]:
    return list(_walk(get_resolver(), (), (), ""))


def _walk(resolver: URLResolver, spaces: tuple[str, ...], arguments: tuple[str, ...], path: str) -> Iterator[Route]:
    for entry in resolver.url_patterns:
        here = f"{path}{entry.pattern}"
        known = (*arguments, *entry.pattern.regex.groupindex)
        if isinstance(entry, URLPattern):
            yield Route(":".join((*spaces, entry.name or "")), known, here)
        else:
            inner = (*spaces, entry.namespace) if entry.namespace else spaces
            yield from _walk(entry, inner, known, here)

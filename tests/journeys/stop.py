"""One page that the looks, the weights and the crawl go through."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Stop:
    """A page: who looks at it, its path below the language (names in braces come from the world), and its budget."""

    name: str
    reader: str
    path: str
    budget: str
    status: int = 200

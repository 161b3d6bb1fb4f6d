"""What runs later: shells that call what counts and gathers, one module a subject."""

from portal.pages.tasks.words import gather_words

__all__ = ["gather_words"]

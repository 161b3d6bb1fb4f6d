"""What runs later: shells that call what counts and gathers, one module a subject."""

from portal.pages.tasks.figures import count_figures
from portal.pages.tasks.words import gather_words

__all__ = ["count_figures", "gather_words"]

"""The pages, in the order in which one works."""

from instruments.practice.screen.pages.crystal import CrystalPage
from instruments.practice.screen.pages.page import Page

PAGES: tuple[type[Page], ...] = (CrystalPage,)

__all__ = ["PAGES", "Page"]

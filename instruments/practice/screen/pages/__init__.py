"""The pages, in the order in which one works."""

from instruments.practice.screen.pages.centre import CentrePage
from instruments.practice.screen.pages.collect import CollectPage
from instruments.practice.screen.pages.crystal import CrystalPage
from instruments.practice.screen.pages.data import DataPage
from instruments.practice.screen.pages.page import Page
from instruments.practice.screen.pages.screening import ScreeningPage
from instruments.practice.screen.pages.strategy import StrategyPage

PAGES: tuple[type[Page], ...] = (CrystalPage, CentrePage, ScreeningPage, StrategyPage, CollectPage, DataPage)

__all__ = ["PAGES", "Page"]

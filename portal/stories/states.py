"""The moves of stories, events and pictures: verb -> (from, to)."""

from portal.stories.enums import EventState as E
from portal.stories.enums import PictureState as P
from portal.stories.enums import StoryState as S

STORY_MOVES = {
    "send": ({S.DRAFT}, S.IN_REVIEW),
    "return": ({S.IN_REVIEW}, S.DRAFT),  # with a note
    "publish": ({S.IN_REVIEW}, S.PUBLISHED),
    "ask_again": ({S.PUBLISHED}, S.IN_REVIEW),  # changed: those shown in it agreed to something else
    "archive": ({S.PUBLISHED, S.DRAFT, S.IN_REVIEW}, S.ARCHIVED),
}

EVENT_MOVES = {
    "publish": ({E.DRAFT}, E.PUBLISHED),
    "hold": ({E.PUBLISHED}, E.HELD),  # the clock, once it is over
    "close": ({E.HELD}, E.CLOSED),  # with its figures
    "cancel": ({E.DRAFT, E.PUBLISHED}, E.CANCELLED),
}

PICTURE_MOVES = {
    "prepare": ({P.WAITING}, P.READY),
    "give_up": ({P.WAITING}, P.FAILED),
    "again": ({P.READY, P.FAILED}, P.WAITING),  # cropped otherwise, or tried once more
}
